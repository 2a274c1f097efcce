// One command that was run: its line, its output as it comes, and how it ended.

import { ActionIcon, Button, Loader, Tooltip } from "@mantine/core";
import { IconCopy, IconPlayerStop, IconRepeat, IconX } from "@tabler/icons-react";
import { memo, useEffect, useRef } from "react";
import { duration } from "../hooks/age.js";
import { useNow } from "../hooks/now.js";
import { useStrings } from "../hooks/strings.js";
import type { Strings } from "../strings.js";
import classes from "./Commands.module.css";
import type { Block } from "./output.js";
import type { Run } from "./runs.js";

/** How a command ended, in words. */
export function endOf(t: Strings["commands"], run: Run): { kind: "good" | "bad" | "none"; text: string } {
  const { end, state } = run;
  if (state === "cancelled") return { kind: "none", text: t.cancelled };
  if (state === "failed") return { kind: "bad", text: t.failed };
  if (end?.signal) return { kind: "bad", text: t.signal(end.signal) };
  if (end?.exit_code !== undefined) return { kind: end.exit_code === 0 ? "good" : "bad", text: t.exit(end.exit_code) };
  return { kind: "none", text: t.ended };
}

/** The card of a command. */
export const RunCard = memo(function RunCard(props: {
  run: Run;
  wrap: boolean;
  onCancel(run: Run): void;
  onAgain(run: Run): void;
  onCopy(run: Run): void;
  onRemove(run: Run): void;
}) {
  const { run } = props;
  const all = useStrings();
  const t = all.commands;
  const over = run.took !== null;
  const end = endOf(t, run);
  return (
    <li className={classes["run"]} data-state={run.state}>
      <div className={classes["head"]}>
        <span className={classes["line"]}>
          {run.command} {run.directory && <span className={classes["where"]}>({run.directory})</span>}
        </span>
        {over
          ? <span className={classes["end"]} data-kind={end.kind} role="status">{end.text} · {t.took(t.ms(run.took ?? 0))}</span>
          : <Running run={run} />}
        {!over && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPlayerStop size={14} aria-hidden />}
            aria-label={t.cancelNamed(run.command)}
            disabled={run.state === "cancelled"}
            onClick={() => props.onCancel(run)}
          >
            {t.cancel}
          </Button>
        )}
        <Tooltip label={t.copy}>
          <ActionIcon variant="subtle" color="gray" aria-label={t.copyNamed(run.command)} disabled={run.blocks.length === 0} onClick={() => props.onCopy(run)}>
            <IconCopy size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={t.again}>
          <ActionIcon variant="subtle" color="gray" aria-label={t.againNamed(run.command)} onClick={() => props.onAgain(run)}>
            <IconRepeat size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
        {over && (
          <ActionIcon variant="subtle" color="gray" aria-label={t.remove(run.command)} onClick={() => props.onRemove(run)}>
            <IconX size={16} aria-hidden />
          </ActionIcon>
        )}
      </div>
      {run.dropped > 0 && (
        <div className={classes["note"]} data-kind="warn">{t.dropped(all.terminals.bytes(run.dropped))}</div>
      )}
      {run.blocks.length > 0
        ? <Shown run={run} wrap={props.wrap} />
        : <div className={classes["note"]}>{over ? t.none : t.waiting}</div>}
      {run.end?.truncated && <div className={classes["note"]} data-kind="warn" role="status">{t.truncated}</div>}
      {run.problem && <div className={classes["note"]} data-kind="warn" role="alert">{run.problem} {t.unknown}</div>}
    </li>
  );
});

function Running({ run }: { run: Run }) {
  const t = useStrings().commands;
  const now = useNow();
  return (
    <span className={classes["end"]}>
      <Loader size={12} mr={6} aria-hidden />
      {run.state === "starting" ? t.starting : t.running(duration(Math.max(0, now - run.begun)))}
    </span>
  );
}

/** The output, at its end while the person has not scrolled up. */
function Shown({ run, wrap }: { run: Run; wrap: boolean }) {
  const t = useStrings().commands;
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  useEffect(() => {
    if (box.current && atEnd.current) box.current.scrollTop = box.current.scrollHeight;
  }, [run.blocks]);
  return (
    <div
      ref={box}
      className={classes["output"]}
      data-wrap={wrap || undefined}
      role="region"
      aria-label={t.output(run.command)}
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        atEnd.current = scrollHeight - scrollTop - clientHeight < 20;
      }}
    >
      {run.blocks.map((block, at) => (
        <Piece key={block.id} block={block} tagged={block.stream === "stderr" && run.blocks[at - 1]?.stream !== "stderr"} />
      ))}
    </div>
  );
}

const Piece = memo(function Piece({ block, tagged }: { block: Block; tagged: boolean }) {
  const t = useStrings().commands;
  return (
    <pre className={classes["block"]} data-stream={block.stream}>
      {tagged && <span className={classes["tag"]}>{t.stderr}</span>}
      {block.text}
    </pre>
  );
});

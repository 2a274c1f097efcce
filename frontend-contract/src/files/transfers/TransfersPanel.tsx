// The transfers: what goes on, how fast, how long still, and what can be done about it.

import { ActionIcon, Button, Group, Progress, Text, Tooltip } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import {
  IconAlertTriangle, IconArrowDown, IconArrowUp, IconCheck, IconChevronDown, IconPlayerPause, IconPlayerPlay,
  IconRefresh, IconX,
} from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import { ApiError, detailOf } from "../../client/error.js";
import { useStrings } from "../../hooks/strings.js";
import { formatLeft, formatSize } from "../format.js";
import { shown } from "../names.js";
import { BUSY, FINISHED, secondsLeft, type Place, type Transfer } from "./model.js";
import type { TransferQueue } from "./queue.js";
import classes from "./Transfers.module.css";

/** Pixels of a row; on a narrow screen the facts have a line of their own. */
const ROW = 46;
const NARROW_ROW = 62;

/** The panel. */
export function TransfersPanel(props: {
  queue: TransferQueue;
  transfers: readonly Transfer[];
  /** The session that is looked at: others are named, and what failed goes on over it. */
  place: Place;
  onHide(): void;
}) {
  const { queue, transfers, place } = props;
  const t = useStrings();
  const words = t.files.transfers;
  const row = useMediaQuery("(max-width: 47.99em)", false, { getInitialValueInEffect: false }) ? NARROW_ROW : ROW;
  const scroller = useRef<HTMLDivElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtual = useVirtualizer({
    count: transfers.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => row,
    overscan: 6,
  });
  useEffect(() => virtual.measure(), [virtual, row]);
  const count = (...states: Transfer["state"][]) => transfers.filter((each) => states.includes(each.state)).length;
  const pausable = transfers.some((each) => each.resumable && BUSY.includes(each.state));
  return (
    <section className={classes["panel"]} aria-label={words.title}>
      <Group justify="space-between" wrap="nowrap" className={classes["head"] ?? ""}>
        <Group gap="sm" wrap="nowrap">
          <Text fw={600} size="sm">{words.title}</Text>
          <Text size="xs" c="dimmed" role="status" truncate>
            {words.summary(count("running"), count("waiting", "asking"), count("failed"))}
          </Text>
        </Group>
        <Group gap={4} wrap="nowrap">
          {pausable && <Button size="compact-xs" variant="subtle" color="gray" onClick={() => queue.pauseAll()}>{words.pauseAll}</Button>}
          {!pausable && count("paused") > 0 && (
            <Button size="compact-xs" variant="subtle" color="gray" onClick={() => queue.resumeAll(place)}>{words.resumeAll}</Button>
          )}
          {count(...FINISHED) > 0 && (
            <Button size="compact-xs" variant="subtle" color="gray" onClick={() => queue.clear()}>{words.clear}</Button>
          )}
          <ActionIcon size="sm" variant="subtle" color="gray" aria-label={words.hide} onClick={props.onHide}>
            <IconChevronDown size={16} aria-hidden />
          </ActionIcon>
        </Group>
      </Group>
      {transfers.length === 0 ? (
        <div className={classes["none"]}>
          <Text size="sm" fw={500}>{words.none}</Text>
          <Text size="xs" c="dimmed">{words.noneText}</Text>
        </div>
      ) : (
        <div ref={scroller} className={classes["list"]} role="list" aria-label={words.title} tabIndex={0}>
          <div role="presentation" style={{ height: virtual.getTotalSize(), position: "relative" }}>
            {virtual.getVirtualItems().map((item) => {
              const transfer = transfers[item.index];
              return transfer && (
                <TransferRow
                  key={transfer.id}
                  transfer={transfer}
                  queue={queue}
                  top={item.start}
                  height={row}
                  place={place}
                />
              );
            })}
          </div>
        </div>
      )}
    </section>
  );
}

/** Codes after which what was sent is there, and the way to it is not. */
const LOST = ["unreachable", "connection_lost", "session_not_found"];

function TransferRow(props: { transfer: Transfer; queue: TransferQueue; top: number; height: number; place: Place }) {
  const { transfer, queue, place } = props;
  const t = useStrings();
  const words = t.files.transfers;
  const { id, state, size, moved, speed } = transfer;
  const name = shown(transfer.name);
  const left = secondsLeft(transfer);
  const done = state === "done";
  const Arrow = transfer.direction === "upload" ? IconArrowUp : IconArrowDown;
  const part = size ? Math.min(100, (moved / size) * 100) : done ? 100 : 0;
  const facts = [
    state === "running" ? null : words.state[state],
    done || FINISHED.includes(state) ? (size === null ? null : formatSize(size))
      : size === null ? formatSize(moved) : words.of(formatSize(moved), formatSize(size)),
    state === "running" && speed !== null ? words.speed(formatSize(Math.round(speed))) : null,
    left === null ? null : words.left(formatLeft(left)),
    transfer.sessionId === place.sessionId ? null : transfer.sessionName,
  ].filter(Boolean).join(" · ");
  const code = transfer.error instanceof ApiError ? (transfer.error.code ?? "") : "";
  const keeps = state === "failed" && transfer.resumable && transfer.moved > 0 && LOST.includes(code);
  const reason = [detailOf(transfer.error), keeps && words.kept[code as keyof typeof words.kept]].filter(Boolean).join(". ");
  const button = (label: string, Icon: typeof IconX, act: () => void) => (
    <Tooltip label={label}>
      <ActionIcon size="sm" variant="subtle" color="gray" aria-label={label} onClick={act}><Icon size={15} aria-hidden /></ActionIcon>
    </Tooltip>
  );
  return (
    <div role="listitem" className={classes["row"]} data-state={state} style={{ transform: `translateY(${props.top}px)`, height: props.height }}>
      <span className={classes["direction"]}>
        {done ? <IconCheck size={16} aria-hidden /> : state === "failed" ? <IconAlertTriangle size={16} aria-hidden /> : <Arrow size={16} aria-hidden />}
      </span>
      <span className={classes["what"]}>
        <span className={classes["line"]}>
          <span className={classes["name"]} title={shown(transfer.path)}><bdi>{name}</bdi></span>
          <span className={classes["facts"]} title={facts}>{facts}</span>
        </span>
        {state === "failed" ? (
          <span className={classes["error"]} title={reason}>{reason}</span>
        ) : !FINISHED.includes(state) || done ? (
          <Progress
            value={part} size={4} aria-label={words.progress(name)}
            color={done ? "teal" : state === "paused" ? "gray" : undefined}
            animated={state === "running" && size === null}
          />
        ) : null}
      </span>
      <span className={classes["buttons"]}>
        {transfer.resumable && BUSY.includes(state) && state !== "asking" && button(words.pause(name), IconPlayerPause, () => queue.pause(id))}
        {(state === "paused" || keeps) && button(words.resume(name), IconPlayerPlay, () => queue.resume(id, place))}
        {state === "failed" && !keeps && button(words.retry(name), IconRefresh, () => queue.resume(id, place))}
        {!FINISHED.includes(state) && button(words.cancel(name), IconX, () => queue.cancel(id))}
      </span>
    </div>
  );
}

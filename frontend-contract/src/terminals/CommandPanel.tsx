// Commands run one by one, each with its output and how it ended.

import { Button, Checkbox, Group, TextInput } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useCallback, useEffect, useRef, useState, useSyncExternalStore, type KeyboardEvent } from "react";
import { useCallbacks } from "../hooks/callbacks.js";
import { copyText } from "../hooks/clipboard.js";
import { useLog } from "../hooks/log.js";
import { isFlag, useRemembered } from "../hooks/remembered.js";
import { useClient } from "../hooks/server.js";
import { useStrings } from "../hooks/strings.js";
import { Nothing } from "../sessions/Nothing.js";
import type { PanelProps } from "../sessions/panels.js";
import classes from "./Commands.module.css";
import { MONO } from "./mono.js";
import { endOf, RunCard } from "./RunCard.js";
import { runsOf, type Run } from "./runs.js";

/** The tab. */
export default function CommandPanel({ session }: PanelProps) {
  const strings = useStrings();
  const t = strings.commands;
  const log = useLog();
  const client = useClient();
  const { onCommandOutput } = useCallbacks();
  const runs = runsOf(client, session.session_id);
  const all = useSyncExternalStore(runs.subscribe, runs.all);
  const [wrap, setWrap] = useRemembered("commands-wrap", true, isFlag);

  // What is told when a command ends is of then, not of when it began.
  const told = useRef({ session, onCommandOutput, log, strings });
  useEffect(() => {
    told.current = { session, onCommandOutput, log, strings };
  });
  const run = useCallback((command: string, directory: string) => {
    runs.run(command, directory, (ended, output) => {
      const now = told.current;
      const sessionId = now.session.session_id;
      const words = now.strings.commands;
      now.log.note(words.log(command, endOf(words, ended).text), { sessionId, quiet: true });
      if (ended.state === "ended") now.onCommandOutput?.({ session: now.session, command, output });
    });
  }, [runs]);

  const copy = useCallback(async (of: Run) => {
    const now = told.current;
    const sessionId = now.session.session_id;
    if (await copyText(runs.output(of.id))) now.log.done(now.strings.commands.copied, { sessionId });
    else now.log.note(now.strings.common.copyFailed, { sessionId });
  }, [runs]);
  const cancel = useCallback((of: Run) => runs.cancel(of.id), [runs]);
  const remove = useCallback((of: Run) => runs.remove(of.id), [runs]);
  const again = useCallback((of: Run) => run(of.command, of.directory), [run]);

  return (
    <div className={classes["all"]}>
      <CommandForm history={runs.history} onRun={run} />
      {all.length === 0
        ? <Nothing icon={IconPlayerPlay} title={t.empty.title} text={t.empty.text} />
        : (
          <ul className={classes["runs"]} aria-label={t.list}>
            <li>
              <Group justify="space-between" mb="xs">
                <Checkbox size="xs" label={t.wrap} checked={wrap} onChange={({ currentTarget: { checked } }) => setWrap(checked)} />
                <Button size="compact-xs" variant="subtle" disabled={all.every((each) => each.took === null)} onClick={() => runs.clear()}>
                  {t.clear}
                </Button>
              </Group>
            </li>
            {all.map((each) => (
              <RunCard key={each.id} run={each} wrap={wrap} onCancel={cancel} onAgain={again} onCopy={copy} onRemove={remove} />
            ))}
          </ul>
        )}
    </div>
  );
}

function CommandForm(props: { history: readonly string[]; onRun(command: string, directory: string): void }) {
  const t = useStrings().commands;
  const [command, setCommand] = useState("");
  const [directory, setDirectory] = useState("");
  /** How far back the person went, and what was typed before. */
  const back = useRef({ at: 0, typed: "" });

  const recall = (event: KeyboardEvent) => {
    const step = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (step === undefined) return;
    const at = back.current.at + step;
    if (at < 0 || at > props.history.length) return;
    event.preventDefault();
    if (back.current.at === 0) back.current.typed = command;
    back.current.at = at;
    setCommand(at === 0 ? back.current.typed : props.history.at(-at) ?? "");
  };
  return (
    <form
      className={classes["form"]}
      onSubmit={(event) => {
        event.preventDefault();
        if (!command.trim()) return;
        props.onRun(command, directory.trim());
        back.current = { at: 0, typed: "" };
        setCommand("");
      }}
    >
      <TextInput
        className={classes["command"] ?? ""}
        label={t.input}
        description={t.hint}
        value={command}
        styles={MONO}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        onKeyDown={recall}
        onChange={({ currentTarget: { value } }) => {
          back.current.at = 0;
          setCommand(value);
        }}
      />
      <TextInput
        className={classes["directory"] ?? ""}
        label={t.directory}
        description={t.directoryHint}
        value={directory}
        styles={MONO}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        onChange={({ currentTarget: { value } }) => setDirectory(value)}
      />
      <Button type="submit" disabled={!command.trim()} leftSection={<IconPlayerPlay size={16} aria-hidden />}>{t.run}</Button>
    </form>
  );
}

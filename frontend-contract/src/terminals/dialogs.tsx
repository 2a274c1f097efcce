// The small questions about a terminal: its name, whether to close it, whether to paste.

import { Button, Checkbox, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import type { TerminalInfo } from "../client/models.js";
import { useStrings } from "../hooks/strings.js";
import { NewName } from "../sessions/NewName.js";
import type { RecordingChoice } from "./terminals.js";
import { withoutControls } from "./input.js";
import { MONO } from "./mono.js";
import classes from "./Terminals.module.css";

/** Most characters the server takes for a name. */
const LONGEST = 100;
/** Most characters of a paste that are shown. */
const SHOWN = 2_000;

/** Opens a terminal with a name and a command. */
export function OpenDialog(props: {
  recording: RecordingChoice;
  onClose(): void;
  onOpen(how: { name: string; command: string; record: boolean }): void;
}) {
  const t = useStrings();
  return (
    <Modal opened onClose={props.onClose} title={t.terminals.open} closeButtonProps={{ "aria-label": t.common.close }}>
      <OpenForm {...props} />
    </Modal>
  );
}

function OpenForm(props: Parameters<typeof OpenDialog>[0]) {
  const t = useStrings();
  const [how, setHow] = useState({ name: "", command: "", record: false });
  const { policy, input } = props.recording;
  const words = t.terminals.recording;
  const why = { always: words.always, never: words.never, none: words.notConfigured };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        props.onOpen(how);
        props.onClose();
      }}
    >
      <Stack>
        <TextInput
          label={t.terminals.name}
          description={t.terminals.nameHint}
          value={how.name}
          maxLength={LONGEST}
          autoComplete="off"
          data-autofocus
          onChange={({ currentTarget: { value } }) => setHow({ ...how, name: value })}
        />
        <TextInput
          label={t.terminals.command}
          description={t.terminals.commandHint}
          value={how.command}
          autoComplete="off"
          spellCheck={false}
          styles={MONO}
          onChange={({ currentTarget: { value } }) => setHow({ ...how, command: value })}
        />
        {policy !== null && (
          <Checkbox
            label={t.terminals.record}
            description={policy === "on-request" ? (input ? words.typedToo : undefined) : `${why[policy]}${input && policy === "always" ? ` ${words.typedToo}` : ""}`}
            checked={policy === "always" || how.record}
            disabled={policy !== "on-request"}
            onChange={({ currentTarget: { checked } }) => setHow({ ...how, record: checked })}
          />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={props.onClose}>{t.common.cancel}</Button>
          <Button type="submit">{t.terminals.open}</Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Gives a terminal another name. */
export function RenameDialog(props: { terminal: TerminalInfo; onClose(): void; onRename(name: string): Promise<unknown> }) {
  const t = useStrings();
  return (
    <NewName
      title={t.terminals.renameTitle}
      name={props.terminal.name}
      longest={LONGEST}
      failed={t.terminals.renameFailed}
      onClose={props.onClose}
      onRename={props.onRename}
    />
  );
}

/** Asks whether to close a terminal in which something runs. */
export function CloseDialog(props: { terminal: TerminalInfo; onClose(): void; onConfirm(): void }) {
  const t = useStrings();
  const { terminal } = props;
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={t.terminals.closeTitle(terminal.name)}
      closeButtonProps={{ "aria-label": t.common.close }}
    >
      <Text size="sm">{t.terminals.closeText(terminal.command ?? t.terminals.closeShell)}</Text>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={props.onClose}>{t.common.cancel}</Button>
        <Button color="red.9" data-autofocus onClick={props.onConfirm}>{t.terminals.closeNow}</Button>
      </Group>
    </Modal>
  );
}

/** A text that is asked about before it is pasted. */
export interface Paste {
  text: string;
  lines: number;
  controls: boolean;
}

/** Asks whether to paste. */
export function PasteDialog(props: { paste: Paste; onClose(): void; onPaste(text: string): void }) {
  const t = useStrings();
  const { paste } = props;
  const text = withoutControls(paste.text);
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={t.terminals.pasteTitle}
      returnFocus={false}
      closeButtonProps={{ "aria-label": t.common.close }}
    >
      <Stack gap="sm">
        <Text size="sm">{t.terminals.pasteLines(paste.lines)}</Text>
        {paste.controls && <Text size="sm" fw={600}>{t.terminals.pasteControls}</Text>}
        <pre className={classes["text"]} tabIndex={0}>
          {text.slice(0, SHOWN)}
          {text.length > SHOWN && `\n${t.terminals.pasteLong(text.length - SHOWN)}`}
        </pre>
        <Group justify="flex-end">
          <Button variant="default" onClick={props.onClose}>{t.common.cancel}</Button>
          <Button data-autofocus onClick={() => props.onPaste(text)}>{t.terminals.pasteNow}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}

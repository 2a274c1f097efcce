// What was cut or copied and waits to be pasted: said, with a way to paste it that needs neither
// a mouse nor keys.

import { Button, CloseButton } from "@mantine/core";
import { IconClipboardCheck } from "@tabler/icons-react";
import { useStrings } from "../../hooks/strings.js";
import { shown } from "../names.js";
import { refusal } from "./bundle.js";
import type { Clip } from "./clipboard.js";
import classes from "./Moving.module.css";

/** The bar; `directory` is the folder it would be pasted into. */
export function ClipBar(props: {
  clip: Clip;
  sessionId: string;
  directory: string | null;
  onPaste(): void;
  onForget(): void;
}) {
  const { clip: { how, bundle }, sessionId, directory } = props;
  const t = useStrings();
  const words = t.files.moving;
  const from = bundle.sessionId === sessionId ? shown(bundle.directory) : `${bundle.sessionName}: ${shown(bundle.directory)}`;
  const why = directory === null ? null : refusal(bundle, { sessionId, path: directory }, how);
  return (
    <div className={classes["clip"]}>
      <span role="status" className={classes["clipText"]}>
        {words.waiting[how](bundle.items.length, from)}
        {why && ` ${words.refused[why]}`}
        {how === "move" && !why && bundle.sessionId !== sessionId && ` ${words.acrossNote}`}
      </span>
      <Button
        size="compact-xs" variant="light" leftSection={<IconClipboardCheck size={14} aria-hidden />}
        disabled={directory === null || why !== null} onClick={props.onPaste}
      >{words.pasteHere}</Button>
      <CloseButton size="sm" aria-label={words.forget} onClick={props.onForget} />
    </div>
  );
}

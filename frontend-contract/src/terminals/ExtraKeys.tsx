// The keys a phone does not have.

import { Button } from "@mantine/core";
import { IconArrowDown, IconArrowLeft, IconArrowRight, IconArrowUp } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useStrings } from "../hooks/strings.js";
import type { ExtraKey } from "./input.js";
import classes from "./Terminals.module.css";

const KEYS: readonly ExtraKey[] = ["escape", "tab", "up", "down", "left", "right", "home", "end", "pageUp", "pageDown"];
const ICONS: Partial<Record<ExtraKey, ReactNode>> = {
  up: <IconArrowUp size={16} aria-hidden />,
  down: <IconArrowDown size={16} aria-hidden />,
  left: <IconArrowLeft size={16} aria-hidden />,
  right: <IconArrowRight size={16} aria-hidden />,
};

/** The row. Ctrl holds for the next key. */
export function ExtraKeys(props: {
  ctrl: boolean;
  onCtrl(): void;
  onKey(key: ExtraKey): void;
  onText(text: string): void;
}) {
  const t = useStrings().terminals.keys;
  // Touching a key must not take the focus, or the keyboard of the phone goes away.
  const key = (label: string, onClick: () => void, content: ReactNode = label, pressed?: boolean) => (
    <Button
      key={label}
      variant={pressed ? "filled" : "default"}
      size="compact-md"
      px={8}
      aria-label={label}
      aria-pressed={pressed}
      onMouseDown={(event) => event.preventDefault()}
      onClick={onClick}
    >
      {content}
    </Button>
  );
  const [escape, tab, ...rest] = KEYS;
  return (
    <div className={classes["keys"]} role="toolbar" aria-label={t.label}>
      {[escape, tab].map((each) => each && key(t[each], () => props.onKey(each)))}
      {key(t.ctrl, props.onCtrl, t.ctrl, props.ctrl)}
      {rest.map((each) => key(t[each], () => props.onKey(each), ICONS[each]))}
      {["|", "/", "-", "~"].map((each) => key(each, () => props.onText(each)))}
      {key(t.interrupt, () => props.onText("\x03"), "^C")}
    </div>
  );
}

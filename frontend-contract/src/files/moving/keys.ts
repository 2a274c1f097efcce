// The keys for cutting, copying and pasting files: wherever the focus is in the files, but never
// while something is typed, a dialog or a menu is open, or text is selected.

import { useEffect, useRef, type RefObject } from "react";

/** What a key asks for. */
export type ClipCommand = "cut" | "copy" | "paste";

const KEYS: Record<string, ClipCommand> = { x: "cut", c: "copy", v: "paste" };

/** How the key of a command is written on this machine. */
export function keyOf(command: ClipCommand): string {
  const letter = Object.keys(KEYS).find((key) => KEYS[key] === command)?.toUpperCase() ?? "";
  return /Mac|iPhone|iPad/.test(navigator.platform) ? `⌘${letter}` : `Ctrl+${letter}`;
}

/** What is typed into; a box to tick is not. */
const TYPED = "input:not([type=checkbox]), textarea, select, [contenteditable]:not([contenteditable=false])";
/** What has the keys for itself while it is open. */
const OVER = "[role=dialog], [role=menu]";

/** What a key asks for; null for every other key. */
export function clipCommand(
  event: Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">,
): ClipCommand | null {
  // AltGr is Ctrl and Alt for some.
  if (event.altKey || event.shiftKey || event.ctrlKey === event.metaKey) return null;
  // On a keyboard without Latin letters it is the place of the key that counts.
  const letter = /^[a-z]$/i.test(event.key) ? event.key.toLowerCase()
    : /^[ -~]$/.test(event.key) ? "" : event.code.replace(/^Key/, "").toLowerCase();
  return Object.hasOwn(KEYS, letter) ? (KEYS[letter] ?? null) : null;
}

/** Whether a key pressed here is meant for the files below `root`. */
export function isForFiles(target: EventTarget | null, root: HTMLElement): boolean {
  if (!(target instanceof Element) || target.matches(TYPED) || target.closest(OVER)) return false;
  // With the focus nowhere, keys go to the body.
  if (target !== root.ownerDocument.body && !root.contains(target)) return false;
  return root.ownerDocument.querySelector("[role=dialog]") === null;
}

/** Calls `run` for these keys while the files are on the screen. */
export function useClipKeys(root: RefObject<HTMLElement | null>, visible: boolean, run: (command: ClipCommand) => void): void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    if (!visible) return undefined;
    const pressed = (event: KeyboardEvent) => {
      const command = clipCommand(event);
      if (!command || event.defaultPrevented || !root.current || !isForFiles(event.target, root.current)) return;
      // Words that are marked are what the person means.
      if (command !== "paste" && !(getSelection()?.isCollapsed ?? true)) return;
      event.preventDefault();
      latest.current(command);
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, [root, visible]);
}

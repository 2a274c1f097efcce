// What is typed, pasted and answered: pure rules about the bytes a terminal sends.

/** Keys of the row for screens without a keyboard. */
export type ExtraKey = "escape" | "tab" | "up" | "down" | "left" | "right" | "home" | "end" | "pageUp" | "pageDown";

const ARROWS: Partial<Record<ExtraKey, string>> = { up: "A", down: "B", right: "C", left: "D", home: "H", end: "F" };

/** What a key sends. `application`: the program asked for application cursor keys. */
export function keySequence(key: ExtraKey, application: boolean, ctrl = false): string {
  const letter = ARROWS[key];
  if (letter) return ctrl ? `\x1b[1;5${letter}` : `\x1b${application ? "O" : "["}${letter}`;
  return { escape: "\x1b", tab: "\t", pageUp: "\x1b[5~", pageDown: "\x1b[6~" }[key as "escape"];
}

/** What a typed character becomes while Ctrl is held; itself where there is no such key. */
export function withCtrl(typed: string): string {
  if (typed.length !== 1) return typed;
  const code = typed.toUpperCase().charCodeAt(0);
  if (typed === " ") return "\0";
  if (typed === "?") return "\x7f";
  return code >= 0x40 && code <= 0x5f ? String.fromCharCode(code - 0x40) : typed;
}

/**
 * Whether these bytes are the terminal's own answer to a question of the program (device
 * attributes, the place of the cursor, modes, colours, focus) rather than a key.
 */
export function isReply(data: string): boolean {
  // eslint-disable-next-line no-control-regex
  return /^\x1b(\[[?>=]?[\d;]*(?:[cnRxt]|\$y)|\[[IO]$|P|\])/.test(data);
}

/** Whether these bytes tell a program what the mouse does, in the way of SGR. */
export function isMouse(data: string): boolean {
  // eslint-disable-next-line no-control-regex
  return /^\x1b\[<\d+;\d+;\d+[Mm]$/.test(data);
}

/** Why to ask before pasting, or null. */
export function askBeforePaste(text: string): { lines: number; controls: boolean } | null {
  const plain = text.replace(/\r\n?/g, "\n");
  // One line that ends itself runs at once as well: the person sees it only when it ran.
  const lines = plain.split("\n").length - (plain.endsWith("\n") ? 1 : 0);
  // eslint-disable-next-line no-control-regex
  const controls = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f]/.test(plain);
  return plain.includes("\n") || controls ? { lines: Math.max(1, lines), controls } : null;
}

/** The text without control characters: what cannot be seen is not pasted unseen. */
export function withoutControls(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/\r\n?/g, "\n").replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f]/g, "");
}

/** A link that may be opened, or null: only the web, since a program on a remote machine wrote it. */
export function webLink(text: string): string | null {
  try {
    const url = new URL(text);
    return url.protocol === "http:" || url.protocol === "https:" ? url.href : null;
  } catch {
    return null;
  }
}

/** A title set by a program, fit to be shown: short and without control characters. */
export function shownTitle(title: string): string {
  // eslint-disable-next-line no-control-regex
  return title.replace(/[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "").slice(0, 120);
}

// What the keys of the player mean. Pure.

/** What a key asks for. */
export type KeyAction =
  | { kind: "toggle" }
  /** On by so many milliseconds, back when they are negative. */
  | { kind: "by"; ms: number }
  /** To this part of it, from 0 to 1. */
  | { kind: "to"; part: number }
  /** So many speeds faster. */
  | { kind: "speed"; steps: 1 | -1 };

/** The part of a keyboard event that is looked at. */
export interface Pressed {
  key: string;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
}

/** Steps of the arrow keys, alone and with Shift. */
const STEP = 5_000;
const LEAP = 30_000;

/**
 * What a key asks for, null for one that is not the player's.
 * @param onControl Whether a button has the focus, which Space, Enter and arrows are for.
 */
export function keyAction(event: Pressed, onControl: boolean): KeyAction | null {
  if (event.ctrlKey || event.altKey || event.metaKey) return null;
  const step = event.shiftKey ? LEAP : STEP;
  switch (event.key) {
    case " ": return onControl ? null : { kind: "toggle" };
    case "k": return { kind: "toggle" };
    case "ArrowLeft": return onControl ? null : { kind: "by", ms: -step };
    case "ArrowRight": return onControl ? null : { kind: "by", ms: step };
    case "Home": return { kind: "to", part: 0 };
    case "End": return { kind: "to", part: 1 };
    case ">": return { kind: "speed", steps: 1 };
    case "<": return { kind: "speed", steps: -1 };
    default: return /^[0-9]$/.test(event.key) ? { kind: "to", part: Number(event.key) / 10 } : null;
  }
}

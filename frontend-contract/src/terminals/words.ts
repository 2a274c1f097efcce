// How a terminal stands, in words.

import type { RecordingState } from "../protocol/terminal.js";
import type { Strings } from "../strings.js";
import type { Standing } from "./screen.js";

/** How what ran in a terminal ended: `code 0`, `signal HUP`. */
export function exitWords(t: Strings["terminals"], exit: { status?: number | null; signal?: string | null } | null | undefined): string {
  if (exit?.signal) return t.exit.signal(exit.signal);
  if (exit?.status !== null && exit?.status !== undefined) return t.exit.status(exit.status);
  return t.exit.unknown;
}

/** A line about the connection. */
export function stateWords(t: Strings["terminals"], { state, mode }: Standing, now: number): string {
  switch (state.kind) {
    case "connecting": return t.state.connecting;
    case "attached": return mode === "read" ? t.state.reading : t.state.attached;
    case "waiting": {
      const seconds = Math.max(1, Math.ceil((state.at - now) / 1000));
      return state.tooSlow ? t.state.tooSlow(seconds) : t.state.waiting(seconds);
    }
    case "ended": return t.state.ended;
  }
}

/** What to say over a terminal that shows nothing more: a title, and what it means. */
export function endWords(t: Strings["terminals"], { state, exit }: Standing): { title: string; text: string } | null {
  if (state.kind !== "ended" || state.end === "left") return null;
  if (state.end === "exited") return { title: t.end.exited.title(exitWords(t, exit)), text: t.end.exited.text };
  const { title, text } = t.end[state.end];
  return { title, text: state.detail && (state.end === "refused" || state.end === "not_opened") ? `${text} ${state.detail}` : text };
}

/** What to say where a recording ended and the terminal goes on; null where there is nothing to say. */
export function unrecordedWords(t: Strings["terminals"], state: RecordingState | null): { title: string; text: string } | null {
  if (state === null || state === "running") return null;
  const { ended, why } = t.recording;
  return { title: ended, text: Object.hasOwn(why, state) ? why[state as keyof typeof why] : "" };
}

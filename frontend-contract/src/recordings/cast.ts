// A recording as it is played: an asciicast v2 file (https://docs.asciinema.org/manual/asciicast/v2/)
// read line by line within bounds. Knows neither the network nor a screen.

import { boundedSize } from "../protocol/terminal.js";

/** Something that happened in the terminal, `at` milliseconds after the recording began. */
export type CastEvent =
  /** It showed this. */
  | { at: number; kind: "shown"; text: string }
  /** It had this size from then on. */
  | { at: number; kind: "resized"; cols: number; rows: number }
  /** A remark, such as a gap. */
  | { at: number; kind: "mark"; text: string };

/** A recording, or the beginning of one. */
export interface Cast {
  /** Size at the beginning. */
  cols: number;
  rows: number;
  /** In their order. */
  events: readonly CastEvent[];
  /** Milliseconds from its beginning to its end, as far as it is known. */
  duration: number;
  /** Whether there is more of it than is played here. */
  cut: boolean;
}

/** Characters of a file that are played: hours of work, and far less than a browser can hold. */
export const MOST_TEXT = 32 * 1024 * 1024;
/** Events that are played. */
const MOST_EVENTS = 500_000;
/** Characters of a line; our recorder writes at most a fifth of it. */
const LONGEST_LINE = 1024 * 1024;

/** A file that is no recording. */
export class CastError extends Error {
  override readonly name = "CastError";
}

/** Reads a recording from its pieces. */
export class CastReader {
  #rest = "";
  #header: { cols: number; rows: number; duration: number } | null = null;
  readonly #events: CastEvent[] = [];
  #last = 0;
  #taken = 0;
  #cut = false;

  /** Whether nothing more is taken: the rest of the file need not be read. */
  get full(): boolean {
    return this.#cut;
  }

  /**
   * Takes the next piece.
   * @throws {CastError} for what is no recording.
   */
  add(piece: string): void {
    if (this.#cut) return;
    this.#taken += piece.length;
    const lines = (this.#rest + piece).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line.trim() === "") continue;
      if (this.#header === null) this.#header = header(line);
      else this.#event(line);
      if (this.#events.length >= MOST_EVENTS) break;
    }
    if (this.#rest.length > LONGEST_LINE) throw new CastError("a line is too long");
    this.#cut = this.#taken >= MOST_TEXT || this.#events.length >= MOST_EVENTS;
  }

  /**
   * The recording. What is left of a line that never ended is no part of it.
   * @throws {CastError} when there was not even a header.
   */
  end(): Cast {
    if (this.#header === null) throw new CastError("it is empty");
    const { cols, rows, duration } = this.#header;
    // A recording that was cut here lasts as long as what is played of it.
    const whole = this.#cut ? this.#last : Math.max(duration, this.#last);
    return { cols, rows, events: this.#events, duration: whole, cut: this.#cut };
  }

  #event(line: string): void {
    const value = json(line);
    if (!Array.isArray(value)) throw new CastError("a line is no event");
    const [seconds, code, text] = value as unknown[];
    if (typeof seconds !== "number" || !Number.isFinite(seconds) || typeof code !== "string" || typeof text !== "string") {
      throw new CastError("a line is no event");
    }
    // Time goes on, whatever the file says.
    this.#last = Math.max(this.#last, seconds * 1000);
    const at = this.#last;
    if (code === "o") this.#events.push({ at, kind: "shown", text });
    else if (code === "m") this.#events.push({ at, kind: "mark", text });
    else if (code === "r") {
      const size = /^(\d{1,4})x(\d{1,4})$/.exec(text);
      if (size) this.#events.push({ at, kind: "resized", ...boundedSize(Number(size[1]), Number(size[2])) });
    }
  }
}

function header(line: string): { cols: number; rows: number; duration: number } {
  const value = json(line);
  if (!value || typeof value !== "object") throw new CastError("it has no header");
  const { version, width, height, duration } = value as Record<string, unknown>;
  if (version !== 2 || typeof width !== "number" || typeof height !== "number") {
    throw new CastError("it is no asciicast of version 2");
  }
  const known = typeof duration === "number" && Number.isFinite(duration) && duration > 0;
  return { ...boundedSize(width, height), duration: known ? duration * 1000 : 0 };
}

function json(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new CastError("a line is not JSON");
  }
}

/** Reads a recording from the body of an answer, and lets go of what is beyond the bounds. */
export async function readCast(body: ReadableStream<Uint8Array>): Promise<Cast> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const cast = new CastReader();
  try {
    while (!cast.full) {
      const { done, value } = await reader.read();
      if (done) break;
      cast.add(decoder.decode(value, { stream: true }));
    }
    return cast.end();
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

// The frames of the terminal protocol (TERMINAL.md), typed and checked. Knows no socket.

/** First frame of a client that names no terminal. */
export interface OpenFrame {
  type: "open";
  cols: number;
  rows: number;
  term?: string;
  env?: Record<string, string>;
  command?: string | null;
  name?: string | null;
  record?: boolean;
}

/** Signals a client may send, named as in RFC 4254. */
export type Signal = "ABRT" | "ALRM" | "FPE" | "HUP" | "ILL" | "INT" | "KILL" | "PIPE" | "QUIT"
  | "SEGV" | "TERM" | "USR1" | "USR2";

/** Text frames a client sends; what is typed goes as binary frames. */
export type ClientFrame =
  | OpenFrame
  | { type: "resize"; cols: number; rows: number }
  | { type: "signal"; signal: Signal }
  | { type: "ack"; offset: number };

/** Whether a viewer may type. */
export type Mode = "write" | "read";

/** Somebody attached to a terminal. */
export interface Viewer {
  viewer_id: string;
  mode: Mode;
  shared: boolean;
}

/** Where the recording of a terminal stands. A word this version does not know is an end. */
export type RecordingState = "running" | "complete" | "size_limit" | "total_limit" | "failed" | "unfinished" | "deleted";

/** Text frames the server sends; what the terminal shows comes as binary frames. */
export type ServerFrame =
  | {
      type: "opened";
      terminal_id: string;
      viewer_id: string;
      mode: Mode;
      name: string;
      cols: number;
      rows: number;
      window: number;
      /** Bytes before this offset are old: questions in them are not to be answered. */
      end: number;
      /** Where the terminal's recording stands, null without one. */
      recording: RecordingState | null;
    }
  | { type: "offset"; offset: number; lost: number }
  | { type: "resize"; cols: number; rows: number }
  | { type: "viewers"; viewers: Viewer[] }
  /** The recording ended, and the terminal goes on. */
  | { type: "recording"; state: RecordingState }
  | { type: "exit"; status: number | null; signal: string | null }
  | { type: "error"; code: string; message: string };

/** Most bytes of a binary frame from a client. */
export const MAX_INPUT = 64 * 1024;
/** Sizes a terminal may have. */
export const SIZES = { cols: { min: 1, max: 500 }, rows: { min: 1, max: 200 } } as const;

/** The nearest size a terminal may have. */
export function boundedSize(cols: number, rows: number): { cols: number; rows: number } {
  const within = ({ min, max }: { min: number; max: number }, value: number) =>
    Math.min(max, Math.max(min, Math.trunc(Number.isFinite(value) ? value : min)));
  return { cols: within(SIZES.cols, cols), rows: within(SIZES.rows, rows) };
}

/** Close codes of the socket. */
export const CLOSE = {
  exited: 1000,
  shuttingDown: 1001,
  protocol: 1002,
  tooLarge: 1009,
  sessionClosed: 4001,
  closed: 4002,
  revoked: 4003,
  notOpened: 4004,
  connectionLost: 4005,
  detached: 4006,
  tooSlow: 4008,
} as const;

const FINAL: ReadonlySet<number> = new Set([
  CLOSE.exited,
  CLOSE.sessionClosed,
  CLOSE.closed,
  CLOSE.revoked,
  CLOSE.notOpened,
  CLOSE.connectionLost,
  CLOSE.detached,
]);

/** Whether the terminal is gone after a close with this code, so that attaching again is vain. */
export function isFinal(code: number): boolean {
  return FINAL.has(code);
}

/** A text frame that is none of the protocol. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
}

type Check = "string" | "number" | "number?" | "string?" | "mode" | "viewers";

const FRAMES: { [T in ServerFrame["type"]]: Record<string, Check> } = {
  opened: {
    terminal_id: "string", viewer_id: "string", mode: "mode", name: "string",
    cols: "number", rows: "number", window: "number", end: "number", recording: "string?",
  },
  offset: { offset: "number", lost: "number" },
  resize: { cols: "number", rows: "number" },
  viewers: { viewers: "viewers" },
  recording: { state: "string" },
  exit: { status: "number?", signal: "string?" },
  error: { code: "string", message: "string" },
};

function holds(check: Check, value: unknown): boolean {
  switch (check) {
    case "string": return typeof value === "string";
    case "number": return typeof value === "number" && Number.isSafeInteger(value);
    case "string?": return value === null || typeof value === "string";
    case "number?": return value === null || holds("number", value);
    case "mode": return value === "write" || value === "read";
    case "viewers": return Array.isArray(value) && value.every((viewer: unknown) => {
      if (!viewer || typeof viewer !== "object") return false;
      const v = viewer as Record<string, unknown>;
      return typeof v["viewer_id"] === "string" && holds("mode", v["mode"])
        && typeof v["shared"] === "boolean";
    });
  }
}

/**
 * Reads a text frame of the server.
 * @returns null for a type this version does not know, which is to be ignored.
 * @throws {ProtocolError} for anything that is no frame.
 */
export function parseServerFrame(text: string): ServerFrame | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ProtocolError("a text frame is not JSON");
  }
  if (!value || typeof value !== "object") throw new ProtocolError("a text frame is no object");
  const frame = value as Record<string, unknown>;
  const type = frame["type"];
  if (typeof type !== "string") throw new ProtocolError("a text frame has no type");
  if (!Object.hasOwn(FRAMES, type)) return null;
  for (const [field, check] of Object.entries(FRAMES[type as ServerFrame["type"]])) {
    if (!holds(check, frame[field])) throw new ProtocolError(`${type}: ${field} is wrong`);
  }
  return frame as unknown as ServerFrame;
}

/** Query of the terminal's socket. */
export interface TerminalQuery {
  terminal?: string;
  from?: number;
  mode?: Mode;
  ticket?: string;
}

/** Path of the socket of a session's terminals; what a ticket for it is asked with. */
export function terminalPath(sessionId: string): string {
  return `/ws/terminal/${encodeURIComponent(sessionId)}`;
}

/** Path of the socket that shows shared terminals. */
export const SHARE_PATH = "/ws/share";

/** Address of the socket that opens or attaches to a terminal of a session. */
export function terminalUrl(baseUrl: string, sessionId: string, query: TerminalQuery = {}): string {
  return socketUrl(baseUrl, terminalPath(sessionId), query);
}

/** Address of a socket of the server. */
export function socketUrl(baseUrl: string, path: string, query: TerminalQuery = {}): string {
  const url = new URL(`${baseUrl}${path}`);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url.href;
}

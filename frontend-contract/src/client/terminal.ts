// One view of a terminal over a WebSocket (TERMINAL.md): opens it or attaches to it, gives out
// its bytes, acknowledges what was drawn, and attaches again at the very next byte after a cut.
// Knows nothing of React, nor of how bytes are drawn.

import {
  boundedSize, CLOSE, isFinal, MAX_INPUT, parseServerFrame, ProtocolError, SHARE_PATH, socketUrl, terminalPath,
  type ClientFrame, type Mode, type OpenFrame, type RecordingState, type ServerFrame, type Signal, type TerminalQuery, type Viewer,
} from "../protocol/terminal.js";
import { ok, type Client } from "./client.js";
import { ApiError } from "./error.js";

/** What is to be shown. */
export type TerminalTarget =
  /** A terminal of a session that is there already. */
  | { sessionId: string; terminalId: string }
  /** One that is opened by this connection. */
  | { sessionId: string; open: Omit<OpenFrame, "type"> }
  /** One that somebody shared: the token of the link. Such a view can only read. */
  | { share: string };

/** Why there is nothing more to come. */
export type TerminalEnd =
  | "exited" | "session_closed" | "closed" | "revoked" | "not_opened" | "connection_lost" | "detached"
  /** The terminal, its session or the share was not there when the view came back. */
  | "gone"
  /** The server refuses the view: no access, or it does not speak this protocol. */
  | "refused"
  /** This side detached. */
  | "left";

/** How the view stands. */
export type TerminalState =
  | { kind: "connecting" }
  | { kind: "attached" }
  /** Cut; tries again at `at`, in milliseconds since the epoch. `tooSlow`: it fell behind. */
  | { kind: "waiting"; attempt: number; at: number; tooSlow: boolean }
  | { kind: "ended"; end: TerminalEnd; detail?: string | undefined };

/** What a view is told. Every one may be left out. */
export interface TerminalEvents {
  /** How it stands has changed. */
  state?(state: TerminalState): void;
  /** It is attached: what the server says of the terminal. Again after every cut. */
  opened?(frame: Extract<ServerFrame, { type: "opened" }>): void;
  /** Bytes to draw. Tell {@link TerminalConnection.drawn} `end` when they are. */
  data?(bytes: Uint8Array, end: number): void;
  /** So many bytes before the next are gone. */
  lost?(bytes: number): void;
  /** The terminal has this size now. */
  resized?(cols: number, rows: number): void;
  /** Who is attached now. */
  viewers?(viewers: readonly Viewer[]): void;
  /** Where its recording stands: after `opened`, and when that ends before the terminal; null without one. */
  recording?(state: RecordingState | null): void;
  /** What ran in it ended. */
  exited?(status: number | null, signal: string | null): void;
  /** The server refused something and goes on. */
  refused?(code: string, message: string): void;
}

/** The part of a WebSocket that is used. */
export interface SocketLike {
  binaryType: string;
  readonly readyState: number;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
}

/** How a view is set up. */
export interface TerminalConnectionOptions {
  client: Client;
  target: TerminalTarget;
  /** Whether to type or only to watch [default: write]. */
  mode?: Mode;
  /** Offset of the first byte wanted [default: everything that is kept]. */
  from?: number;
  events?: TerminalEvents;
  /** In place of the platform's WebSocket. */
  socket?: (url: string) => SocketLike;
}

/** Wait before the first new attempt; it doubles with each. */
const FIRST_WAIT = 500;
const LONGEST_WAIT = 10_000;
/** Patience with a socket that does not get as far as `opened`. */
const OPENING = 15_000;
const SOCKET_OPEN = 1;
const SEEN: Readonly<Record<number, TerminalEnd>> = {
  [CLOSE.exited]: "exited",
  [CLOSE.sessionClosed]: "session_closed",
  [CLOSE.closed]: "closed",
  [CLOSE.revoked]: "revoked",
  [CLOSE.notOpened]: "not_opened",
  [CLOSE.connectionLost]: "connection_lost",
  [CLOSE.detached]: "detached",
};

/** A view of a terminal. {@link TerminalConnection.start} begins, {@link TerminalConnection.leave} ends it. */
export class TerminalConnection {
  #state: TerminalState = { kind: "connecting" };
  #target: TerminalTarget;
  #mode: Mode;
  #socket: SocketLike | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Attempts since it was last attached. */
  #attempt = 0;
  /** Attempts that are superseded look here before they go on. */
  #generation = 0;
  /** Offset after the last byte given out; null before the first `offset`. */
  #next: number | null;
  /** Bytes that come once more and were given out already. */
  #skip = 0;
  #acked = 0;
  #window = 0;
  #lastError: { code: string; message: string } | undefined;

  constructor(private readonly options: TerminalConnectionOptions) {
    this.#target = options.target;
    this.#mode = "share" in options.target ? "read" : options.mode ?? "write";
    this.#next = options.from ?? null;
  }

  /** How it stands. */
  get state(): TerminalState {
    return this.#state;
  }

  /** Whether it types or only watches. */
  get mode(): Mode {
    return this.#mode;
  }

  /** Offset after the last byte given out, null before the first. */
  get offset(): number | null {
    return this.#next;
  }

  /** Connects. */
  start(): void {
    void this.#connect();
  }

  /** Attaches again at the next byte: at once when it waits, and anew when the network changed. */
  again(): void {
    if (this.#state.kind === "ended" || this.#state.kind === "connecting") return;
    this.#attempt = 0;
    void this.#connect();
  }

  /** Types from now on, or only watches. A share can only be watched. */
  setMode(mode: Mode): void {
    if (mode === this.#mode || "share" in this.#target) return;
    this.#mode = mode;
    if (this.#state.kind !== "ended") void this.#connect();
  }

  /** Detaches. The terminal goes on. */
  leave(): void {
    if (this.#state.kind !== "ended") this.#end("left");
  }

  /** Types. False when nothing was sent, because the view is not attached or only reads. */
  write(data: string | Uint8Array<ArrayBuffer>): boolean {
    if (this.#state.kind !== "attached" || this.#mode === "read") return false;
    const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
    for (let at = 0; at < bytes.length; at += MAX_INPUT) {
      this.#socket?.send(bytes.subarray(at, at + MAX_INPUT));
    }
    return true;
  }

  /** Says how large the window is. */
  resize(cols: number, rows: number): void {
    if (this.#mode === "read") return;
    this.#send({ type: "resize", ...boundedSize(cols, rows) });
  }

  /** Sends a signal; servers may ignore it. */
  signal(signal: Signal): void {
    this.#send({ type: "signal", signal });
  }

  /** Every byte before `offset` was drawn: the server may send as many more. */
  drawn(offset: number): void {
    const reached = Math.min(offset, this.#next ?? 0);
    // A quarter of the window: acknowledged well before the server has to wait.
    if (reached - this.#acked < this.#window / 4 || this.#state.kind !== "attached") return;
    this.#acked = reached;
    this.#send({ type: "ack", offset: reached });
  }

  #send(frame: ClientFrame): void {
    if (this.#socket?.readyState === SOCKET_OPEN) this.#socket.send(JSON.stringify(frame));
  }

  #become(state: TerminalState): void {
    this.#state = state;
    this.options.events?.state?.(state);
  }

  /** Lets go of the socket; what it still says is not heard. */
  #drop(): void {
    this.#generation += 1;
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close(1000);
  }

  #end(end: TerminalEnd, detail?: string): void {
    this.#drop();
    this.#become({ kind: "ended", end, detail });
  }

  #wait(tooSlow: boolean): void {
    this.#drop();
    const wait = Math.min(FIRST_WAIT * 2 ** this.#attempt, LONGEST_WAIT);
    this.#attempt += 1;
    // Views that were cut together do not come back together.
    const spread = wait * (0.8 + 0.4 * Math.random());
    this.#become({ kind: "waiting", attempt: this.#attempt, at: Date.now() + spread, tooSlow });
    this.#timer = setTimeout(() => void this.#connect(), spread);
  }

  async #connect(): Promise<void> {
    this.#drop();
    const generation = this.#generation;
    this.#become({ kind: "connecting" });
    let url: string;
    try {
      // A socket that is refused says nothing to a page: a request says what is the matter.
      if (this.#attempt > 0) await this.#look();
      url = await this.#address();
    } catch (error) {
      if (generation === this.#generation) this.#failed(error);
      return;
    }
    if (generation !== this.#generation) return;
    let socket: SocketLike;
    try {
      socket = (this.options.socket ?? platformSocket)(url);
    } catch (error) {
      this.#end("refused", String(error));
      return;
    }
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      if ("open" in this.#target) this.#send({ type: "open", ...this.#target.open });
    };
    socket.onmessage = ({ data }) => this.#heard(data);
    socket.onclose = ({ code }) => this.#closed(code);
    this.#timer = setTimeout(() => this.#closed(1006), OPENING);
  }

  /** Asks whether the terminal is still there. */
  async #look(): Promise<void> {
    if (!("terminalId" in this.#target)) return;
    const { sessionId, terminalId } = this.#target;
    await ok(this.options.client.http.GET("/connections/{session_id}/terminals/{terminal_id}", {
      params: { path: { session_id: sessionId, terminal_id: terminalId } },
      signal: AbortSignal.timeout(OPENING),
    }));
  }

  async #address(): Promise<string> {
    const { client } = this.options;
    const signal = AbortSignal.timeout(OPENING);
    const query: TerminalQuery = this.#next === null ? {} : { from: this.#next };
    const target = this.#target;
    if ("share" in target) {
      const body = { share: target.share };
      query.ticket = (await ok(client.http.POST("/shares/tickets", { body, signal }))).ticket;
      return socketUrl(client.baseUrl, SHARE_PATH, query);
    }
    const path = terminalPath(target.sessionId);
    if ("terminalId" in target) Object.assign(query, { terminal: target.terminalId, mode: this.#mode });
    // Pages cannot send the token with a socket, and it never goes into an address.
    if (Object.keys(client.authorization()).length > 0) {
      query.ticket = (await ok(client.http.POST("/tickets", { body: { path }, signal }))).ticket;
    }
    return socketUrl(client.baseUrl, path, query);
  }

  #failed(error: unknown): void {
    if (error instanceof ApiError && !error.isAway && error.status < 500 && error.status !== 408) {
      const gone = error.status === 404 || (error.status === 401 && !error.wantsToken);
      this.#end(gone ? "gone" : "refused", error.detail);
      return;
    }
    this.#wait(false);
  }

  #heard(data: unknown): void {
    if (typeof data !== "string") {
      // `binaryType` leaves nothing else.
      this.#bytes(new Uint8Array(data as ArrayBuffer));
      return;
    }
    try {
      const frame = parseServerFrame(data);
      if (frame) this.#frame(frame);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#end("refused", error.message);
    }
  }

  #bytes(bytes: Uint8Array): void {
    if (this.#next === null) {
      this.#end("refused", "bytes came before their offset");
      return;
    }
    const fresh = bytes.subarray(Math.min(this.#skip, bytes.length));
    this.#skip -= bytes.length - fresh.length;
    if (fresh.length === 0) return;
    this.#next += fresh.length;
    this.options.events?.data?.(fresh, this.#next);
  }

  #frame(frame: ServerFrame): void {
    const { events } = this.options;
    switch (frame.type) {
      case "opened":
        clearTimeout(this.#timer);
        this.#attempt = 0;
        // Never more than was asked for.
        if (frame.mode === "read") this.#mode = "read";
        this.#window = frame.window;
        // Whatever becomes of the socket, it is this terminal from now on.
        if ("open" in this.#target) {
          this.#target = { sessionId: this.#target.sessionId, terminalId: frame.terminal_id };
        }
        this.#become({ kind: "attached" });
        events?.opened?.(frame);
        events?.recording?.(frame.recording);
        break;
      case "offset": {
        const next = this.#next ?? frame.offset - frame.lost;
        this.#skip = Math.max(0, next - frame.offset);
        this.#next = Math.max(next, frame.offset);
        this.#acked = Math.max(this.#acked, frame.offset);
        if (frame.lost > 0) events?.lost?.(frame.lost);
        break;
      }
      case "resize": events?.resized?.(frame.cols, frame.rows); break;
      case "viewers": events?.viewers?.(frame.viewers); break;
      case "recording": events?.recording?.(frame.state); break;
      case "exit": events?.exited?.(frame.status, frame.signal); break;
      case "error":
        this.#lastError = frame;
        events?.refused?.(frame.code, frame.message);
    }
  }

  #closed(code: number): void {
    // Not by the terminal's own end: the server stops, or the way to it broke.
    if (code !== 1000 && code < 4000) this.options.client.doubt();
    const neverOpened = "open" in this.#target;
    if (isFinal(code)) {
      this.#end(SEEN[code] ?? "closed", this.#lastError?.message);
    } else if (neverOpened) {
      // Trying again might open a second one.
      this.#end("not_opened", this.#lastError?.message);
    } else if (code === CLOSE.protocol || code === CLOSE.tooLarge) {
      this.#end("refused", this.#lastError?.message);
    } else {
      this.#wait(code === CLOSE.tooSlow);
    }
  }
}

function platformSocket(url: string): SocketLike {
  return new WebSocket(url) as SocketLike;
}

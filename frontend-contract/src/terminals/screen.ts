// A terminal on the screen: xterm, its addons, and the view of the server's terminal that feeds
// it. Knows nothing of React; what changes is told to subscribers as a new `Standing`.

import { FitAddon } from "@xterm/addon-fit";
import { SearchAddon } from "@xterm/addon-search";
import type { Terminal } from "@xterm/xterm";
import type { Client } from "../client/client.js";
import { TerminalConnection, type TerminalState, type TerminalTarget } from "../client/terminal.js";
import type { Mode, RecordingState, Viewer } from "../protocol/terminal.js";
import { appearance, emulator, sizeOf, withLinks, type Look, type Spoken } from "./emulator.js";
import { isMouse, isReply, keySequence, shownTitle, withCtrl, type ExtraKey } from "./input.js";
import { marks } from "./palette.js";
import { Telling } from "./telling.js";

/** Rest after the last change of the window before the terminal is given its new size. */
const SETTLE = 120;

/** How a terminal on the screen stands. */
export interface Standing {
  state: TerminalState;
  mode: Mode;
  viewers: readonly Viewer[];
  /** Which of the viewers this is. */
  viewerId: string | null;
  cols: number;
  rows: number;
  /** The title its program set. */
  title: string;
  /** Where its recording stands, null without one. */
  recording: RecordingState | null;
  /** Bytes lost since it was last said that it was seen. */
  lost: number;
  /** Whether they were lost because this view was too slow to follow. */
  lagged: boolean;
  exit: { status: number | null; signal: string | null } | null;
  /** Times the bell rang. */
  bells: number;
  /** Times something was typed that went nowhere. */
  unsent: number;
  /** Whether Ctrl holds for the next key. */
  ctrl: boolean;
  matches: { index: number; count: number };
  selected: boolean;
}

/** How a terminal on the screen is set up. */
export interface ScreenOptions extends Look {
  parent: HTMLElement;
  client: Client;
  target: TerminalTarget;
  mode: Mode;
  spoken: Spoken;
  /** What is lost, as a line of the terminal. */
  lostText: (bytes: number) => string;
  /** The person wants out of the terminal, or to search it, copy from it, paste into it. */
  asked: (what: "leave" | "search" | "copy") => void;
  /** Text is about to be pasted. */
  pasting: (text: string) => void;
}

/** A terminal on the screen, attached from its making to {@link TerminalScreen.dispose}. */
export class TerminalScreen {
  readonly #terminal: Terminal;
  readonly #fit = new FitAddon();
  readonly #search = new SearchAddon({ highlightLimit: 1000 });
  readonly #connection: TerminalConnection;
  readonly #options: ScreenOptions;
  readonly #watch: ResizeObserver;
  readonly #telling: Telling<Standing>;
  #settling: ReturnType<typeof setTimeout> | undefined;
  #visible = true;
  #dark: boolean;
  /** Offset up to which what comes is old: questions of a program in it are not answered again. Null before it is known. */
  #history: number | null = null;
  /** Offset before which everything is drawn. */
  #drawn = 0;
  /** A key was pressed, and what it sends comes next. */
  #key = false;

  constructor(options: ScreenOptions) {
    this.#options = options;
    this.#dark = options.dark;
    const term = emulator(options, options.spoken);
    this.#terminal = term;
    this.#telling = new Telling<Standing>({
      state: { kind: "connecting" }, mode: options.mode, viewers: [], viewerId: null, cols: term.cols, rows: term.rows,
      title: "", recording: null, lost: 0, lagged: false, exit: null, bells: 0, unsent: 0, ctrl: false, matches: { index: -1, count: 0 }, selected: false,
    });
    term.loadAddon(this.#fit);
    term.loadAddon(this.#search);
    withLinks(term, options.parent);
    term.open(options.parent);
    this.#connection = this.#connect();
    this.#listen();
    this.#watch = new ResizeObserver(() => this.#settle());
    this.#watch.observe(options.parent);
    this.#connection.start();
  }

  /** How it stands; the same object until something changes. */
  readonly standing = (): Standing => this.#telling.told();

  /** Tells `listener` of changes, until the answer is called. */
  readonly subscribe = (listener: () => void): (() => void) => this.#telling.subscribe(listener);

  /** Ends the view; the terminal goes on. */
  dispose(): void {
    clearTimeout(this.#settling);
    this.#watch.disconnect();
    this.#telling.end();
    this.#connection.leave();
    this.#terminal.dispose();
  }

  focus(): void {
    this.#terminal.focus();
  }

  /** Whether it can be seen: only then its size follows the window. */
  show(visible: boolean): void {
    this.#visible = visible;
    if (visible) this.#settle();
  }

  look(look: Look): void {
    Object.assign(this.#terminal.options, appearance(look));
    this.#dark = look.dark;
    this.#settle();
  }

  setMode(mode: Mode): void {
    this.#connection.setMode(mode);
    this.#tell({ mode });
  }

  /** Tries at once to come back. */
  again(): void {
    this.#connection.again();
  }

  /** Types text as if from the keyboard. */
  type(text: string): void {
    if (!this.#connection.write(text)) this.#tell({ unsent: this.#standing.unsent + 1 });
  }

  /** Types what a key stands for, with Ctrl where that holds. */
  key(text: string): void {
    const { ctrl } = this.#standing;
    this.holdCtrl(false);
    this.type(ctrl ? withCtrl(text) : text);
  }

  /** Presses a key of the row beneath. */
  press(key: ExtraKey): void {
    const { ctrl } = this.#standing;
    this.holdCtrl(false);
    this.type(keySequence(key, this.#terminal.modes.applicationCursorKeysMode, ctrl));
  }

  /** Whether the next key is pressed with Ctrl. */
  holdCtrl(held: boolean): void {
    if (held !== this.#standing.ctrl) this.#tell({ ctrl: held });
  }

  /** Pastes as the program asked for: bracketed where it can tell pasted text from typed. */
  paste(text: string): void {
    this.#terminal.paste(text);
  }

  selection(): string {
    return this.#terminal.getSelection();
  }

  selectAll(): void {
    this.#terminal.selectAll();
  }

  clear(): void {
    this.#terminal.clear();
  }

  find(text: string, direction: "next" | "previous", options: { caseSensitive: boolean; typing?: boolean }): void {
    if (text === "") {
      this.endSearch();
      return;
    }
    const search = { caseSensitive: options.caseSensitive, incremental: options.typing ?? false, decorations: marks(this.#dark) };
    if (direction === "next") this.#search.findNext(text, search);
    else this.#search.findPrevious(text, search);
  }

  endSearch(): void {
    this.#search.clearDecorations();
    this.#tell({ matches: { index: -1, count: 0 } });
  }

  /** The loss was seen. */
  forgetLoss(): void {
    this.#tell({ lost: 0, lagged: false });
  }

  #tell(change: Partial<Standing>): void {
    this.#telling.change(change);
  }

  get #standing(): Standing {
    return this.#telling.now;
  }

  #connect(): TerminalConnection {
    const { client, target, mode, lostText } = this.#options;
    const term = this.#terminal;
    return new TerminalConnection({
      client, target, mode,
      events: {
        state: (state) => this.#tell({
          state,
          ...(state.kind === "ended" ? { viewers: [] } : {}),
          ...(state.kind === "waiting" && state.tooSlow ? { lagged: true } : {}),
        }),
        opened: (frame) => {
          // What comes after a cut is new to this view.
          this.#history ??= frame.end;
          this.#resized(frame.cols, frame.rows);
          this.#tell({ viewerId: frame.viewer_id, mode: frame.mode });
          if (this.#caughtUp) this.#settle();
        },
        data: (bytes, end) => this.#draw(bytes, end),
        lost: (bytes) => {
          this.#tell({ lost: this.#standing.lost + bytes });
          // CAN ends a control sequence whose rest is among what was lost.
          const line = `\x18\x1b[0m\r\n\x1b[7m ${lostText(bytes)} \x1b[0m\r\n`;
          // Old output may be among it.
          const end = this.#connection.offset ?? 0;
          term.write(line, () => this.#reached(end));
        },
        resized: (cols, rows) => this.#resized(cols, rows),
        viewers: (viewers) => this.#tell({ viewers }),
        recording: (recording) => this.#tell({ recording }),
        exited: (status, signal) => this.#tell({ exit: { status, signal } }),
      },
    });
  }

  get #caughtUp(): boolean {
    return this.#history !== null && this.#drawn >= this.#history;
  }

  #draw(bytes: Uint8Array, end: number): void {
    const history = this.#history ?? 0;
    const start = end - bytes.length;
    // Old and new apart, so that a question is old or new.
    if (start < history && history < end) {
      this.#write(bytes.subarray(0, history - start), history);
      this.#write(bytes.subarray(history - start), end);
    } else {
      this.#write(bytes, end);
    }
  }

  #write(bytes: Uint8Array, end: number): void {
    this.#terminal.write(bytes, () => {
      this.#connection.drawn(end);
      this.#reached(end);
    });
  }

  /** Everything before the offset is drawn. */
  #reached(offset: number): void {
    const before = this.#caughtUp;
    this.#drawn = Math.max(this.#drawn, offset);
    if (!before && this.#caughtUp) this.#settle();
  }

  #listen(): void {
    const term = this.#terminal;
    term.onKey(() => (this.#key = true));
    term.onData((data) => {
      const key = this.#key;
      this.#key = false;
      if (!key && isReply(data)) {
        if (this.#answers) this.#connection.write(data);
        return;
      }
      if (isMouse(data)) {
        // Moving over a terminal is not typing into it.
        this.#connection.write(data);
        return;
      }
      // Whoever types has the size of the terminal.
      this.#refit();
      this.key(data);
    });
    term.onBinary((data) => {
      this.#connection.write(Uint8Array.from(data, (each) => each.charCodeAt(0)));
    });
    term.onBell(() => {
      if (this.#caughtUp) this.#tell({ bells: this.#standing.bells + 1 });
    });
    term.onTitleChange((title) => this.#tell({ title: shownTitle(title) }));
    term.onSelectionChange(() => {
      const selected = term.hasSelection();
      if (selected !== this.#standing.selected) this.#tell({ selected });
    });
    this.#search.onDidChangeResults(({ resultIndex, resultCount }) =>
      this.#tell({ matches: { index: resultIndex, count: resultCount } }));
    term.textarea?.addEventListener("focus", () => this.#settle());
    term.attachCustomKeyEventHandler((event) => this.#shortcut(event));
    // Before xterm sees it, which would paste without asking.
    this.#options.parent.addEventListener("paste", (event) => {
      event.preventDefault();
      event.stopPropagation();
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (text) this.#options.pasting(text);
    }, { capture: true });
  }

  /** Questions of a program are answered once: not again when its output is seen anew, and by one viewer. */
  get #answers(): boolean {
    const { viewers, viewerId } = this.#standing;
    const first = viewers.find((viewer) => viewer.mode === "write");
    return this.#caughtUp && (first === undefined || first.viewer_id === viewerId);
  }

  /** False keeps a key from the terminal. */
  #shortcut(event: KeyboardEvent): boolean {
    if (event.type !== "keydown" || !event.ctrlKey || !event.shiftKey || event.altKey || event.metaKey) return true;
    const asked = (
      { KeyC: "copy", KeyF: "search", Escape: "leave", F6: "leave" } as Record<string, "copy" | "search" | "leave">
    )[event.code];
    if (asked) {
      event.preventDefault();
      this.#options.asked(asked);
      return false;
    }
    // The browser pastes.
    return event.code !== "KeyV";
  }

  #resized(cols: number, rows: number): void {
    if (cols !== this.#terminal.cols || rows !== this.#terminal.rows) this.#terminal.resize(cols, rows);
    this.#tell({ cols, rows });
  }

  #settle(): void {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.#refit(), SETTLE);
  }

  /** Gives the terminal the size of the window, if this view may. */
  #refit(): void {
    const { state, mode } = this.#standing;
    if (!this.#visible || state.kind !== "attached" || mode === "read" || !this.#caughtUp) return;
    const size = sizeOf(this.#fit);
    if (!size || (size.cols === this.#terminal.cols && size.rows === this.#terminal.rows)) return;
    this.#resized(size.cols, size.rows);
    this.#connection.resize(size.cols, size.rows);
  }
}

// A recording on the screen: xterm as a picture, which takes no keys and asks nobody anything.

import { Terminal } from "@xterm/xterm";
import { CONTRAST, DARK, FONT, LIGHT } from "../terminals/palette.js";
import type { Surface } from "./playback.js";

/** Sizes of the font, in pixels: what can just be read, and what is enough. */
const SIZES = { min: 7, max: 16 };

/** The picture within an element, as wide as that has room. */
export class Picture implements Surface {
  readonly #terminal: Terminal;
  readonly #parent: HTMLElement;
  readonly #watch: ResizeObserver;
  #frame = 0;

  constructor(parent: HTMLElement, options: { dark: boolean; screenReader: boolean; label: string }) {
    this.#parent = parent;
    this.#terminal = new Terminal({
      allowProposedApi: false,
      cursorBlink: false,
      cursorInactiveStyle: "outline",
      disableStdin: true,
      fontFamily: FONT,
      fontSize: SIZES.max,
      lineHeight: 1.15,
      minimumContrastRatio: CONTRAST,
      screenReaderMode: options.screenReader,
      // What scrolled away is found by going back in the recording.
      scrollback: 0,
      theme: options.dark ? DARK : LIGHT,
      windowOptions: {},
    });
    this.#terminal.open(parent);
    // No key is for the terminal, so that Tab leads on and the keys of the player work.
    this.#terminal.attachCustomKeyEventHandler(() => false);
    const input = this.#terminal.textarea;
    if (input) {
      input.tabIndex = -1;
      input.readOnly = true;
      input.setAttribute("aria-label", options.label);
    }
    this.#watch = new ResizeObserver(() => this.#fit());
    this.#watch.observe(parent);
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame);
    this.#watch.disconnect();
    this.#terminal.dispose();
  }

  look(dark: boolean): void {
    this.#terminal.options.theme = dark ? DARK : LIGHT;
  }

  reset(cols: number, rows: number): void {
    this.#terminal.reset();
    this.resize(cols, rows);
  }

  resize(cols: number, rows: number): void {
    if (cols === this.#terminal.cols && rows === this.#terminal.rows) return;
    this.#terminal.resize(cols, rows);
    this.#fit();
  }

  write(text: string, done: () => void): void {
    this.#terminal.write(text, done);
  }

  /** Gives the font the size in which all columns have room. */
  #fit(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      const screen = this.#parent.querySelector<HTMLElement>(".xterm-screen");
      const size = this.#terminal.options.fontSize ?? SIZES.max;
      if (!screen || screen.offsetWidth === 0) return;
      const room = (this.#parent.clientWidth / screen.offsetWidth) * size;
      const fitting = Math.min(SIZES.max, Math.max(SIZES.min, Math.floor(room * 2) / 2));
      if (fitting !== size) this.#terminal.options.fontSize = fitting;
    });
  }
}

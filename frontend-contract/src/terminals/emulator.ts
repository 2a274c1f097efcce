// xterm as every terminal of the page has it: its look, its size, and its links.

import { FitAddon } from "@xterm/addon-fit";
import { WebLinksAddon } from "@xterm/addon-web-links";
import { Terminal } from "@xterm/xterm";
import { boundedSize } from "../protocol/terminal.js";
import type { Strings } from "../strings.js";
import { webLink } from "./input.js";
import { CONTRAST, DARK, FONT, LIGHT } from "./palette.js";

/** Lines kept above the screen. */
const SCROLLBACK = 10_000;

/** How a terminal looks; may change at any time. */
export interface Look {
  fontSize: number;
  dark: boolean;
  screenReader: boolean;
}

/** Size of a terminal, in characters. */
export interface Size {
  cols: number;
  rows: number;
}

/** The options that make a look. */
export function appearance({ fontSize, dark, screenReader }: Look) {
  return { fontSize, theme: dark ? DARK : LIGHT, screenReaderMode: screenReader };
}

/** What xterm says to screen readers. */
export type Spoken = Strings["terminals"]["screenReaderWords"];

/** A terminal that is nowhere yet. */
export function emulator(look: Look, { prompt, tooMuch }: Spoken): Terminal {
  Terminal.strings.promptLabel = prompt;
  Terminal.strings.tooMuchOutput = tooMuch;
  return new Terminal({
    ...appearance(look),
    // Marks of a search are drawn by an interface that xterm calls proposed.
    allowProposedApi: true,
    cursorBlink: true,
    fontFamily: FONT,
    lineHeight: 1.15,
    minimumContrastRatio: CONTRAST,
    scrollback: SCROLLBACK,
    // No escape sequence reads or moves the window; titles of one are not read back.
    windowOptions: {},
  });
}

/** The size that has room, as the server takes it; undefined while that cannot be told. */
export function sizeOf(fit: FitAddon): Size | undefined {
  const { cols, rows } = fit.proposeDimensions() ?? {};
  return Number.isFinite(cols) && Number.isFinite(rows) ? boundedSize(cols as number, rows as number) : undefined;
}

/** The size a terminal would have in there, for the request that opens it. */
export function sizeWithin(parent: HTMLElement, fontSize: number, spoken: Spoken): Size {
  const probe = document.createElement("div");
  probe.style.cssText = "position:absolute;inset:0;visibility:hidden;overflow:hidden";
  parent.append(probe);
  const measured = emulator({ fontSize, dark: false, screenReader: false }, spoken);
  const fit = new FitAddon();
  measured.loadAddon(fit);
  measured.open(probe);
  const size = sizeOf(fit);
  measured.dispose();
  probe.remove();
  return size ?? { cols: 80, rows: 24 };
}

/** Opens links of the web in a page of their own, and shows at `parent` where one leads. */
export function withLinks(terminal: Terminal, parent: HTMLElement): void {
  const activate = (_: MouseEvent, uri: string) => {
    const link = webLink(uri);
    if (link) window.open(link, "_blank", "noopener,noreferrer");
  };
  // What a link says and where it leads may differ.
  const hover = (_: MouseEvent, uri: string) => (parent.title = webLink(uri) ?? "");
  const leave = () => (parent.title = "");
  terminal.options.linkHandler = { activate, hover, leave };
  terminal.loadAddon(new WebLinksAddon(activate, { hover, leave }));
}

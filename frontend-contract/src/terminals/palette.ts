// The letters of a terminal and its colours, light and dark. Text keeps a contrast of 4.5 whatever a program
// asks for: xterm sees to that.

import type { ITheme } from "@xterm/xterm";

/** Letters of one width. */
export const FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Noto Sans Mono', monospace";

/** The least contrast of text, that of WCAG AA. */
export const CONTRAST = 4.5;

/** The colours on a light page. */
export const LIGHT: ITheme = {
  background: "#ffffff",
  foreground: "#24292f",
  cursor: "#364fc7",
  cursorAccent: "#ffffff",
  selectionBackground: "#bac8ff",
  selectionInactiveBackground: "#dee2e6",
  black: "#24292f", red: "#b42318", green: "#2b6e35", yellow: "#8a5a00",
  blue: "#1c4fc4", magenta: "#862e9c", cyan: "#0b6b83", white: "#5f6873",
  brightBlack: "#57606a", brightRed: "#c92a2a", brightGreen: "#2f7a38", brightYellow: "#8f6200",
  brightBlue: "#3056d3", brightMagenta: "#9c36b5", brightCyan: "#0a7285", brightWhite: "#3d444d",
  scrollbarSliderBackground: "#00000030",
  scrollbarSliderHoverBackground: "#00000050",
  scrollbarSliderActiveBackground: "#00000070",
};

/** The colours on a dark page. */
export const DARK: ITheme = {
  background: "#16181d",
  foreground: "#d7dae0",
  cursor: "#91a7ff",
  cursorAccent: "#16181d",
  selectionBackground: "#3b4b82",
  selectionInactiveBackground: "#33373f",
  black: "#3a3f4a", red: "#ff8787", green: "#8ce99a", yellow: "#ffd43b",
  blue: "#91a7ff", magenta: "#e599f7", cyan: "#66d9e8", white: "#d7dae0",
  brightBlack: "#8a93a3", brightRed: "#ffa8a8", brightGreen: "#b2f2bb", brightYellow: "#ffe066",
  brightBlue: "#bac8ff", brightMagenta: "#eebefa", brightCyan: "#99e9f2", brightWhite: "#ffffff",
  scrollbarSliderBackground: "#ffffff30",
  scrollbarSliderHoverBackground: "#ffffff50",
  scrollbarSliderActiveBackground: "#ffffff70",
};

/** How matches of a search are marked. */
export function marks(dark: boolean) {
  return dark
    ? { matchBackground: "#5c4a12", activeMatchBackground: "#a8720b", matchOverviewRuler: "#ffd43b", activeMatchColorOverviewRuler: "#ff922b" }
    : { matchBackground: "#fff3bf", activeMatchBackground: "#ffc078", matchOverviewRuler: "#f59f00", activeMatchColorOverviewRuler: "#e8590c" };
}

// How terminals look, chosen once for all of them and remembered.

import { useComputedColorScheme } from "@mantine/core";
import { useMemo } from "react";
import { isFlag, useRemembered } from "../hooks/remembered.js";
import type { Look } from "./emulator.js";

/** Sizes of the font, in pixels. */
const SIZES = { min: 8, max: 32, initial: 14 };

/** The look and the choices in it. */
export interface Looks {
  look: Look;
  setFontSize(size: number): void;
  setScreenReader(on: boolean): void;
}

/** The look of every terminal, following light and dark. */
export function useLooks(): Looks {
  const dark = useComputedColorScheme("light") === "dark";
  const [fontSize, remember] = useRemembered(
    "terminal-font-size",
    SIZES.initial,
    (value): value is number => Number.isInteger(value) && Number(value) >= SIZES.min && Number(value) <= SIZES.max,
  );
  const [screenReader, setScreenReader] = useRemembered("terminal-screen-reader", false, isFlag);
  return useMemo(() => ({
    look: { fontSize, dark, screenReader },
    setFontSize: (size) => remember(Math.min(SIZES.max, Math.max(SIZES.min, size))),
    setScreenReader,
  }), [fontSize, dark, screenReader, remember, setScreenReader]);
}

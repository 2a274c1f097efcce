import { expect, it } from "vitest";
import { keyAction, type Pressed } from "./keys.js";

const press = (key: string, held: Partial<Pressed> = {}): Pressed =>
  ({ key, ctrlKey: false, altKey: false, metaKey: false, shiftKey: false, ...held });

it("knows its keys, and leaves those of buttons and of the browser alone", () => {
  expect(keyAction(press(" "), false)).toEqual({ kind: "toggle" });
  expect(keyAction(press(" "), true)).toBeNull();
  expect(keyAction(press("k"), true)).toEqual({ kind: "toggle" });
  expect(keyAction(press("ArrowLeft"), false)).toEqual({ kind: "by", ms: -5_000 });
  expect(keyAction(press("ArrowRight", { shiftKey: true }), false)).toEqual({ kind: "by", ms: 30_000 });
  expect(keyAction(press("ArrowRight"), true)).toBeNull();
  expect(keyAction(press("Home"), false)).toEqual({ kind: "to", part: 0 });
  expect(keyAction(press("End"), false)).toEqual({ kind: "to", part: 1 });
  expect(keyAction(press("7"), false)).toEqual({ kind: "to", part: 0.7 });
  expect(keyAction(press("<", { shiftKey: true }), false)).toEqual({ kind: "speed", steps: -1 });
  expect(keyAction(press(">", { shiftKey: true }), false)).toEqual({ kind: "speed", steps: 1 });
  expect(keyAction(press("k", { ctrlKey: true }), false)).toBeNull();
  for (const key of ["Tab", "Escape", "Enter", "x", "F5"]) expect(keyAction(press(key), false)).toBeNull();
});

import { expect, it } from "vitest";
import { isPicture, lineEnds, pictureType, textOf, withLineEnds } from "./kinds.js";

it("tells text from other bytes", () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  expect(textOf(bytes("\ufeffhé"), false)).toBe("\ufeffhé");
  expect(textOf(new Uint8Array([0x61, 0xff]), false)).toBeNull();
  expect(textOf(new Uint8Array([0x61, 0]), false)).toBeNull();
  expect(textOf(bytes("é").slice(0, 1), true)).toBe("");
  expect(textOf(bytes("é").slice(0, 1), false)).toBeNull();
});

it("keeps the line ends of a file", () => {
  expect([lineEnds("a"), lineEnds("a\nb"), lineEnds("a\r\nb\r\n"), lineEnds("a\r\nb\n"), lineEnds("a\rb")])
    .toEqual(["lf", "lf", "crlf", "mixed", "mixed"]);
  expect(withLineEnds("a\nb\n", "crlf")).toBe("a\r\nb\r\n");
  expect(withLineEnds("a\nb\n", "lf")).toBe("a\nb\n");
});

it("knows pictures by their names", () => {
  expect([isPicture("A.PNG"), isPicture("png"), isPicture("a.constructor")]).toEqual([true, false, false]);
  expect(pictureType("a.svg")).toBe("image/svg+xml");
});

import { describe, expect, it } from "vitest";
import { askBeforePaste, isMouse, isReply, keySequence, shownTitle, webLink, withCtrl, withoutControls } from "./input.js";

describe("what is pasted", () => {
  it("is asked about when it has several lines, ends a line, or cannot be seen", () => {
    expect(askBeforePaste("ls -l")).toBeNull();
    expect(askBeforePaste("tab\tand é")).toBeNull();
    expect(askBeforePaste("ls\n")).toEqual({ lines: 1, controls: false });
    expect(askBeforePaste("a\r\nb\rc\n")).toEqual({ lines: 3, controls: false });
    expect(askBeforePaste("\x1b[201~rm")).toEqual({ lines: 1, controls: true });
    expect(askBeforePaste("\x9b1m")).toEqual({ lines: 1, controls: true });
  });

  it("loses what cannot be seen", () => {
    expect(withoutControls("a\x1b[201~\r\nb\tc\x9b")).toBe("a[201~\nb\tc");
  });
});

it("tells the terminal's own answers from keys", () => {
  for (const reply of ["\x1b[?1;2c", "\x1b[>0;276;0c", "\x1b[0n", "\x1b[12;40R", "\x1b[?2026;2$y", "\x1bP1$r0m\x1b\\", "\x1b]11;rgb:ff/ff/ff\x1b\\", "\x1b[I", "\x1b[O"]) {
    expect(isReply(reply), JSON.stringify(reply)).toBe(true);
  }
  for (const key of ["a", "\r", "\x1b", "\x1b[A", "\x1bOA", "\x1b[1;5C", "\x1b[5~", "\x1b[<0;1;1M", "\x1b[200~x\x1b[201~", "\x1ba"]) {
    expect(isReply(key), JSON.stringify(key)).toBe(false);
  }
});

it("tells the mouse from keys", () => {
  for (const mouse of ["\x1b[<0;1;1M", "\x1b[<35;120;40m"]) expect(isMouse(mouse), JSON.stringify(mouse)).toBe(true);
  for (const key of ["M", "\x1b[A", "\x1b[200~\x1b[<0;1;1M"]) expect(isMouse(key), JSON.stringify(key)).toBe(false);
});

it("knows the keys that a phone does not have", () => {
  expect(keySequence("up", false)).toBe("\x1b[A");
  expect(keySequence("up", true)).toBe("\x1bOA");
  expect(keySequence("left", true, true)).toBe("\x1b[1;5D");
  expect(keySequence("escape", false)).toBe("\x1b");
  expect([..."cC[ ?1é"].map(withCtrl)).toEqual(["\x03", "\x03", "\x1b", "\0", "\x7f", "1", "é"]);
});

it("opens only the web", () => {
  expect(webLink("https://example.org/a?b#c")).toBe("https://example.org/a?b#c");
  for (const other of ["javascript:alert(1)", "file:///etc/passwd", "ssh://host", "data:text/html,x", "no link", "//x"]) {
    expect(webLink(other), other).toBeNull();
  }
});

it("shows no title that plays tricks", () => {
  expect(shownTitle("a\x07b\u202ec".padEnd(500, "x"))).toMatch(/^abcx{117}$/);
});

import { expect, it } from "vitest";
import { KEPT, Output } from "./output.js";

it("keeps the two streams apart, in the order they came", () => {
  const output = new Output();
  output.add("stdout", "a\n");
  output.add("stdout", "b\n");
  output.add("stderr", "wrong\n");
  output.add("stdout", "c");
  expect(output.blocks.map(({ stream, text }) => [stream, text])).toEqual([
    ["stdout", "a\nb\n"], ["stderr", "wrong\n"], ["stdout", "c"],
  ]);
  expect(output.text()).toBe("a\nb\nwrong\nc");
});

it("is plain text however a control sequence was cut", () => {
  const text = "\x1b[1;31mred\x1b[0m \x1b]0;title\x07line\r\nnext\x07";
  for (let at = 0; at <= text.length; at += 1) {
    const output = new Output();
    output.add("stdout", text.slice(0, at));
    output.add("stdout", text.slice(at));
    expect(output.text(), String(at)).toBe("red line\nnext");
  }
});

it("stays bounded and says how much is gone", () => {
  const output = new Output();
  for (let n = 0; n < 3000; n += 1) output.add("stdout", `${"x".repeat(1000)}\n`);
  expect(output.text().length).toBeLessThanOrEqual(KEPT);
  expect(output.text().length + output.dropped).toBe(3000 * 1001);
  expect(output.blocks.length).toBeLessThan(60);
  const long = new Output();
  long.add("stdout", "y".repeat(KEPT + 10));
  expect([long.text().length, long.dropped]).toEqual([KEPT, 10]);
});

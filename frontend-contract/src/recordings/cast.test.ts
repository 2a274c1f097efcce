import { describe, expect, it } from "vitest";
import { CastError, CastReader, MOST_TEXT, readCast } from "./cast.js";

const HEADER = '{"version": 2, "width": 80, "height": 24, "duration": 9.5, "title": "t"}   ';

function read(text: string) {
  const reader = new CastReader();
  reader.add(text);
  return reader.end();
}

it("reads events of every kind, in whatever pieces the file comes", () => {
  const file = `${HEADER}\n[0.5,"o","h\\u00e9\\r\\n"]\n[1,"i","typed"]\n[1.25,"r","100x30"]\n[2,"m","3 bytes lost"]\n[3,"x","?"]\n`;
  const expected = {
    cols: 80, rows: 24, duration: 9500, cut: false,
    events: [
      { at: 500, kind: "shown", text: "hé\r\n" },
      { at: 1250, kind: "resized", cols: 100, rows: 30 },
      { at: 2000, kind: "mark", text: "3 bytes lost" },
    ],
  };
  expect(read(file)).toEqual(expected);
  const pieces = new CastReader();
  for (const character of file) pieces.add(character);
  expect(pieces.end()).toEqual(expected);
});

it("ends with the last event where the length is not known, and leaves out a torn line", () => {
  const cast = read('{"version":2,"width":80,"height":24}\n[4,"o","a"]\n[5,"o","b');
  expect(cast).toMatchObject({ duration: 4000, events: [{ text: "a" }] });
});

it("trusts no time and no size", () => {
  const cast = read('{"version":2,"width":1e9,"height":-4}\n[2,"o","a"]\n[1,"o","b"]\n[3,"r","9999x0"]\n[3,"r","axb"]\n');
  expect([cast.cols, cast.rows]).toEqual([500, 1]);
  expect(cast.events).toEqual([
    { at: 2000, kind: "shown", text: "a" }, { at: 2000, kind: "shown", text: "b" },
    { at: 3000, kind: "resized", cols: 500, rows: 1 },
  ]);
});

it.each([
  ["", "empty"], ["\n", "empty"], ["x\n", "JSON"], ["[]\n", "version 2"], ['{"version":1,"width":1,"height":1}\n', "version 2"],
  [`${HEADER}\n{}\n`, "no event"], [`${HEADER}\n["1","o","x"]\n`, "no event"], [`${HEADER}\n[1,"o"]\n`, "no event"],
  [`${HEADER}\n[1,"o","x"\n`, "JSON"],
])("refuses %j", (text, why) => {
  expect(() => read(text)).toThrow(CastError);
  expect(() => read(text)).toThrow(why);
});

describe("a file without end", () => {
  const line = `[1,"o","${"x".repeat(100_000)}"]\n`;

  it("is played up to a bound, and read no further", async () => {
    let given = 0;
    let cancelled = false;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        const text = given === 0 ? `${HEADER}\n` : line;
        given += text.length;
        controller.enqueue(new TextEncoder().encode(text));
      },
      cancel: () => {
        cancelled = true;
      },
    });
    const cast = await readCast(body);
    expect(cast.cut).toBe(true);
    expect(cast.duration).toBe(1000);
    expect(given).toBeLessThan(MOST_TEXT + 1_000_000);
    expect(cancelled).toBe(true);
  });

  it("and without lines is refused", () => {
    const reader = new CastReader();
    expect(() => {
      for (let n = 0; n < 20; n += 1) reader.add("x".repeat(100_000));
    }).toThrow("too long");
  });
});

import { expect, it } from "vitest";
import { MOST_FILES, picked, takeApart } from "./dropped.js";

const file = (name: string) => ({
  isFile: true, name, file: (done: (file: File) => void) => done(new File(["x"], name)),
});
const folder = (name: string, ...children: unknown[]) => ({
  isFile: false,
  name,
  createReader() {
    // As browsers do: some at a time, then none.
    const left = [...children];
    return { readEntries: (done: (some: unknown[]) => void) => done(left.splice(0, 2)) };
  },
});

it("takes folders apart into files with their places", async () => {
  const tree = [file("top"), folder("a", file("1"), file("2"), file("3"), folder("b", file("4")), folder("none"))];
  const found = await takeApart(tree as unknown as FileSystemEntry[], "/d");
  expect(found.orders.map(({ file: each, below }) => `${below}:${each.name}`))
    .toEqual([":top", "a:1", "a:2", "a:3", "a/b:4"]);
  expect([found.empty, found.tooMany]).toEqual([["a/none"], false]);
});

it("takes no more files than it can show", async () => {
  const many = Array.from({ length: MOST_FILES + 1 }, (_, n) => new File([], String(n)));
  expect((await takeApart(many, "/d"))).toMatchObject({ tooMany: true, orders: { length: MOST_FILES } });
  expect(picked(many, "/d")).toMatchObject({ tooMany: true, orders: { length: MOST_FILES } });
});

it("keeps the place of a file in a chosen folder", () => {
  const inner = Object.defineProperty(new File([], "x"), "webkitRelativePath", { value: "f/g/x" });
  expect(picked([inner, new File([], "y")], "/d").orders.map((order) => order.below)).toEqual(["f/g", ""]);
});

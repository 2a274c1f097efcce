import { expect, it } from "vitest";
import { all, clicked, kept, moved, NONE, none, only, orderOf, toggled, typedTo } from "./selection.js";

const order = orderOf(["a", "b", "c", "d", "e"]);
const names = (selection: { names: ReadonlySet<string> }) => [...selection.names].sort().join("");

it("selects one, several and ranges by clicks", () => {
  let selection = clicked(NONE, order, "b", {});
  selection = clicked(selection, order, "d", { shift: true });
  expect(names(selection)).toBe("bcd");
  selection = clicked(selection, order, "a", { shift: true });
  expect(names(selection)).toBe("ab");
  selection = clicked(selection, order, "e", { ctrl: true });
  expect(names(selection)).toBe("abe");
  selection = clicked(selection, order, "a", { ctrl: true });
  expect(names(selection)).toBe("be");
  expect(names(clicked(selection, order, "c", { shift: true, ctrl: true }))).toBe("abce");
});

it("moves by keys, extends with shift and goes alone with ctrl", () => {
  let selection = moved(NONE, order, 0, {});
  selection = moved(selection, order, 1, { shift: true });
  selection = moved(selection, order, 2, { shift: true });
  expect(names(selection)).toBe("abc");
  selection = moved(selection, order, 1, { shift: true });
  expect(names(selection)).toBe("ab");
  selection = moved(selection, order, 99, { ctrl: true });
  expect([names(selection), selection.cursor]).toEqual(["ab", "e"]);
  expect(names(toggled(selection, "e"))).toBe("abe");
  expect(moved(NONE, orderOf([]), 0, {})).toBe(NONE);
});

it("goes on beside a row that is gone", () => {
  const at = (gone: string[], cursor: string) =>
    kept(only(cursor), orderOf(order.names.filter((name) => !gone.includes(name))), order).cursor;
  expect([at(["c"], "c"), at(["c", "d"], "c"), at(["e"], "e"), at(["d", "e"], "d")]).toEqual(["d", "e", "d", "c"]);
  expect(at([...order.names], "c")).toBeNull();
});

it("keeps what is still there", () => {
  const selection = all(only("c"), order);
  expect(kept(selection, order)).toBe(selection);
  const fewer = kept(selection, orderOf(["a", "d"]));
  expect([names(fewer), fewer.cursor]).toEqual(["ad", null]);
  expect(names(none(selection))).toBe("");
});

it("finds names as they are typed", () => {
  const list = orderOf(["apple", "Avocado", "banana"]);
  expect(typedTo(only("apple"), list, "a")).toBe(1);
  expect(typedTo(only("Avocado"), list, "a")).toBe(0);
  expect(typedTo(only("apple"), list, "av")).toBe(1);
  expect(typedTo(NONE, list, "x")).toBeNull();
});

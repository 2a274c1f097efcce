import { expect, it } from "vitest";
import type { Entry } from "../../client/models.js";
import { comparison, filtered, isSortOrder, rowOf, Sorter, type SortOrder } from "./rows.js";

const file = (name: string, more: Partial<Entry> = {}): Entry => ({ name, path: `/${name}`, type: "file", ...more });
const names = (entries: Entry[], order: SortOrder) =>
  entries.map(rowOf).sort(comparison(order)).map((row) => row.entry.name);

it("sorts names as people count and spell", () => {
  const entries = ["b", "file10", "file9", "File1", "éa", "eb", "010", "9"].map((name) => file(name));
  expect(names(entries, { field: "name", descending: false }))
    .toEqual(["9", "010", "b", "éa", "eb", "File1", "file9", "file10"]);
});

it("keeps directories first in every order and equal ones by name", () => {
  const entries = [
    file("b", { size: 1 }), file("a", { size: 1 }), file("c", { size: 9 }), file("none"),
    file("z", { type: "directory", size: 4096 }), file("y", { type: "directory", size: 1 }),
  ];
  expect(names(entries, { field: "size", descending: true })).toEqual(["y", "z", "c", "a", "b", "none"]);
  expect(names(entries, { field: "name", descending: true })).toEqual(["z", "y", "none", "c", "b", "a"]);
});

it("sorts by time, permissions and owner", () => {
  const entries = [
    file("new", { modified: "2026-01-02T00:00:00Z", permissions: "0600", owner: "ann" }),
    file("old", { modified: "2025-01-02T00:00:00.5Z", permissions: "0755", uid: 0 }),
    file("unknown"),
  ];
  expect(names(entries, { field: "modified", descending: false })).toEqual(["unknown", "old", "new"]);
  expect(names(entries, { field: "permissions", descending: true })).toEqual(["old", "new", "unknown"]);
  expect(names(entries, { field: "owner", descending: true })).toEqual(["new", "old", "unknown"]);
});

it("merges further parts into what is sorted, and sorts anew in another order", () => {
  const sorter = new Sorter();
  const part = (...list: string[]) => list.map((name) => rowOf(file(name)));
  const first = part("c", "a");
  const second = part("b", "d");
  const order: SortOrder = { field: "name", descending: false };
  const text = (rows: readonly { entry: Entry }[]) => rows.map((row) => row.entry.name).join("");
  expect(text(sorter.sort([first], order))).toBe("ac");
  const both = sorter.sort([first, second], order);
  expect(text(both)).toBe("abcd");
  expect(sorter.sort([first, second], order)).toBe(both);
  expect(text(sorter.sort([first, second], { ...order, descending: true }))).toBe("dcba");
  expect(text(sorter.sort([second], order))).toBe("bd");
});

it("sorts and filters 100,000 rows", () => {
  const rows = Array.from({ length: 100_000 }, (_, n) => rowOf(file(`file-${(n * 7919) % 100_000}.txt`)));
  const sorted = new Sorter().sort([rows], { field: "name", descending: false });
  const found = filtered(sorted, "99999", false);
  expect(sorted[10]?.entry.name).toBe("file-10.txt");
  expect(found.map((row) => row.entry.name)).toEqual(["file-99999.txt"]);
});

it("filters by part of the name and hides what begins with a dot", () => {
  const rows = ["Report.pdf", ".report", "other"].map((name) => rowOf(file(name)));
  expect(filtered(rows, "REPORT", false)).toHaveLength(1);
  expect(filtered(rows, "report", true)).toHaveLength(2);
  expect(filtered(rows, "", true)).toBe(rows);
  expect(isSortOrder({ field: "name", descending: true })).toBe(true);
  expect(isSortOrder({ field: "colour", descending: true })).toBe(false);
  expect(isSortOrder(null)).toBe(false);
});

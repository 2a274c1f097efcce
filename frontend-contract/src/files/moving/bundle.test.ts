import { expect, it } from "vitest";
import { rowOf } from "../listing/rows.js";
import { bundleOf, freeName, isBelow, refusal, type Bundle, type Item } from "./bundle.js";

const item = (path: string, type: Item["type"] = "file"): Item => ({ name: path.slice(path.lastIndexOf("/") + 1), path, type });
const bundle = (...items: Item[]): Bundle => ({ sessionId: "s", sessionName: "host", directory: "/d", items });
const to = (path: string, sessionId = "s") => ({ path, sessionId });

it("lets entries go to another folder", () => {
  const some = bundle(item("/d/a"), item("/d/sub", "directory"));
  for (const path of ["/", "/d/other", "/d/subway", "/d/su", "/e"]) {
    expect(refusal(some, to(path), "move"), path).toBeNull();
    expect(refusal(some, to(path), "copy"), path).toBeNull();
  }
});

it("lets no folder go into itself or below itself", () => {
  const some = bundle(item("/d/a"), item("/d/sub", "directory"));
  expect(refusal(some, to("/d/sub"), "move")).toBe("itself");
  expect(refusal(some, to("/d/sub"), "copy")).toBe("itself");
  expect(refusal(some, to("/d/sub/deeper/still"), "move")).toBe("inside");
  expect(refusal(some, to("/d/sub/deeper"), "copy")).toBe("inside");
  // Below the target of a link is not below the link.
  expect(refusal(bundle(item("/d/link", "symlink")), to("/d/link/deeper"), "copy")).toBeNull();
});

it("moves nothing to where it is, but copies it there", () => {
  expect(refusal(bundle(item("/d/a")), to("/d"), "move")).toBe("here");
  expect(refusal(bundle(item("/a")), to("/"), "move")).toBe("here");
  expect(refusal(bundle(item("/d/a")), to("/d"), "copy")).toBeNull();
});

it("compares paths within one session only", () => {
  const some = bundle(item("/d/sub", "directory"));
  for (const path of ["/d", "/d/sub", "/d/sub/deeper"]) expect(refusal(some, to(path, "other"), "move")).toBeNull();
});

it("knows what is below a directory", () => {
  expect([isBelow("/a/b", "/a"), isBelow("/a", "/"), isBelow("/ab", "/a"), isBelow("/a", "/a"), isBelow("/", "/")])
    .toEqual([true, true, false, false, false]);
});

it("carries only what a path leads to", () => {
  const place = { sessionId: "s", sessionName: "host", directory: "/d" };
  const row = rowOf({ name: "a", path: "/d/a", type: "file", size: 3 });
  expect(bundleOf(place, [row])?.items).toEqual([{ name: "a", path: "/d/a", type: "file", size: 3, modified: undefined }]);
  expect(bundleOf(place, [row, rowOf({ name: "b", type: "file" })])).toBeNull();
});

it("finds the first free name beside a taken one, and gives up in the end", async () => {
  const taken = new Set(["a (2).txt", "a (3).txt"]);
  expect(await freeName("a.txt", async (name) => taken.has(name))).toBe("a (4).txt");
  expect(await freeName("site.tar.gz", async () => false)).toBe("site (2).tar.gz");
  expect(await freeName("a", async () => true)).toBeNull();
});

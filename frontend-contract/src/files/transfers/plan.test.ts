import { expect, it } from "vitest";
import { GATHERED_MOST, isArchive, planOf } from "./plan.js";

const file = { type: "file", name: "a", path: "/a", size: 3 } as const;
const folder = { type: "directory", name: "d", path: "/d" } as const;
const link = { type: "symlink", name: "l", path: "/l", size: GATHERED_MOST * 2 } as const;
const nameless = { type: "file", name: ".." } as const;

it("packs a folder, and more than one of anything", () => {
  expect(planOf([folder])).toEqual({ how: "zip", paths: ["/d"] });
  expect(planOf([file, link])).toEqual({ how: "zip", paths: ["/a", "/l"] });
  expect([isArchive([file]), isArchive([link]), isArchive([folder]), isArchive([file, file])]).toEqual([
    false, false, true, true,
  ]);
});

it("fetches one file as it is, a large one to disk", () => {
  expect(planOf([file])).toEqual({ how: "page", name: "a", path: "/a", size: 3 });
  expect(planOf([link])).toEqual({ how: "page", name: "l", path: "/l", size: null });
  const size = GATHERED_MOST + 1;
  expect(planOf([{ ...file, size }])).toEqual({ how: "browser", name: "a", path: "/a", size });
});

it("leaves out what the server gave no path to", () => {
  expect(planOf([nameless])).toBeNull();
  expect(planOf([nameless, file])).toEqual({ how: "zip", paths: ["/a"] });
  expect(planOf([])).toBeNull();
});

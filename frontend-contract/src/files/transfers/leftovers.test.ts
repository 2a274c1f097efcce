import { expect, it } from "vitest";
import { accountOf, Leftovers } from "./leftovers.js";

class FakeStorage {
  kept = new Map<string, string>();
  getItem(key: string) {
    return this.kept.get(key) ?? null;
  }
  setItem(key: string, value: string) {
    this.kept.set(key, value);
  }
}

const ANN = "ssh://ann@host:22";
const one = (name: string, account = ANN) => ({
  account, path: `/d/${name}`, partial: `/d/.${name}.0123456789abcdef.filepart`, size: 10,
});
const paths = (leftovers: Leftovers, account = ANN) => leftovers.of(account).map(({ path }) => path);

it("offers what a page that is gone left behind, and nothing that goes on", () => {
  const storage = new FakeStorage();
  let now = 1_000_000;
  const before = new Leftovers(storage, () => now);
  for (const name of ["a", "b", "done"]) before.begin(one(name));
  before.end(one("done"));
  const other = new Leftovers(storage, () => now);
  expect([paths(before), paths(other)]).toEqual([[], []]);
  // The page is reloaded.
  before.beat(true);
  other.refresh();
  expect(paths(other)).toEqual(["/d/a", "/d/b"]);
  other.begin(one("a"));
  expect(paths(other)).toEqual(["/d/b"]);
  other.end(one("b"));
  expect(paths(other)).toEqual([]);
  // This page breaks down without a word: after a while nobody works on what it had.
  now += 59_000;
  expect(paths(new Leftovers(storage, () => now))).toEqual([]);
  now += 2_000;
  expect(paths(new Leftovers(storage, () => now))).toEqual(["/d/a"]);
});

it("keeps what another tab works on, as long as that tab says so", () => {
  const storage = new FakeStorage();
  let now = 1_000_000;
  const working = new Leftovers(storage, () => now);
  working.begin(one("a"));
  for (let n = 0; n < 10; n += 1) {
    now += 20_000;
    working.beat();
    expect(paths(new Leftovers(storage, () => now))).toEqual([]);
  }
});

it("offers what could not be removed at once, to its account only", () => {
  const storage = new FakeStorage();
  const leftovers = new Leftovers(storage, () => 1_000_000);
  leftovers.begin(one("a"));
  leftovers.begin(one("a", "ftp://ann@host:21"));
  leftovers.leave(one("a"));
  expect([paths(leftovers), paths(leftovers, "ftp://ann@host:21"), paths(leftovers, "ssh://bob@host:22")])
    .toEqual([["/d/a"], [], []]);
  expect(accountOf({ type: "ssh", username: "ann", host: "host", port: 22 })).toBe(ANN);
});

it("takes nothing from storage that no page of this kind wrote", () => {
  const storage = new FakeStorage();
  const good = { ...one("a"), seen: 0 };
  const key = "connection-manager.partials";
  for (const text of ["", "{", "null", "{}", "[1, null, {}]", JSON.stringify([{ ...good, partial: "/etc/passwd" }]),
    JSON.stringify([{ ...good, partial: "/d/../.a.0123456789abcdef.filepart/../x" }]), JSON.stringify([{ ...good, size: "1" }])]) {
    storage.kept.set(key, text);
    expect(paths(new Leftovers(storage)), text).toEqual([]);
  }
  storage.kept.set(key, JSON.stringify([good]));
  expect(paths(new Leftovers(storage))).toEqual(["/d/a"]);
});

it("goes on without storage, and is bounded", () => {
  const leftovers = new Leftovers(null);
  for (let n = 0; n < 250; n += 1) {
    leftovers.begin(one(`f${n}`));
    leftovers.leave(one(`f${n}`));
  }
  expect(leftovers.get()).toHaveLength(200);
  expect(paths(leftovers).at(-1)).toBe("/d/f249");
  const full = new Leftovers({
    getItem: () => "[]",
    setItem: () => {
      throw new DOMException("full", "QuotaExceededError");
    },
  });
  full.begin(one("a"));
  expect(full.get()).toHaveLength(1);
});

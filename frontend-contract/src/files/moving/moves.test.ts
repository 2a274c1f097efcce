import { expect, it } from "vitest";
import { ApiError } from "../../client/error.js";
import type { Tree } from "../api.js";
import type { Existing } from "../transfers/model.js";
import type { Bundle, Item, Target } from "./bundle.js";
import type { MoveWire } from "./carry.js";
import { Moves } from "./moves.js";

const TREE: Tree = { files: 1, directories: 0, bytes: 1, errors: [], error_count: 0 };

/** Two remote machines in memory; a copy ends when the test says so, if it says so at all. */
class FakeWire implements MoveWire {
  there = new Map<string, Existing>();
  did: string[] = [];
  trees = new Map<string, Tree>();
  refuse = new Map<string, ApiError>();
  hold: string | null = null;

  async look(sessionId: string, path: string) {
    return this.there.get(`${sessionId}:${path}`) ?? null;
  }
  async rename(sessionId: string, from: string, to: string, overwrite: boolean) {
    this.#check(from);
    this.did.push(`rename ${sessionId}:${from} ${to}${overwrite ? " over" : ""}`);
  }
  async copy(sessionId: string, from: string, to: Target, how: { recursive: boolean; overwrite: boolean }, signal: AbortSignal) {
    this.#check(from);
    this.did.push(`copy ${sessionId}:${from} ${to.sessionId}:${to.path}${how.recursive ? " all" : ""}${how.overwrite ? " over" : ""}`);
    if (this.hold === from) {
      await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));
    }
    return this.trees.get(from) ?? null;
  }
  async remove(sessionId: string, path: string, recursive: boolean) {
    this.#check(`rm ${path}`);
    this.did.push(`remove ${sessionId}:${path}${recursive ? " all" : ""}`);
    return TREE;
  }
  #check(key: string) {
    const error = this.refuse.get(key);
    this.refuse.delete(key);
    if (error) throw error;
  }
}

const item = (name: string, type: Item["type"] = "file"): Item => ({ name, path: `/d/${name}`, type });
const bundle = (...items: Item[]): Bundle => ({ sessionId: "s", sessionName: "one", directory: "/d", items });
const here = (path = "/e") => ({ sessionId: "s", sessionName: "one", path });
const there = (path = "/e") => ({ sessionId: "t", sessionName: "two", path });
const poll = (what: () => unknown) => expect.poll(what, { interval: 2, timeout: 2000 });
const ended = async (moves: Moves) => {
  let all: ReturnType<Moves["takeEnded"]> = [];
  await poll(() => (all = [...all, ...moves.takeEnded()]).length).toBeGreaterThan(0);
  return all[0]!;
};

it("moves within a session by renaming, and copies with everything in folders", async () => {
  const wire = new FakeWire();
  const moves = new Moves(wire);
  moves.start("move", bundle(item("a"), item("sub", "directory")), here());
  expect(await ended(moves)).toMatchObject({ state: "done", placed: ["a", "sub"], left: [] });
  moves.start("copy", bundle(item("a"), item("sub", "directory"), item("link", "symlink")), here("/"));
  await ended(moves);
  expect(wire.did).toEqual([
    "rename s:/d/a /e/a", "rename s:/d/sub /e/sub",
    "copy s:/d/a s:/a", "copy s:/d/sub s:/sub all", "copy s:/d/link s:/link all",
  ]);
  // What went well is not shown any more, and told once.
  expect(moves.get().moves).toEqual([]);
  expect(moves.takeEnded()).toEqual([]);
});

it("moves to another session by copying, and deletes only what is all there", async () => {
  const wire = new FakeWire();
  const error = { path: "/d/half/x", code: "permission_denied", detail: "no" };
  wire.trees.set("/d/half", { ...TREE, errors: [error], error_count: 3 });
  wire.refuse.set("/d/lost", new ApiError(404, "gone", "not_found"));
  const moves = new Moves(wire);
  moves.start("move", bundle(item("a"), item("half", "directory"), item("lost"), item("sub", "directory")), there());
  const move = await ended(moves);
  expect(wire.did).toEqual([
    "copy s:/d/a t:/e/a", "remove s:/d/a",
    "copy s:/d/half t:/e/half all",
    "copy s:/d/sub t:/e/sub all", "remove s:/d/sub all",
  ]);
  expect(move).toMatchObject({ state: "failed", failed: 4, placed: ["a", "half", "sub"] });
  expect(move.failures.map(({ name }) => name)).toEqual(["/d/half/x", "lost"]);
  expect(move.left.map(({ name }) => name)).toEqual(["half", "lost"]);
});

it("says when the original stays, and does not copy it again", async () => {
  const wire = new FakeWire();
  wire.refuse.set("rm /d/a", new ApiError(403, "no", "permission_denied"));
  const moves = new Moves(wire);
  moves.start("move", bundle(item("a")), there());
  expect(await ended(moves)).toMatchObject({ state: "failed", failed: 1, placed: ["a"], left: [] });
});

it("asks about what is there, once for all when told so", async () => {
  const wire = new FakeWire();
  for (const name of ["a", "b", "c", "c (2)"]) wire.there.set(`s:/e/${name}`, { type: "file", size: 1 });
  wire.there.set("s:/e/sub", { type: "directory" });
  const moves = new Moves(wire);
  moves.start("copy", bundle(item("a"), item("b"), item("c"), item("sub", "directory"), item("new")), here());
  await poll(() => moves.get().question?.item.name).toBe("a");
  expect(moves.get().question?.others).toBe(4);
  expect(moves.get().moves[0]?.state).toBe("asking");
  moves.answer("skip", false);
  await poll(() => moves.get().question?.item.name).toBe("b");
  moves.answer("overwrite", true);
  // A folder is not overwritten by an answer that was meant for files.
  await poll(() => moves.get().question?.item.name).toBe("sub");
  moves.answer("both", false);
  const move = await ended(moves);
  expect(move).toMatchObject({ state: "done", skipped: 1, placed: ["b", "c", "sub (2)", "new"] });
  expect(wire.did).toEqual([
    "copy s:/d/b s:/e/b over", "copy s:/d/c s:/e/c over", "copy s:/d/sub s:/e/sub (2) all", "copy s:/d/new s:/e/new",
  ]);
  expect(moves.get().question).toBeNull();
});

it("asks when someone else was quicker", async () => {
  const wire = new FakeWire();
  wire.refuse.set("/d/a", new ApiError(409, "there", "already_exists"));
  const moves = new Moves(wire);
  const look = wire.look.bind(wire);
  let looks = 0;
  wire.look = async (...how) => {
    looks += 1;
    if (looks === 2) wire.there.set("s:/e/a", { type: "file" });
    return look(...how);
  };
  moves.start("move", bundle(item("a")), here());
  await poll(() => moves.get().question?.item.name).toBe("a");
  moves.answer("both", false);
  expect((await ended(moves)).placed).toEqual(["a (2)"]);
});

it("copies beside the original without a question", async () => {
  const wire = new FakeWire();
  wire.there.set("s:/d/a.txt", { type: "file" });
  wire.there.set("s:/d/a (2).txt", { type: "file" });
  const moves = new Moves(wire);
  moves.start("copy", bundle(item("a.txt")), here("/d"));
  expect((await ended(moves)).placed).toEqual(["a (3).txt"]);
});

it("does nothing where it is forbidden, whoever asks", async () => {
  const wire = new FakeWire();
  const moves = new Moves(wire);
  moves.start("move", bundle(item("sub", "directory")), here("/d/sub/deeper"));
  const move = await ended(moves);
  expect([move.state, (move.failures[0]?.error as ApiError).code, wire.did]).toEqual(["failed", "inside", []]);
});

it("is stopped in the middle of a copy, and goes on with the rest when told", async () => {
  const wire = new FakeWire();
  wire.hold = "/d/b";
  const moves = new Moves(wire);
  moves.start("move", bundle(item("a"), item("b"), item("c")), there());
  await poll(() => wire.did.at(-1)).toBe("copy s:/d/b t:/e/b");
  moves.cancel(1);
  const move = await ended(moves);
  expect(move).toMatchObject({ state: "cancelled", placed: ["a"], failed: 0 });
  expect(move.left.map(({ name }) => name)).toEqual(["b", "c"]);
  expect(wire.did).not.toContain("remove s:/d/b");
  wire.hold = null;
  moves.retry(1);
  expect(await ended(moves)).toMatchObject({ state: "done", placed: ["b", "c"] });
  expect(moves.get().moves).toEqual([]);
});

it("is stopped while it asks", async () => {
  const wire = new FakeWire();
  wire.there.set("s:/e/a", { type: "file" });
  const moves = new Moves(wire);
  moves.start("copy", bundle(item("a"), item("b")), here());
  await poll(() => moves.get().question?.item.name).toBe("a");
  moves.cancel(1);
  expect(await ended(moves)).toMatchObject({ state: "cancelled", placed: [] });
  expect([moves.get().question, wire.did]).toEqual([null, []]);
});

it("is stopped with all others when nobody sees them any more", async () => {
  const wire = new FakeWire();
  wire.hold = "/d/a";
  const moves = new Moves(wire);
  moves.start("copy", bundle(item("a"), item("b")), there());
  await poll(() => wire.did.at(-1)).toBe("copy s:/d/a t:/e/a");
  moves.cancelAll();
  expect(await ended(moves)).toMatchObject({ state: "cancelled", placed: [] });
  expect(wire.did).toHaveLength(1);
});

it("ends at once when the server is away, with everything left for another try", async () => {
  const wire = new FakeWire();
  wire.refuse.set("/d/b", new ApiError(0, "away", "unreachable"));
  const moves = new Moves(wire);
  moves.start("copy", bundle(item("a"), item("b"), item("c")), there());
  const move = await ended(moves);
  expect(move).toMatchObject({ state: "failed", failed: 1, placed: ["a"] });
  expect(move.left.map(({ name }) => name)).toEqual(["b", "c"]);
});

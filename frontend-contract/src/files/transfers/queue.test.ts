import { expect, it } from "vitest";
import { ApiError } from "../../client/error.js";
import { Leftovers } from "./leftovers.js";
import { secondsLeft, type Existing, type Transfer } from "./model.js";
import type { Gathered, Put, Wire } from "./network.js";
import { partialName } from "./partial.js";
import { TransferQueue } from "./queue.js";
import { Speed } from "./speed.js";

/** A remote machine in memory; a put goes on when the test says so. */
class FakeWire implements Wire {
  there = new Map<string, Existing>([["/d", { type: "directory" }]]);
  puts: { order: Put; progress: (moved: number) => void; end: (error?: unknown) => void }[] = [];
  removed: string[] = [];
  made: string[] = [];
  saved: [string, number][] = [];
  gets = 0;
  failGet = false;

  put(order: Put, progress: (moved: number) => void, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason as Error));
      const end = (error?: unknown) => {
        if (error) reject(error as Error);
        else {
          this.there.set(order.path, { type: "file", size: order.file.size });
          resolve();
        }
      };
      this.puts.push({ order, progress, end });
    });
  }
  async look(_: string, path: string) {
    return this.there.get(path) ?? null;
  }
  async remove(_: string, path: string) {
    this.removed.push(path);
  }
  async makeDirectory(_: string, path: string) {
    this.made.push(path);
    this.there.set(path, { type: "directory" });
  }
  async get(_: Transfer, gathered: Gathered, progress: (moved: number, size: number) => void) {
    this.gets += 1;
    gathered.size += 5;
    progress(gathered.size, 10);
    if (this.failGet) throw new ApiError(0, "away");
    gathered.size = 10;
  }
  save(transfer: Transfer, gathered: Gathered) {
    this.saved.push([transfer.name, gathered.size]);
  }
}

const PLACE = { sessionId: "s", sessionName: "host", account: "ssh://ann@host:22", resumable: true };
const file = (name: string, size = 10) => new File(["x".repeat(size)], name, { lastModified: 7 });
const orders = (...names: string[]) => names.map((name) => ({ file: file(name), directory: "/d", below: "" }));
const states = (queue: TransferQueue) => queue.get().transfers.map((each) => each.state).join(" ");
const poll = (what: () => unknown) => expect.poll(what, { interval: 2, timeout: 2000 });

it("runs a bounded number at once", async () => {
  const wire = new FakeWire();
  const queue = new TransferQueue(wire, 2);
  queue.upload(PLACE, orders("a", "b", "c"));
  await poll(() => wire.puts.length).toBe(2);
  expect(states(queue)).toBe("running running waiting");
  wire.puts[0]?.end();
  await poll(() => wire.puts.length).toBe(3);
  wire.puts[1]?.end();
  wire.puts[2]?.end();
  await poll(() => states(queue)).toBe("done done done");
  queue.clear();
  expect(queue.get().transfers).toHaveLength(0);
});

it("pauses, and goes on where the partial file ends", async () => {
  const wire = new FakeWire();
  const queue = new TransferQueue(wire);
  queue.upload(PLACE, orders("a"));
  await poll(() => wire.puts.length).toBe(1);
  wire.puts[0]?.progress(8);
  queue.pause(1);
  expect(states(queue)).toBe("paused");
  const partial = partialName("a", file("a"));
  wire.there.set(`/d/${partial}`, { type: "file", size: 4 });
  queue.resume(1);
  await poll(() => wire.puts.length).toBe(2);
  expect(wire.puts[1]?.order).toMatchObject({ offset: 4, partial });
  // What the first request had sent was still on its way to the disk.
  wire.puts[1]?.end(new ApiError(409, "no", "offset_mismatch", { size: 6 }));
  await poll(() => wire.puts.length).toBe(3);
  expect(wire.puts[2]?.order.offset).toBe(6);
  wire.puts[2]?.end();
  await poll(() => states(queue)).toBe("done");
});

it("keeps what failed for another try, and cancels with nothing left", async () => {
  const wire = new FakeWire();
  const queue = new TransferQueue(wire);
  queue.upload(PLACE, orders("a"));
  await poll(() => wire.puts.length).toBe(1);
  wire.puts[0]?.end(new ApiError(507, "disk full", "no_space"));
  await poll(() => states(queue)).toBe("failed");
  queue.resume(1);
  await poll(() => wire.puts.length).toBe(2);
  queue.cancel(1);
  await poll(() => wire.removed).toEqual([`/d/${partialName("a", file("a"))}`]);
  expect(states(queue)).toBe("cancelled");
});

it("goes on over another session of the same account, and over no other", async () => {
  const wire = new FakeWire();
  const queue = new TransferQueue(wire);
  queue.upload(PLACE, orders("a"));
  await poll(() => wire.puts.length).toBe(1);
  wire.puts[0]?.end(new ApiError(502, "lost", "connection_lost"));
  await poll(() => states(queue)).toBe("failed");
  wire.there.set(`/d/${partialName("a", file("a"))}`, { type: "file", size: 6 });
  queue.resume(1, { ...PLACE, sessionId: "new", sessionName: "again" });
  await poll(() => wire.puts.length).toBe(2);
  expect(wire.puts[1]?.order).toMatchObject({ sessionId: "new", offset: 6 });
  expect(queue.get().transfers[0]?.sessionName).toBe("again");
  wire.puts[1]?.end(new ApiError(0, "away"));
  await poll(() => states(queue)).toBe("failed");
  queue.resume(1, { ...PLACE, sessionId: "other", account: "ssh://bob@host:22" });
  await poll(() => wire.puts.length).toBe(3);
  expect(wire.puts[2]?.order.sessionId).toBe("new");
});

it("remembers a partial file until it is whole or removed", async () => {
  const wire = new FakeWire();
  const leftovers = new Leftovers(null);
  const queue = new TransferQueue(wire, 3, leftovers);
  const known = () => leftovers.get().map(({ path, size }) => `${path} ${size}`);
  const offered = () => leftovers.of(PLACE.account).map(({ path }) => path);
  queue.upload(PLACE, orders("a", "b", "c"));
  await poll(() => wire.puts.length).toBe(3);
  expect([known(), offered()]).toEqual([["/d/a 10", "/d/b 10", "/d/c 10"], []]);
  wire.puts[0]?.end();
  await poll(known).toEqual(["/d/b 10", "/d/c 10"]);
  queue.cancel(2);
  await poll(known).toEqual(["/d/c 10"]);
  // What cannot be removed now is offered for it later.
  wire.remove = async () => {
    throw new ApiError(502, "lost", "connection_lost");
  };
  queue.cancel(3);
  await poll(offered).toEqual(["/d/c"]);
});

it("removes a partial file also when the server makes it only after the request broke off", async () => {
  const wire = new FakeWire();
  const queue = new TransferQueue(wire);
  let tries = 0;
  wire.remove = async (_, path) => {
    tries += 1;
    if (tries === 1) throw new ApiError(404, "not yet", "not_found");
    wire.removed.push(path);
  };
  queue.upload(PLACE, orders("a"));
  await poll(() => wire.puts.length).toBe(1);
  queue.cancel(1);
  await poll(() => wire.removed).toEqual([`/d/${partialName("a", file("a"))}`]);
});

it("gives a file another name when told so", async () => {
  const wire = new FakeWire();
  const queue = new TransferQueue(wire);
  queue.upload(PLACE, [{ file: file("a"), directory: "/d", below: "", name: "a (2)" }]);
  await poll(() => wire.puts[0]?.order.path).toBe("/d/a (2)");
  expect(wire.puts[0]?.order.partial).toBe(partialName("a (2)", file("a")));
});

it("asks about what is there, once for all when told so", async () => {
  const wire = new FakeWire();
  for (const name of ["a", "b", "c"]) wire.there.set(`/d/${name}`, { type: "file", size: 1 });
  const queue = new TransferQueue(wire, 2);
  queue.upload(PLACE, orders("a", "b", "c", "new"));
  await poll(() => queue.get().question?.transfer.name).toBe("a");
  queue.answer("skip", false);
  await poll(() => queue.get().question?.transfer.name).toBe("b");
  queue.answer("both", true);
  await poll(() => wire.puts.map((put) => put.order.path).sort().join(" ")).toBe("/d/b (2) /d/new");
  for (const put of wire.puts) put.end();
  await poll(() => wire.puts.length).toBe(3);
  wire.puts[2]?.end();
  await poll(() => states(queue)).toBe("skipped done done done");
  expect(queue.get().transfers[2]?.path).toBe("/d/c (2)");
});

it("overwrites only what it was told to", async () => {
  const wire = new FakeWire();
  wire.there.set("/d/a", { type: "file", size: 1 });
  const queue = new TransferQueue(wire);
  queue.upload(PLACE, orders("a", "b"));
  await poll(() => queue.get().question?.transfer.name).toBe("a");
  await poll(() => wire.puts.length).toBe(1);
  expect(wire.puts[0]?.order).toMatchObject({ path: "/d/b", overwrite: false });
  // Someone else made it meanwhile.
  wire.there.set("/d/b", { type: "file", size: 2 });
  wire.puts[0]?.end(new ApiError(409, "there", "already_exists"));
  await poll(() => states(queue)).toBe("asking asking");
  queue.answer("overwrite", true);
  await poll(() => wire.puts.length).toBe(3);
  expect(wire.puts.slice(1).every((put) => put.order.overwrite)).toBe(true);
});

it("makes the directories of a folder once, before its files", async () => {
  const wire = new FakeWire();
  const queue = new TransferQueue(wire);
  queue.upload(PLACE, ["x", "y"].map((name) => ({ file: file(name), directory: "/d", below: "p/q" })));
  await poll(() => wire.puts.length).toBe(2);
  expect(wire.made).toEqual(["/d/p/q"]);
  expect(wire.puts[0]?.order.path).toBe("/d/p/q/x");
});

it("begins anew where the server cannot go on", async () => {
  const wire = new FakeWire();
  const queue = new TransferQueue(wire);
  queue.upload({ ...PLACE, resumable: false }, orders("a"));
  await poll(() => wire.puts.length).toBe(1);
  expect(wire.puts[0]?.order).toMatchObject({ offset: 0, partial: null });
});

it("keeps what arrived of a download for another try, and saves it whole", async () => {
  const wire = new FakeWire();
  wire.failGet = true;
  const queue = new TransferQueue(wire);
  queue.download(PLACE, [{ name: "a", path: "/d/a", size: 10 }]);
  await poll(() => states(queue)).toBe("failed");
  expect(queue.get().transfers[0]?.moved).toBe(5);
  expect(wire.saved).toEqual([]);
  wire.failGet = false;
  queue.resume(1);
  await poll(() => states(queue)).toBe("done");
  expect([wire.gets, wire.saved]).toEqual([2, [["a", 10]]]);
});

it("tells the speed of the last seconds and the time left", () => {
  const speed = new Speed();
  expect(speed.at(0, 0)).toBeNull();
  expect(speed.at(1000, 1000)).toBe(1000);
  for (let at = 2000; at <= 9000; at += 1000) speed.at(at, 1000 + (at - 1000) * 2);
  expect(speed.at(10_000, 19_000)).toBe(2000);
  const transfer = { size: 100, moved: 50, speed: 10, state: "running" } as Transfer;
  expect(secondsLeft(transfer)).toBe(5);
  expect(secondsLeft({ ...transfer, speed: 0 })).toBeNull();
  expect(secondsLeft({ ...transfer, state: "paused" })).toBeNull();
});

it("names partial files so that another file never goes on in them", () => {
  const one = partialName("big.iso", { size: 1, lastModified: 1 });
  expect(one).toBe(partialName("big.iso", { size: 1, lastModified: 1 }));
  expect(one).toMatch(/^\.big\.iso\.[0-9a-f]{16}\.filepart$/);
  expect(partialName("big.iso", { size: 1, lastModified: 2 })).not.toBe(one);
  expect(new TextEncoder().encode(partialName("漢".repeat(100), { size: 1, lastModified: 1 })).length).toBeLessThan(256);
});

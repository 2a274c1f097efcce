import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Presence } from "./presence.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A presence of a server that is there or not. */
function watching(there: boolean) {
  const server = { there, looks: 0, back: 0 };
  const presence = new Presence({
    look: async () => {
      server.looks += 1;
      if (!server.there) throw new TypeError("no answer");
    },
    back: () => (server.back += 1),
  });
  const seen: string[] = [];
  presence.subscribe(() => seen.push(presence.standing().kind));
  return { server, presence, seen };
}

it("looks at once when in doubt, and nothing is said when the server is there", async () => {
  const { server, presence, seen } = watching(true);
  presence.doubt();
  presence.doubt();
  expect(presence.standing().kind).toBe("doubt");
  await vi.advanceTimersByTimeAsync(0);
  expect([seen, server.looks, server.back]).toEqual([["doubt", "here"], 1, 0]);
});

it("says that the server is away without waiting, and since when", async () => {
  const { presence, seen } = watching(false);
  const begun = Date.now();
  presence.doubt();
  await vi.advanceTimersByTimeAsync(0);
  expect(seen).toEqual(["doubt", "away"]);
  expect(presence.standing()).toEqual({ kind: "away", since: begun });
  presence.stop();
});

it("looks again after waits that grow and stay bounded, and is back at once", async () => {
  const { server, presence, seen } = watching(false);
  presence.doubt();
  await vi.advanceTimersByTimeAsync(600);
  expect(server.looks).toBe(2);
  await vi.advanceTimersByTimeAsync(60_000);
  const looks = server.looks;
  expect(looks).toBeGreaterThanOrEqual(20);
  expect(looks).toBeLessThanOrEqual(32);
  server.there = true;
  await vi.advanceTimersByTimeAsync(3_000);
  expect([presence.standing().kind, server.back]).toEqual(["here", 1]);
  expect(seen.filter((kind) => kind === "here")).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(server.looks, "nobody looks at a server that is there").toBe(looks + 1);
});

it("takes any answer for a sign of life, and a sign of the browser for a reason to look", async () => {
  const { server, presence } = watching(false);
  presence.doubt();
  await vi.advanceTimersByTimeAsync(10_000);
  const looks = server.looks;
  server.there = true;
  presence.look();
  await vi.advanceTimersByTimeAsync(0);
  expect([server.looks, presence.standing().kind]).toEqual([looks + 1, "here"]);
  server.there = false;
  presence.look();
  await vi.advanceTimersByTimeAsync(0);
  expect(presence.standing().kind).toBe("away");
  presence.heard();
  expect([presence.standing().kind, server.back]).toEqual(["here", 2]);
  presence.stop();
});

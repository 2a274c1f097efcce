import { expect, it } from "vitest";
import { en } from "../strings.js";
import { age, duration } from "./age.js";
import { remainingMs } from "./sessions.js";

it("says how long ago in words", () => {
  expect([0, 1999, 2000, 89_000, 90_000, 3_600_000, 7_000_000].map((ms) => age(en, ms))).toEqual([
    "just now", "just now", "2 s ago", "89 s ago", "1 min ago", "60 min ago", "1 h ago",
  ]);
  expect(duration(1_799_999)).toBe("29:59");
});

it("counts down from what the server said, and never up or below zero", () => {
  const session = { time_remaining_seconds: 10 } as Parameters<typeof remainingMs>[0];
  expect(remainingMs(session, 1000, 4000)).toBe(7000);
  expect(remainingMs(session, 1000, 500)).toBe(10_000);
  expect(remainingMs(session, 1000, 99_000)).toBe(0);
});

import { expect, it } from "vitest";
import { Timeline } from "./timeline.js";

const TIMES = [0, 1_000, 61_000, 61_500];
const DURATION = 100_000;

it("plays each event at its own time when nothing is cut", () => {
  const timeline = new Timeline(TIMES, DURATION, null);
  expect(timeline.length).toBe(DURATION);
  expect(TIMES.map((_, n) => timeline.at(n))).toEqual(TIMES);
  expect(timeline.at(4)).toBe(DURATION);
  expect([-1, 0, 999, 1_000, 61_000, 99_999_999].map((at) => timeline.countAt(at))).toEqual([0, 1, 1, 2, 3, 4]);
  for (const time of [0, 500, 30_000, 61_250, 99_000]) {
    expect(timeline.toPlayed(time)).toBeCloseTo(time);
    expect(timeline.toRecorded(time)).toBeCloseTo(time);
  }
});

it("cuts only the waits that are longer than the longest, the last one too", () => {
  const timeline = new Timeline(TIMES, DURATION, 2_000);
  expect(TIMES.map((_, n) => timeline.at(n))).toEqual([0, 1_000, 3_000, 3_500]);
  expect(timeline.length).toBe(5_500);
  // Halfway through a wait is halfway through what is left of it.
  expect(timeline.toRecorded(2_000)).toBeCloseTo(31_000);
  expect(timeline.toPlayed(31_000)).toBeCloseTo(2_000);
  expect(timeline.toRecorded(5_500)).toBeCloseTo(DURATION);
  expect(timeline.toPlayed(DURATION)).toBeCloseTo(5_500);
});

it("there and back is the same moment, whatever is cut", () => {
  const times = [5, 5, 5, 20_000, 20_000, 20_001, 90_000];
  for (const idle of [null, 2_000, 1]) {
    const timeline = new Timeline(times, 90_000, idle);
    for (let part = 0; part <= 1; part += 0.05) {
      const position = part * timeline.length;
      expect(timeline.toPlayed(timeline.toRecorded(position))).toBeCloseTo(position, 3);
    }
  }
});

it("has no length when nothing was recorded", () => {
  const empty = new Timeline([], 0, 2_000);
  expect([empty.length, empty.countAt(0), empty.at(0), empty.toRecorded(0), empty.toPlayed(0)]).toEqual([0, 0, 0, 0, 0]);
  expect(new Timeline([], 7_000, 2_000).length).toBe(2_000);
});

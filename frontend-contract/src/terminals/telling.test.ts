import { expect, it, vi } from "vitest";
import { Telling } from "./telling.js";

it("tells at once of what changes now and then, and of a flood no more often than a screen is drawn", () => {
  vi.useFakeTimers();
  try {
    const telling = new Telling({ bells: 0, title: "" });
    const listener = vi.fn();
    const stop = telling.subscribe(listener);
    telling.change({ title: "vi" });
    expect(telling.told()).toEqual({ bells: 0, title: "vi" });
    for (let n = 1; n <= 10_000; n += 1) telling.change({ bells: telling.now.bells + 1 });
    expect(listener).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(40);
    expect(listener).toHaveBeenCalledTimes(2);
    const told = telling.told();
    expect(told).toEqual({ bells: 10_000, title: "vi" });
    vi.advanceTimersByTime(1000);
    expect(telling.told()).toBe(told);
    stop();
    telling.change({ bells: 0 });
    telling.end();
    expect(listener).toHaveBeenCalledTimes(2);
  } finally {
    vi.useRealTimers();
  }
});

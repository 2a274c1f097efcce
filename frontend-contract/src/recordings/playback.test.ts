import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Cast, CastEvent } from "./cast.js";
import { Playback, type Surface } from "./playback.js";

/** A surface that says what was done to it; it draws by itself unless it is held. */
class Paper implements Surface {
  did: string[] = [];
  shown = "";
  held: (() => void)[] | null = null;
  largest = 0;

  reset(cols: number, rows: number): void {
    this.did.push(`reset ${cols}x${rows}`);
    this.shown = "";
  }
  resize(cols: number, rows: number): void {
    this.did.push(`resize ${cols}x${rows}`);
  }
  write(text: string, done: () => void): void {
    this.did.push(`write ${text.length > 10 ? text.length : text}`);
    this.shown += text;
    this.largest = Math.max(this.largest, text.length);
    if (this.held) this.held.push(done);
    else setTimeout(done, 1);
  }
}

const shown = (at: number, text: string): CastEvent => ({ at, kind: "shown", text });

function cast(events: CastEvent[], duration = 0): Cast {
  return { cols: 80, rows: 24, events, duration: Math.max(duration, events.at(-1)?.at ?? 0), cut: false };
}

let paper: Paper;
const clock = () => Date.now();
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.useFakeTimers();
  paper = new Paper();
});
afterEach(() => vi.useRealTimers());

const HELLO = cast([
  shown(0, "a"), shown(1_000, "b"), { at: 1_500, kind: "resized", cols: 100, rows: 30 },
  shown(1_500, "c"), { at: 1_600, kind: "mark", text: "gap" }, shown(61_600, "d"),
], 62_600);

describe("playing", () => {
  it("shows each event at its time, with its size, and ends", async () => {
    const playback = new Playback(HELLO, paper, clock);
    await pass(1);
    expect(paper.shown).toBe("a");
    playback.play();
    await pass(900);
    expect(paper.shown).toBe("a");
    await pass(150);
    expect(paper.shown).toBe("ab");
    await pass(600);
    expect(paper.did.slice(-3)).toEqual(["write b", "resize 100x30", "write c"]);
    // The minute in which nothing happened takes two seconds.
    await pass(2_200);
    expect(paper.shown).toBe("abcd");
    expect(playback.state().ended).toBe(false);
    await pass(1_000);
    expect(playback.state()).toMatchObject({ playing: false, ended: true, position: 4_600, length: 4_600 });
    // Again, from the beginning.
    playback.play();
    await pass(5);
    expect(paper.shown).toBe("a");
    expect(paper.did.filter((each) => each === "reset 80x24")).toHaveLength(2);
  });

  it("takes as long as its speed says", async () => {
    for (const [speed, ms] of [[1, 4_600], [2, 2_300], [4, 1_150]] as const) {
      const playback = new Playback(HELLO, paper, clock);
      playback.setSpeed(speed);
      playback.play();
      await pass(ms - 50);
      expect(playback.state().ended).toBe(false);
      await pass(150);
      expect(playback.state().ended).toBe(true);
      playback.dispose();
    }
  });

  it("stands still while it is paused", async () => {
    const playback = new Playback(HELLO, paper, clock);
    playback.play();
    await pass(500);
    playback.pause();
    const { position } = playback.state();
    expect(position).toBeGreaterThan(400);
    await pass(60_000);
    expect(playback.state().position).toBe(position);
    expect(paper.shown).toBe("a");
    playback.play();
    await pass(600);
    expect(paper.shown).toBe("ab");
  });

  it("plays waits as they were when asked, and stays at the same moment", async () => {
    const playback = new Playback(HELLO, paper, clock);
    playback.seek(2_600);
    playback.cutIdle(false);
    expect(playback.state().length).toBe(62_600);
    expect(playback.state().position).toBeCloseTo(31_600);
    playback.cutIdle(true);
    expect(playback.state().position).toBeCloseTo(2_600);
  });
});

describe("seeking", () => {
  it("on adds what is missing, and back begins anew", async () => {
    const playback = new Playback(HELLO, paper, clock);
    playback.seek(4_000);
    await pass(20);
    expect(paper.shown).toBe("abcd");
    expect(paper.did.filter((each) => each.startsWith("reset"))).toHaveLength(1);
    playback.seek(1_200);
    await pass(20);
    expect(paper.shown).toBe("ab");
    // In the size of the beginning.
    expect(paper.did.lastIndexOf("reset 80x24")).toBeGreaterThan(paper.did.indexOf("resize 100x30"));
    playback.seek(-5);
    playback.seek(99_999);
    await pass(20);
    expect(playback.state().position).toBe(4_600);
    expect(paper.shown).toBe("abcd");
  });

  it("far hands out pieces, one after the other, and a newer wish wins", async () => {
    const flood = Array.from({ length: 1_000 }, (_, n) => shown(n, "x".repeat(1_000)));
    const playback = new Playback(cast([...flood, shown(5_000, "end")]), paper, clock);
    await pass(10);
    paper.held = [];
    playback.seek(5_000);
    expect(paper.held).toHaveLength(1);
    playback.seek(5_000);
    playback.play();
    await pass(5_000);
    expect(paper.held).toHaveLength(1);
    expect(paper.largest).toBeLessThan(70_000);
    // Before it is drawn, back to the beginning.
    playback.pause();
    playback.seek(0);
    for (let done = paper.held.shift(); done; done = paper.held.shift()) done();
    expect(paper.shown).toHaveLength(1_000);
    playback.seek(5_000);
    for (let done = paper.held.shift(); done; done = paper.held.shift()) done();
    expect(paper.shown.endsWith("end")).toBe(true);
  });
});

it("waits for what takes long to draw instead of running ahead of it", async () => {
  const playback = new Playback(cast([shown(0, "a"), shown(100, "b"), shown(3_000, "c")]), paper, clock);
  await pass(5);
  playback.play();
  paper.held = [];
  await pass(150);
  expect(paper.did.at(-1)).toBe("write b");
  await pass(10_000);
  const { position } = playback.state();
  expect(position).toBeLessThan(300);
  paper.held.shift()?.();
  await pass(1_000);
  expect(playback.state().position).toBeLessThan(position + 1_200);
  expect(paper.shown).toBe("ab");
});

it("touches nothing any more once it is disposed of", async () => {
  const playback = new Playback(HELLO, paper, clock);
  playback.play();
  await pass(500);
  const before = paper.did.length;
  playback.dispose();
  await pass(60_000);
  expect(paper.did).toHaveLength(before);
});

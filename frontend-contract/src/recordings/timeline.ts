// When each event of a recording is played: at its own time, or with the waits cut short in
// which nothing happened. Pure.

/** Longest wait while idle time is cut, in milliseconds. */
export const IDLE = 2_000;

/** The times of one recording, as recorded and as played. */
export class Timeline {
  readonly #recorded: readonly number[];
  readonly #played: Float64Array;
  readonly #duration: number;
  /** Milliseconds it takes to play all of it at its own speed. */
  readonly length: number;

  /**
   * @param recorded Milliseconds of each event, never going back.
   * @param duration Milliseconds of the whole recording.
   * @param idle Longest wait that is played, null for all of them as they were.
   */
  constructor(recorded: readonly number[], duration: number, idle: number | null) {
    this.#recorded = recorded;
    this.#duration = Math.max(duration, recorded.at(-1) ?? 0);
    this.#played = new Float64Array(recorded.length);
    const wait = (ms: number) => (idle === null ? ms : Math.min(ms, idle));
    let before = 0;
    let played = 0;
    for (const [n, at] of recorded.entries()) {
      played += wait(at - before);
      before = at;
      this.#played[n] = played;
    }
    this.length = played + wait(this.#duration - before);
  }

  /** How many events are played up to and with this position. */
  countAt(position: number): number {
    return countUpTo(this.#played, position);
  }

  /** When the event of this index is played; the end for one that is not there. */
  at(index: number): number {
    return this.#played[index] ?? this.length;
  }

  /** The time in the recording that is played at this position. */
  toRecorded(position: number): number {
    const next = this.countAt(position);
    return between(position, next, this.#played, this.length, this.#recorded, this.#duration);
  }

  /** The position at which this time of the recording is played. */
  toPlayed(time: number): number {
    const next = countUpTo(this.#recorded, time);
    return between(time, next, this.#recorded, this.#duration, this.#played, this.length);
  }
}

/** Within the wait before event `next`, the moment of one clock that is `moment` of the other. */
function between(
  moment: number,
  next: number,
  from: ArrayLike<number>,
  fromEnd: number,
  to: ArrayLike<number>,
  toEnd: number,
): number {
  const [begun, begins] = next > 0 ? [from[next - 1] ?? 0, to[next - 1] ?? 0] : [0, 0];
  const whole = (from[next] ?? fromEnd) - begun;
  const part = whole > 0 ? Math.min(1, Math.max(0, (moment - begun) / whole)) : 0;
  return begins + part * ((to[next] ?? toEnd) - begins);
}

/** How many of the sorted `times` are not after `moment`. */
function countUpTo(times: ArrayLike<number>, moment: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? Infinity) <= moment) low = middle + 1;
    else high = middle;
  }
  return low;
}

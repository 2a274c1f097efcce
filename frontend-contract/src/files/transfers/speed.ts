// The speed of the last seconds.

/** Time that counts. */
const WINDOW_MS = 4_000;
/** Below this a speed is a guess. */
const LEAST_MS = 400;

/** Bytes a second, from how far something was at which time. */
export class Speed {
  #seen: { at: number; moved: number }[] = [];

  /** Tells how far it is; answers bytes a second, null while it is too early to tell. */
  at(now: number, moved: number): number | null {
    this.#seen.push({ at: now, moved });
    while (this.#seen.length > 2 && (this.#seen[1]?.at ?? now) <= now - WINDOW_MS) this.#seen.shift();
    const first = this.#seen[0];
    if (!first || now - first.at < LEAST_MS) return null;
    return Math.max(0, ((moved - first.moved) * 1000) / (now - first.at));
  }
}

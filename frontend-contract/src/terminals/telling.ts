// Something that changes, told to those who look at it no more often than they can see: a
// program rings a thousand bells in the time a screen is drawn once.

/** Time between two tellings, in milliseconds. */
const OFTEN = 32;

/** A value of several parts, and who looks at it. */
export class Telling<T extends object> {
  /** As it is now; whoever looks may know it a moment later. */
  readonly now: T;
  #told: T;
  #at = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #listeners = new Set<() => void>();

  constructor(first: T) {
    this.now = { ...first };
    this.#told = first;
  }

  /** As it was told last; the same object until the next time. */
  readonly told = (): T => this.#told;

  /** Tells `listener` of changes, until the answer is called. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Changes parts of it. */
  change(change: Partial<T>): void {
    Object.assign(this.now, change);
    if (this.#timer !== undefined) return;
    if (performance.now() - this.#at >= OFTEN) this.#tell();
    else this.#timer = setTimeout(() => this.#tell(), OFTEN);
  }

  /** Tells nobody any more. */
  end(): void {
    clearTimeout(this.#timer);
    this.#listeners.clear();
  }

  #tell(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#at = performance.now();
    this.#told = { ...this.now };
    for (const listener of this.#listeners) listener();
  }
}

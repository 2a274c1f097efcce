// What was cut or copied, for pasting into another folder or session. The clipboard of the
// system is another. Knows no React.

import type { Bundle, How } from "./bundle.js";

/** What was cut (`move`) or copied. */
export interface Clip {
  how: How;
  bundle: Bundle;
}

/** Keeps what was cut or copied. */
export class Clipboard {
  #clip: Clip | null = null;
  readonly #listeners = new Set<() => void>();

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  get = (): Clip | null => this.#clip;

  put(clip: Clip | null): void {
    this.#clip = clip;
    for (const listener of this.#listeners) listener();
  }
}

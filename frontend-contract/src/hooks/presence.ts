// Whether the server is there, found out as soon as anything gives reason to doubt it: a request
// that got no answer, a socket that closed, the browser that went offline. No React inside
// `Presence`, so that it is tested with a clock alone.

import { useSyncExternalStore } from "react";
import { useServer } from "./server.js";

/** How the server stands. `doubt`: something failed, and a look is on its way. */
export interface Standing {
  kind: "here" | "doubt" | "away";
  /** Milliseconds since the epoch at which the doubt began; null while it is here. */
  since: number | null;
}

/** Wait before the second look at a server that is away; it doubles with each. */
const FIRST_WAIT = 500;
/** Soon enough that nobody reloads the page by hand. */
const LONGEST_WAIT = 3_000;

/** What a presence works with. */
export interface PresenceOptions {
  /** Asks the server for anything; throws when no answer came. */
  look(): Promise<unknown>;
  /** The server was away and is here again. */
  back(): void;
}

/** The standing of one server. */
export class Presence {
  readonly #options: PresenceOptions;
  readonly #listeners = new Set<() => void>();
  #standing: Standing = { kind: "here", since: null };
  #looking = false;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(options: PresenceOptions) {
    this.#options = options;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly standing = (): Standing => this.#standing;

  /** An answer came, whatever it said. */
  heard(): void {
    if (this.#stopped || this.#standing.kind === "here") return;
    const wasAway = this.#standing.kind === "away";
    clearTimeout(this.#timer);
    this.#attempt = 0;
    this.#become({ kind: "here", since: null });
    if (wasAway) this.#options.back();
  }

  /** Something gives reason to doubt that the server is there: looks at once. */
  doubt(): void {
    if (this.#stopped || this.#standing.kind !== "here") return;
    this.#become({ kind: "doubt", since: Date.now() });
    void this.#look();
  }

  /** Looks now, also while the next look is some way off. */
  look(): void {
    if (this.#stopped) return;
    if (this.#standing.kind === "here") this.doubt();
    else void this.#look();
  }

  /** Nobody wants to know any more, until {@link Presence.start}. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Goes on after {@link Presence.stop}. */
  start(): void {
    this.#stopped = false;
    if (this.#standing.kind !== "here") void this.#look();
  }

  async #look(): Promise<void> {
    if (this.#looking) return;
    clearTimeout(this.#timer);
    this.#looking = true;
    try {
      await this.#options.look();
      this.#looking = false;
      this.heard();
    } catch {
      this.#looking = false;
      // An answer to another request may have come meanwhile.
      if (this.#stopped || this.#standing.kind === "here") return;
      this.#become({ kind: "away", since: this.#standing.since });
      const wait = Math.min(FIRST_WAIT * 2 ** this.#attempt, LONGEST_WAIT);
      this.#attempt += 1;
      // Pages that missed it together do not come back together.
      this.#timer = setTimeout(() => void this.#look(), wait * (0.7 + 0.3 * Math.random()));
    }
  }

  #become(standing: Standing): void {
    this.#standing = standing;
    for (const each of [...this.#listeners]) each();
  }
}

/** Has the browser's own signs looked into; returns what ends that. */
export function watchBrowser(presence: Presence): () => void {
  const look = () => presence.look();
  const seen = () => {
    // Timers of a hidden page run late.
    if (document.visibilityState === "visible" && presence.standing().kind !== "here") presence.look();
  };
  presence.start();
  window.addEventListener("offline", look);
  window.addEventListener("online", look);
  document.addEventListener("visibilitychange", seen);
  if (!navigator.onLine) look();
  return () => {
    presence.stop();
    window.removeEventListener("offline", look);
    window.removeEventListener("online", look);
    document.removeEventListener("visibilitychange", seen);
  };
}

/** How the server stands. */
export function useStanding(): Standing {
  const { presence } = useServer();
  return useSyncExternalStore(presence.subscribe, presence.standing);
}

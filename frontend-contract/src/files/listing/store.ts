// A directory as it is shown: rows appear part by part, directories seen before appear at
// once and are asked for anew behind what is shown. Knows no React.

import type { EntryPage } from "../../client/models.js";
import { rowOf, type Row } from "./rows.js";

/** Asks for a part of a directory. */
export type FetchPage = (
  query: { path: string | undefined; limit: number; cursor: string | undefined },
  signal: AbortSignal,
) => Promise<EntryPage>;

/** What is known of a directory. */
export interface Listing {
  /** What was asked for; undefined for the login directory. */
  asked: string | undefined;
  /** The directory, absolute; null while it is not known. */
  path: string | null;
  /** The rows, part by part, in the server's order. */
  parts: readonly (readonly Row[])[];
  count: number;
  /** Whether the parts are all there was at `updatedAt`. */
  complete: boolean;
  /** Whether more is being asked for. */
  loading: boolean;
  /** Why what is shown is not what is there. */
  error: unknown;
  /** When the server said it, in milliseconds since the epoch. */
  updatedAt: number | null;
}

/** The first part is small, so that it is there at once; the others are few. */
const FIRST = 500;
const FURTHER = 10_000;
/** Directories and rows kept for going back. */
const KEPT_DIRECTORIES = 20;
const KEPT_ROWS = 250_000;

const EMPTY: Listing = {
  asked: undefined, path: null, parts: [], count: 0, complete: false, loading: false, error: null, updatedAt: null,
};

/** The directories of one session. */
export class ListingStore {
  #state: Listing = EMPTY;
  #kept = new Map<string, Listing>();
  #running: AbortController | null = null;
  #again = false;
  readonly #listeners = new Set<() => void>();

  constructor(private readonly fetchPage: FetchPage) {}

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  get = (): Listing => this.#state;

  /** Shows a directory; undefined is the login directory. */
  open(path: string | undefined): void {
    const { path: at, error, loading } = this.#state;
    if (path !== undefined && path === at && !error && (this.#running || !loading)) return;
    this.#running?.abort();
    const known = path === undefined ? undefined : this.#kept.get(path);
    this.#set({ ...(known ?? EMPTY), asked: path, path: path ?? null, loading: true, error: null });
    void this.#load();
  }

  /** Asks for the same directory anew. */
  reload(): void {
    if (this.#running) {
      // What is on its way may be older than the change that asks.
      this.#again = true;
      return;
    }
    this.#set({ ...this.#state, loading: true });
    void this.#load();
  }

  /** Stops asking. */
  close(): void {
    this.#running?.abort();
    this.#running = null;
  }

  async #load(): Promise<void> {
    const controller = new AbortController();
    this.#running = controller;
    this.#again = false;
    const { path: shownPath, complete: behind, asked } = this.#state;
    const parts: Row[][] = [];
    let count = 0;
    let cursor: string | undefined;
    let path = shownPath;
    try {
      do {
        const limit = parts.length === 0 ? FIRST : FURTHER;
        const page = await this.fetchPage({ path: path ?? asked, limit, cursor }, controller.signal);
        if (controller.signal.aborted) return;
        path = page.path;
        parts.push(page.entries.map(rowOf));
        count += page.entries.length;
        cursor = page.next_cursor;
        // A complete list stays until the new one is complete too.
        if (!behind && cursor !== undefined) {
          this.#set({ ...this.#state, path, parts: [...parts], count, updatedAt: Date.now(), error: null });
        }
      } while (cursor !== undefined);
      this.#set({
        asked, path, parts, count, complete: true, loading: false, error: null, updatedAt: Date.now(),
      });
      this.#keep(this.#state);
    } catch (error) {
      if (controller.signal.aborted) return;
      this.#set({ ...this.#state, loading: false, error });
    }
    if (this.#running === controller) this.#running = null;
    if (this.#again) this.reload();
  }

  #keep(listing: Listing): void {
    if (listing.path === null) return;
    this.#kept.delete(listing.path);
    this.#kept.set(listing.path, listing);
    let rows = [...this.#kept.values()].reduce((sum, each) => sum + each.count, 0);
    for (const [path, each] of this.#kept) {
      if (this.#kept.size <= KEPT_DIRECTORIES && rows <= KEPT_ROWS) break;
      if (path === listing.path) break;
      this.#kept.delete(path);
      rows -= each.count;
    }
  }

  #set(state: Listing): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

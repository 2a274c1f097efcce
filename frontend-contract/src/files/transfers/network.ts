// What transfers need of the network. Knows neither the queue nor how requests are sent.

import type { Existing, Transfer } from "./model.js";

/** An upload as the wire does it. */
export interface Put {
  sessionId: string;
  path: string;
  file: File;
  /** Bytes that are there. */
  offset: number;
  /** Name of the partial file; null where the server cannot go on with one. */
  partial: string | null;
  overwrite: boolean;
}

/** A download on its way: what arrived is kept here while it is paused. */
export interface Gathered {
  parts: Blob[];
  size: number;
  tag: string | null;
}

/** What transfers need of the network. */
export interface Wire {
  put(order: Put, progress: (moved: number) => void, signal: AbortSignal): Promise<void>;
  /** What is at a path, links not followed; null when nothing is. */
  look(sessionId: string, path: string, signal?: AbortSignal): Promise<Existing | null>;
  remove(sessionId: string, path: string): Promise<void>;
  makeDirectory(sessionId: string, path: string): Promise<void>;
  /** Goes on with what is gathered. */
  get(
    transfer: Transfer, gathered: Gathered, progress: (moved: number, size: number | null) => void, signal: AbortSignal,
  ): Promise<void>;
  /** Gives a file that is complete to the person. */
  save(transfer: Transfer, gathered: Gathered): void;
}

/** Nothing of a download yet. */
export function nothingGathered(): Gathered {
  return { parts: [], size: 0, tag: null };
}

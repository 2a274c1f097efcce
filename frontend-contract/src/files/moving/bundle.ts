// Entries on their way to another place, and where they may go. Pure functions.

import type { Row } from "../listing/rows.js";
import { besides, join } from "../names.js";

/** How entries go. */
export type How = "move" | "copy";

/** An entry on its way. */
export interface Item {
  name: string;
  path: string;
  type: Row["entry"]["type"];
  size?: number | undefined;
  modified?: string | undefined;
}

/** Entries of one folder on their way. */
export interface Bundle {
  sessionId: string;
  sessionName: string;
  /** The folder they are in. */
  directory: string;
  items: readonly Item[];
}

/** A folder entries go to. */
export interface Target {
  sessionId: string;
  path: string;
}

/** Why entries cannot go to a folder. */
export type Refusal = "here" | "itself" | "inside";

/** The bundle of rows; null when no path leads to one of them. */
export function bundleOf(place: Pick<Bundle, "sessionId" | "sessionName" | "directory">, rows: readonly Row[]): Bundle | null {
  const items: Item[] = [];
  for (const { entry } of rows) {
    if (entry.path === undefined) return null;
    items.push({ name: entry.name, path: entry.path, type: entry.type, size: entry.size, modified: entry.modified });
  }
  return { sessionId: place.sessionId, sessionName: place.sessionName, directory: place.directory, items };
}

/** Why these entries cannot go there; null when they can. */
export function refusal(bundle: Bundle, target: Target, how: How): Refusal | null {
  if (bundle.sessionId !== target.sessionId) return null;
  for (const item of bundle.items) {
    if (item.path === target.path) return "itself";
    // A link is a leaf, wherever it leads.
    if (item.type === "directory" && isBelow(target.path, item.path)) return "inside";
  }
  // A copy beside the original has another name.
  return how === "move" && bundle.items.some((item) => join(target.path, item.name) === item.path) ? "here" : null;
}

/** Whether a path is somewhere below a directory. */
export function isBelow(path: string, directory: string): boolean {
  return path.startsWith(directory.endsWith("/") ? directory : `${directory}/`) && path !== directory;
}

/** Names tried beside one that is taken. */
const MOST_TRIES = 1_000;

/** The first name beside a taken one that is free; null when none of the first thousand is. */
export async function freeName(name: string, isTaken: (name: string) => Promise<boolean>): Promise<string | null> {
  for (let n = 2; n < 2 + MOST_TRIES; n += 1) {
    const free = besides(name, n);
    if (!(await isTaken(free))) return free;
  }
  return null;
}

// How what was chosen is downloaded. Knows neither React nor the network.

import type { Entry } from "../../client/models.js";

/** Above this a file is not gathered in the page; the browser itself fetches it. */
export const GATHERED_MOST = 256 * 1024 * 1024;

/** A way to download. */
export type Plan =
  /** One archive of them all, which the browser itself fetches. */
  | { how: "zip"; paths: string[] }
  /** The one file, by the browser itself, so that it goes to disk as it comes. */
  | { how: "browser"; name: string; path: string; size: number }
  /** The one file, by the page, so that it can be paused. */
  | { how: "page"; name: string; path: string; size: number | null };

/** Whether these are downloaded as an archive: a folder, or more than one of anything. */
export function isArchive(entries: readonly Pick<Entry, "type">[]): boolean {
  return entries.length > 1 || entries.some(({ type }) => type === "directory");
}

/** How to download these; null when the server gave no path to any of them. */
export function planOf(entries: readonly Pick<Entry, "type" | "name" | "path" | "size">[]): Plan | null {
  if (isArchive(entries)) {
    const paths = entries.flatMap(({ path }) => (path === undefined ? [] : [path]));
    return paths.length > 0 ? { how: "zip", paths } : null;
  }
  const [entry] = entries;
  if (entry?.path === undefined) return null;
  const { name, path } = entry;
  // A link's size is that of its target's name.
  const size = entry.type === "file" ? (entry.size ?? null) : null;
  if (size !== null && size > GATHERED_MOST) return { how: "browser", name, path, size };
  return { how: "page", name, path, size };
}

// One operation for each of several entries: what fails does not stop the others.

import { ApiError } from "../../client/error.js";
import type { Tree } from "../api.js";
import type { Row } from "../listing/rows.js";

/** What failed: the first of them, and how many there were. */
export interface Failed {
  name: string;
  error: unknown;
  count: number;
}

/** How it ended. */
export interface Result {
  done: number;
  failed: Failed | null;
}

/** Runs `operation` for each row. A tree with errors in it counts as failed. */
export async function eachOf(
  rows: readonly Row[],
  signal: AbortSignal,
  progress: (at: number) => void,
  operation: (row: Row) => Promise<Tree | null | void>,
): Promise<Result> {
  const result: Result = { done: 0, failed: null };
  const fail = (name: string, error: unknown, count: number) => {
    if (result.failed) result.failed.count += count;
    else result.failed = { name, error, count };
  };
  for (const [at, row] of rows.entries()) {
    if (signal.aborted) break;
    progress(at);
    try {
      const tree = await operation(row);
      const first = tree?.errors[0];
      if (tree && first) fail(first.path, new ApiError(200, first.detail, first.code), tree.error_count);
      else result.done += 1;
    } catch (error) {
      if (signal.aborted) break;
      fail(row.entry.name, error, 1);
      // Without a server the others would only fail alike.
      if (error instanceof ApiError && error.isAway) break;
    }
  }
  return result;
}

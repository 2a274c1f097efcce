// One operation for each of several entries in a dialog: how far it is, and what failed. What
// fails does not stop the others; a dialog that is closed does.

import { Progress, Text } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { ApiError } from "../../client/error.js";
import { useLog } from "../../hooks/log.js";
import { useStrings } from "../../hooks/strings.js";
import type { FilesApi, Tree } from "../api.js";
import type { Row } from "../listing/rows.js";
import { shown } from "../names.js";
import { Failure } from "./Dialog.js";

/** What failed: the first of them, and how many there were. */
interface Failed {
  name: string;
  error: unknown;
  count: number;
}

/** What the hook needs. */
interface Options {
  api: FilesApi;
  rows: readonly Row[];
  /** What is done with one; a tree with errors in it counts as failed. */
  operation(row: Row, signal: AbortSignal): Promise<Tree | void>;
  /** What the log says of so many. */
  text(done: number): string;
  onClose(): void;
  /** Something may have changed. */
  onChanged(): void;
}

/** Runs an operation for each of several entries, and closes the dialog when all went well. */
export function useEach({ api, rows, operation, text, onClose, onChanged }: Options) {
  const t = useStrings();
  const log = useLog();
  const [at, setAt] = useState<number | null>(null);
  const [failed, setFailed] = useState<Failed | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const start = async () => {
    const { signal } = (running.current = new AbortController());
    setFailed(null);
    let done = 0;
    let wrong: Failed | null = null;
    const fail = (name: string, error: unknown, count: number) => {
      wrong = wrong ? { ...wrong, count: wrong.count + count } : { name, error, count };
    };
    for (const [place, row] of rows.entries()) {
      if (signal.aborted) break;
      setAt(place);
      try {
        const tree = await operation(row, signal);
        const first = tree?.errors[0];
        if (tree && first) fail(first.path, new ApiError(200, first.detail, first.code), tree.error_count);
        else done += 1;
      } catch (error) {
        if (signal.aborted) break;
        fail(row.entry.name, error, 1);
        // Without a server the others would only fail alike.
        if (error instanceof ApiError && error.isAway) break;
      }
    }
    const { sessionId } = api;
    const problem = wrong as Failed | null;
    onChanged();
    if (done > 0) log.done(text(done), { sessionId });
    if (problem) log.failed(t.files.notDone.some(problem.count, rows.length), problem.error, { sessionId, quiet: true });
    if (signal.aborted) return;
    setAt(null);
    if (problem) setFailed(problem);
    else onClose();
  };
  return { start: () => void start(), busy: at !== null, at, failed, rows };
}

/** How far it is, and what failed. */
export function EachState({ each: { at, failed, rows }, label }: { each: ReturnType<typeof useEach>; label: string }) {
  const t = useStrings();
  return (
    <>
      {failed && (
        <Failure
          title={`${shown(failed.name)}: ${t.files.notDone.some(failed.count, Math.max(rows.length, failed.count))}`}
          error={failed.error}
        />
      )}
      {at !== null && rows.length > 1 && (
        <div role="status">
          <Progress value={(at / rows.length) * 100} striped animated aria-label={label} />
          <Text size="xs" c="dimmed" mt={4}>{t.files.progress(at, rows.length)}</Text>
        </div>
      )}
    </>
  );
}

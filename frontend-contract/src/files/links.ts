// Where links lead: what the list shows of it, and what opening a row does.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef } from "react";
import { ApiError } from "../client/error.js";
import { keys } from "../hooks/keys.js";
import { useLog } from "../hooks/log.js";
import { useStrings } from "../hooks/strings.js";
import type { FilesApi } from "./api.js";
import type { Row } from "./listing/rows.js";
import type { Listing } from "./listing/store.js";
import { shown } from "./names.js";

/** What a link leads to. */
export type Linked = "directory" | "other" | "broken";

/** What a link leads to; asked only for links that are on the screen. */
export function useLinked(api: FilesApi, row: Row): Linked | null {
  const path = row.entry.path;
  const { data } = useQuery({
    queryKey: keys.session(api.sessionId, "link", path),
    queryFn: async ({ signal }): Promise<Linked> => {
      try {
        return (await api.stat(path as string, true, signal)).type === "directory" ? "directory" : "other";
      } catch (error) {
        if (error instanceof ApiError && error.code === "not_found") return "broken";
        throw error;
      }
    },
    enabled: row.entry.type === "symlink" && path !== undefined,
    staleTime: 30_000,
    retry: false,
  });
  return data ?? null;
}

/** Has links looked at anew when their folder was: what they lead to may be new, or gone. */
export function useFreshLinks(api: FilesApi, { complete, updatedAt }: Listing): void {
  const queries = useQueryClient();
  useEffect(() => {
    if (!complete) return;
    void queries.invalidateQueries({ queryKey: keys.session(api.sessionId, "link") }, { cancelRefetch: false });
  }, [api, complete, queries, updatedAt]);
}

/** Opens a row: a folder is entered, also by a link, and the rest is shown. */
export function useOpening(
  api: FilesApi,
  directory: string | null,
  { onEnter, onShow }: { onEnter(path: string): void; onShow(row: Row): void },
): (row: Row) => void {
  const t = useStrings();
  const log = useLog();
  const latest = useRef({ directory, onEnter, onShow, log, t });
  useEffect(() => {
    latest.current = { directory, onEnter, onShow, log, t };
  });
  return useCallback((row: Row) => {
    const { type, path, name } = row.entry;
    const begun = latest.current;
    const { sessionId } = api;
    if (path === undefined) begun.log.note(begun.t.files.unaddressable, { sessionId });
    else if (type === "directory") begun.onEnter(path);
    else if (type !== "symlink") begun.onShow(row);
    else {
      api.stat(path, true).then(
        (target) => {
          // The person may be elsewhere by now.
          const now = latest.current;
          if (now.directory !== begun.directory) return;
          if (target.type === "directory") now.onEnter(path);
          else now.onShow(row);
        },
        (error: unknown) => latest.current.log.failed(begun.t.files.notDone.open(shown(name)), error, { sessionId }),
      );
    }
  }, [api]);
}

// The caller's sessions and the one chosen, kept fresh, with the age of what is shown.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ok } from "../client/client.js";
import type { Session } from "../client/models.js";
import { keys } from "./keys.js";
import { useClient } from "./server.js";

/** How often the list is asked for: a session of another tab appears within this time. */
const REFRESH = 10_000;
/** While the server is away: soon enough that nobody reloads the page by hand. */
const REFRESH_AWAY = 3_000;
/** How long an answer may take. */
const PATIENCE = 10_000;

/** The sessions, in the order they were opened. Asking does not count as using them. */
export function useSessions() {
  const client = useClient();
  return useQuery({
    queryKey: keys.sessions,
    queryFn: async ({ signal }) => {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]);
      return (await ok(client.http.GET("/connections", { signal: limit }))).sessions;
    },
    refetchInterval: (query) => (query.state.status === "error" ? REFRESH_AWAY : REFRESH),
    refetchOnWindowFocus: "always",
  });
}

/** Milliseconds a session still has, by the clock of this page; never negative. */
export function remainingMs(session: Session, receivedAt: number, now: number): number {
  return Math.max(0, session.time_remaining_seconds * 1000 - Math.max(0, now - receivedAt));
}

/** Counts as using a session, so that it starts its time anew. */
export function useKeepAlive() {
  const client = useClient();
  const queries = useQueryClient();
  return useMutation({
    // Any request of a session counts; this one asks the remote machine for nothing.
    mutationFn: (id: string) =>
      ok(client.http.GET("/connections/{session_id}/capabilities", {
        params: { path: { session_id: id } },
        signal: AbortSignal.timeout(PATIENCE),
      })),
    onSettled: () => queries.invalidateQueries({ queryKey: keys.sessions }),
  });
}

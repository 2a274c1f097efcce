// The caller's sessions and the one chosen, kept fresh, with the age of what is shown.

import { useQuery } from "@tanstack/react-query";
import { ok } from "../client/client.js";
import type { Session } from "../client/models.js";
import { keys } from "./keys.js";
import { useStanding } from "./presence.js";
import { useClient } from "./server.js";

/** How often the list is asked for: a session of another tab appears within this time. */
const REFRESH = 10_000;
/** How long an answer may take. */
const PATIENCE = 10_000;

/** The sessions, in the order they were opened. Asking does not count as using them. */
export function useSessions() {
  const client = useClient();
  const away = useStanding().kind === "away";
  return useQuery({
    queryKey: keys.sessions,
    queryFn: async ({ signal }) => {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]);
      return (await ok(client.http.GET("/connections", { signal: limit }))).sessions;
    },
    // While the server is away others look for it, and have everything asked for when it is back.
    refetchInterval: away ? false : REFRESH,
    refetchOnWindowFocus: "always",
  });
}

/** Milliseconds a session still has, by the clock of this page; never negative. */
export function remainingMs(session: Session, receivedAt: number, now: number): number {
  return Math.max(0, session.time_remaining_seconds * 1000 - Math.max(0, now - receivedAt));
}

/** A session that has less left is about to expire. */
const SOON = 5 * 60_000;

/** Milliseconds a session lives unused: the server tells both ends of it. */
export function lifetimeMs(session: Session): number {
  const told = Date.parse(session.expires_at) - Date.parse(session.last_activity);
  return Math.max(told || 0, session.time_remaining_seconds * 1000, 1000);
}

/** Whether a session with so much left is about to expire; short-lived ones only near their end. */
export function expiresSoon(session: Session, remaining: number): boolean {
  return remaining < Math.min(SOON, lifetimeMs(session) / 3);
}

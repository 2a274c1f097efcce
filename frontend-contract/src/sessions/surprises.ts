// Notices what happened to sessions without anybody here doing it: one is gone, or its
// connection was lost.

import { useEffect, useRef } from "react";
import type { Session } from "../client/models.js";
import { useLog } from "../hooks/log.js";
import { useStrings } from "../hooks/strings.js";
import { useLeaving } from "./leaving.js";
import { nameOf } from "./names.js";

/** Compares each list with the one before. */
export function useSurprises(sessions: readonly Session[] | undefined): void {
  const t = useStrings();
  const log = useLog();
  const leaving = useLeaving();
  const before = useRef<readonly Session[]>(undefined);
  useEffect(() => {
    if (!sessions || sessions === before.current) return;
    const now = new Map(sessions.map((session) => [session.session_id, session]));
    for (const old of before.current ?? []) {
      const current = now.get(old.session_id);
      const options = { sessionId: old.session_id };
      if (!current) {
        if (!leaving.closed(old.session_id)) log.note(t.sessions.vanished(nameOf(old)), options);
      } else if (old.is_active && !current.is_active) {
        log.failed(t.sessions.lost(nameOf(old)), t.sessions.lostAdvice, options);
      }
    }
    before.current = sessions;
  }, [sessions, leaving, log, t]);
}

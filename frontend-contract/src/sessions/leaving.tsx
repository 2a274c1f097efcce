// Disconnecting with a moment to think better of it: the session is closed when the moment is
// over. A page or a component that goes away closes at once what was about to be closed.

import { useQueryClient } from "@tanstack/react-query";
import {
  createContext, useCallback, useContext, useEffect, useMemo, useRef, useState, type ReactNode,
} from "react";
import { ok } from "../client/client.js";
import { ApiError } from "../client/error.js";
import type { Session } from "../client/models.js";
import { keys } from "../hooks/keys.js";
import { useLocation } from "../hooks/location.js";
import { useLog } from "../hooks/log.js";
import { useClient } from "../hooks/server.js";
import { useStrings } from "../hooks/strings.js";
import { nameOf } from "./names.js";

/** Time to think better of it. */
export const GRACE = 8_000;

/** Sessions about to be disconnected. */
export interface Leaving {
  /** When each is disconnected, in milliseconds since the epoch, by its id; null while it is. */
  deadlines: ReadonlyMap<string, number | null>;
  disconnect(session: Session): void;
  undo(session: Session): void;
  /** Whether this page closed the session: its end is then no surprise. */
  closed(id: string): boolean;
}

const Context = createContext<Leaving | null>(null);

/** The sessions about to be disconnected. Only below a {@link LeavingProvider}. */
export function useLeaving(): Leaving {
  const leaving = useContext(Context);
  if (!leaving) throw new Error("useLeaving needs a LeavingProvider above it");
  return leaving;
}

/** Disconnects sessions when their time is over. */
export function LeavingProvider({ children }: { children: ReactNode }) {
  const t = useStrings();
  const client = useClient();
  const queries = useQueryClient();
  const log = useLog();
  const { go } = useLocation();
  const [deadlines, setDeadlines] = useState<ReadonlyMap<string, number | null>>(new Map());
  const timers = useRef(new Map<string, ReturnType<typeof setTimeout>>());
  const closedHere = useRef(new Set<string>());

  const forget = useCallback((id: string) => {
    clearTimeout(timers.current.get(id));
    timers.current.delete(id);
    setDeadlines((old) => new Map([...old].filter(([each]) => each !== id)));
  }, []);

  const close = useCallback(async (session: Session) => {
    const id = session.session_id;
    const name = nameOf(session);
    // What is on its way to the server cannot be undone.
    closedHere.current.add(id);
    timers.current.delete(id);
    setDeadlines((old) => new Map(old).set(id, null));
    try {
      await ok(client.http.DELETE("/connections/{session_id}", { params: { path: { session_id: id } }, keepalive: true }));
      log.done(t.sessions.disconnected(name), { sessionId: id, quiet: true });
    } catch (error) {
      // Gone already is what was wanted.
      if (!(error instanceof ApiError && error.status === 404)) {
        closedHere.current.delete(id);
        log.failed(t.sessions.disconnectFailed(name), error, { sessionId: id });
        forget(id);
        return;
      }
    }
    go({ sessionId: null }, { ifSession: id, replace: true });
    await queries.invalidateQueries({ queryKey: keys.sessions });
    queries.removeQueries({ queryKey: keys.session(id) });
    forget(id);
  }, [client, forget, go, log, queries, t]);

  // The timer runs what is current when it fires.
  const latest = useRef(close);
  useEffect(() => {
    latest.current = close;
  }, [close]);

  const disconnect = useCallback((session: Session) => {
    const id = session.session_id;
    if (timers.current.has(id) || closedHere.current.has(id)) return;
    timers.current.set(id, setTimeout(() => void latest.current(session), GRACE));
    setDeadlines((old) => new Map(old).set(id, Date.now() + GRACE));
  }, []);

  const undo = useCallback((session: Session) => {
    forget(session.session_id);
    log.note(t.sessions.stays(nameOf(session)), { sessionId: session.session_id, quiet: true });
  }, [forget, log, t]);

  useEffect(() => {
    const pending = timers.current;
    const leave = () => {
      for (const [id, timer] of pending) {
        clearTimeout(timer);
        void fetch(client.url(`/connections/${encodeURIComponent(id)}`), {
          method: "DELETE", keepalive: true, headers: client.authorization(),
        }).catch(() => undefined);
      }
      pending.clear();
    };
    window.addEventListener("pagehide", leave);
    return () => {
      window.removeEventListener("pagehide", leave);
      leave();
    };
  }, [client]);

  const leaving = useMemo<Leaving>(() => ({
    deadlines, disconnect, undo, closed: (id) => closedHere.current.has(id),
  }), [deadlines, disconnect, undo]);
  return <Context value={leaving}>{children}</Context>;
}

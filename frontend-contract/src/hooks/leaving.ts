// Work that would be lost: a word of warning before the page is left, and what shows it stays on
// the screen though its session is gone or the person went elsewhere.

import { createContext, useContext, useEffect } from "react";

/** Keeps the view of a session on the screen; null lets it go. Nothing is kept without a parent. */
export const HoldContext = createContext<(sessionId: string | null) => void>(() => undefined);

/** Has the browser ask before the page is left, while something is `busy`. */
export function useLeaveWarning(busy: boolean): void {
  useEffect(() => {
    if (!busy) return undefined;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [busy]);
}

/** Keeps what somebody typed in a session, and nowhere else, from being lost with a view or the page. */
export function useUnsaved(sessionId: string, unsaved: boolean): void {
  const hold = useContext(HoldContext);
  useLeaveWarning(unsaved);
  useEffect(() => {
    if (!unsaved) return undefined;
    hold(sessionId);
    return () => hold(null);
  }, [hold, sessionId, unsaved]);
}

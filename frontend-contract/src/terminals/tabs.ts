// Which terminals have a tab, and which were looked at.

import { useEffect, useMemo, useState } from "react";
import type { TerminalInfo } from "../client/models.js";

const NONE: readonly TerminalInfo[] = [];

/** The terminals of the list, and those that vanished from it while they were shown: their last screen stays. */
export function useKept(listed: readonly TerminalInfo[] = NONE) {
  const [before, setBefore] = useState(listed);
  const [kept, setKept] = useState(NONE);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  // Not in an effect: what is without its tab for a moment has lost its screen.
  if (listed !== before) {
    const there = new Set(listed.map(({ terminal_id }) => terminal_id));
    const vanished = before.filter(({ terminal_id }) => !there.has(terminal_id) && !closed.has(terminal_id));
    setBefore(listed);
    setKept([
      ...kept.filter(({ terminal_id }) => !there.has(terminal_id)),
      ...vanished.map((each) => ({ ...each, running: false })),
    ]);
  }
  return {
    terminals: useMemo(() => [...listed, ...kept], [listed, kept]),
    /** Forgets one that was closed here. */
    forget: (id: string) => {
      setClosed((old) => new Set([...old, id]));
      setKept((old) => old.filter(({ terminal_id }) => terminal_id !== id));
    },
  };
}

/** Everything that was ever `id`. */
export function useVisited(id: string | null): ReadonlySet<string> {
  const [visited, setVisited] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    if (id !== null) setVisited((old) => (old.has(id) ? old : new Set([...old, id])));
  }, [id]);
  return visited;
}

// What is being dragged out of a tab, for the parts of the page around it that can take it. The
// tab says what it is and what happens; where it is dropped knows nothing of it.

import { useSyncExternalStore } from "react";
import type { Session } from "../client/models.js";

/** Something being dragged. */
export interface Dragged {
  /** The session it comes from. */
  sessionId: string;
  /** Told of the session it was dropped on. */
  toSession(session: Session): void;
}

let current: Dragged | null = null;
const listeners = new Set<() => void>();

/** Says what is being dragged now; null when nothing is any more. */
export function setDragged(dragged: Dragged | null): void {
  if (dragged === current) return;
  current = dragged;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What is being dragged now. */
export function useDragged(): Dragged | null {
  return useSyncExternalStore(subscribe, () => current);
}

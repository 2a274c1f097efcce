// Whether the address is that of a shared terminal, which is shown instead of the sessions.

import { useSyncExternalStore } from "react";
import { sharedToken } from "../terminals/link.js";

function subscribe(listener: () => void): () => void {
  window.addEventListener("hashchange", listener);
  window.addEventListener("popstate", listener);
  return () => {
    window.removeEventListener("hashchange", listener);
    window.removeEventListener("popstate", listener);
  };
}

/** The token of the shared terminal, null for the page as usual. */
export function useSharedToken(): string | null {
  return useSyncExternalStore(subscribe, () => sharedToken(window.location.hash));
}

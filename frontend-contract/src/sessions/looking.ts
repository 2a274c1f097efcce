// A session that a link leads to may be newer than the list of sessions.

import { useEffect, useState } from "react";
import type { useSessions } from "../hooks/sessions.js";

/**
 * Asks for the sessions once more when `wanted` is not among them; whether that answer is still
 * to come. What was listed a moment ago is no longer there, and is not looked for.
 */
export function useLookFor(wanted: string | null, query: ReturnType<typeof useSessions>, wasListed: boolean): boolean {
  const { data, refetch } = query;
  const [looked, setLooked] = useState<string | null>(null);
  const missing = wanted !== null && !wasListed && data !== undefined && !data.some((each) => each.session_id === wanted);
  const looking = missing && looked !== wanted;
  useEffect(() => {
    if (!looking) return undefined;
    let over = false;
    void refetch().then(() => {
      if (!over) setLooked(wanted);
    });
    return () => void (over = true);
  }, [looking, wanted, refetch]);
  return looking;
}

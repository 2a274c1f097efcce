// Keeping a session alive, and telling how it went.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ok } from "../client/client.js";
import type { Session } from "../client/models.js";
import { keys } from "../hooks/keys.js";
import { useLog } from "../hooks/log.js";
import { useClient } from "../hooks/server.js";
import { useStrings } from "../hooks/strings.js";
import { nameOf } from "./names.js";

/** How long an answer may take. */
const PATIENCE = 10_000;

/** Counts as using a session, so that it starts its time anew; `now` is the id of the one this is done for. */
export function useKeeping(): { keep(session: Session): void; now: string | null } {
  const t = useStrings();
  const client = useClient();
  const queries = useQueryClient();
  const log = useLog();
  const { mutate, isPending, variables } = useMutation({
    // Any request of a session counts; this one asks the remote machine for nothing.
    mutationFn: (session: Session) => ok(client.http.GET("/connections/{session_id}/capabilities", {
      params: { path: { session_id: session.session_id } }, signal: AbortSignal.timeout(PATIENCE),
    })),
    onSuccess: (_, session) => log.done(t.sessions.keptAlive(nameOf(session)), { sessionId: session.session_id }),
    onError: (error, session) => log.failed(t.sessions.keepFailed(nameOf(session)), error, { sessionId: session.session_id }),
    // What the card counts down from is what the server says afterwards.
    onSettled: () => queries.invalidateQueries({ queryKey: keys.sessions }),
  });
  return { keep: mutate, now: isPending ? variables.session_id : null };
}

// Keeping a session alive, and telling how it went.

import type { Session } from "../client/models.js";
import { useLog } from "../hooks/log.js";
import { useKeepAlive } from "../hooks/sessions.js";
import { useStrings } from "../hooks/strings.js";
import { nameOf } from "./names.js";

/** Keeps sessions alive; `now` is the id of the one this is being done for. */
export function useKeeping(): { keep(session: Session): void; now: string | null } {
  const t = useStrings();
  const log = useLog();
  const keepAlive = useKeepAlive();
  return {
    keep(session) {
      const options = { sessionId: session.session_id };
      keepAlive.mutate(session.session_id, {
        onSuccess: () => log.done(t.sessions.keptAlive(nameOf(session)), options),
        onError: (error) => log.failed(t.sessions.keepFailed(nameOf(session)), error, options),
      });
    },
    now: keepAlive.isPending ? keepAlive.variables : null,
  };
}

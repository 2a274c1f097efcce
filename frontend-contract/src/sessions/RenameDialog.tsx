// Gives a session another name.

import { useQueryClient } from "@tanstack/react-query";
import { ok } from "../client/client.js";
import type { Session } from "../client/models.js";
import { keys } from "../hooks/keys.js";
import { useLog } from "../hooks/log.js";
import { useClient } from "../hooks/server.js";
import { useStrings } from "../hooks/strings.js";
import { nameOf } from "./names.js";
import { NewName } from "./NewName.js";

/** Most characters the server takes. */
const LONGEST = 200;

/** The dialog. */
export function RenameDialog({ session, onClose }: { session: Session; onClose(): void }) {
  const t = useStrings();
  const client = useClient();
  const queries = useQueryClient();
  const log = useLog();
  const { session_id: sessionId } = session;
  const rename = async (sessionName: string) => {
    const renamed = await ok(client.http.PATCH("/connections/{session_id}", {
      params: { path: { session_id: sessionId } }, body: { sessionName },
    }));
    log.done(t.sessions.renamed(nameOf(renamed)), { sessionId, quiet: true });
    await queries.invalidateQueries({ queryKey: keys.sessions });
  };
  return (
    <NewName
      title={t.sessions.renameTitle} name={nameOf(session)} longest={LONGEST} failed={t.sessions.renameFailed}
      onClose={onClose} onRename={rename}
    />
  );
}

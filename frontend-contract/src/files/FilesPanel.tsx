// The file browser of a session.

import { useMemo } from "react";
import { useClient } from "../hooks/server.js";
import type { PanelProps } from "../sessions/panels.js";
import { FilesApi } from "./api.js";
import { Browser } from "./Browser.js";

/** The files of a session. */
export default function FilesPanel({ session, visible }: PanelProps) {
  const client = useClient();
  const api = useMemo(() => new FilesApi(client, session.session_id), [client, session.session_id]);
  return <Browser key={session.session_id} api={api} session={session} visible={visible} />;
}

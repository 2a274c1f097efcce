// The file browser of a session.

import { useStrings } from "../hooks/strings.js";
import type { PanelProps } from "../sessions/panels.js";

/** The files of a session. */
export default function FilesPanel({ session }: PanelProps) {
  const t = useStrings();
  return <div>{t.files.placeholder} {session.session_name}</div>;
}

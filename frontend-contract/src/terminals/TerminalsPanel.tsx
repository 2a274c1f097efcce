// The terminals of a session, in tabs.

import { useStrings } from "../hooks/strings.js";
import type { PanelProps } from "../sessions/panels.js";

/** The terminals of a session. */
export default function TerminalsPanel({ session }: PanelProps) {
  const t = useStrings();
  return <div>{t.terminals.placeholder} {session.session_name}</div>;
}

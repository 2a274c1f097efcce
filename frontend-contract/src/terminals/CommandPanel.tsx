// One-shot commands of a session.

import { useStrings } from "../hooks/strings.js";
import type { PanelProps } from "../sessions/panels.js";

/** Runs a command and shows what it said. */
export default function CommandPanel({ session }: PanelProps) {
  const t = useStrings();
  return <div>{t.commands.placeholder} {session.session_name}</div>;
}

// What a session is called on the screen.

import type { Session } from "../client/models.js";

/** Its name; where it has none, the account and the host. */
export function nameOf(session: Session): string {
  return session.session_name?.trim() || `${session.username}@${session.host}`;
}

/** Where it leads: `ann@host:2222`, the port only when it is not the usual one. */
export function addressOf(session: Session): string {
  const usual = session.type === "ssh" ? 22 : 21;
  const host = session.host.includes(":") ? `[${session.host}]` : session.host;
  return `${session.username}@${host}${session.port === usual ? "" : `:${session.port}`}`;
}

// What ends when nothing shows a server any more: transfers and commands are kept beside the
// components, so that another tab or session does not end them, but not longer than all of those.

import type { Client } from "../client/client.js";

const endings = new WeakMap<Client, Set<() => void>>();

/** Has `end` called when the last component of the server goes. It may be called more than once. */
export function atEndOf(client: Client, end: () => void): void {
  let all = endings.get(client);
  if (!all) endings.set(client, (all = new Set()));
  all.add(end);
}

/** Ends what goes on with the server. */
export function endAllOf(client: Client): void {
  for (const end of endings.get(client) ?? []) end();
}

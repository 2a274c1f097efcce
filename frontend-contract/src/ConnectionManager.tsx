// The component a React team puts into its own page.

import { Providers, type ConnectionManagerProps } from "./Providers.js";
import { Manager } from "./sessions/Manager.js";

export type { ConnectionManagerProps } from "./Providers.js";

/** Sessions of a connection-manager server, their files, terminals and commands. */
export function ConnectionManager(props: ConnectionManagerProps) {
  return (
    <Providers {...props}>
      <Manager />
    </Providers>
  );
}

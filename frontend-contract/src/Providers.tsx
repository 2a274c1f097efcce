// Everything the component and the page need around them.

import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { useMemo, type ReactNode } from "react";
import { CallbacksContext, type Callbacks } from "./hooks/callbacks.js";
import { LocationProvider } from "./hooks/location.js";
import { LogProvider } from "./hooks/log.js";
import { ServerProvider } from "./hooks/server.js";
import { StringsContext } from "./hooks/strings.js";
import { RecordingsProvider } from "./recordings/opening.js";
import { en, type Strings } from "./strings.js";
import { readable, theme } from "./theme.js";

/** How the component is set up. */
export interface ConnectionManagerProps extends Callbacks {
  /** Address of the server; that of the page itself by default. */
  baseUrl?: string;
  /**
   * Keeps the session, its tab and path in the hash of the page's address
   * [default: false; the page of the server says true].
   */
  deepLinks?: boolean;
  /** The words, for a language other than English. */
  strings?: Strings;
  /** Light, dark, or as the system says [default: auto]. */
  colorScheme?: "light" | "dark" | "auto";
}

/** Puts everything around `children`. */
export function Providers(props: ConnectionManagerProps & { children: ReactNode }) {
  const { onFileDownloaded, onCommandOutput } = props;
  const callbacks = useMemo(
    () => ({ onFileDownloaded, onCommandOutput }),
    [onFileDownloaded, onCommandOutput],
  );
  return (
    <MantineProvider theme={theme} cssVariablesResolver={readable} defaultColorScheme={props.colorScheme ?? "auto"}>
      <Notifications position="bottom-right" limit={4} />
      <StringsContext value={props.strings ?? en}>
        <CallbacksContext value={callbacks}>
          <LogProvider>
            <ServerProvider baseUrl={props.baseUrl}>
              <LocationProvider deepLinks={props.deepLinks ?? false}>
                <RecordingsProvider>{props.children}</RecordingsProvider>
              </LocationProvider>
            </ServerProvider>
          </LogProvider>
        </CallbacksContext>
      </StringsContext>
    </MantineProvider>
  );
}

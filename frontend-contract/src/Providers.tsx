// Everything the component and the page need around them.

import { useMemo, useState, type ReactNode } from "react";
import { CallbacksContext, type Callbacks } from "./hooks/callbacks.js";
import { LocationProvider } from "./hooks/location.js";
import { LogProvider } from "./hooks/log.js";
import { createNotices, NoticesContext } from "./hooks/notices.js";
import { ServerProvider } from "./hooks/server.js";
import { StringsContext } from "./hooks/strings.js";
import { Look } from "./Look.js";
import { RecordingsProvider } from "./recordings/opening.js";
import { en, type Strings } from "./strings.js";

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

/** What {@link Providers} is given. */
interface Props extends ConnectionManagerProps {
  /** Whether the page is this component's own, which then remembers the colour scheme for it. */
  wholePage?: boolean;
  children: ReactNode;
}

/** Puts everything around `children`. */
export function Providers(props: Props) {
  const { onFileDownloaded, onCommandOutput } = props;
  const callbacks = useMemo(
    () => ({ onFileDownloaded, onCommandOutput }),
    [onFileDownloaded, onCommandOutput],
  );
  // One of its own: the page around may show notices of its own with the same library.
  const [notices] = useState(createNotices);
  return (
    <StringsContext value={props.strings ?? en}>
      <NoticesContext value={notices}>
        <Look colorScheme={props.colorScheme ?? "auto"} wholePage={props.wholePage ?? false}>
          <CallbacksContext value={callbacks}>
            <LogProvider>
              <ServerProvider baseUrl={props.baseUrl}>
                <LocationProvider deepLinks={props.deepLinks ?? false}>
                  <RecordingsProvider>{props.children}</RecordingsProvider>
                </LocationProvider>
              </ServerProvider>
            </LogProvider>
          </CallbacksContext>
        </Look>
      </NoticesContext>
    </StringsContext>
  );
}

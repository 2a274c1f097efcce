// The recordings belong to no session, so they are shown over whatever is on the screen, from
// everywhere in the page. This is the way there; the rest is loaded when it is first wanted.

import { createContext, lazy, Suspense, useContext, useMemo, useState, type ReactNode } from "react";
import { Boundary } from "../sessions/Boundary.js";

const RecordingsDialog = lazy(() => import("./RecordingsDialog.js"));

const Context = createContext<() => void>(() => undefined);

/** Shows the recordings. */
export function useShowRecordings(): () => void {
  return useContext(Context);
}

/** Shows the recordings over its children when one of them asks. */
export function RecordingsProvider({ children }: { children: ReactNode }) {
  const [opened, setOpened] = useState(false);
  const open = useMemo(() => () => setOpened(true), []);
  return (
    <Context value={open}>
      {children}
      {opened && (
        <Boundary>
          <Suspense>
            <RecordingsDialog onClose={() => setOpened(false)} />
          </Suspense>
        </Boundary>
      )}
    </Context>
  );
}

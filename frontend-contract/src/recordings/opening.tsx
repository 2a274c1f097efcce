// The recordings belong to no session, so they are shown over whatever is on the screen, from
// everywhere in the page. This is the way there; the rest is loaded when it is first wanted.

import { LoadingOverlay } from "@mantine/core";
import { createContext, useContext, useMemo, useState, type ReactNode } from "react";
import { useStrings } from "../hooks/strings.js";
import { Boundary } from "../sessions/Boundary.js";
import { later } from "../sessions/later.js";

const RecordingsDialog = later(() => import("./RecordingsDialog.js"), function Waiting() {
  const t = useStrings();
  return <LoadingOverlay visible pos="fixed" loaderProps={{ size: "sm", role: "status", "aria-label": t.common.loading }} />;
});

const Context = createContext<() => void>(() => undefined);

/** Shows the recordings. */
export function useShowRecordings(): () => void {
  return useContext(Context);
}

/** Shows the recordings over its children when one of them asks. */
export function RecordingsProvider({ children }: { children: ReactNode }) {
  const [opened, setOpened] = useState(false);
  const open = useMemo(() => () => setOpened(true), []);
  const close = () => setOpened(false);
  return (
    <Context value={open}>
      {children}
      {opened && <Boundary onClose={close}><RecordingsDialog onClose={close} /></Boundary>}
    </Context>
  );
}

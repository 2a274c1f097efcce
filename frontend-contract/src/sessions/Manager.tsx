// The sessions on one side, the chosen one on the other; on a narrow screen one at a time.

import { Button } from "@mantine/core";
import { IconPlugConnected } from "@tabler/icons-react";
import { useState } from "react";
import type { Session } from "../client/models.js";
import { HoldContext } from "../hooks/leaving.js";
import { useLocation } from "../hooks/location.js";
import { useStanding } from "../hooks/presence.js";
import { useSessions } from "../hooks/sessions.js";
import { useStrings } from "../hooks/strings.js";
import { useShowRecordings } from "../recordings/opening.js";
import { ConnectDialog } from "./connect/ConnectDialog.js";
import { EMPTY, formOf, type Form } from "./connect/form.js";
import { useExpiryWarning, useGone, useLookAtTheEnd } from "./expiring.js";
import { Loading } from "./later.js";
import { LeavingProvider } from "./leaving.js";
import { useLookFor } from "./looking.js";
import classes from "./Manager.module.css";
import { nameOf } from "./names.js";
import { Nothing } from "./Nothing.js";
import { OfflineBanner } from "./OfflineBanner.js";
import { SessionList } from "./SessionList.js";
import { SessionView } from "./SessionView.js";
import { TokenDialog } from "./TokenDialog.js";
import { useSurprises } from "./surprises.js";

/** The manager without anything around it. */
export function Manager() {
  return (
    <LeavingProvider>
      <Panes />
    </LeavingProvider>
  );
}

function Panes() {
  const t = useStrings();
  const query = useSessions();
  const { sessionId, go } = useLocation();
  const [connecting, setConnecting] = useState<Form | null>(null);
  const [held, hold] = useState<string | null>(null);
  const showRecordings = useShowRecordings();
  useSurprises(query.data);
  const shownId = held ?? sessionId;
  const chosen = query.data?.find((session) => session.session_id === shownId);
  const gone = useGone(shownId, query);
  const view = chosen ?? (held !== null && gone ? { ...gone.session, is_active: false } : undefined);
  const looking = useLookFor(sessionId, query, gone !== null);
  useLookAtTheEnd(query);
  useExpiryWarning(chosen, query, useStanding().kind === "here");
  const connect = (again?: Session) => setConnecting(again ? formOf(again) : EMPTY);

  return (
    <div className={classes["manager"]}>
      <OfflineBanner query={query} />
      <div className={classes["panes"]} data-view={sessionId === null ? "list" : "session"}>
        <nav className={classes["list"]} aria-label={t.sessions.title}>
          <SessionList query={query} onConnect={() => connect()} />
        </nav>
        <section className={classes["session"]} aria-label={t.sessions.one}>
          {view && (
            <HoldContext value={hold}>
              <SessionView key={view.session_id} session={view} here={view.session_id === sessionId} onReconnect={() => connect(view)} />
            </HoldContext>
          )}
          {looking && <Loading />}
          {!view && !looking && sessionId !== null && query.data && (
            <Nothing
              icon={IconPlugConnected}
              order={2}
              title={gone?.expired ? t.sessions.over.title(nameOf(gone.session)) : t.sessions.gone.title}
              text={gone?.expired ? t.sessions.over.text : t.sessions.gone.text}
            >
              <Button onClick={() => connect(gone?.session)}>
                {gone ? t.sessions.reconnect : t.sessions.connect}
              </Button>
              <Button variant="default" onClick={() => go({ sessionId: null })}>{t.sessions.back}</Button>
            </Nothing>
          )}
          {shownId === null && query.data && query.data.length > 0 && (
            <Nothing icon={IconPlugConnected} order={2} title={t.sessions.none.title} text={t.sessions.none.text}>
              <Button variant="default" onClick={showRecordings}>{t.recordings.title}</Button>
            </Nothing>
          )}
          {shownId === null && query.data?.length === 0 && (
            <Nothing icon={IconPlugConnected} order={2} title={t.sessions.empty.title} text={t.sessions.empty.text}>
              <Button onClick={() => connect()}>{t.sessions.connect}</Button>
              <Button variant="default" onClick={showRecordings}>{t.recordings.title}</Button>
            </Nothing>
          )}
        </section>
      </div>
      {connecting && <ConnectDialog initial={connecting} onClose={() => setConnecting(null)} />}
      <TokenDialog />
    </div>
  );
}

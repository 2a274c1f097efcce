// The sessions on one side, the chosen one on the other; on a narrow screen one at a time.

import { Button, Center, Loader, Stack, Text, Title } from "@mantine/core";
import { IconPlugConnected } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import type { Session } from "../client/models.js";
import { useLocation } from "../hooks/location.js";
import { useStanding } from "../hooks/presence.js";
import { useSessions } from "../hooks/sessions.js";
import { useStrings } from "../hooks/strings.js";
import { useShowRecordings } from "../recordings/opening.js";
import { ConnectDialog } from "./connect/ConnectDialog.js";
import { formOf, type Form } from "./connect/form.js";
import { useExpiryWarning, useGone, useLookAtTheEnd } from "./expiring.js";
import { LeavingProvider } from "./leaving.js";
import { useLookFor } from "./looking.js";
import classes from "./Manager.module.css";
import { nameOf } from "./names.js";
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
  const [dialog, setDialog] = useState<{ opened: boolean; initial: Form | null }>({ opened: false, initial: null });
  const showRecordings = useShowRecordings();
  useSurprises(query.data);
  const chosen = query.data?.find((session) => session.session_id === sessionId);
  const gone = useGone(sessionId, query);
  const looking = useLookFor(sessionId, query, gone !== null);
  useLookAtTheEnd(query);
  useExpiryWarning(chosen, query, useStanding().kind === "here");
  const connect = (again?: Session) => setDialog({ opened: true, initial: again ? formOf(again) : null });

  return (
    <div className={classes["manager"]}>
      <OfflineBanner query={query} />
      <div className={classes["panes"]} data-view={sessionId === null ? "list" : "session"}>
        <nav className={classes["list"]} aria-label={t.sessions.title}>
          <SessionList query={query} onConnect={() => connect()} />
        </nav>
        <section className={classes["session"]} aria-label={t.sessions.one}>
          {chosen && (
            <SessionView key={chosen.session_id} session={chosen} onReconnect={() => connect(chosen)} />
          )}
          {looking && <Center p="xl"><Loader size="sm" role="status" aria-label={t.common.loading} /></Center>}
          {!chosen && !looking && sessionId !== null && query.data && (
            <Nothing
              title={gone?.expired ? t.sessions.over.title(nameOf(gone.session)) : t.sessions.gone.title}
              text={gone?.expired ? t.sessions.over.text : t.sessions.gone.text}
            >
              <Button onClick={() => connect(gone?.session)}>
                {gone ? t.sessions.reconnect : t.sessions.connect}
              </Button>
              <Button variant="default" onClick={() => go({ sessionId: null })}>{t.sessions.back}</Button>
            </Nothing>
          )}
          {sessionId === null && query.data && query.data.length > 0 && (
            <Nothing title={t.sessions.none.title} text={t.sessions.none.text}>
              <Button variant="default" onClick={showRecordings}>{t.recordings.title}</Button>
            </Nothing>
          )}
          {sessionId === null && query.data?.length === 0 && (
            <Nothing title={t.sessions.empty.title} text={t.sessions.empty.text}>
              <Button onClick={() => connect()}>{t.sessions.connect}</Button>
              <Button variant="default" onClick={showRecordings}>{t.recordings.title}</Button>
            </Nothing>
          )}
        </section>
      </div>
      <ConnectDialog {...dialog} onClose={() => setDialog((old) => ({ ...old, opened: false }))} />
      <TokenDialog />
    </div>
  );
}

function Nothing(props: { title: string; text: string; children?: ReactNode }) {
  return (
    <Stack align="center" justify="center" gap="xs" mih={260} p="xl" ta="center">
      <IconPlugConnected size={44} stroke={1.2} aria-hidden color="var(--mantine-color-dimmed)" />
      <Title order={2} size="h4">{props.title}</Title>
      <Text c="dimmed" maw={420}>{props.text}</Text>
      {props.children && <div className={classes["choices"]}>{props.children}</div>}
    </Stack>
  );
}

// The end of a session's time: a warning for the chosen one while there is still time, a look at
// the server when the time is up, and what is remembered of one that is gone.

import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useEffect, useRef, useState } from "react";
import type { Session } from "../client/models.js";
import { duration } from "../hooks/age.js";
import { useNotices } from "../hooks/notices.js";
import { useNow } from "../hooks/now.js";
import { expiresSoon, remainingMs, type useSessions } from "../hooks/sessions.js";
import { useStrings } from "../hooks/strings.js";
import type { Strings } from "../strings.js";
import { useKeeping } from "./keeping.js";
import { nameOf } from "./names.js";

/** How long after its time a session is asked for: the server's clock and this one differ. */
const GRACE = 500;

/** The longest time a timer takes. */
const LONGEST = 2 ** 31 - 1;

/** Warns while the chosen session is about to expire; the warning goes when it is not. */
export function useExpiryWarning(
  chosen: Session | undefined,
  query: ReturnType<typeof useSessions>,
  known: boolean,
): void {
  const t = useStrings();
  const notices = useNotices();
  const now = useNow();
  const { keep } = useKeeping();
  const keepRef = useRef(keep);
  keepRef.current = keep;
  const receivedAt = query.dataUpdatedAt;
  const remaining = chosen ? remainingMs(chosen, receivedAt, now) : 0;
  // An unknown state is no reason to warn, nor to take a warning back.
  const warned = chosen && known && remaining > 0 && expiresSoon(chosen, remaining) ? chosen : undefined;
  const id = warned?.session_id;
  useEffect(() => {
    if (!warned || !id) return;
    const notice = `expiring-${id}`;
    notifications.show({
      id: notice,
      title: t.sessions.expiring(nameOf(warned)),
      message: (
        <Warning
          strings={t}
          until={receivedAt + warned.time_remaining_seconds * 1000}
          onKeep={() => keepRef.current(warned)}
        />
      ),
      color: "orange",
      autoClose: false,
      role: "alert",
      closeButtonProps: { "aria-label": t.common.close },
    }, notices);
    return () => void notifications.hide(notice, notices);
    // Once for each time it is about to expire, not for each second of it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [id, t, notices]);
}

/** Notices are drawn outside of the words' context. */
function Warning(props: { strings: Strings; until: number; onKeep(): void }) {
  const t = props.strings;
  const now = useNow();
  return (
    <Group gap="xs" justify="space-between">
      <Text size="sm" c="var(--mantine-color-text)">{t.sessions.expiringIn(duration(Math.max(0, props.until - now)))}</Text>
      <Button size="compact-sm" variant="light" onClick={props.onKeep}>{t.sessions.keepAlive}</Button>
    </Group>
  );
}

/** Asks for the sessions once the time of one is up: whether it is over, the server says. */
export function useLookAtTheEnd(query: ReturnType<typeof useSessions>): void {
  const { data, dataUpdatedAt, refetch } = query;
  useEffect(() => {
    if (!data || data.length === 0) return;
    const next = Math.min(...data.map((session) => remainingMs(session, dataUpdatedAt, Date.now())));
    const timer = setTimeout(() => void refetch(), Math.min(next + GRACE, LONGEST));
    return () => clearTimeout(timer);
  }, [data, dataUpdatedAt, refetch]);
}

/** A session that is listed no more, as it was last seen. */
export interface Gone {
  session: Session;
  /** Whether its time was up, as far as that can be told. */
  expired: boolean;
}

/** What is remembered of the session of this id, once it is listed no more. */
export function useGone(sessionId: string | null, query: ReturnType<typeof useSessions>): Gone | null {
  const { data, dataUpdatedAt } = query;
  const [last, setLast] = useState<{ session: Session; receivedAt: number } | null>(null);
  const listed = data?.find((session) => session.session_id === sessionId);
  useEffect(() => {
    if (listed) setLast({ session: listed, receivedAt: dataUpdatedAt });
  }, [listed, dataUpdatedAt]);
  if (listed || !data || last?.session.session_id !== sessionId) return null;
  // Seen a moment before its end, it may have gone a second earlier than counted here.
  const left = remainingMs(last.session, last.receivedAt, dataUpdatedAt);
  return { session: last.session, expired: left < 1500 };
}

// Says that the server is away, since when, and how old everything on the screen is.

import { Button, Group, Loader, Text } from "@mantine/core";
import { IconCloudOff } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { timeOfDay } from "../hooks/age.js";
import { useLog } from "../hooks/log.js";
import { useStanding } from "../hooks/presence.js";
import { useServer } from "../hooks/server.js";
import type { useSessions } from "../hooks/sessions.js";
import { useStrings } from "../hooks/strings.js";
import classes from "./OfflineBanner.module.css";

/** The banner; nothing while the server answers. */
export function OfflineBanner({ query }: { query: ReturnType<typeof useSessions> }) {
  const t = useStrings();
  const log = useLog();
  const { presence } = useServer();
  const { kind, since } = useStanding();
  const away = kind === "away";
  const was = useRef(false);
  useEffect(() => {
    if (away === was.current) return;
    was.current = away;
    if (away) log.note(t.shell.offline.title, { quiet: true });
    else log.done(t.shell.offline.back);
  }, [away, log, t]);

  if (!away) return null;
  return (
    <div className={classes["banner"]} role="alert">
      <IconCloudOff size={20} aria-hidden />
      <Text size="sm" component="div" flex={1}>
        <strong>{t.shell.offline.title}</strong>{" "}
        {since !== null && t.shell.offline.since(timeOfDay(since))}{" "}
        {query.data ? t.shell.offline.stale(timeOfDay(query.dataUpdatedAt)) : t.shell.offline.nothing}
      </Text>
      <Group gap="xs" wrap="nowrap">
        <Loader size="xs" color="currentColor" role="img" aria-label={t.shell.offline.trying} />
        <Button size="compact-sm" variant="default" onClick={() => presence.look()}>
          {t.shell.offline.retry}
        </Button>
      </Group>
    </div>
  );
}

// Says that the server is away, since when, and how old everything on the screen is.

import { Button, Group, Loader, Text } from "@mantine/core";
import { IconCloudOff } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { ApiError } from "../client/error.js";
import { timeOfDay } from "../hooks/age.js";
import { useLog } from "../hooks/log.js";
import type { useSessions } from "../hooks/sessions.js";
import { useStrings } from "../hooks/strings.js";
import classes from "./OfflineBanner.module.css";

/** The banner; nothing while the server answers. */
export function OfflineBanner({ query }: { query: ReturnType<typeof useSessions> }) {
  const t = useStrings();
  const log = useLog();
  const away = query.error instanceof ApiError && query.error.isAway;
  const [since, setSince] = useState<number | null>(null);
  const was = useRef(false);
  useEffect(() => {
    if (away === was.current) return;
    was.current = away;
    setSince(away ? Date.now() : null);
    if (away) log.failed(t.shell.offline.title, query.error, { quiet: true });
    else log.done(t.shell.offline.back);
  }, [away, log, query.error, t]);

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
        {query.isFetching && <Loader size="xs" color="currentColor" aria-label={t.shell.offline.trying} />}
        <Button size="compact-sm" variant="default" onClick={() => void query.refetch()}>
          {t.shell.offline.retry}
        </Button>
      </Group>
    </div>
  );
}

// All sessions as cards, with how fresh the list is.

import { Alert, Badge, Button, Center, Group, Loader, Stack, Text, Title } from "@mantine/core";
import { IconPlugConnected, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { detailOf } from "../client/error.js";
import type { Session } from "../client/models.js";
import { age } from "../hooks/age.js";
import { useLocation } from "../hooks/location.js";
import { useNow } from "../hooks/now.js";
import { useStanding } from "../hooks/presence.js";
import type { useSessions } from "../hooks/sessions.js";
import { useStrings } from "../hooks/strings.js";
import { useKeeping } from "./keeping.js";
import { Refresh } from "./Refresh.js";
import { RenameDialog } from "./RenameDialog.js";
import { SessionCard } from "./SessionCard.js";

/** The cards. */
export function SessionList(props: {
  query: ReturnType<typeof useSessions>;
  onConnect(): void;
}) {
  const { query, onConnect } = props;
  const t = useStrings();
  const { sessionId, go } = useLocation();
  const keeping = useKeeping();
  const { kind } = useStanding();
  const [renaming, setRenaming] = useState<Session | null>(null);
  const sessions = query.data;

  return (
    <Stack gap="xs">
      <Group justify="space-between" wrap="nowrap">
        <Group gap={8} wrap="nowrap">
          <Title order={2} size="h5">{t.sessions.title}</Title>
          {sessions && sessions.length > 0 && (
            <Badge size="sm" variant="default" aria-label={t.sessions.limit(sessions.length)}>{sessions.length}</Badge>
          )}
        </Group>
        <Freshness query={query} />
      </Group>
      <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={onConnect} fullWidth>
        {t.sessions.connect}
      </Button>
      {query.isPending && !query.isError && (
        <Center p="lg"><Loader size="sm" aria-label={t.sessions.loading} role="status" /></Center>
      )}
      {query.isError && !sessions && (
        <Alert color="red" title={t.sessions.failed}>
          <Text size="sm">{detailOf(query.error)}</Text>
          <Button mt="xs" size="compact-sm" variant="default" onClick={() => void query.refetch()}>
            {t.common.retry}
          </Button>
        </Alert>
      )}
      {sessions?.length === 0 && (
        <Stack align="center" gap={4} p="lg" ta="center" hiddenFrom="sm">
          <IconPlugConnected size={36} stroke={1.3} aria-hidden color="var(--mantine-color-dimmed)" />
          <Text fw={600} size="sm">{t.sessions.empty.title}</Text>
          <Text size="sm" c="dimmed">{t.sessions.empty.text}</Text>
        </Stack>
      )}
      <Stack component="ul" gap="xs" m={0} p={0} style={{ listStyle: "none" }}>
        {sessions?.map((session) => (
          <li key={session.session_id}>
            <SessionCard
              session={session}
              receivedAt={query.dataUpdatedAt}
              chosen={session.session_id === sessionId}
              stale={query.isError || kind !== "here"}
              keepingAlive={keeping.now === session.session_id}
              onOpen={() => go({ sessionId: session.session_id })}
              onKeepAlive={() => keeping.keep(session)}
              onRename={() => setRenaming(session)}
            />
          </li>
        ))}
      </Stack>
      {renaming && <RenameDialog session={renaming} onClose={() => setRenaming(null)} />}
    </Stack>
  );
}

function Freshness({ query }: { query: ReturnType<typeof useSessions> }) {
  const t = useStrings();
  const now = useNow();
  return (
    <Group gap={4} wrap="nowrap">
      {query.data && (
        <Text size="xs" c="dimmed" truncate="end">
          {t.sessions.updated(age(t, Math.max(0, now - query.dataUpdatedAt)))}
        </Text>
      )}
      <Refresh busy={query.isFetching} onRefresh={() => void query.refetch()} />
    </Group>
  );
}

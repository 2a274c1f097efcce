// The list of recordings: when, of what, how long, how large, and how each ended.

import { ActionIcon, Alert, Badge, Button, Center, Code, Group, Loader, Stack, Text, TextInput, Tooltip } from "@mantine/core";
import { IconDownload, IconMovie, IconPlayerPlay, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { detailOf } from "../client/error.js";
import type { Recording } from "../client/models.js";
import { formatSize, formatTime } from "../files/format.js";
import { age, duration } from "../hooks/age.js";
import { useNow } from "../hooks/now.js";
import { useStrings } from "../hooks/strings.js";
import { Nothing } from "../sessions/Nothing.js";
import { Refresh } from "../sessions/Refresh.js";
import type { useRecordings } from "./api.js";
import classes from "./Recordings.module.css";

/** Recordings from which on it is worth to search them. */
const MANY = 8;

/** What can be done with one. */
export interface Actions {
  onDownload(recording: Recording): void;
  onDelete(recording: Recording): void;
}

/** The list, in every state it may be in. */
export function RecordingList(props: { query: ReturnType<typeof useRecordings>; onPlay(recording: Recording): void } & Actions) {
  const all = useStrings();
  const t = all.recordings;
  const { query } = props;
  const now = useNow();
  const [search, setSearch] = useState("");
  const { data } = query;

  if (query.isPending) return <Center p="xl"><Loader size="sm" role="status" aria-label={t.loading} /></Center>;
  if (query.isError && data === undefined) {
    return (
      <Alert color="red" title={t.failed} role="alert">
        <Text size="sm">{detailOf(query.error)}</Text>
        <Button mt="xs" size="compact-sm" variant="default" onClick={() => void query.refetch()}>{all.common.retry}</Button>
      </Alert>
    );
  }
  if (!data) {
    return (
      <Nothing icon={IconMovie} title={t.notConfigured.title} text={t.notConfigured.text}>
        <Code block>{t.notConfigured.flag}</Code>
        <Code block>{t.notConfigured.variable}</Code>
      </Nothing>
    );
  }
  const { recordings } = data;
  const wanted = search.trim().toLowerCase();
  const found = recordings.filter((each) => wanted === "" || `${each.title} ${each.username}@${each.host}`.toLowerCase().includes(wanted));
  return (
    <Stack gap="sm">
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text size="sm" c="dimmed">{t.policy[data.policy]}{data.input && data.policy !== "never" ? ` ${all.terminals.recording.typedToo}` : ""}</Text>
        <Group gap={4} wrap="nowrap">
          <Text size="xs" c="dimmed" style={{ whiteSpace: "nowrap" }}>{all.sessions.updated(age(all, Math.max(0, now - query.dataUpdatedAt)))}</Text>
          <Refresh busy={query.isFetching} onRefresh={() => void query.refetch()} />
        </Group>
      </Group>
      {query.isError && <Alert color="red" role="alert" title={t.stale}>{detailOf(query.error)}</Alert>}
      {recordings.length >= MANY && (
        <TextInput label={t.search} value={search} data-autofocus onChange={({ currentTarget: { value } }) => setSearch(value)} />
      )}
      {recordings.length === 0 && !(data.unreadable > 0) && <Nothing icon={IconMovie} title={t.empty.title} text={data.policy === "never" ? all.terminals.recording.never : t.empty.text} />}
      {recordings.length > 0 && found.length === 0 && (
        <Nothing icon={IconMovie} title={t.noMatch(search)}>
          <Button variant="default" onClick={() => setSearch("")}>{t.showAll}</Button>
        </Nothing>
      )}
      {found.length > 0 && (
        <ul className={classes["list"]} aria-label={t.title}>
          {found.map((each) => <Card key={each.recording_id} recording={each} now={now} {...props} />)}
        </ul>
      )}
      {data.unreadable > 0 && <Alert color="orange" role="status">{t.leftOut(data.unreadable)}</Alert>}
      {data.has_more && <Text size="sm" c="dimmed">{t.more(recordings.length)}</Text>}
    </Stack>
  );
}

function Card({ recording, now, onPlay, onDownload, onDelete }: { recording: Recording; now: number; onPlay(recording: Recording): void } & Actions) {
  const t = useStrings().recordings;
  const { title } = recording;
  return (
    <li className={classes["card"]}>
      <div className={classes["words"]}>
        <Text fw={600} size="sm" className={classes["title"] ?? ""}>{title}</Text>
        <Facts recording={recording} now={now} />
        {recording.command && <Text size="xs" c="dimmed" ff="monospace" truncate="end">{recording.command}</Text>}
      </div>
      <Group gap={4} wrap="nowrap">
        <Button size="compact-sm" leftSection={<IconPlayerPlay size={14} aria-hidden />} aria-label={t.playNamed(title)} onClick={() => onPlay(recording)}>{t.play}</Button>
        <Tooltip label={t.download}>
          <ActionIcon variant="subtle" color="gray" aria-label={t.downloadNamed(title)} onClick={() => onDownload(recording)}>
            <IconDownload size={17} aria-hidden />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={t.delete}>
          <ActionIcon variant="subtle" color="gray" aria-label={t.deleteNamed(title)} onClick={() => onDelete(recording)}>
            <IconTrash size={17} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Group>
    </li>
  );
}

/** When a recording began, how long and large it is, and how it ended where that is worth a word. */
export function Facts({ recording, now }: { recording: Recording; now: number }) {
  const t = useStrings().recordings;
  const { state, started, duration_seconds: seconds } = recording;
  const begun = Date.parse(started);
  const lasted = state === "running" ? Math.max(0, now - begun) : seconds === undefined ? null : seconds * 1000;
  const facts = [
    formatTime(begun, true),
    lasted === null ? null : duration(lasted),
    formatSize(recording.size),
    `${recording.username}@${recording.host}`,
  ];
  return (
    <Group gap={6}>
      <Text size="xs" c="dimmed" className={classes["facts"] ?? ""}>{facts.filter(Boolean).join(" · ")}</Text>
      {state !== "complete" && (
        <Badge size="sm" variant="default" radius="sm" data-state={state} className={classes["state"] ?? ""}>
          {state === "running" && <span aria-hidden>● </span>}{t.state[state]}
        </Badge>
      )}
      {recording.error && <Text size="xs" c="var(--mantine-color-error)">{recording.error}</Text>}
    </Group>
  );
}

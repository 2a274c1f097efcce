// The list of what happened, newest first.

import { Button, Drawer, Group, Text } from "@mantine/core";
import { useState } from "react";
import { timeOfDay } from "../hooks/age.js";
import { copyText } from "../hooks/clipboard.js";
import { useLog, type LogEntry } from "../hooks/log.js";
import { useStrings } from "../hooks/strings.js";
import type { Strings } from "../strings.js";
import classes from "./Page.module.css";

const COLOR = {
  done: "light-dark(var(--mantine-color-teal-9), var(--mantine-color-teal-4))",
  failed: "light-dark(var(--mantine-color-red-8), var(--mantine-color-red-4))",
  note: "light-dark(var(--mantine-color-blue-8), var(--mantine-color-blue-4))",
};

/** The drawer with the log. */
export function LogDrawer({ opened, onClose }: { opened: boolean; onClose(): void }) {
  const t = useStrings();
  const { entries, clear } = useLog();
  const [copied, setCopied] = useState<{ entries: readonly LogEntry[]; done: boolean } | null>(null);
  const copy = async () => setCopied({ entries, done: await copyText(entries.map((entry) => asText(entry, t)).join("\n")) });
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      title={t.shell.log.title}
      closeButtonProps={{ "aria-label": t.common.close }}
    >
      {entries.length === 0 ? (
        <Text c="dimmed" size="sm">{t.shell.log.empty}</Text>
      ) : (
        <>
          <Group gap="xs" mb="xs">
            <Button size="compact-sm" variant="default" onClick={() => void copy()}>
              {copied?.entries !== entries ? t.shell.log.copy : copied.done ? t.common.copied : t.common.copyFailed}
            </Button>
            <Button size="compact-sm" variant="default" onClick={clear}>{t.shell.log.clear}</Button>
          </Group>
          <ol className={classes["log"]}>
            {entries.map((entry) => (
              <li key={entry.id}>
                <time dateTime={new Date(entry.at).toISOString()}>{timeOfDay(entry.at)}</time>
                <Text size="sm">
                  <Text span size="xs" fw={600} style={{ color: COLOR[entry.outcome] }}>
                    {t.shell.log.outcome[entry.outcome]}
                  </Text>{" "}
                  {entry.text}
                </Text>
                {entry.detail && (
                  <Text size="xs" c="dimmed" className={classes["detail"] ?? ""}>{entry.detail}</Text>
                )}
              </li>
            ))}
          </ol>
        </>
      )}
    </Drawer>
  );
}

function asText(entry: LogEntry, t: Strings): string {
  const detail = entry.detail ? `: ${entry.detail}` : "";
  return `${new Date(entry.at).toISOString()} ${t.shell.log.outcome[entry.outcome]} ${entry.text}${detail}`;
}

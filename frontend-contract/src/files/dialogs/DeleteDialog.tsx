// Deletes entries, after saying how much that is.

import { Button, Group, List, Loader, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { keys } from "../../hooks/keys.js";
import { useStrings } from "../../hooks/strings.js";
import type { FilesApi } from "../api.js";
import { formatSize } from "../format.js";
import type { Row } from "../listing/rows.js";
import { shown } from "../names.js";
import { Dialog, Failure } from "./Dialog.js";
import { EachState, useEach } from "./Each.js";

/** Names that are listed; the others are a number. */
const LISTED = 6;

/** What the dialog needs. */
interface Props {
  api: FilesApi;
  rows: readonly Row[];
  onClose(): void;
  /** Something may have changed. */
  onChanged(): void;
}

/** The dialog. */
export function DeleteDialog({ api, rows, onClose, onChanged }: Props) {
  const t = useStrings();
  const [skipCount, setSkipCount] = useState(false);
  const each = useEach({
    api, rows, onClose, onChanged, text: t.files.done.removed,
    operation: ({ entry }, signal) => api.remove(entry.path as string, entry.type === "directory", signal),
  });

  const folders = rows.filter((row) => row.entry.type === "directory");
  const others = rows.filter((row) => row.entry.type !== "directory");
  const count = useQuery({
    queryKey: keys.session(api.sessionId, "count", rows.map((row) => row.entry.path)),
    queryFn: async ({ signal }) => {
      const sum = {
        files: others.length,
        folders: 0,
        bytes: others.reduce((all, { entry }) => all + (entry.type === "file" ? (entry.size ?? 0) : 0), 0),
      };
      for (const { entry } of folders) {
        const tree = await api.treeSize(entry.path as string, signal);
        sum.files += tree.files;
        sum.folders += tree.directories;
        sum.bytes += tree.bytes;
      }
      return sum;
    },
    enabled: folders.length > 0 && !skipCount,
    // What was counted a minute ago is not what is deleted now.
    gcTime: 0,
    staleTime: Infinity,
    retry: false,
  });
  const counted = folders.length === 0 || skipCount || count.data !== undefined || count.error !== null;

  return (
    <Dialog title={t.files.remove.title(rows.length)} onClose={onClose}>
      <Stack gap="sm">
        <List size="sm" listStyleType="none">
          {rows.slice(0, LISTED).map(({ entry }) => (
            <List.Item key={entry.name} style={{ overflowWrap: "anywhere" }}><bdi>{shown(entry.name)}</bdi></List.Item>
          ))}
          {rows.length > LISTED && <List.Item>… +{rows.length - LISTED}</List.Item>}
        </List>
        {folders.length > 0 && (
          <div role="status">
            {skipCount ? <Text size="sm">{t.files.remove.skipped}</Text>
            : count.data ? (
              <Text size="sm" fw={600}>
                {t.files.remove.count(count.data.files, count.data.folders, formatSize(count.data.bytes))}
              </Text>
            ) : count.error ? <Failure title={t.files.remove.uncounted} error={count.error} />
            : (
              <Group gap="xs">
                <Loader size="xs" aria-hidden />
                <Text size="sm">{t.files.remove.counting}</Text>
                <Button size="compact-xs" variant="subtle" onClick={() => setSkipCount(true)}>{t.files.remove.skipCount}</Button>
              </Group>
            )}
          </div>
        )}
        <Text size="sm" c="dimmed">{t.files.remove.forGood}</Text>
        <EachState each={each} label={t.files.remove.deleting} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {each.busy ? t.files.remove.stop : t.common.cancel}
          </Button>
          <Button color="red.9" disabled={!counted} loading={each.busy} onClick={each.start}>
            {t.files.remove.confirm}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

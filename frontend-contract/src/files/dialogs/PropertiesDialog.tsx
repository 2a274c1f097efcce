// Everything the server says of an entry, and how much is in a folder, when asked.

import { Button, Group, Loader, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { detailOf } from "../../client/error.js";
import type { Entry } from "../../client/models.js";
import { keys } from "../../hooks/keys.js";
import { useStrings } from "../../hooks/strings.js";
import type { FilesApi } from "../api.js";
import { formatSize, formatTime } from "../format.js";
import { ownerOf, permissionsOf, type Row } from "../listing/rows.js";
import { shown } from "../names.js";
import { Dialog, Failure } from "./Dialog.js";

/** The dialog. */
export function PropertiesDialog({ api, rows, onClose }: { api: FilesApi; rows: readonly Row[]; onClose(): void }) {
  const t = useStrings();
  const words = t.files.properties;
  const [measuring, setMeasuring] = useState(false);
  const one = rows.length === 1 ? rows[0]?.entry : undefined;
  const path = one?.path;
  // What the list says may be old: this is what is true now.
  const fresh = useQuery({
    queryKey: keys.session(api.sessionId, "properties", path),
    queryFn: ({ signal }) => api.stat(path as string, false, signal),
    enabled: path !== undefined,
    gcTime: 0,
  });
  const tree = useQuery({
    queryKey: keys.session(api.sessionId, "tree", rows.map((row) => row.entry.path)),
    queryFn: async ({ signal }) => {
      const sum = { files: 0, folders: 0, bytes: 0, errors: 0 };
      for (const { entry } of rows) {
        if (entry.path === undefined) continue;
        const found = await api.treeSize(entry.path, signal);
        sum.files += found.files;
        sum.folders += found.directories;
        sum.bytes += found.bytes;
        sum.errors += found.error_count;
      }
      return sum;
    },
    enabled: measuring,
    gcTime: 0,
    retry: false,
  });
  const entry: Entry | undefined = one && { ...one, ...fresh.data, name: one.name };
  const time = (text: string | undefined) => (text === undefined ? words.unknown : formatTime(Date.parse(text), true));
  const bits = entry?.permissions;
  const facts: [string, string][] = entry
    ? [
        [words.path, shown(entry.path ?? entry.name)],
        [words.type, t.files.kinds[entry.type]],
        ...(entry.link_target === undefined ? [] : [[words.target, shown(entry.link_target)] as [string, string]]),
        [words.size, entry.size === undefined ? words.unknown : `${formatSize(entry.size)} (${words.bytes(entry.size)})`],
        [words.modified, time(entry.modified)],
        ...(entry.accessed === undefined ? [] : [[words.accessed, time(entry.accessed)] as [string, string]]),
        [words.permissions, bits === undefined ? words.unknown : `${permissionsOf(entry)} (${bits})`],
        [words.owner, ownerLine(entry) || words.unknown],
        ...(entry.name_base64 === undefined ? [] : [[words.exact, entry.name_base64] as [string, string]]),
      ]
    : [];
  const measurable = rows.some((row) => row.entry.type === "directory");
  return (
    <Dialog title={entry ? shown(entry.name) : words.several(rows.length)} onClose={onClose}>
      <Stack gap="sm">
        {fresh.error && <Failure error={fresh.error} />}
        <Table aria-label={words.title} verticalSpacing={5} withRowBorders={false} fz="sm" layout="fixed">
          <Table.Tbody>
            {facts.map(([what, text]) => (
              <Table.Tr key={what}>
                <Table.Th scope="row" w={120} fw={500} style={{ verticalAlign: "top" }}>{what}</Table.Th>
                <Table.Td style={{ overflowWrap: "anywhere" }}><bdi>{text}</bdi></Table.Td>
              </Table.Tr>
            ))}
            {(measurable || rows.length > 1) && (
              <Table.Tr>
                <Table.Th scope="row" w={120} fw={500}>{words.tree}</Table.Th>
                <Table.Td>
                  <div role="status">
                    {tree.data ? (
                      <>
                        {t.files.remove.count(tree.data.files, tree.data.folders, formatSize(tree.data.bytes))}
                        {tree.data.errors > 0 && <Text size="xs" c="dimmed">{words.errors(tree.data.errors)}</Text>}
                      </>
                    ) : tree.error ? <Text size="sm">{detailOf(tree.error)}</Text>
                    : measuring ? <Group gap="xs"><Loader size="xs" aria-hidden />{words.measuring}</Group>
                    : <Button size="compact-xs" variant="default" onClick={() => setMeasuring(true)}>{words.measure}</Button>}
                  </div>
                </Table.Td>
              </Table.Tr>
            )}
          </Table.Tbody>
        </Table>
        <Group justify="flex-end"><Button variant="default" onClick={onClose}>{t.common.close}</Button></Group>
      </Stack>
    </Dialog>
  );
}

/** Names with their numbers, where the server says both. */
function ownerLine(entry: Entry): string {
  const numbers = entry.uid === undefined ? "" : `${entry.uid}:${entry.gid ?? "?"}`;
  const names = ownerOf(entry);
  return numbers && names !== numbers ? `${names} (${numbers})` : names;
}

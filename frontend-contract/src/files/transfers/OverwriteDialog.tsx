// Asks what to do about a file that is there already.

import { Button, Checkbox, Group, Stack, Table, Text } from "@mantine/core";
import { useState } from "react";
import { useStrings } from "../../hooks/strings.js";
import { Dialog } from "../dialogs/Dialog.js";
import { formatSize, formatTime } from "../format.js";
import { shown } from "../names.js";
import type { Choice, Existing } from "./model.js";

/** What is in the way of what. */
interface Clash {
  /** Where both would be. */
  path: string;
  existing: Existing;
  /** What comes, and what it is called. */
  comes: { size?: number | null | undefined; modified?: string | undefined };
  label: string;
  /** Whether it may take the place. */
  canOverwrite: boolean;
  /** How many others may have the same question. */
  others: number;
}

/** The dialog. */
export function OverwriteDialog({ clash, onAnswer }: { clash: Clash; onAnswer(choice: Choice, forAll: boolean): void }) {
  const { existing, comes, others } = clash;
  const t = useStrings();
  const words = t.files.transfers;
  const [forAll, setForAll] = useState(false);
  const folder = existing.type === "directory";
  const size = (bytes: number | null | undefined) => (typeof bytes === "number" ? formatSize(bytes) : "");
  const time = (text: string | undefined) => (text === undefined ? "" : formatTime(Date.parse(text)));
  const answer = (choice: Choice) => onAnswer(choice, forAll);
  return (
    <Dialog title={folder ? words.existsFolder : words.exists} onClose={() => answer("skip")} closeOnClickOutside={false}>
      <Stack gap="sm">
        <Text size="sm" fw={600} style={{ overflowWrap: "anywhere" }}><bdi>{shown(clash.path)}</bdi></Text>
        {!folder && (
          <Table aria-label={words.exists} withRowBorders={false} verticalSpacing={2} fz="sm">
            <Table.Tbody>
              <Table.Tr>
                <Table.Th scope="row" fw={500}>{words.existing}</Table.Th>
                <Table.Td>{size(existing.size)}</Table.Td>
                <Table.Td>{time(existing.modified)}</Table.Td>
              </Table.Tr>
              <Table.Tr>
                <Table.Th scope="row" fw={500}>{clash.label}</Table.Th>
                <Table.Td>{size(comes.size)}</Table.Td>
                <Table.Td>{time(comes.modified)}</Table.Td>
              </Table.Tr>
            </Table.Tbody>
          </Table>
        )}
        {others > 0 && (
          <Checkbox label={words.forAll(others)} checked={forAll} onChange={({ currentTarget }) => setForAll(currentTarget.checked)} />
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={() => answer("skip")}>{words.skip}</Button>
          <Button variant="default" onClick={() => answer("both")} data-autofocus>{words.both}</Button>
          {clash.canOverwrite && <Button color="red.9" onClick={() => answer("overwrite")}>{words.overwrite}</Button>}
        </Group>
      </Stack>
    </Dialog>
  );
}

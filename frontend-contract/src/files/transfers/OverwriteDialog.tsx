// Asks what to do about a file that is there already.

import { Button, Checkbox, Group, Stack, Table, Text } from "@mantine/core";
import { useState } from "react";
import { useStrings } from "../../hooks/strings.js";
import { Dialog } from "../dialogs/Dialog.js";
import { formatSize, formatTime } from "../format.js";
import { shown } from "../names.js";
import type { Choice, Question } from "./model.js";

/** The dialog. `file` is what is to be sent. */
export function OverwriteDialog(props: {
  question: Question;
  onAnswer(choice: Choice, forAll: boolean): void;
}) {
  const { transfer, existing, others } = props.question;
  const t = useStrings();
  const words = t.files.transfers;
  const [forAll, setForAll] = useState(false);
  const folder = existing.type === "directory";
  const answer = (choice: Choice) => props.onAnswer(choice, forAll);
  return (
    <Dialog title={folder ? words.existsFolder : words.exists} onClose={() => answer("skip")} closeOnClickOutside={false}>
      <Stack gap="sm">
        <Text size="sm" fw={600} style={{ overflowWrap: "anywhere" }}><bdi>{shown(transfer.path)}</bdi></Text>
        {!folder && (
          <Table aria-label={words.exists} withRowBorders={false} verticalSpacing={2} fz="sm">
            <Table.Tbody>
              <Table.Tr>
                <Table.Th scope="row" fw={500}>{words.existing}</Table.Th>
                <Table.Td>{existing.size === undefined ? "" : formatSize(existing.size)}</Table.Td>
                <Table.Td>{existing.modified === undefined ? "" : formatTime(Date.parse(existing.modified))}</Table.Td>
              </Table.Tr>
              <Table.Tr>
                <Table.Th scope="row" fw={500}>{words.yours}</Table.Th>
                <Table.Td>{transfer.size === null ? "" : formatSize(transfer.size)}</Table.Td>
                <Table.Td />
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
          {!folder && <Button color="red.9" onClick={() => answer("overwrite")}>{words.overwrite}</Button>}
        </Group>
      </Stack>
    </Dialog>
  );
}

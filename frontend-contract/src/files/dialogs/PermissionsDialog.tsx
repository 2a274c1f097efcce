// Changes permissions, as octal digits or box by box, and the time of the last change.

import { Button, Checkbox, Group, Stack, Table, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useStrings } from "../../hooks/strings.js";
import type { Attributes, FileCapabilities, FilesApi } from "../api.js";
import { toLocalInput } from "../format.js";
import type { Row } from "../listing/rows.js";
import { shown } from "../names.js";
import { CLASSES, octal, parseOctal, RIGHTS, SPECIALS, symbolic } from "../permissions.js";
import { Dialog } from "./Dialog.js";
import { EachState, useEach } from "./Each.js";

/** What the dialog needs. */
interface Props {
  api: FilesApi;
  rows: readonly Row[];
  can: FileCapabilities;
  onClose(): void;
  onChanged(): void;
}

/** The dialog. */
export function PermissionsDialog({ api, rows, can, onClose, onChanged }: Props) {
  const t = useStrings();
  const words = t.files.permissions;
  const first = rows[0];
  const before = first?.entry.permissions;
  const timeBefore = rows.length === 1 && first && first.modified >= 0 ? toLocalInput(first.modified) : "";
  // Empty where the server does not say: what nobody chose is not set.
  const [digits, setDigits] = useState(before === undefined ? "" : octal(Number.parseInt(before, 8) & 0o7777));
  const [time, setTime] = useState(timeBefore);
  const bits = parseOctal(digits);
  const alike = rows.every((row) => row.entry.permissions === first?.entry.permissions);
  const changes: Attributes = {
    ...(can.set_permissions && bits !== null && (!alike || octal(bits) !== before) ? { permissions: octal(bits) } : {}),
    ...(can.set_times && time && time !== timeBefore ? { modified: new Date(time).toISOString() } : {}),
  };
  const wrong = bits === null && (digits !== "" || before !== undefined);
  const each = useEach({
    api, rows, onClose, onChanged, text: t.files.done.attributes,
    operation: ({ entry }) => api.setAttributes(entry.path as string, changes),
  });
  const set = (bit: number, on: boolean) => {
    const now = bits ?? 0;
    setDigits(octal(on ? now | bit : now & ~bit));
  };
  const box = (bit: number, label: string) => (
    <Checkbox
      aria-label={label}
      checked={((bits ?? 0) & bit) !== 0}
      onChange={({ currentTarget }) => set(bit, currentTarget.checked)}
    />
  );

  return (
    <Dialog title={words.title} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (wrong || each.busy) return;
          if (Object.keys(changes).length === 0) onClose();
          else each.start();
        }}
      >
        <Stack>
          <Text size="sm" c="dimmed" truncate title={rows.length === 1 && first ? shown(first.entry.name) : undefined}>
            {rows.length === 1 && first ? shown(first.entry.name) : words.several(rows.length)}
          </Text>
          <EachState each={each} label={words.title} />
          {can.set_permissions ? (
            <>
              <Table aria-label={words.table} verticalSpacing={6} withRowBorders={false}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Td />
                    {RIGHTS.map(([right]) => <Table.Th key={right} scope="col">{words.rights[right]}</Table.Th>)}
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {CLASSES.map(([who, shift]) => (
                    <Table.Tr key={who}>
                      <Table.Th scope="row">{words.classes[who]}</Table.Th>
                      {RIGHTS.map(([right, bit]) => (
                        <Table.Td key={right}>{box(bit << shift, words.of(words.rights[right], words.classes[who]))}</Table.Td>
                      ))}
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
              <Group gap="lg">
                {SPECIALS.map(([name, bit]) => (
                  <Checkbox
                    key={name}
                    label={words.specials[name]}
                    checked={((bits ?? 0) & bit) !== 0}
                    onChange={({ currentTarget }) => set(bit, currentTarget.checked)}
                  />
                ))}
              </Group>
              <TextInput
                label={words.octal}
                value={digits}
                onChange={({ currentTarget }) => setDigits(currentTarget.value)}
                error={wrong ? words.octalWrong : undefined}
                rightSection={bits !== null && <Text size="xs" ff="monospace" c="dimmed">{symbolic(bits)}</Text>}
                rightSectionWidth={96}
                maxLength={5}
                autoComplete="off"
                data-autofocus
              />
            </>
          ) : <Text size="sm">{words.noPermissions}</Text>}
          {can.set_times ? (
            <TextInput
              type="datetime-local"
              step={1}
              label={words.modified}
              description={rows.length > 1 ? words.modifiedHint : undefined}
              value={time}
              onChange={({ currentTarget }) => setTime(currentTarget.value)}
            />
          ) : <Text size="sm">{words.noTimes}</Text>}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>{t.common.cancel}</Button>
            <Button type="submit" loading={each.busy} disabled={!can.set_permissions && !can.set_times}>{words.apply}</Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

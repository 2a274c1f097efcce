// The settings of a terminal and what else can be done with it.

import { ActionIcon, Group, Menu, Text, Tooltip } from "@mantine/core";
import { IconDots, IconMinus, IconPencil, IconPlus, IconX } from "@tabler/icons-react";
import { useStrings } from "../hooks/strings.js";
import type { Looks } from "./look.js";

/** The menu. Without `onRename` and `onClose` it is of a terminal somebody else shares. */
export function SettingsMenu(props: {
  name: string;
  looks: Looks;
  watching?: boolean;
  onWatch?: ((watch: boolean) => void) | undefined;
  onRename?: (() => void) | undefined;
  onClose?: (() => void) | undefined;
}) {
  const t = useStrings().terminals;
  const { look, setFontSize, setScreenReader } = props.looks;
  return (
    <Menu position="top-end" shadow="md" closeOnItemClick={false}>
      <Menu.Target>
        <Tooltip label={t.actions(props.name)}>
          <ActionIcon variant="subtle" color="gray" aria-label={t.actions(props.name)}>
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Group justify="space-between" gap="xl">
            <span>{t.fontSize}</span>
            <Text size="xs" component="span">{t.fontIs(look.fontSize)}</Text>
          </Group>
        </Menu.Label>
        <Menu.Item aria-label={`${t.larger}, ${t.fontIs(look.fontSize)}`} leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setFontSize(look.fontSize + 1)}>{t.larger}</Menu.Item>
        <Menu.Item aria-label={`${t.smaller}, ${t.fontIs(look.fontSize)}`} leftSection={<IconMinus size={16} aria-hidden />} onClick={() => setFontSize(look.fontSize - 1)}>{t.smaller}</Menu.Item>
        <Menu.Divider />
        <Menu.CheckboxItem checked={look.screenReader} onChange={setScreenReader}>{t.screenReader}</Menu.CheckboxItem>
        {props.onWatch && (
          <Menu.CheckboxItem checked={props.watching ?? false} onChange={props.onWatch}>{t.watch}</Menu.CheckboxItem>
        )}
        {props.onRename && (
          <>
            <Menu.Divider />
            <Menu.Item closeMenuOnClick leftSection={<IconPencil size={16} aria-hidden />} onClick={props.onRename}>{t.rename}</Menu.Item>
            <Menu.Item closeMenuOnClick c="var(--mantine-color-error)" leftSection={<IconX size={16} aria-hidden />} onClick={props.onClose}>{t.close}</Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

// The settings of a terminal and what else can be done with it.

import { ActionIcon, Group, Menu, Text, Tooltip } from "@mantine/core";
import { IconCheck, IconDots, IconMinus, IconPencil, IconPlus, IconX } from "@tabler/icons-react";
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
  const check = (on: boolean) => (on ? <IconCheck size={16} aria-hidden /> : <span style={{ display: "inline-block", width: 16 }} />);
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
            <Text size="xs" component="span" aria-live="polite">{t.fontIs(look.fontSize)}</Text>
          </Group>
        </Menu.Label>
        <Menu.Item leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setFontSize(look.fontSize + 1)}>{t.larger}</Menu.Item>
        <Menu.Item leftSection={<IconMinus size={16} aria-hidden />} onClick={() => setFontSize(look.fontSize - 1)}>{t.smaller}</Menu.Item>
        <Menu.Divider />
        <Menu.Item
          role="menuitemcheckbox"
          aria-checked={look.screenReader}
          leftSection={check(look.screenReader)}
          onClick={() => setScreenReader(!look.screenReader)}
        >
          {t.screenReader}
        </Menu.Item>
        {props.onWatch && (
          <Menu.Item
            role="menuitemcheckbox"
            aria-checked={props.watching ?? false}
            leftSection={check(props.watching ?? false)}
            onClick={() => props.onWatch?.(!props.watching)}
          >
            {t.watch}
          </Menu.Item>
        )}
        {props.onRename && (
          <>
            <Menu.Divider />
            <Menu.Item closeMenuOnClick leftSection={<IconPencil size={16} aria-hidden />} onClick={props.onRename}>{t.rename}</Menu.Item>
            <Menu.Item closeMenuOnClick color="red" leftSection={<IconX size={16} aria-hidden />} onClick={props.onClose}>{t.close}</Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

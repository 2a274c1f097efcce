// Cutting, copying and pasting from the bar above the list.

import { ActionIcon, Menu } from "@mantine/core";
import { IconClipboard, IconClipboardCheck, IconCopy, IconScissors } from "@tabler/icons-react";
import { useStrings } from "../../hooks/strings.js";
import classes from "../Files.module.css";
import { keyOf, type ClipCommand } from "./keys.js";

/** The menu. `can` says which of them can be done now. */
export function ClipMenu({ can, onCommand }: { can: Record<ClipCommand, boolean>; onCommand(command: ClipCommand): void }) {
  const t = useStrings();
  const words = t.files.moving;
  const item = (command: ClipCommand, Icon: typeof IconCopy) => (
    <Menu.Item
      leftSection={<Icon size={16} aria-hidden />}
      rightSection={<span className={classes["key"]} aria-hidden>{keyOf(command)}</span>}
      disabled={!can[command]}
      onClick={() => onCommand(command)}
    >{command === "copy" ? t.common.copy : words[command]}</Menu.Item>
  );
  return (
    <Menu position="bottom-end" width={180} withinPortal={false} floatingStrategy="fixed" withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={words.menu} title={words.menu}>
          <IconClipboard size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {item("cut", IconScissors)}
        {item("copy", IconCopy)}
        {item("paste", IconClipboardCheck)}
      </Menu.Dropdown>
    </Menu>
  );
}

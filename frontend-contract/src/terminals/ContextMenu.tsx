// What the right mouse button offers in a terminal. With Shift it is the browser's own menu.

import { Menu } from "@mantine/core";
import { IconClipboard, IconCopy, IconEraser, IconSearch, IconSelectAll } from "@tabler/icons-react";
import { useStrings } from "../hooks/strings.js";

/** Where the menu is open, in the coordinates of the window. */
export interface At {
  x: number;
  y: number;
}

/** The menu; `at` is null while it is closed. */
export function ContextMenu(props: {
  at: At | null;
  selected: boolean;
  readOnly: boolean;
  onClose(): void;
  onChoose(what: "copy" | "paste" | "selectAll" | "search" | "clear"): void;
}) {
  const t = useStrings().terminals;
  const { at } = props;
  return (
    <Menu
      opened={at !== null}
      onChange={(opened) => !opened && props.onClose()}
      position="bottom-start"
      shadow="md"
      offset={0}
      returnFocus={false}
    >
      <Menu.Target>
        <div style={{ position: "fixed", left: at?.x ?? 0, top: at?.y ?? 0, width: 1, height: 1, pointerEvents: "none" }} />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconCopy size={16} aria-hidden />} disabled={!props.selected} onClick={() => props.onChoose("copy")}>
          {t.copy}
        </Menu.Item>
        <Menu.Item leftSection={<IconClipboard size={16} aria-hidden />} disabled={props.readOnly} onClick={() => props.onChoose("paste")}>
          {t.paste}
        </Menu.Item>
        <Menu.Item leftSection={<IconSelectAll size={16} aria-hidden />} onClick={() => props.onChoose("selectAll")}>
          {t.selectAll}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconSearch size={16} aria-hidden />} onClick={() => props.onChoose("search")}>{t.search}</Menu.Item>
        <Menu.Item leftSection={<IconEraser size={16} aria-hidden />} onClick={() => props.onChoose("clear")}>{t.clear}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

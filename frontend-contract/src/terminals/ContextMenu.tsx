// What the right mouse button offers in a terminal.

import { Menu } from "@mantine/core";
import { IconClipboard, IconCopy, IconEraser, IconSearch, IconSelectAll } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useStrings } from "../hooks/strings.js";

/** The menu of the element within; a long touch opens it as well. */
export function ContextMenu(props: {
  selected: boolean;
  readOnly: boolean;
  onChoose(what: "copy" | "paste" | "selectAll" | "search" | "clear"): void;
  children: ReactNode;
}) {
  const t = useStrings().terminals;
  return (
    <Menu shadow="md" returnFocus={false}>
      <Menu.ContextMenu>{props.children}</Menu.ContextMenu>
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

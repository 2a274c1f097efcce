// What can be done with the selection, or with the folder: a menu where the pointer is.

import { Menu } from "@mantine/core";
import {
  IconArrowRight, IconClipboard, IconClipboardCheck, IconCopy, IconCopyPlus, IconDownload, IconEdit, IconEye, IconFilePlus, IconFolderOpen,
  IconFolderPlus, IconInfoCircle, IconLinkPlus, IconLock, IconPencil, IconScissors, IconSelectAll, IconTrash,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useStrings } from "../hooks/strings.js";
import type { FileCapabilities } from "./api.js";
import type { NameKind } from "./dialogs/NameDialog.js";
import classes from "./Files.module.css";
import type { Row } from "./listing/rows.js";
import { keyOf, type ClipCommand } from "./moving/keys.js";
import { isArchive } from "./transfers/plan.js";

/** What is done with rows. */
export type Action =
  | "open" | "preview" | "edit" | "download" | "rename" | "move" | "copy" | "remove" | "permissions" | "properties" | "copyPath";

/** Where a menu is, and for which rows; none of them stands for the folder. */
export interface MenuPlace {
  x: number;
  y: number;
  rows: readonly Row[];
}

/** What the menu needs. */
interface Props {
  place: MenuPlace;
  can: FileCapabilities | null;
  onClose(): void;
  onAction(action: Action, rows: readonly Row[]): void;
  onCreate(kind: NameKind): void;
  onSelectAll(): void;
  /** Whether there is something to paste. */
  canPaste: boolean;
  onClip(command: ClipCommand, rows: readonly Row[]): void;
}

/** The menu. */
export function FileMenu({ place, can, onClose, onAction, onCreate, onSelectAll, canPaste, onClip }: Props) {
  const t = useStrings();
  const act = t.files.act;
  const { rows } = place;
  const one = rows.length === 1 ? rows[0] : undefined;
  const noPath = rows.some((row) => row.entry.path === undefined);
  const isFolder = one?.entry.type === "directory";
  const entries = rows.map(({ entry }) => entry);
  const attributes = !can || can.set_permissions || can.set_times;
  const item = (action: Action, text: string, icon: ReactNode, options: { key?: string; cannot?: boolean; red?: boolean } = {}) => (
    <Menu.Item
      leftSection={icon}
      rightSection={options.key && <span className={classes["key"]} aria-hidden>{options.key}</span>}
      disabled={(noPath && action !== "properties") || options.cannot === true}
      className={options.red ? (classes["danger"] ?? "") : ""}
      onClick={() => onAction(action, rows)}
    >
      {text}
      {options.cannot && <span className={classes["why"]}>{t.files.cannot}</span>}
    </Menu.Item>
  );
  const clip = (command: ClipCommand, icon: ReactNode, cannot: boolean) => (
    <Menu.Item
      leftSection={icon}
      rightSection={<span className={classes["key"]} aria-hidden>{keyOf(command)}</span>}
      disabled={cannot}
      onClick={() => onClip(command, rows)}
    >{command === "copy" ? t.common.copy : t.files.moving[command]}</Menu.Item>
  );
  return (
    <Menu
      opened
      onChange={(open) => !open && onClose()}
      withinPortal={false}
      floatingStrategy="fixed"
      withInitialFocusPlaceholder={false}
      // Not keys: the one that opens the menu would close it on its way up.
      clickOutsideEvents={["mousedown", "touchstart"]}
      position="bottom-start"
      // On a small screen it lies over the row it is for rather than outside.
      middlewares={{ flip: true, shift: { crossAxis: true, padding: 8 } }}
      width={250}
      shadow="md"
      returnFocus={false}
      transitionProps={{ duration: 0 }}
    >
      <Menu.Target>
        <button
          type="button" tabIndex={-1} aria-label={t.files.actions}
          className={classes["menuPlace"]} style={{ left: place.x, top: place.y }}
        />
      </Menu.Target>
      <Menu.Dropdown className={classes["menu"] ?? ""}>
        {rows.length === 0 ? (
          <>
            <Menu.Item leftSection={<IconFolderPlus size={16} aria-hidden />} onClick={() => onCreate("folder")}>{act.newFolder}</Menu.Item>
            <Menu.Item leftSection={<IconFilePlus size={16} aria-hidden />} onClick={() => onCreate("file")}>{act.newFile}</Menu.Item>
            {can?.symlinks && (
              <Menu.Item leftSection={<IconLinkPlus size={16} aria-hidden />} onClick={() => onCreate("link")}>{act.newLink}</Menu.Item>
            )}
            <Menu.Divider />
            {clip("paste", <IconClipboardCheck size={16} aria-hidden />, !canPaste)}
            <Menu.Item leftSection={<IconSelectAll size={16} aria-hidden />} onClick={onSelectAll}>{act.selectAll}</Menu.Item>
          </>
        ) : (
          <>
            {one && (isFolder
              ? item("open", act.open, <IconFolderOpen size={16} aria-hidden />, { key: "Enter" })
              : item("open", one.entry.type === "symlink" ? act.open : act.preview, <IconEye size={16} aria-hidden />, { key: "Enter" }))}
            {one && !isFolder && one.entry.type !== "other" && item("edit", act.edit, <IconEdit size={16} aria-hidden />)}
            {item("download", isArchive(entries) ? act.downloadZip : act.download, <IconDownload size={16} aria-hidden />)}
            {one && item("rename", act.rename, <IconPencil size={16} aria-hidden />, { key: "F2" })}
            {clip("cut", <IconScissors size={16} aria-hidden />, noPath)}
            {clip("copy", <IconCopy size={16} aria-hidden />, noPath)}
            {item("move", act.moveTo, <IconArrowRight size={16} aria-hidden />)}
            {item("copy", act.copyTo, <IconCopyPlus size={16} aria-hidden />)}
            {one && item("copyPath", act.copyPath, <IconClipboard size={16} aria-hidden />)}
            <Menu.Divider />
            {item("permissions", act.permissions, <IconLock size={16} aria-hidden />, { cannot: !attributes })}
            {item("properties", act.properties, <IconInfoCircle size={16} aria-hidden />)}
            <Menu.Divider />
            {item("remove", act.remove, <IconTrash size={16} aria-hidden />, { key: "Del", red: true })}
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

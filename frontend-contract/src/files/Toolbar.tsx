// What can be done with the folder: filter, look, create, upload, refresh.

import { ActionIcon, Button, CloseButton, Menu, TextInput, Tooltip } from "@mantine/core";
import {
  IconEye, IconEyeOff, IconFilePlus, IconFileUpload, IconFilter, IconFolderPlus, IconFolderUp, IconLinkPlus, IconPlus,
  IconUpload,
} from "@tabler/icons-react";
import { useRef, type ReactNode, type RefObject } from "react";
import { useStrings } from "../hooks/strings.js";
import { Refresh } from "../sessions/Refresh.js";
import classes from "./Files.module.css";
import type { NameKind } from "./dialogs/NameDialog.js";

/** What the bar needs. */
interface Props {
  filter: string;
  hidden: boolean;
  loading: boolean;
  /** Whether the folder is known, so that something can be put into it. */
  ready: boolean;
  symlinks: boolean;
  /** Where files to upload are chosen. */
  filesRef: RefObject<HTMLInputElement | null>;
  /** Shown beside what is done with the folder. */
  children?: ReactNode;
  onFilter(filter: string): void;
  onFilterDone(): void;
  onHidden(hidden: boolean): void;
  onCreate(kind: NameKind): void;
  onFiles(files: File[]): void;
  onRefresh(): void;
}

/** The bar. */
export function Toolbar(props: Props) {
  const t = useStrings();
  const files = props.filesRef;
  const folder = useRef<HTMLInputElement>(null);
  const chosen = (event: React.ChangeEvent<HTMLInputElement>) => {
    props.onFiles([...(event.currentTarget.files ?? [])]);
    // The same file may be chosen again.
    event.currentTarget.value = "";
  };
  const Eye = props.hidden ? IconEye : IconEyeOff;
  return (
    <div className={classes["tools"]}>
      <TextInput
        className={classes["filter"] ?? ""}
        size="xs"
        type="text"
        role="searchbox"
        aria-label={t.files.filter}
        placeholder={t.files.filterHint}
        value={props.filter}
        onChange={({ currentTarget }) => props.onFilter(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") props.onFilter("");
          if (["Escape", "Enter", "ArrowDown"].includes(event.key)) {
            event.preventDefault();
            props.onFilterDone();
          }
        }}
        leftSection={<IconFilter size={14} aria-hidden />}
        rightSection={props.filter && (
          <CloseButton size="xs" aria-label={t.files.clearFilter} onClick={() => props.onFilter("")} />
        )}
      />
      <Tooltip label={t.files.hidden}>
        <ActionIcon
          variant={props.hidden ? "light" : "subtle"} color="gray"
          aria-label={t.files.hidden} aria-pressed={props.hidden}
          onClick={() => props.onHidden(!props.hidden)}
        >
          <Eye size={18} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <Refresh busy={props.loading} size={18} onRefresh={props.onRefresh} />
      {props.children}
      <Menu position="bottom-end" width={190} disabled={!props.ready}>
        <Menu.Target>
          <Button size="xs" variant="default" leftSection={<IconPlus size={14} aria-hidden />} disabled={!props.ready}>
            {t.files.create}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconFolderPlus size={16} aria-hidden />} onClick={() => props.onCreate("folder")}>
            {t.files.act.newFolder}
          </Menu.Item>
          <Menu.Item leftSection={<IconFilePlus size={16} aria-hidden />} onClick={() => props.onCreate("file")}>
            {t.files.act.newFile}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconLinkPlus size={16} aria-hidden />}
            disabled={!props.symlinks}
            title={props.symlinks ? undefined : t.files.cannot}
            onClick={() => props.onCreate("link")}
          >
            {t.files.act.newLink}
            {!props.symlinks && <span className={classes["why"]}>{t.files.cannot}</span>}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Menu position="bottom-end" width={160} disabled={!props.ready}>
        <Menu.Target>
          <Button size="xs" leftSection={<IconUpload size={14} aria-hidden />} disabled={!props.ready}>
            {t.files.upload}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconFileUpload size={16} aria-hidden />} onClick={() => files.current?.click()}>
            {t.files.uploadFiles}
          </Menu.Item>
          <Menu.Item leftSection={<IconFolderUp size={16} aria-hidden />} onClick={() => folder.current?.click()}>
            {t.files.uploadFolder}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <input ref={files} type="file" multiple hidden onChange={chosen} data-testid="pick-files" aria-label={t.files.uploadFiles} />
      <input
        ref={folder} type="file" multiple hidden onChange={chosen} data-testid="pick-folder"
        aria-label={t.files.uploadFolder} {...{ webkitdirectory: "" }}
      />
    </div>
  );
}

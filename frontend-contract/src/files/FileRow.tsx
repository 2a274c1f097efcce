// One row of the list.

import {
  IconDots, IconFile, IconFileCode, IconFileText, IconFileZip, IconFolderFilled, IconFolderSymlink, IconLink,
  IconLinkOff, IconPhoto, IconQuestionMark,
} from "@tabler/icons-react";
import { memo, type MouseEvent } from "react";
import { useStrings } from "../hooks/strings.js";
import type { FilesApi } from "./api.js";
import classes from "./FileTable.module.css";
import { formatSize, formatTime } from "./format.js";
import { useLinked, type Linked } from "./links.js";
import { ownerOf, permissionsOf, type Row, type SortField } from "./listing/rows.js";
import { extensionOf, shown } from "./names.js";
import { isPicture } from "./view/kinds.js";

/** What a row needs. */
interface Props {
  api: FilesApi;
  row: Row;
  id: string;
  /** Place in the list, from 0. */
  index: number;
  top: number;
  height: number;
  columns: readonly SortField[];
  compact: boolean;
  selected: boolean;
  cursor: boolean;
  /** Whether it was cut and waits to be pasted. */
  cut: boolean;
  /** Whether what is dragged over it can be dropped there. */
  drop: "yes" | "no" | undefined;
  onPress(row: Row, event: MouseEvent): void;
  onToggle(row: Row): void;
  onOpen(row: Row): void;
  onMenu(row: Row, x: number, y: number): void;
}

/** One row. */
export const FileRow = memo(function FileRow(props: Props) {
  const { row, columns, compact } = props;
  const { entry } = row;
  const t = useStrings();
  const linked = useLinked(props.api, row);
  const name = shown(entry.name);
  const target = entry.link_target === undefined ? "" : shown(entry.link_target);
  const texts: Record<SortField, string> = {
    name,
    size: entry.type === "file" && entry.size !== undefined ? formatSize(entry.size) : "",
    modified: row.modified < 0 ? "" : formatTime(row.modified),
    permissions: permissionsOf(entry),
    owner: ownerOf(entry),
  };
  const kind = linked === "directory" ? t.files.linkFolder : linked === "broken" ? t.files.linkBroken : t.files.kinds[entry.type];
  return (
    <div
      role="row"
      id={props.id}
      className={classes["row"]}
      style={{ transform: `translateY(${props.top}px)`, height: props.height }}
      aria-rowindex={props.index + 2}
      aria-selected={props.selected}
      data-cursor={props.cursor || undefined}
      data-dim={row.hidden || entry.path === undefined || undefined}
      data-at={props.index}
      data-folder={entry.type === "directory" || linked === "directory" || undefined}
      data-cut={props.cut || undefined}
      data-drop={props.drop}
      draggable={entry.path !== undefined}
      onClick={(event) => props.onPress(row, event)}
      onDoubleClick={() => props.onOpen(row)}
      onContextMenu={(event) => {
        event.preventDefault();
        event.stopPropagation();
        props.onMenu(row, event.clientX, event.clientY);
      }}
    >
      <span role="gridcell" className={classes["check"]}>
        <label
          className={classes["box"]}
          onClick={(event) => event.stopPropagation()}
          onDoubleClick={(event) => event.stopPropagation()}
        >
          <input
            type="checkbox"
            tabIndex={-1}
            checked={props.selected}
            aria-label={t.files.select(name)}
            onChange={() => props.onToggle(row)}
          />
        </label>
      </span>
      <span role="gridcell" className={classes["name"]}>
        <Icon row={row} linked={linked} label={kind} />
        <span className={classes["names"]}>
          <span className={classes["text"]} title={entry.path === undefined ? t.files.unaddressable : name}>
            <bdi>{name}</bdi>
            {props.cut && <span className={classes["hiddenText"]}> ({t.files.moving.isCut})</span>}
            {target && (
              <span className={classes["target"]}>
                <span aria-hidden> → </span>
                <span className={classes["hiddenText"]}>{t.files.linkTo("")}</span>
                <bdi>{target}</bdi>
                {linked === "broken" && <span className={classes["broken"]}> ({t.files.linkBroken})</span>}
              </span>
            )}
          </span>
          {compact && (
            <span className={classes["second"]}>{[texts.modified, texts.size].filter(Boolean).join(" · ") || kind}</span>
          )}
        </span>
      </span>
      {columns.slice(1).map((field) => (
        <span
          key={field}
          role="gridcell"
          className={classes["cell"]}
          data-field={field}
          title={field === "owner" ? texts.owner : undefined}
        >
          {texts[field]}
        </span>
      ))}
      <span role="gridcell" className={classes["more"]}>
        <button
          type="button"
          tabIndex={-1}
          className={classes["moreButton"]}
          aria-label={t.files.menu(name)}
          aria-haspopup="menu"
          onDoubleClick={(event) => event.stopPropagation()}
          onClick={(event) => {
            event.stopPropagation();
            const box = event.currentTarget.getBoundingClientRect();
            props.onMenu(row, box.left, box.bottom);
          }}
        >
          <IconDots size={16} aria-hidden />
        </button>
      </span>
    </div>
  );
});

const CODE = /^(?:[cm]?[jt]sx?|py|rs|go|c|h|cpp|hpp|java|rb|php|pl|sh|bash|zsh|sql|html?|css|xml|ya?ml|json|toml|ini|conf|cfg)$/;
const TEXT = /^(?:txt|md|log|rst|csv|tsv|pdf|docx?|odt)$/;
const PACKED = /^(?:zip|gz|tgz|bz2|xz|zst|tar|7z|rar|deb|rpm|jar|iso)$/;

function Icon({ row, linked, label }: { row: Row; linked: Linked | null; label: string }) {
  const { entry } = row;
  const extension = extensionOf(entry.name);
  const [Shape, colour] =
    entry.type === "directory" ? [IconFolderFilled, "folder"]
    : linked === "directory" ? [IconFolderSymlink, "folder"]
    : linked === "broken" ? [IconLinkOff, "broken"]
    : entry.type === "symlink" ? [IconLink, "link"]
    : entry.type === "other" ? [IconQuestionMark, "file"]
    : isPicture(entry.name) ? [IconPhoto, "picture"]
    : PACKED.test(extension) ? [IconFileZip, "packed"]
    : CODE.test(extension) ? [IconFileCode, "code"]
    : TEXT.test(extension) ? [IconFileText, "file"]
    : [IconFile, "file"];
  return (
    <span className={classes["icon"]} data-kind={colour}>
      <Shape size={18} stroke={1.6} aria-hidden />
      <span className={classes["hiddenText"]}>{label} </span>
    </span>
  );
}

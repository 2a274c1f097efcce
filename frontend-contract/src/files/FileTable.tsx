// The list: virtual rows, selection, and the keyboard. The list itself has the focus and names
// the row the keyboard is at, so that a row may leave the screen without losing it.

import { useElementSize } from "@mantine/hooks";
import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import {
  useCallback, useEffect, useId, useImperativeHandle, useMemo, useRef, type DragEvent, type KeyboardEvent, type ReactNode,
  type Ref,
} from "react";
import { useStrings } from "../hooks/strings.js";
import type { FilesApi } from "./api.js";
import { FileRow } from "./FileRow.js";
import classes from "./FileTable.module.css";
import { ownerOf, SORT_FIELDS, type Row, type SortField, type SortOrder } from "./listing/rows.js";
import * as pick from "./listing/selection.js";
import type { Dragging } from "./moving/useDragging.js";
import { useRowDrag } from "./moving/useRowDrag.js";
import { SortMenu } from "./SortMenu.js";

const HEAD = 32;
const ROW = 32;
const COMPACT_ROW = 52;
/** Letters typed within this time belong together. */
const TYPING_MS = 800;
/** Below this width each column goes. */
const NEEDS: Partial<Record<SortField, number>> = { owner: 860, permissions: 660, modified: 540, size: 540 };
const WIDTHS: Record<SortField, string> = {
  name: "minmax(0, 1fr)", size: "92px", modified: "136px", permissions: "92px", owner: "132px",
};

/** What others may ask of the list. */
export interface TableHandle {
  focus(): void;
}

/** What a key beyond moving asks for. */
export type Command = "up" | "rename" | "remove" | "escape";

/** What the list needs. */
interface Props {
  api: FilesApi;
  ref: Ref<TableHandle>;
  rows: readonly Row[];
  order: pick.Order;
  selection: pick.Selection;
  sort: SortOrder;
  /** Whether rows are still coming. */
  busy: boolean;
  /** Shown in place of rows when there are none. */
  empty: ReactNode;
  /** The folder the rows are in; null while it is not known. */
  directory: string | null;
  /** Names that were cut. */
  cut: ReadonlySet<string>;
  dragging: Dragging;
  /** Rows begin to be dragged. */
  onDrag(event: DragEvent, rows: readonly Row[]): void;
  onSelect(selection: pick.Selection): void;
  onSort(order: SortOrder): void;
  onOpen(row: Row): void;
  onMenu(row: Row | null, x: number, y: number): void;
  onCommand(command: Command): void;
}

/** The list. */
export function FileTable(props: Props) {
  const { rows, order, selection, onSelect, onOpen, onMenu, directory } = props;
  const t = useStrings();
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const { ref: sized, width } = useElementSize();
  const typed = useRef({ text: "", at: 0 });
  const compact = width > 0 && width < (NEEDS.size ?? 0);
  const height = compact ? COMPACT_ROW : ROW;

  const hasOwners = useMemo(() => rows.slice(0, 200).some((row) => ownerOf(row.entry) !== ""), [rows]);
  const sortable = useMemo(() => SORT_FIELDS.filter((field) => field !== "owner" || hasOwners), [hasOwners]);
  const columns = useMemo(() => sortable.filter((field) => (NEEDS[field] ?? 0) <= width), [width, sortable]);
  const template = `28px ${columns.map((field) => WIDTHS[field]).join(" ")} 32px`;

  const { heldAt, dropOn, handlers } = useRowDrag(props);
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 12,
    scrollMargin: HEAD,
    scrollPaddingStart: HEAD,
    getItemKey: (at) => rows[at]?.entry.name ?? at,
    rangeExtractor: (range) => {
      const list = defaultRangeExtractor(range);
      return heldAt === undefined || list.includes(heldAt) ? list : [...list, heldAt];
    },
  });
  useEffect(() => {
    virtual.measure();
  }, [height, virtual]);

  const cursorAt = selection.cursor === null ? undefined : order.at.get(selection.cursor);
  // Not at every change of the rows: a list that is being filled must not jump back.
  useEffect(() => {
    if (cursorAt !== undefined) virtual.scrollToIndex(cursorAt, { align: "auto" });
  }, [selection.cursor]); // eslint-disable-line react-hooks/exhaustive-deps

  useImperativeHandle(props.ref, () => ({
    focus: () => scroller.current?.focus({ preventScroll: true }),
  }), []);

  const latest = useRef({ selection, order });
  useEffect(() => {
    latest.current = { selection, order };
  });
  const press = useCallback((row: Row, event: { shiftKey: boolean; ctrlKey: boolean; metaKey: boolean; nativeEvent: Event }) => {
    // A finger has no second click; what it selects by is the box in front.
    if ((event.nativeEvent as PointerEvent).pointerType === "touch") {
      onOpen(row);
      return;
    }
    const held = { shift: event.shiftKey, ctrl: event.ctrlKey || event.metaKey };
    onSelect(pick.clicked(latest.current.selection, latest.current.order, row.entry.name, held));
  }, [onOpen, onSelect]);
  const toggle = useCallback((row: Row) => {
    onSelect(pick.toggled(latest.current.selection, row.entry.name));
  }, [onSelect]);
  const menu = useCallback((row: Row, x: number, y: number) => {
    if (!latest.current.selection.names.has(row.entry.name)) onSelect(pick.only(row.entry.name));
    onMenu(row, x, y);
  }, [onMenu, onSelect]);

  const atKey = (event: KeyboardEvent) => {
    // Keys of a button in the head are the button's.
    if (event.target !== scroller.current) return;
    const held = { shift: event.shiftKey, ctrl: event.ctrlKey || event.metaKey };
    const page = Math.max(1, Math.floor(((scroller.current?.clientHeight ?? 400) - HEAD) / height) - 1);
    const from = cursorAt ?? -1;
    const move = (to: number) => onSelect(pick.moved(selection, order, to, held));
    const current = cursorAt === undefined ? undefined : rows[cursorAt];
    const keys: Record<string, () => void> = {
      ArrowDown: () => move(from + 1),
      ArrowUp: () => (event.altKey ? props.onCommand("up") : move(from < 0 ? 0 : from - 1)),
      PageDown: () => move(from + page),
      PageUp: () => move(from - page),
      Home: () => move(0),
      End: () => move(rows.length - 1),
      Enter: () => current && onOpen(current),
      Backspace: () => props.onCommand("up"),
      F2: () => props.onCommand("rename"),
      Delete: () => props.onCommand("remove"),
      Escape: () => props.onCommand("escape"),
      ContextMenu: () => openMenu(),
    };
    const openMenu = () => {
      const row = cursorAt === undefined ? null : document.getElementById(`${id}-${cursorAt}`);
      const box = (row ?? scroller.current)?.getBoundingClientRect();
      const place = { x: (box?.left ?? 0) + 60, y: row ? (box?.bottom ?? 0) - 6 : (box?.top ?? 0) + HEAD };
      if (current) menu(current, place.x, place.y);
      else onMenu(null, place.x, place.y);
    };
    const pressed =
      event.key === "F10" && event.shiftKey ? openMenu
      : held.ctrl && event.key.toLowerCase() === "a" ? () => onSelect(pick.all(selection, order))
      : event.key === " " && (held.ctrl || Date.now() - typed.current.at > TYPING_MS)
        ? () => selection.cursor !== null && onSelect(pick.toggled(selection, selection.cursor))
      : keys[event.key];
    if (pressed) {
      event.preventDefault();
      pressed();
      return;
    }
    if (event.key.length !== 1 || held.ctrl || event.altKey) return;
    event.preventDefault();
    const now = Date.now();
    const goesOn = now - typed.current.at <= TYPING_MS;
    typed.current = { text: (goesOn ? typed.current.text : "") + event.key, at: now };
    // The same letter again goes to the next name with it.
    const same = [...typed.current.text].every((letter) => letter === event.key);
    const found = pick.typedTo(selection, order, same ? event.key : typed.current.text);
    if (found !== null) onSelect(pick.moved(selection, order, found, {}));
  };

  const items = virtual.getVirtualItems();
  const allSelected = rows.length > 0 && selection.names.size === rows.length;
  return (
    <div ref={sized} className={classes["frame"]} data-drop={dropOn(directory)} {...handlers}>
      <div
        ref={scroller}
        role="grid"
        tabIndex={0}
        className={classes["grid"]}
        style={{ "--columns": template } as React.CSSProperties}
        aria-label={t.files.list}
        aria-rowcount={rows.length + 1}
        aria-colcount={columns.length + 2}
        aria-multiselectable
        aria-busy={props.busy}
        aria-activedescendant={cursorAt === undefined ? undefined : `${id}-${cursorAt}`}
        data-compact={compact || undefined}
        onKeyDown={atKey}
        onContextMenu={(event) => {
          event.preventDefault();
          onMenu(null, event.clientX, event.clientY);
        }}
      >
        <div role="row" aria-rowindex={1} className={classes["head"]} style={{ height: HEAD }}>
          <span role="columnheader" className={classes["check"]}>
            <label className={classes["box"]}>
              <input
                type="checkbox"
                checked={allSelected}
                ref={(box) => {
                  if (box) box.indeterminate = !allSelected && selection.names.size > 0;
                }}
                aria-label={t.files.selectAll}
                onChange={() => onSelect(allSelected ? pick.none(selection) : pick.all(selection, order))}
              />
            </label>
          </span>
          {columns.map((field) => {
            const sorted = props.sort.field === field;
            const Arrow = props.sort.descending ? IconChevronDown : IconChevronUp;
            return (
              <span
                key={field}
                role="columnheader"
                data-field={field}
                aria-sort={sorted ? (props.sort.descending ? "descending" : "ascending") : "none"}
              >
                <button
                  type="button"
                  className={classes["sort"]}
                  title={t.files.sortBy(t.files.columns[field])}
                  onClick={() => props.onSort({ field, descending: sorted && !props.sort.descending })}
                >
                  {t.files.columns[field]}
                  {sorted && <Arrow size={14} aria-hidden />}
                </button>
              </span>
            );
          })}
          <span role="columnheader">
            {columns.length === sortable.length ? <span className={classes["hiddenText"]}>{t.files.actions}</span>
            : <SortMenu fields={sortable} sort={props.sort} onSort={props.onSort} />}
          </span>
        </div>
        <div
          role="rowgroup"
          className={classes["body"]}
          style={{ height: virtual.getTotalSize() }}
        >
          {items.map((item) => {
            const row = rows[item.index];
            return row && (
              <FileRow
                key={item.key}
                api={props.api}
                row={row}
                id={`${id}-${item.index}`}
                index={item.index}
                top={item.start - HEAD}
                height={height}
                columns={columns}
                compact={compact}
                selected={selection.names.has(row.entry.name)}
                cursor={item.index === cursorAt}
                cut={props.cut.has(row.entry.name)}
                drop={dropOn(row.entry.path)}
                onPress={press}
                onToggle={toggle}
                onOpen={onOpen}
                onMenu={menu}
              />
            );
          })}
        </div>
      </div>
      {rows.length === 0 && <div className={classes["over"]}>{props.empty}</div>}
    </div>
  );
}

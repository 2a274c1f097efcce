// Dragging in the list: which rows a drag takes, which folder it is over. One set of handlers for
// all rows, because those on the screen change all the time.

import { useRef, useState, type DragEvent, type PointerEvent } from "react";
import type { Row } from "../listing/rows.js";
import { only, type Order, type Selection } from "../listing/selection.js";
import type { Dragging, DropHandlers } from "./useDragging.js";

/** What the hook needs. */
interface Options {
  rows: readonly Row[];
  order: Order;
  selection: Selection;
  /** The folder the rows are in; null while it is not known. */
  directory: string | null;
  dragging: Dragging;
  onSelect(selection: Selection): void;
  /** These rows begin to be dragged. */
  onDrag(event: DragEvent, rows: readonly Row[]): void;
}

/** Handlers of the list, and what is shown of them. Rows say their place by `data-at`. */
export function useRowDrag({ rows, order, selection, directory, dragging, onSelect, onDrag }: Options) {
  const [held, setHeld] = useState<string | null>(null);
  const byTouch = useRef(false);
  const rowAt = (event: { target: EventTarget }) => {
    const node = event.target as Node;
    const element = (node instanceof Element ? node : node.parentElement)?.closest<HTMLElement>("[data-at]");
    const row = element && rows[Number(element.dataset["at"])];
    return row && { row, isFolder: element.dataset["folder"] !== undefined };
  };
  const places: DropHandlers = dragging.target((event) => {
    const found = rowAt(event);
    return found?.isFolder ? (found.row.entry.path ?? null) : directory;
  });
  return {
    /** Where the row is that the drag began at: it stays, or the browser would not tell of the end. */
    heldAt: held === null || !dragging.bundle ? undefined : order.at.get(held),
    /** How a folder shows what is over it. */
    dropOn: (path: string | null | undefined): "yes" | "no" | undefined =>
      path != null && dragging.over?.path === path ? (dragging.over.refusal ? "no" : "yes") : undefined,
    handlers: {
      ...places,
      onPointerDown: (event: PointerEvent) => {
        byTouch.current = event.pointerType === "touch";
      },
      onDragStart: (event: DragEvent) => {
        const row = rowAt(event)?.row;
        // A long press of a finger is for the menu.
        if (!row || byTouch.current) {
          event.preventDefault();
          return;
        }
        const isSelected = selection.names.has(row.entry.name);
        if (!isSelected) onSelect(only(row.entry.name));
        setHeld(row.entry.name);
        onDrag(event, isSelected ? rows.filter(({ entry }) => selection.names.has(entry.name)) : [row]);
      },
    },
  };
}

// Rows dragged to folders by the mouse. What is dragged is kept here and not in the drag itself,
// which tells nothing before it is dropped; files of the person's machine are another matter.

import { useCallback, useEffect, useRef, useState, type DragEvent } from "react";
import type { Session } from "../../client/models.js";
import { setDragged } from "../../hooks/dragged.js";
import { refusal, type Bundle, type How, type Refusal } from "./bundle.js";

/** A folder is opened when what is dragged stays over it for so long. */
const OPEN_AFTER_MS = 900;
/** A hand does not hold a mouse quite still. */
const STILL_PX = 5;
/** The kind of what is dragged, for others that look; it has no content. */
const TYPE = "application/x-connection-manager-entries";

/** The folder what is dragged is over. */
export interface Over {
  path: string;
  how: How;
  /** Why it cannot be dropped there. */
  refusal: Refusal | null;
}

/** What makes an element a place to drop rows on. */
export interface DropHandlers {
  onDragOver(event: DragEvent): void;
  onDragLeave(event: DragEvent): void;
  onDrop(event: DragEvent): void;
}

/** Rows that are dragged, and where they are. */
export interface Dragging {
  bundle: Bundle | null;
  over: Over | null;
  /** Begins with what these rows are. */
  start(event: DragEvent, bundle: Bundle, label: string): void;
  /** Makes an element a place for the folder at a path; the path may depend on the event. */
  target(path: string | null | ((event: DragEvent) => string | null)): DropHandlers;
}

/** What the hook needs. */
interface Options {
  sessionId: string;
  /** The folder that is shown. */
  directory: string | null;
  onDrop(how: How, bundle: Bundle, path: string): void;
  onSession(bundle: Bundle, session: Session): void;
  /** Opens a folder that was hovered over. */
  onOpen(path: string): void;
}

/** Rows that are dragged. */
export function useDragging(options: Options): Dragging {
  const [bundle, setBundle] = useState<Bundle | null>(null);
  const [over, setOver] = useState<Over | null>(null);
  const latest = useRef(options);
  const carried = useRef<Bundle | null>(null);
  const waits = useRef<{ path: string; timer: ReturnType<typeof setTimeout> } | null>(null);
  /** Where the pointer was when a folder was opened below it: the row that came there was not chosen. */
  const opened = useRef<{ x: number; y: number } | null>(null);
  useEffect(() => {
    latest.current = options;
  });

  const still = useCallback(() => {
    clearTimeout(waits.current?.timer);
    waits.current = null;
  }, []);
  const end = useCallback(() => {
    if (!carried.current) return;
    still();
    carried.current = null;
    opened.current = null;
    setBundle(null);
    setOver(null);
    setDragged(null);
  }, [still]);
  useEffect(() => {
    // A row that left the screen tells of no end; a mouse that moves by itself drags nothing.
    document.addEventListener("dragend", end);
    document.addEventListener("mousemove", end);
    return () => {
      document.removeEventListener("dragend", end);
      document.removeEventListener("mousemove", end);
      end();
    };
  }, [end]);

  const start = useCallback<Dragging["start"]>((event, what, label) => {
    event.dataTransfer.setData(TYPE, "");
    event.dataTransfer.effectAllowed = "copyMove";
    if (what.items.length > 1) showAs(event, label);
    carried.current = what;
    setDragged({
      sessionId: what.sessionId,
      toSession: (session) => {
        end();
        latest.current.onSession(what, session);
      },
    });
    setBundle(what);
  }, [end]);

  const target = useCallback<Dragging["target"]>((where) => {
    const at = (event: DragEvent): Over | null => {
      const path = typeof where === "function" ? where(event) : where;
      const { sessionId, directory } = latest.current;
      if (!carried.current || path === null) return null;
      const how = isCopying(event) ? "copy" : "move";
      // The list they are dragged out of is no place anyone means.
      if (path === directory && path === carried.current.directory && how === "move" && typeof where === "function") return null;
      return { path, how, refusal: refusal(carried.current, { sessionId, path }, how) };
    };
    return {
      onDragOver: (event) => {
        if (!carried.current) return;
        event.stopPropagation();
        const now = at(event);
        setOver((was) => (same(was, now) ? was : now));
        if (now && !now.refusal) {
          event.preventDefault();
          // With Command held down, a Mac lets nothing be dropped that says it is copied.
          event.dataTransfer.dropEffect = now.how === "copy" && !event.metaKey ? "copy" : "move";
        }
        const opens = now && now.path !== latest.current.directory && now.refusal !== "itself" && now.refusal !== "inside";
        const { clientX: x, clientY: y } = event;
        const rests = opened.current && Math.hypot(opened.current.x - x, opened.current.y - y) < STILL_PX;
        if (!opens || rests) {
          still();
          return;
        }
        opened.current = null;
        if (waits.current?.path === now.path) return;
        still();
        waits.current = {
          path: now.path,
          timer: setTimeout(() => {
            still();
            opened.current = { x, y };
            setOver(null);
            latest.current.onOpen(now.path);
          }, OPEN_AFTER_MS),
        };
      },
      onDragLeave: (event) => {
        if (!carried.current || event.currentTarget.contains(event.relatedTarget as Node | null)) return;
        still();
        setOver(null);
      },
      onDrop: (event) => {
        const now = at(event);
        const what = carried.current;
        if (!what) return;
        event.preventDefault();
        event.stopPropagation();
        end();
        if (now && !now.refusal) latest.current.onDrop(now.how, what, now.path);
      },
    };
  }, [end, still]);

  return { bundle, over, start, target };
}

/** Ctrl copies, and what a Mac has for it. */
function isCopying(event: DragEvent): boolean {
  return event.ctrlKey || event.metaKey || event.altKey;
}

function same(one: Over | null, other: Over | null): boolean {
  return one === other
    || (one !== null && other !== null && one.path === other.path && one.how === other.how && one.refusal === other.refusal);
}

/** Shows several rows as a word beside the pointer, in place of the one row it began at. */
function showAs(event: DragEvent, label: string): void {
  const badge = document.createElement("div");
  badge.textContent = label;
  badge.setAttribute("aria-hidden", "true");
  Object.assign(badge.style, {
    position: "fixed", top: "-100px", left: "0", padding: "4px 10px", borderRadius: "6px",
    background: "#3b5bdb", color: "#fff", font: "600 13px sans-serif",
  });
  document.body.append(badge);
  event.dataTransfer.setDragImage(badge, -12, -8);
  // The browser has taken its picture by then.
  setTimeout(() => badge.remove(), 0);
}

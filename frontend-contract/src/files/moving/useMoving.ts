// Moving and copying in the folder that is shown: what is dragged, cut, copied and pasted, what
// the log says of it in the end, and when the folder is read anew.

import { useCallback, useEffect, useMemo, useRef, useState, type RefObject } from "react";
import { useLog } from "../../hooks/log.js";
import { useStrings } from "../../hooks/strings.js";
import { nameOf } from "../../sessions/names.js";
import type { FilesApi } from "../api.js";
import type { Row } from "../listing/rows.js";
import { bundleOf, refusal, type Bundle, type How } from "./bundle.js";
import { useClipKeys, type ClipCommand } from "./keys.js";
import type { Destination, Move } from "./moves.js";
import { placeIn, reasonOf, whereTo } from "./MovesPanel.js";
import type { Placing } from "./PlaceDialog.js";
import { storesOf, useClip, useMoves } from "./stores.js";
import { useDragging } from "./useDragging.js";

/** What the hook needs. */
interface Options {
  api: FilesApi;
  sessionName: string;
  /** The folder that is shown; null while it is not known. */
  directory: string | null;
  selected: readonly Row[];
  visible: boolean;
  /** The files: keys count there. */
  root: RefObject<HTMLElement | null>;
  onOpen(path: string): void;
  /** Something is new in the folder that is shown, or gone from it; these are new. */
  onChanged(names: readonly string[]): void;
}

/** Moving and copying. */
export function useMoving(options: Options) {
  const { api, sessionName, directory, selected, visible, root } = options;
  const { sessionId } = api;
  const t = useStrings();
  const log = useLog();
  const { clipboard, moves } = storesOf(api.client);
  const clip = useClip(clipboard);
  const state = useMoves(moves);
  const [placing, setPlacing] = useState<Placing | null>(null);
  const latest = useRef({ ...options, log, t });
  useEffect(() => {
    latest.current = { ...options, log, t };
  });

  // What ended while no files were on the screen is told of now.
  useEffect(() => {
    for (const move of moves.takeEnded()) {
      const { log: to, t: words, directory: at, onChanged } = latest.current;
      tell(to, words, move);
      const arrived = move.to.sessionId === sessionId && move.to.path === at;
      const left = move.how === "move" && move.bundle.sessionId === sessionId && move.bundle.directory === at;
      if (arrived || left) onChanged(arrived ? move.placed : []);
    }
  }, [moves, sessionId, state]);

  const send = useCallback((how: How, bundle: Bundle, to: Destination) => moves.start(how, bundle, to), [moves]);
  const here = useCallback((path: string): Destination => ({ sessionId, sessionName, path }), [sessionId, sessionName]);
  const bundle = useCallback((rows: readonly Row[]): Bundle | null => {
    const { directory: at, log: to, t: words } = latest.current;
    if (at === null || rows.length === 0) return null;
    const made = bundleOf({ sessionId, sessionName, directory: at }, rows);
    if (!made) to.note(words.files.unaddressable, { sessionId });
    return made;
  }, [sessionId, sessionName]);

  const dragging = useDragging({
    sessionId,
    directory,
    onDrop: (how, what, path) => send(how, what, here(path)),
    onSession: (what, session) =>
      setPlacing({ bundle: what, to: { sessionId: session.session_id, sessionName: nameOf(session) }, how: null }),
    onOpen: options.onOpen,
  });

  const place = useCallback((how: How, rows: readonly Row[]) => {
    const made = bundle(rows);
    if (made) setPlacing({ bundle: made, to: { sessionId, sessionName }, how });
  }, [bundle, sessionId, sessionName]);
  const clipRows = useCallback((how: How, rows: readonly Row[]) => {
    const made = bundle(rows);
    if (made) clipboard.put({ how, bundle: made });
  }, [bundle, clipboard]);
  const paste = useCallback(() => {
    const what = clipboard.get();
    const at = latest.current.directory;
    if (!what || at === null) return;
    const why = refusal(what.bundle, { sessionId, path: at }, what.how);
    if (why) {
      log.note(t.files.moving.refused[why], { sessionId });
      return;
    }
    // What was cut is moved once.
    if (what.how === "move") clipboard.put(null);
    send(what.how, what.bundle, here(at));
  }, [clipboard, here, log, send, sessionId, t]);
  const command = useCallback((what: ClipCommand, rows: readonly Row[]) => {
    if (what === "paste") paste();
    else clipRows(what === "cut" ? "move" : "copy", rows);
  }, [clipRows, paste]);
  useClipKeys(root, visible, (what) => command(what, selected));

  const cut = useMemo<ReadonlySet<string>>(() => {
    const isHere = clip?.how === "move" && clip.bundle.sessionId === sessionId && clip.bundle.directory === directory;
    return new Set(isHere ? clip.bundle.items.map((item) => item.name) : []);
  }, [clip, directory, sessionId]);
  const forget = useCallback(() => clipboard.put(null), [clipboard]);

  return {
    clip, cut, forget, command, dragging, bundle, moves, state, place, placing, send,
    endPlacing: useCallback(() => setPlacing(null), []),
  };
}

/** What the log says of a move that is over. */
function tell(log: ReturnType<typeof useLog>, t: ReturnType<typeof useStrings>, move: Move): void {
  const { how, placed, skipped, failed, failures, bundle, state } = move;
  const words = t.files.moving;
  const options = { sessionId: bundle.sessionId };
  const done = words.done[how](placed.length, whereTo(move), skipped);
  if (state === "done") log.done(done, options);
  // What is left is on the screen, where a notice would cover it.
  else if (state === "cancelled") log.note(words.cancelled(words[how](bundle.items.length, whereTo(move)), placed.length), { ...options, quiet: true });
  else {
    const first = failures[0];
    log.failed(words.failed(words[how](bundle.items.length, whereTo(move)), failed), first?.error, {
      ...options, quiet: true, ...(first ? { detail: `${placeIn(bundle.directory, first.name)}: ${reasonOf(t, first.error)}` } : {}),
    });
  }
}

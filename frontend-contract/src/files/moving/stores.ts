// The clipboard and the moves of each server: both outlive the session they were begun in.

import { useSyncExternalStore } from "react";
import type { Client } from "../../client/client.js";
import { atEndOf } from "../../hooks/ending.js";
import { useLeaveWarning } from "../../hooks/leaving.js";
import { FilesApi } from "../api.js";
import type { MoveWire } from "./carry.js";
import { Clipboard, type Clip } from "./clipboard.js";
import { Moves, type MovesState } from "./moves.js";

/** What goes from folder to folder of a server's sessions. */
interface Stores {
  clipboard: Clipboard;
  moves: Moves;
}

const known = new WeakMap<Client, Stores>();

/** The clipboard and the moves of a server. */
export function storesOf(client: Client): Stores {
  let stores = known.get(client);
  if (!stores) {
    const moves = new Moves(wireOf(client));
    atEndOf(client, () => moves.cancelAll());
    stores = { clipboard: new Clipboard(), moves };
    known.set(client, stores);
  }
  return stores;
}

/** What was cut or copied. */
export function useClip(clipboard: Clipboard): Clip | null {
  return useSyncExternalStore(clipboard.subscribe, clipboard.get);
}

/** The moves, and a word of warning before the page is left: a copy ends with its request. */
export function useMoves(moves: Moves): MovesState {
  const state = useSyncExternalStore(moves.subscribe, moves.get);
  const busy = state.moves.some((move) => move.state === "running" || move.state === "asking");
  useLeaveWarning(busy);
  return state;
}

function wireOf(client: Client): MoveWire {
  const of = (sessionId: string) => new FilesApi(client, sessionId);
  return {
    look: (sessionId, path, signal) => of(sessionId).find(path, signal),
    rename: (sessionId, from, to, overwrite, signal) => of(sessionId).rename(from, to, overwrite, signal),
    copy: (sessionId, from, to, how, signal) =>
      of(sessionId).copy({ from, to: to.path, to_session: to.sessionId, ...how }, signal),
    remove: (sessionId, path, recursive) => of(sessionId).remove(path, recursive),
  };
}

// The queue of transfers of each server: they outlive the tab and the session they were begun in.

import { useSyncExternalStore } from "react";
import type { Client } from "../../client/client.js";
import type { DownloadedFile } from "../../hooks/callbacks.js";
import { atEndOf } from "../../hooks/ending.js";
import { useLeaveWarning } from "../../hooks/leaving.js";
import type { QueueState } from "./board.js";
import { Leftovers } from "./leftovers.js";
import { BUSY, type Transfer } from "./model.js";
import { TransferQueue } from "./queue.js";
import { HttpWire } from "./wire.js";

/** Transfers at once; each takes a channel of its session. */
const AT_ONCE = 3;

/** A queue, what is told of its downloads, and what it may leave behind. */
interface Transfers {
  queue: TransferQueue;
  leftovers: Leftovers;
  onSaved: Set<(transfer: Transfer, file: Pick<DownloadedFile, "name" | "size">) => void>;
}

const known = new WeakMap<Client, Transfers>();

/** The transfers of a server. */
export function transfersOf(client: Client): Transfers {
  let transfers = known.get(client);
  if (!transfers) {
    const onSaved: Transfers["onSaved"] = new Set();
    const wire = new HttpWire(client, (transfer, name, size) => {
      for (const listener of onSaved) listener(transfer, { name, size });
    });
    const over = new AbortController();
    const leftovers = rememberedLeftovers(over.signal);
    const queue = new TransferQueue(wire, AT_ONCE, leftovers);
    atEndOf(client, () => {
      queue.stopAll();
      leftovers.close();
      over.abort();
    });
    transfers = { queue, leftovers, onSaved };
    known.set(client, transfers);
  }
  return transfers;
}

/** What this browser remembers, kept true until `signal`. */
function rememberedLeftovers(signal: AbortSignal): Leftovers {
  let storage: Storage | null = null;
  try {
    storage = localStorage;
  } catch {
    // A browser may forbid it: then nothing is known after a reload.
  }
  const leftovers = new Leftovers(storage);
  window.addEventListener("pagehide", () => leftovers.beat(true), { signal });
  // Back out of the browser's cache of pages.
  window.addEventListener("pageshow", () => leftovers.beat(), { signal });
  window.addEventListener("storage", () => leftovers.refresh(), { signal });
  return leftovers;
}

/** What the queue shows, and a word of warning before the page is left with work in it. */
export function useQueue(queue: TransferQueue): QueueState {
  const state = useSyncExternalStore(queue.subscribe, queue.get);
  const busy = state.transfers.some((transfer) => BUSY.includes(transfer.state));
  useLeaveWarning(busy);
  return state;
}

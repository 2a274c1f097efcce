// The queue of transfers of each server: they outlive the tab and the session they were begun in.

import { useEffect, useSyncExternalStore } from "react";
import type { Client } from "../../client/client.js";
import type { DownloadedFile } from "../../hooks/callbacks.js";
import { atEndOf } from "../../hooks/ending.js";
import { BUSY, type Transfer } from "./model.js";
import { TransferQueue, type QueueState } from "./queue.js";
import { HttpWire } from "./wire.js";

/** Transfers at once; each takes a channel of its session. */
const AT_ONCE = 3;

/** A queue, and what is told of its downloads. */
interface Transfers {
  queue: TransferQueue;
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
    const queue = new TransferQueue(wire, AT_ONCE);
    atEndOf(client, () => queue.stopAll());
    transfers = { queue, onSaved };
    known.set(client, transfers);
  }
  return transfers;
}

/** What the queue shows, and a word of warning before the page is left with work in it. */
export function useQueue(queue: TransferQueue): QueueState {
  const state = useSyncExternalStore(queue.subscribe, queue.get);
  const busy = state.transfers.some((transfer) => BUSY.includes(transfer.state));
  useEffect(() => {
    if (!busy) return undefined;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [busy]);
  return state;
}

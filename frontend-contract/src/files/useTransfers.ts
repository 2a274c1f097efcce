// Uploads and downloads of the directory that is shown, and files dragged over it.

import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState, type DragEvent } from "react";
import { ApiError } from "../client/error.js";
import type { Session } from "../client/models.js";
import { useCallbacks } from "../hooks/callbacks.js";
import { keys } from "../hooks/keys.js";
import { useLog } from "../hooks/log.js";
import { saveAs } from "../hooks/saving.js";
import { useStrings } from "../hooks/strings.js";
import type { FilesApi } from "./api.js";
import type { Row } from "./listing/rows.js";
import { baseOf, join, parentOf, shown } from "./names.js";
import { entriesOf, MOST_FILES, picked, takeApart, type Dropped } from "./transfers/dropped.js";
import type { Place, UploadOrder } from "./transfers/model.js";
import { planOf } from "./transfers/plan.js";
import { transfersOf, useQueue } from "./transfers/queues.js";
import { localName } from "./transfers/wire.js";

/** Many files arriving are one reason to read the folder anew. */
const SETTLE_MS = 400;

/** What the hook needs. */
interface Options {
  api: FilesApi;
  place: Place;
  session: Session;
  /** The directory that is shown. */
  directory: string | null;
  onBegun(): void;
  /** Something new is in the directory. */
  onArrived(): void;
}

/** Uploads and downloads. */
export function useTransfers(options: Options) {
  const { api, place, directory } = options;
  const t = useStrings();
  const log = useLog();
  const callbacks = useCallbacks();
  const queries = useQueryClient();
  const { queue, leftovers, onSaved } = transfersOf(api.client);
  const state = useQueue(queue);
  const latest = useRef({ ...options, callbacks, log, t });
  useEffect(() => {
    latest.current = { ...options, callbacks, log, t };
  });

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = queue.onEnd((transfer) => {
      const { session, log: to, t: words, directory: at, onArrived } = latest.current;
      if (transfer.sessionId !== session.session_id) return;
      const extra = { sessionId: transfer.sessionId, quiet: true };
      const name = shown(transfer.name);
      const texts = transfer.direction === "upload" ? "uploaded" : "downloaded";
      if (transfer.state === "done") to.done(words.files.done[texts](name), extra);
      else {
        // Shown among the transfers, which a notice would cover.
        to.failed(words.files.notDone[texts](name), transfer.error, extra);
        latest.current.onBegun();
        // The page offers to connect again as soon as it knows that the session is lost.
        if (transfer.error instanceof ApiError && transfer.error.code === "connection_lost") {
          void queries.invalidateQueries({ queryKey: keys.sessions });
        }
      }
      const arrived = transfer.state === "done" && transfer.direction === "upload"
        && at !== null && (transfer.path.startsWith(at === "/" ? at : `${at}/`) || parentOf(transfer.path) === at);
      if (!arrived) return;
      clearTimeout(timer);
      timer = setTimeout(onArrived, SETTLE_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [queries, queue]);

  useEffect(() => {
    const saved: Parameters<typeof onSaved.add>[0] = (transfer, { name, size }) => {
      const { session, callbacks: tell } = latest.current;
      if (transfer.sessionId !== session.session_id) return;
      tell.onFileDownloaded?.({ session, remotePath: transfer.path, name, ...(size === undefined ? {} : { size }) });
    };
    onSaved.add(saved);
    return () => {
      onSaved.delete(saved);
    };
  }, [onSaved]);

  const send = useCallback(async ({ orders, empty, tooMany }: Dropped, to: string) => {
    const { log: tell, t: words, onBegun, onArrived } = latest.current;
    if (tooMany) tell.note(words.files.notDone.tooMany(MOST_FILES), { sessionId: api.sessionId });
    if (orders.length > 0) {
      queue.upload(place, orders);
      onBegun();
    }
    for (const folder of empty) {
      await api.makeDirectory(join(to, folder), true).catch((error: unknown) => {
        tell.failed(words.files.notDone.emptyFolder(shown(folder)), error, { sessionId: api.sessionId });
      });
    }
    if (empty.length > 0) onArrived();
  }, [api, place, queue]);

  const pick = useCallback((files: readonly File[]) => {
    if (directory !== null && files.length > 0) void send(picked(files, directory), directory);
  }, [directory, send]);

  const drop = useCallback((data: DataTransfer) => {
    if (directory === null) return;
    takeApart(entriesOf(data), directory).then(
      (found) => send(found, directory),
      (error: unknown) => log.failed(t.files.notDone.dropped, error, { sessionId: api.sessionId }),
    );
  }, [api, directory, log, send, t]);

  const download = useCallback((rows: readonly Row[]) => {
    const plan = planOf(rows.map(({ entry }) => entry));
    if (plan === null) return;
    if (plan.how === "page") {
      queue.download(place, [plan]);
      latest.current.onBegun();
      return;
    }
    const hand = (url: string, name: string, path: string, size: number | null) => {
      saveAs(url, localName(name));
      queue.handed(place, name, path, size);
      latest.current.onBegun();
    };
    // A link of its own can be gone on with by the browser, but cannot carry an access token.
    if (plan.how === "browser" && Object.keys(api.client.authorization()).length === 0) {
      hand(api.contentUrl(plan.path), plan.name, plan.path, plan.size);
      return;
    }
    const [paths, size] = plan.how === "zip" ? [plan.paths, null] : [[plan.path], plan.size];
    const first = paths[0] ?? "/";
    api.orderDownload(paths, plan.how === "zip" ? "zip" : "file").then(
      ({ url, name }) => hand(url, name, first, size),
      (error: unknown) => {
        const text = t.files.notDone.packed(shown(baseOf(first)), paths.length - 1);
        log.failed(text, error, { sessionId: api.sessionId });
      },
    );
  }, [api, log, place, queue, t]);

  const goOn = useCallback((order: UploadOrder) => {
    queue.upload(place, [order]);
    latest.current.onBegun();
  }, [place, queue]);

  return { queue, leftovers, state, pick, drop, download, goOn };
}

/** Files dragged over an element. */
export function useDrop(enabled: boolean, onDrop: (data: DataTransfer) => void) {
  const [over, setOver] = useState(false);
  const depth = useRef(0);
  const hasFiles = (event: DragEvent) => enabled && event.dataTransfer.types.includes("Files");
  return {
    over,
    handlers: {
      onDragEnter: (event: DragEvent) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        depth.current += 1;
        setOver(true);
      },
      onDragOver: (event: DragEvent) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = "copy";
      },
      onDragLeave: (event: DragEvent) => {
        if (!hasFiles(event)) return;
        depth.current = Math.max(0, depth.current - 1);
        if (depth.current === 0) setOver(false);
      },
      onDrop: (event: DragEvent) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        depth.current = 0;
        setOver(false);
        onDrop(event.dataTransfer);
      },
    },
  };
}

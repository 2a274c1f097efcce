// The network as transfers use it: uploads by XMLHttpRequest, which alone tells how much was
// sent, downloads by `fetch` into memory the browser may keep on disk.

import type { Client } from "../../client/client.js";
import { ApiError, errorOf, UNREACHABLE } from "../../client/error.js";
import { saveBlob } from "../../hooks/saving.js";
import { FilesApi } from "../api.js";
import { shown } from "../names.js";
import type { Transfer } from "./model.js";
import type { Gathered, Put, Wire } from "./network.js";

/** Pieces of a download are put together at this size, so that the browser may move them to disk. */
const PIECE = 16 * 1024 * 1024;

/** The network. `onSaved` is told of each download that was given to the person. */
export class HttpWire implements Wire {
  constructor(
    private readonly client: Client,
    private readonly onSaved: (transfer: Transfer, name: string, size: number) => void,
  ) {}

  async put(order: Put, progress: (moved: number) => void, signal: AbortSignal): Promise<void> {
    const { sessionId, path, file, offset, partial, overwrite } = order;
    const url = this.client.url(`/connections/${encodeURIComponent(sessionId)}/content`, {
      path, overwrite, partial, offset: partial === null ? null : offset, size: file.size,
      mtime: Math.max(0, Math.floor(file.lastModified / 1000)),
    });
    const answer = await new Promise<Response>((resolve, reject) => {
      const request = new XMLHttpRequest();
      const away = () => {
        this.client.doubt();
        reject(new ApiError(0, "The server cannot be reached", UNREACHABLE));
      };
      request.open("PUT", url);
      for (const [name, value] of Object.entries(this.client.authorization())) request.setRequestHeader(name, value);
      request.setRequestHeader("Content-Type", "application/octet-stream");
      request.upload.onprogress = (event) => progress(offset + event.loaded);
      request.onload = () => {
        if (request.status < 200) away();
        else resolve(new Response(request.status === 204 ? null : request.responseText, { status: request.status }));
      };
      request.onerror = away;
      request.onabort = () => reject(new DOMException("stopped", "AbortError"));
      signal.addEventListener("abort", () => request.abort(), { once: true });
      if (signal.aborted) request.abort();
      else request.send(offset === 0 ? file : file.slice(offset));
    });
    if (!answer.ok) throw await errorOf(answer);
  }

  look(sessionId: string, path: string, signal?: AbortSignal) {
    return new FilesApi(this.client, sessionId).find(path, signal);
  }

  async remove(sessionId: string, path: string): Promise<void> {
    // What was sent last may only now be written: look again after it is.
    const api = new FilesApi(this.client, sessionId);
    await api.remove(path, false);
  }

  makeDirectory(sessionId: string, path: string): Promise<void> {
    return new FilesApi(this.client, sessionId).makeDirectory(path, true);
  }

  async get(
    { sessionId, path }: Transfer,
    gathered: Gathered,
    progress: (moved: number, size: number | null) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const goesOn = gathered.size > 0 && gathered.tag !== null;
    const answer = await this.client.send(`/connections/${encodeURIComponent(sessionId)}/content`, {
      query: { path },
      signal,
      cache: "no-store",
      headers: goesOn ? { Range: `bytes=${gathered.size}-`, "If-Range": gathered.tag as string } : {},
    });
    // The whole file: it changed meanwhile, or nothing of it was here.
    if (answer.status !== 206) Object.assign(gathered, { parts: [], size: 0 });
    gathered.tag = answer.headers.get("ETag");
    const length = answer.headers.get("Content-Length");
    const size = length === null ? null : gathered.size + Number(length);
    const reader = answer.body?.getReader();
    let piece: Uint8Array<ArrayBuffer>[] = [];
    let inPiece = 0;
    const put = () => {
      if (inPiece > 0) gathered.parts.push(new Blob(piece));
      piece = [];
      inPiece = 0;
    };
    try {
      for (;;) {
        const read = await reader?.read();
        if (!read || read.done) break;
        piece.push(read.value);
        inPiece += read.value.length;
        gathered.size += read.value.length;
        if (inPiece >= PIECE) put();
        progress(gathered.size, size);
      }
    } catch (error) {
      if (signal.aborted) throw error;
      this.client.doubt();
      throw new ApiError(0, "The connection broke off", UNREACHABLE);
    } finally {
      put();
    }
    if (size !== null && gathered.size < size) throw new ApiError(0, "The file ended too early", "incomplete");
  }

  save(transfer: Transfer, { parts, size }: Gathered): void {
    const name = localName(transfer.name);
    saveBlob(new Blob(parts, { type: "application/octet-stream" }), name);
    this.onSaved(transfer, name, size);
  }
}

/** A name every file system of a person's machine takes; nothing in it hides what it is. */
export function localName(name: string): string {
  const safe = shown(name).replace(/[\\/:*?"<>|]/g, "_").replace(/^\.+$/, "_");
  return safe || "_";
}

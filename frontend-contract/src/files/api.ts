// The routes of one session's files, as the browser uses them.

import { ok, type Client } from "../client/client.js";
import { ApiError } from "../client/error.js";
import type { Entry, EntryPage, SessionCapabilities } from "../client/models.js";
import type { components } from "../client/schema.js";
import type { FetchPage } from "./listing/store.js";

/** What was found, removed or copied below a path. */
export type Tree = components["schemas"]["TreeObject"];
/** Space of a file system. */
export type Space = components["schemas"]["SpaceObject"];
/** Attributes to change. */
export type Attributes = Omit<components["schemas"]["Attributes"], "path">;
/** What can be done with the files of a session. */
export type FileCapabilities = SessionCapabilities["files"];

/** A file's content, or its beginning. */
export interface Content {
  bytes: Uint8Array<ArrayBuffer>;
  /** Bytes of the whole file, where they are known. */
  size: number | null;
  /** What a change is compared by; null where the server cannot tell. */
  tag: string | null;
}

/** The files of a session. */
export class FilesApi {
  constructor(readonly client: Client, readonly sessionId: string) {}

  get #session() {
    return { session_id: this.sessionId };
  }

  list: FetchPage = ({ path, limit, cursor }, signal): Promise<EntryPage> =>
    ok(this.client.http.GET("/connections/{session_id}/entries", {
      params: {
        path: this.#session,
        query: { limit, ...(path === undefined ? {} : { path }), ...(cursor === undefined ? {} : { cursor }) },
      },
      signal,
    }));

  stat(path: string, follow: boolean, signal?: AbortSignal): Promise<Entry> {
    return ok(this.client.http.GET("/connections/{session_id}/stat", {
      params: { path: this.#session, query: { path, follow } }, ...(signal ? { signal } : {}),
    }));
  }

  /** What is at a path, links not followed; null when nothing is. */
  async find(path: string, signal?: AbortSignal): Promise<Entry | null> {
    try {
      return await this.stat(path, false, signal);
    } catch (error) {
      if (error instanceof ApiError && error.code === "not_found") return null;
      throw error;
    }
  }

  treeSize(path: string, signal?: AbortSignal): Promise<Tree> {
    return ok(this.client.http.GET("/connections/{session_id}/size", {
      params: { path: this.#session, query: { path } }, ...(signal ? { signal } : {}),
    }));
  }

  space(path: string, signal?: AbortSignal): Promise<Space> {
    return ok(this.client.http.GET("/connections/{session_id}/space", {
      params: { path: this.#session, query: { path } }, ...(signal ? { signal } : {}),
    }));
  }

  capabilities(signal?: AbortSignal): Promise<SessionCapabilities> {
    return ok(this.client.http.GET("/connections/{session_id}/capabilities", {
      params: { path: this.#session }, ...(signal ? { signal } : {}),
    }));
  }

  async makeDirectory(path: string, parents = false): Promise<void> {
    await ok(this.client.http.POST("/connections/{session_id}/directories", {
      params: { path: this.#session }, body: { path, parents },
    }));
  }

  async rename(from: string, to: string, overwrite: boolean, signal?: AbortSignal): Promise<void> {
    await ok(this.client.http.POST("/connections/{session_id}/rename", {
      params: { path: this.#session }, body: { from, to, overwrite }, ...(signal ? { signal } : {}),
    }));
  }

  /** Copies, also to another session. An abort stops the copying. */
  async copy(order: components["schemas"]["CopyOrder"], signal?: AbortSignal): Promise<Tree | null> {
    const copied = await ok(this.client.http.POST("/connections/{session_id}/copy", {
      params: { path: this.#session }, body: order, ...(signal ? { signal } : {}),
    }));
    return copied.tree ?? null;
  }

  remove(path: string, recursive: boolean, signal?: AbortSignal): Promise<Tree> {
    return ok(this.client.http.POST("/connections/{session_id}/delete", {
      params: { path: this.#session }, body: { path, recursive }, ...(signal ? { signal } : {}),
    }));
  }

  async setAttributes(path: string, attributes: Attributes): Promise<void> {
    await ok(this.client.http.POST("/connections/{session_id}/attributes", {
      params: { path: this.#session }, body: { path, ...attributes },
    }));
  }

  async symlink(target: string, link: string): Promise<void> {
    await ok(this.client.http.POST("/connections/{session_id}/symlink", {
      params: { path: this.#session }, body: { target, link },
    }));
  }

  /** The address of a file's content. */
  contentUrl(path: string): string {
    return this.client.url(this.#content, { path });
  }

  /** Orders what the browser is to fetch by itself: where, once and soon, and what it will be called. */
  async orderDownload(paths: string[], format: "zip" | "file"): Promise<{ url: string; name: string }> {
    const { ticket, name } = await ok(this.client.http.POST("/connections/{session_id}/downloads", {
      params: { path: this.#session }, body: { paths, format },
    }));
    return { url: this.client.url("/downloads", { ticket }), name };
  }

  /** The first bytes of a file. */
  async read(path: string, most: number, signal?: AbortSignal): Promise<Content> {
    const answer = await this.client.send(this.#content, {
      query: { path }, headers: { Range: `bytes=0-${most - 1}` },
      // A browser may put a part it kept of an older file before it.
      cache: "no-store", ...(signal ? { signal } : {}),
    }).catch((error: unknown) => {
      // An empty file has no first byte.
      if ((error as { status?: number }).status === 416) return null;
      throw error;
    });
    if (!answer) return { bytes: new Uint8Array(), size: 0, tag: await this.tag(path) };
    const bytes = await firstBytes(answer, most);
    const whole = /\/(\d+)$/.exec(answer.headers.get("Content-Range") ?? "")?.[1] ?? answer.headers.get("Content-Length");
    return { bytes, size: whole === null ? null : Number(whole), tag: answer.headers.get("ETag") };
  }

  /** What a file's content is compared by now. */
  async tag(path: string): Promise<string | null> {
    const answer = await this.client.send(this.#content, { method: "HEAD", query: { path }, cache: "no-store" });
    return answer.headers.get("ETag");
  }

  /** Writes a file; `tag` is what it must still be, `new` that it must not be there. */
  async write(path: string, content: Blob, must: { tag: string } | "new" | "any"): Promise<void> {
    const headers: Record<string, string> = { "Content-Type": "application/octet-stream" };
    if (must === "new") headers["If-None-Match"] = "*";
    else if (must !== "any") headers["If-Match"] = must.tag;
    await this.client.send(this.#content, { method: "PUT", query: { path }, headers, body: content });
  }

  get #content(): string {
    return `/connections/${encodeURIComponent(this.sessionId)}/content`;
  }
}

/** No more than was asked for, also of a server that sends the whole file. */
async function firstBytes(answer: Response, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const reader = answer.body?.getReader();
  if (!reader) return new Uint8Array();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  while (size < most) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    size += value.length;
  }
  await reader.cancel();
  const bytes = new Uint8Array(Math.min(size, most));
  let at = 0;
  for (const part of parts) {
    bytes.set(part.subarray(0, bytes.length - at), at);
    at += part.length;
  }
  return bytes;
}

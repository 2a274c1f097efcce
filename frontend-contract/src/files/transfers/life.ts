// One transfer from its beginning to its end. An upload gathers in a partial file beside its
// target, so that it can be paused, retried, and gone on with after the page was reloaded.
// Knows neither the order of transfers nor who asks the person.

import { ApiError } from "../../client/error.js";
import { baseOf, besides, join, parentOf } from "../names.js";
import type { Board } from "./board.js";
import type { Leftovers } from "./leftovers.js";
import { FINISHED, type Choice, type Transfer } from "./model.js";
import { nothingGathered, type Gathered, type Wire } from "./network.js";
import { partialName } from "./partial.js";
import { Speed } from "./speed.js";

/** Files chosen together: an answer can be for all of them. */
export interface Batch {
  choice: Choice | null;
}

/** What is kept of a transfer beside what is shown of it. */
export class Job {
  choice: Choice | null = null;
  controller: AbortController | null = null;
  /** Settles when the last run of it is over. */
  run: Promise<void> = Promise.resolve();
  speed = new Speed();
  gathered: Gathered = nothingGathered();

  constructor(readonly batch: Batch, readonly file: File | undefined) {}
}

/** How often a wrong offset is corrected before it is an error. */
const OFFSET_TRIES = 5;
/** How often, and how long after each other, a partial file that is to go is looked for. */
const CLEAN_TRIES = 5;
const CLEAN_AFTER_MS = 400;

/** Runs transfers. */
export class Life {
  readonly #directories = new Map<string, Promise<void>>();

  constructor(
    private readonly wire: Wire,
    private readonly board: Board,
    private readonly leftovers: Leftovers,
  ) {}

  /** Brings a transfer to its end, or to a question. */
  run(id: number, job: Job, signal: AbortSignal): Promise<"done" | "skipped" | "asking"> {
    return job.file ? this.#upload(id, job, job.file, signal) : this.#download(id, job, signal);
  }

  /** The partial file of an upload that was begun; null when there is none. */
  partialOf(transfer: Transfer, job: Job): string | null {
    const begun = transfer.state !== "waiting" || transfer.moved > 0;
    return transfer.resumable && begun && job.file
      ? join(parentOf(transfer.path), partialName(transfer.name, job.file)) : null;
  }

  /** Removes the partial file of an upload that was given up; what stays is remembered. */
  async clean({ id, sessionId, account, path }: Transfer, partial: string, job: Job): Promise<void> {
    await job.run;
    const which = { account, partial };
    for (let tries = 1; ; tries += 1) {
      // The same file was chosen again meanwhile and goes on in it.
      const isTaken = this.board.get().transfers.some((other) =>
        other.id !== id && other.account === account && other.path === path && !FINISHED.includes(other.state));
      if (isTaken) return;
      try {
        await this.wire.remove(sessionId, partial);
        break;
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== "not_found") {
          this.leftovers.leave(which);
          return;
        }
        // The server may be about to make it: it learns only later that the request broke off.
        if (tries >= CLEAN_TRIES) break;
        await new Promise((resolve) => setTimeout(resolve, CLEAN_AFTER_MS));
      }
    }
    this.leftovers.end(which);
  }

  async #download(id: number, job: Job, signal: AbortSignal): Promise<"done"> {
    const transfer = this.board.find(id) as Transfer;
    await this.wire.get(transfer, job.gathered, (moved, size) => {
      if (!signal.aborted) this.board.progress(id, job.speed, moved, size === null ? {} : { size });
    }, signal);
    if (!signal.aborted) {
      this.wire.save(transfer, job.gathered);
      this.board.change(id, { moved: job.gathered.size, size: job.gathered.size });
      job.gathered = nothingGathered();
    }
    return "done";
  }

  async #upload(id: number, job: Job, file: File, signal: AbortSignal): Promise<"done" | "skipped" | "asking"> {
    let { path } = this.board.find(id) as Transfer;
    const { sessionId, account, resumable } = this.board.find(id) as Transfer;
    await this.#directory(sessionId, parentOf(path));
    const existing = await this.wire.look(sessionId, path, signal);
    const choice = job.choice ?? job.batch.choice;
    if (existing) {
      if (choice === null || (choice === "overwrite" && existing.type === "directory")) {
        job.choice = null;
        return "asking";
      }
      if (choice === "skip") return "skipped";
      if (choice === "both") {
        path = await this.#freePath(sessionId, path, signal);
        this.board.change(id, { path, name: baseOf(path) });
      }
    }
    const partial = resumable ? partialName(baseOf(path), file) : null;
    const found = partial ? await this.wire.look(sessionId, join(parentOf(path), partial), signal) : null;
    const left = partial === null ? null : { account, path, partial: join(parentOf(path), partial), size: file.size };
    if (left) this.leftovers.begin(left);
    let offset = found?.size !== undefined && found.size <= file.size ? found.size : 0;
    for (let tries = 1; ; tries += 1) {
      this.board.progress(id, job.speed, offset);
      try {
        await this.wire.put(
          { sessionId, path, file, offset, partial, overwrite: choice === "overwrite" },
          (moved) => {
            if (!signal.aborted) this.board.progress(id, job.speed, moved);
          },
          signal,
        );
        if (left) this.leftovers.end(left);
        if (!signal.aborted) this.board.change(id, { moved: file.size });
        return "done";
      } catch (error) {
        if (signal.aborted || !(error instanceof ApiError)) throw error;
        // Someone was quicker: the question is due after all.
        if (error.code === "already_exists" && choice !== "overwrite") {
          job.choice = null;
          return "asking";
        }
        const there = error.body["size"];
        const wrong = error.code === "offset_mismatch" && typeof there === "number" && there <= file.size;
        if (!wrong || tries >= OFFSET_TRIES) throw error;
        offset = there;
      }
    }
  }

  /** Makes a directory once for all files that go there. */
  async #directory(sessionId: string, path: string): Promise<void> {
    const key = `${sessionId} ${path}`;
    let made = this.#directories.get(key);
    if (!made) {
      made = this.wire.look(sessionId, path)
        .then((there) => (there ? undefined : this.wire.makeDirectory(sessionId, path)));
      this.#directories.set(key, made);
      // Asked again by the next file that comes later: it may be gone by then.
      void made.catch(() => undefined).finally(() => this.#directories.delete(key));
    }
    await made;
  }

  async #freePath(sessionId: string, path: string, signal: AbortSignal): Promise<string> {
    for (let n = 2; ; n += 1) {
      const free = join(parentOf(path), besides(baseOf(path), n));
      const taken = this.board.get().transfers.some((other) => other.path === free && !FINISHED.includes(other.state));
      if (!taken && !(await this.wire.look(sessionId, free, signal))) return free;
    }
  }
}

// Transfers, a few at a time. An upload gathers in a partial file beside its target, so that
// it can be paused, retried, and gone on with after the page was reloaded. Knows neither React
// nor the network: a `Wire` does the work.

import { ApiError } from "../../client/error.js";
import { besides, baseOf, join, parentOf } from "../names.js";
import { BUSY, FINISHED, type Choice, type Existing, type Question, type Transfer } from "./model.js";
import { partialName } from "./partial.js";
import { Speed } from "./speed.js";

/** An upload as the wire does it. */
export interface Put {
  sessionId: string;
  path: string;
  file: File;
  /** Bytes that are there. */
  offset: number;
  /** Name of the partial file; null where the server cannot go on with one. */
  partial: string | null;
  overwrite: boolean;
}

/** A download on its way: what arrived is kept here while it is paused. */
export interface Gathered {
  parts: Blob[];
  size: number;
  tag: string | null;
}

/** What transfers need of the network. */
export interface Wire {
  put(order: Put, progress: (moved: number) => void, signal: AbortSignal): Promise<void>;
  /** What is at a path, links not followed; null when nothing is. */
  look(sessionId: string, path: string, signal?: AbortSignal): Promise<Existing | null>;
  remove(sessionId: string, path: string): Promise<void>;
  makeDirectory(sessionId: string, path: string): Promise<void>;
  /** Goes on with what is gathered. */
  get(
    transfer: Transfer, gathered: Gathered, progress: (moved: number, size: number | null) => void, signal: AbortSignal,
  ): Promise<void>;
  /** Gives a file that is complete to the person. */
  save(transfer: Transfer, gathered: Gathered): void;
}

/** A file to send. */
export interface UploadOrder {
  file: File;
  /** The directory chosen. */
  directory: string;
  /** Directories below it, for what came from a folder. */
  below: string;
}

/** Where transfers belong. */
export interface Place {
  sessionId: string;
  sessionName: string;
  resumable: boolean;
}

interface Job {
  file?: File | undefined;
  /** Files chosen together: an answer can be for all of them. */
  batch: object;
  choice: Choice | null;
  controller: AbortController | null;
  speed: Speed;
  gathered: Gathered;
}

/** What the queue shows. */
export interface QueueState {
  transfers: readonly Transfer[];
  question: Question | null;
}

/** How often a wrong offset is corrected before it is an error. */
const OFFSET_TRIES = 5;
/** How often progress is told, in milliseconds. */
const TELL_EVERY = 200;

/** Transfers of all sessions of a server. */
export class TransferQueue {
  #state: QueueState = { transfers: [], question: null };
  #lastId = 0;
  #told = 0;
  readonly #jobs = new Map<number, Job>();
  readonly #answers = new Map<object, Choice>();
  readonly #directories = new Map<string, Promise<void>>();
  readonly #listeners = new Set<() => void>();
  readonly #doneListeners = new Set<(transfer: Transfer) => void>();

  constructor(
    private readonly wire: Wire,
    private readonly atOnce = 3,
    private readonly now: () => number = () => performance.now(),
  ) {}

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  get = (): QueueState => this.#state;

  /** Tells of each transfer that ends well or fails. */
  onEnd(listener: (transfer: Transfer) => void): () => void {
    this.#doneListeners.add(listener);
    return () => this.#doneListeners.delete(listener);
  }

  /** Sends files. */
  upload(place: Place, orders: readonly UploadOrder[]): void {
    const batch = {};
    this.#add(orders.map(({ file, directory, below }) => ({
      ...this.#fresh(place, "upload", file.name, join(below ? join(directory, below) : directory, file.name)),
      size: file.size,
    })), batch, orders.map((order) => order.file));
    this.#fill();
  }

  /** Fetches files. */
  download(place: Place, files: readonly { name: string; path: string; size: number | null }[]): void {
    this.#add(files.map(({ name, path, size }) => ({
      ...this.#fresh({ ...place, resumable: true }, "download", name, path), size,
    })), {}, []);
    this.#fill();
  }

  /** Notes a file the browser itself fetches. */
  handed(place: Place, name: string, path: string, size: number | null): void {
    this.#add([{ ...this.#fresh(place, "download", name, path), size, state: "handed" }], {}, []);
  }

  pause(id: number): void {
    if (!this.#is(id, BUSY)) return;
    this.#stop(id, "paused");
  }

  /** Goes on with what is paused or failed. */
  resume(id: number): void {
    if (!this.#is(id, ["paused", "failed"])) return;
    this.#change(id, { state: "waiting", error: null, speed: null });
    this.#fill();
  }

  /** Gives up; what was sent of it is removed. */
  cancel(id: number): void {
    const transfer = this.#find(id);
    if (!transfer || FINISHED.includes(transfer.state)) return;
    const begun = transfer.state !== "waiting" || transfer.moved > 0;
    const job = this.#jobs.get(id);
    const partial = transfer.direction === "upload" && transfer.resumable && begun && job?.file
      ? join(parentOf(transfer.path), partialName(transfer.name, job.file)) : null;
    this.#stop(id, "cancelled");
    if (job) job.gathered = { parts: [], size: 0, tag: null };
    // It may never have come to be; and what is left of it does no harm but take space.
    if (partial) void this.wire.remove(transfer.sessionId, partial).catch(() => undefined);
  }

  pauseAll(): void {
    for (const { id, resumable } of this.#state.transfers) if (resumable) this.pause(id);
  }

  /** Stops everything, as nobody sees it any more; what was sent can be gone on with. */
  stopAll(): void {
    // What waits first, or it would begin in place of what stops.
    for (const { id, resumable } of this.#state.transfers.toReversed()) {
      if (resumable) this.pause(id);
      else this.cancel(id);
    }
  }

  resumeAll(): void {
    for (const { id } of this.#state.transfers) this.resume(id);
  }

  /** Forgets what is over. */
  clear(): void {
    const transfers = this.#state.transfers.filter(({ state }) => !FINISHED.includes(state));
    for (const { id } of this.#state.transfers) if (!transfers.some((each) => each.id === id)) this.#jobs.delete(id);
    this.#set({ ...this.#state, transfers });
  }

  /** Answers the question; `forAll` also for the files chosen together with it. */
  answer(choice: Choice, forAll: boolean): void {
    const { question } = this.#state;
    if (!question) return;
    const job = this.#jobs.get(question.transfer.id);
    if (job && forAll) this.#answers.set(job.batch, choice);
    const asking = this.#state.transfers.filter(({ id, state }) =>
      state === "asking" && (id === question.transfer.id || (forAll && this.#jobs.get(id)?.batch === job?.batch)));
    this.#set({ ...this.#state, question: null });
    for (const { id } of asking) {
      const each = this.#jobs.get(id);
      if (each) each.choice = choice;
      this.#change(id, { state: "waiting" });
    }
    this.#fill();
  }

  #fresh(place: Place, direction: Transfer["direction"], name: string, path: string): Transfer {
    this.#lastId += 1;
    return {
      id: this.#lastId, direction, sessionId: place.sessionId, sessionName: place.sessionName, name, path,
      size: null, moved: 0, state: "waiting", speed: null, resumable: place.resumable, error: null,
    };
  }

  #add(transfers: readonly Transfer[], batch: object, files: readonly File[]): void {
    transfers.forEach(({ id }, at) => this.#jobs.set(id, {
      file: files[at], batch, choice: null, controller: null, speed: new Speed(),
      gathered: { parts: [], size: 0, tag: null },
    }));
    this.#set({ ...this.#state, transfers: [...this.#state.transfers, ...transfers] });
  }

  #find(id: number): Transfer | undefined {
    return this.#state.transfers.find((transfer) => transfer.id === id);
  }

  #is(id: number, states: readonly Transfer["state"][]): boolean {
    const transfer = this.#find(id);
    return transfer !== undefined && states.includes(transfer.state);
  }

  #stop(id: number, state: "paused" | "cancelled"): void {
    const job = this.#jobs.get(id);
    this.#change(id, { state, speed: null });
    job?.controller?.abort();
    this.#ask();
    this.#fill();
  }

  /** Starts what waits, as many as may run. */
  #fill(): void {
    let running = this.#state.transfers.filter(({ state }) => state === "running").length;
    for (const transfer of this.#state.transfers) {
      if (running >= this.atOnce) return;
      const job = this.#jobs.get(transfer.id);
      if (transfer.state !== "waiting" || !job) continue;
      running += 1;
      void this.#run(transfer.id, job);
    }
  }

  async #run(id: number, job: Job): Promise<void> {
    // One that was just stopped first comes to its end.
    const controller = new AbortController();
    job.controller = controller;
    job.speed = new Speed();
    this.#change(id, { state: "running" });
    try {
      const state = job.file
        ? await this.#upload(id, job, job.file, controller.signal)
        : await this.#download(id, job, controller.signal);
      if (!controller.signal.aborted) this.#end(id, { state, speed: null });
    } catch (error) {
      if (!controller.signal.aborted) this.#end(id, { state: "failed", error, speed: null });
    }
    this.#ask();
    this.#fill();
  }

  async #download(id: number, job: Job, signal: AbortSignal): Promise<"done"> {
    const transfer = this.#find(id) as Transfer;
    await this.wire.get(transfer, job.gathered, (moved, size) => {
      if (!signal.aborted) this.#progress(id, job, moved, size === null ? {} : { size });
    }, signal);
    if (!signal.aborted) {
      this.wire.save(transfer, job.gathered);
      this.#change(id, { moved: job.gathered.size, size: job.gathered.size });
      job.gathered = { parts: [], size: 0, tag: null };
    }
    return "done";
  }

  async #upload(id: number, job: Job, file: File, signal: AbortSignal): Promise<"done" | "skipped" | "asking"> {
    let { path } = this.#find(id) as Transfer;
    const { sessionId, resumable } = this.#find(id) as Transfer;
    await this.#directory(sessionId, parentOf(path));
    const existing = await this.wire.look(sessionId, path, signal);
    const choice = job.choice ?? this.#answers.get(job.batch) ?? null;
    if (existing) {
      if (choice === null || (choice === "overwrite" && existing.type === "directory")) {
        job.choice = null;
        return "asking";
      }
      if (choice === "skip") return "skipped";
      if (choice === "both") {
        path = await this.#freePath(sessionId, path, signal);
        this.#change(id, { path, name: baseOf(path) });
      }
    }
    const partial = resumable ? partialName(baseOf(path), file) : null;
    const found = partial ? await this.wire.look(sessionId, join(parentOf(path), partial), signal) : null;
    let offset = found?.size !== undefined && found.size <= file.size ? found.size : 0;
    for (let tries = 1; ; tries += 1) {
      this.#progress(id, job, offset);
      try {
        await this.wire.put(
          { sessionId, path, file, offset, partial, overwrite: choice === "overwrite" },
          (moved) => {
            if (!signal.aborted) this.#progress(id, job, moved);
          },
          signal,
        );
        if (!signal.aborted) this.#change(id, { moved: file.size });
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
      const taken = this.#state.transfers.some((other) => other.path === free && !FINISHED.includes(other.state));
      if (!taken && !(await this.wire.look(sessionId, free, signal))) return free;
    }
  }

  #progress(id: number, job: Job, moved: number, more: Partial<Transfer> = {}): void {
    const now = this.now();
    const speed = job.speed.at(now, moved);
    this.#change(id, { moved, speed, ...more }, now - this.#told < TELL_EVERY);
  }

  #end(id: number, change: Partial<Transfer>): void {
    this.#change(id, change);
    const ended = this.#find(id);
    if (ended && (ended.state === "done" || ended.state === "failed")) {
      for (const listener of this.#doneListeners) listener(ended);
    }
  }

  /** Puts the next question, and takes back one that is not open any more. */
  #ask(): void {
    const asking = this.#state.transfers.filter(({ state }) => state === "asking");
    const { question } = this.#state;
    if (question && asking.some(({ id }) => id === question.transfer.id)) return;
    const next = asking[0];
    if (!next) {
      if (question) this.#set({ ...this.#state, question: null });
      return;
    }
    const batch = this.#jobs.get(next.id)?.batch;
    const others = this.#state.transfers.filter(({ id, state }) =>
      id !== next.id && BUSY.includes(state) && this.#jobs.get(id)?.batch === batch).length;
    void this.wire.look(next.sessionId, next.path).then(
      (existing) => {
        if (this.#state.question || !this.#is(next.id, ["asking"])) return;
        if (existing) {
          this.#set({ ...this.#state, question: { transfer: next, existing, others } });
        } else {
          this.#change(next.id, { state: "waiting" });
          this.#fill();
        }
      },
      (error: unknown) => {
        this.#end(next.id, { state: "failed", error });
        this.#ask();
      },
    );
  }

  #change(id: number, change: Partial<Transfer>, quietly = false): void {
    const transfers = this.#state.transfers.map((each) => (each.id === id ? { ...each, ...change } : each));
    this.#state = { ...this.#state, transfers };
    if (!quietly) this.#tell();
  }

  #set(state: QueueState): void {
    this.#state = state;
    this.#tell();
  }

  #tell(): void {
    this.#told = this.now();
    for (const listener of this.#listeners) listener();
  }
}

// Transfers, a few at a time: which runs when, what stops one, and who is asked. Knows neither
// React nor the network: a `Wire` does the work.

import { Board, type QueueState } from "./board.js";
import { Leftovers } from "./leftovers.js";
import { Job, Life, type Batch } from "./life.js";
import { BUSY, FINISHED, type Choice, type Place, type Transfer, type UploadOrder } from "./model.js";
import { nothingGathered, type Wire } from "./network.js";
import { join } from "../names.js";
import { Speed } from "./speed.js";

/** Transfers of all sessions of a server. */
export class TransferQueue {
  #lastId = 0;
  readonly #board: Board;
  readonly #life: Life;
  readonly #jobs = new Map<number, Job>();
  readonly #endListeners = new Set<(transfer: Transfer) => void>();
  readonly subscribe: Board["subscribe"];
  readonly get: () => QueueState;

  constructor(
    private readonly wire: Wire,
    private readonly atOnce = 3,
    leftovers: Leftovers = new Leftovers(null),
    now: () => number = () => performance.now(),
  ) {
    this.#board = new Board(now);
    this.#life = new Life(wire, this.#board, leftovers);
    this.subscribe = this.#board.subscribe;
    this.get = this.#board.get;
  }

  /** Tells of each transfer that ends well or fails. */
  onEnd(listener: (transfer: Transfer) => void): () => void {
    this.#endListeners.add(listener);
    return () => this.#endListeners.delete(listener);
  }

  /** Sends files. */
  upload(place: Place, orders: readonly UploadOrder[]): void {
    this.#add(orders.map(({ file, directory, below, name = file.name }) => ({
      ...this.#fresh(place, "upload", name, join(below ? join(directory, below) : directory, name)),
      size: file.size,
    })), orders.map((order) => order.file));
    this.#fill();
  }

  /** Fetches files. */
  download(place: Place, files: readonly { name: string; path: string; size: number | null }[]): void {
    this.#add(files.map(({ name, path, size }) => ({
      ...this.#fresh({ ...place, resumable: true }, "download", name, path), size,
    })));
    this.#fill();
  }

  /** Notes a file the browser itself fetches. */
  handed(place: Place, name: string, path: string, size: number | null): void {
    this.#add([{ ...this.#fresh(place, "download", name, path), size, state: "handed" }]);
  }

  pause(id: number): void {
    if (!this.#board.is(id, BUSY)) return;
    this.#stop(id, "paused");
  }

  /** Goes on with what is paused or failed; over `place` when that is the same account. */
  resume(id: number, place?: Place): void {
    const transfer = this.#board.find(id);
    if (!transfer || !["paused", "failed"].includes(transfer.state)) return;
    const over = place && place.account === transfer.account
      ? { sessionId: place.sessionId, sessionName: place.sessionName } : {};
    this.#board.change(id, { state: "waiting", error: null, speed: null, ...over });
    this.#fill();
  }

  /** Gives up; what was sent of it is removed. */
  cancel(id: number): void {
    const transfer = this.#board.find(id);
    if (!transfer || FINISHED.includes(transfer.state)) return;
    const job = this.#jobs.get(id);
    const partial = job ? this.#life.partialOf(transfer, job) : null;
    this.#stop(id, "cancelled");
    if (job) job.gathered = nothingGathered();
    if (partial && job) void this.#life.clean(transfer, partial, job);
  }

  pauseAll(): void {
    for (const { id, resumable } of this.get().transfers) if (resumable) this.pause(id);
  }

  /** Stops everything, as nobody sees it any more; what was sent can be gone on with. */
  stopAll(): void {
    // What waits first, or it would begin in place of what stops.
    for (const { id, resumable } of this.get().transfers.toReversed()) {
      if (resumable) this.pause(id);
      else this.cancel(id);
    }
  }

  resumeAll(place?: Place): void {
    for (const { id } of this.get().transfers) this.resume(id, place);
  }

  /** Forgets what is over. */
  clear(): void {
    for (const { id } of this.#board.in(...FINISHED)) this.#jobs.delete(id);
    this.#board.keep(this.get().transfers.filter(({ state }) => !FINISHED.includes(state)));
  }

  /** Answers the question; `forAll` also for the files chosen together with it. */
  answer(choice: Choice, forAll: boolean): void {
    const { question } = this.get();
    if (!question) return;
    const batch = this.#jobs.get(question.transfer.id)?.batch;
    if (batch && forAll) batch.choice = choice;
    const asking = this.#board.in("asking").filter(({ id }) =>
      id === question.transfer.id || (forAll && this.#jobs.get(id)?.batch === batch));
    this.#board.ask(null);
    for (const { id } of asking) {
      const each = this.#jobs.get(id);
      if (each) each.choice = choice;
      this.#board.change(id, { state: "waiting" });
    }
    this.#fill();
  }

  #fresh(place: Place, direction: Transfer["direction"], name: string, path: string): Transfer {
    this.#lastId += 1;
    return {
      id: this.#lastId, direction, name, path,
      sessionId: place.sessionId, sessionName: place.sessionName, account: place.account,
      size: null, moved: 0, state: "waiting", speed: null, resumable: place.resumable, error: null,
    };
  }

  #add(transfers: readonly Transfer[], files: readonly File[] = []): void {
    const batch: Batch = { choice: null };
    transfers.forEach(({ id }, at) => this.#jobs.set(id, new Job(batch, files[at])));
    this.#board.add(transfers);
  }

  #stop(id: number, state: "paused" | "cancelled"): void {
    const job = this.#jobs.get(id);
    this.#board.change(id, { state, speed: null });
    job?.controller?.abort();
    this.#ask();
    this.#fill();
  }

  /** Starts what waits, as many as may run. */
  #fill(): void {
    let running = this.#board.in("running").length;
    for (const transfer of this.#board.in("waiting")) {
      if (running >= this.atOnce) return;
      const job = this.#jobs.get(transfer.id);
      if (!job) continue;
      running += 1;
      job.run = this.#run(transfer.id, job);
    }
  }

  async #run(id: number, job: Job): Promise<void> {
    // One that was just stopped first comes to its end.
    const controller = new AbortController();
    job.controller = controller;
    job.speed = new Speed();
    this.#board.change(id, { state: "running" });
    try {
      const state = await this.#life.run(id, job, controller.signal);
      if (!controller.signal.aborted) this.#end(id, { state, speed: null });
    } catch (error) {
      if (!controller.signal.aborted) this.#end(id, { state: "failed", error, speed: null });
    }
    this.#ask();
    this.#fill();
  }

  #end(id: number, change: Partial<Transfer>): void {
    this.#board.change(id, change);
    const ended = this.#board.find(id);
    if (ended && (ended.state === "done" || ended.state === "failed")) {
      for (const listener of this.#endListeners) listener(ended);
    }
  }

  /** Puts the next question, and takes back one that is not open any more. */
  #ask(): void {
    const asking = this.#board.in("asking");
    const { question } = this.get();
    if (question && asking.some(({ id }) => id === question.transfer.id)) return;
    const next = asking[0];
    if (!next) {
      if (question) this.#board.ask(null);
      return;
    }
    const batch = this.#jobs.get(next.id)?.batch;
    const others = this.#board.in(...BUSY).filter(({ id }) => id !== next.id && this.#jobs.get(id)?.batch === batch).length;
    void this.wire.look(next.sessionId, next.path).then(
      (existing) => {
        if (this.get().question || !this.#board.is(next.id, ["asking"])) return;
        if (existing) {
          this.#board.ask({ transfer: next, existing, others });
        } else {
          this.#board.change(next.id, { state: "waiting" });
          this.#fill();
        }
      },
      (error: unknown) => {
        this.#end(next.id, { state: "failed", error });
        this.#ask();
      },
    );
  }
}

// What is shown of the transfers: the list, the open question, and figures that change too often
// to be told each time. Knows neither what a transfer does nor in which order they run.

import type { Question, Transfer, TransferState } from "./model.js";
import type { Speed } from "./speed.js";

/** What is shown. */
export interface QueueState {
  transfers: readonly Transfer[];
  question: Question | null;
}

/** How often progress is told, in milliseconds. */
const TELL_EVERY = 200;

/** The transfers as they are shown. */
export class Board {
  #state: QueueState = { transfers: [], question: null };
  #told = 0;
  readonly #listeners = new Set<() => void>();

  constructor(private readonly now: () => number) {}

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  get = (): QueueState => this.#state;

  /** The transfers in one of these states, in their order. */
  in(...states: readonly TransferState[]): readonly Transfer[] {
    return this.#state.transfers.filter(({ state }) => states.includes(state));
  }

  find(id: number): Transfer | undefined {
    return this.#state.transfers.find((transfer) => transfer.id === id);
  }

  is(id: number, states: readonly TransferState[]): boolean {
    const transfer = this.find(id);
    return transfer !== undefined && states.includes(transfer.state);
  }

  add(transfers: readonly Transfer[]): void {
    this.#set({ ...this.#state, transfers: [...this.#state.transfers, ...transfers] });
  }

  /** Shows no others than these. */
  keep(transfers: readonly Transfer[]): void {
    this.#set({ ...this.#state, transfers });
  }

  ask(question: Question | null): void {
    this.#set({ ...this.#state, question });
  }

  change(id: number, change: Partial<Transfer>): void {
    this.#change(id, change);
    this.#tell();
  }

  /** How far a transfer is, and how fast that makes it. */
  progress(id: number, speed: Speed, moved: number, more: Partial<Transfer> = {}): void {
    const now = this.now();
    this.#change(id, { moved, speed: speed.at(now, moved), ...more });
    if (now - this.#told >= TELL_EVERY) this.#tell();
  }

  #change(id: number, change: Partial<Transfer>): void {
    const transfers = this.#state.transfers.map((each) => (each.id === id ? { ...each, ...change } : each));
    this.#state = { ...this.#state, transfers };
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

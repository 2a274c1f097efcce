// Entries being moved and copied: each order goes entry by entry, asks about what is in the way,
// can be stopped, and keeps what did not get there for another try. Knows neither React nor the
// network.

import { ApiError } from "../../client/error.js";
import type { Choice, Existing } from "../transfers/model.js";
import type { Bundle, How, Item, Target } from "./bundle.js";
import { carry, type Failure, type MoveWire, type Step } from "./carry.js";

/** Where entries go, with the name of the session. */
export interface Destination extends Target {
  sessionName: string;
}

/** How an order stands. */
export type MoveState = "running" | "asking" | "done" | "failed" | "cancelled";

/** An order, as it is shown. Never changed, only replaced. */
export interface Move {
  id: number;
  how: How;
  bundle: Bundle;
  to: Destination;
  state: MoveState;
  /** Place of the entry that is on its way, from 0. */
  at: number;
  step: Step;
  /** When it began, in milliseconds since the epoch. */
  since: number;
  /** Names of what got there, as they are there. */
  placed: readonly string[];
  skipped: number;
  /** The first of what failed. */
  failures: readonly Failure[];
  /** How much failed in all. */
  failed: number;
  /** Entries that did not get there, or not all of them. */
  left: readonly Item[];
}

/** A question about something that is in the way. */
export interface MoveQuestion {
  move: Move;
  item: Item;
  existing: Existing;
  /** How many entries are still to come. */
  others: number;
}

/** What is shown. */
export interface MovesState {
  moves: readonly Move[];
  question: MoveQuestion | null;
}

/** Failures kept of one order. */
const MOST_FAILURES = 100;
const ENDED: readonly MoveState[] = ["done", "failed", "cancelled"];
/** Codes after which the other entries would only fail alike. */
const FATAL = ["connection_lost", "session_not_found"];

interface Waiting {
  question: MoveQuestion;
  answer(choice: Choice): void;
}

/** Orders of all sessions of a server. */
export class Moves {
  #state: MovesState = { moves: [], question: null };
  #lastId = 0;
  #waiting: Waiting[] = [];
  #untold: Move[] = [];
  readonly #controllers = new Map<number, AbortController>();
  readonly #forAll = new Map<number, Choice>();
  readonly #listeners = new Set<() => void>();

  constructor(private readonly wire: MoveWire, private readonly now: () => number = () => Date.now()) {}

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  get = (): MovesState => this.#state;

  /** Sends entries on their way. */
  start(how: How, bundle: Bundle, to: Destination): void {
    if (bundle.items.length === 0) return;
    this.#lastId += 1;
    const move: Move = {
      id: this.#lastId, how, bundle, to, state: "running", at: 0, step: "placing", since: this.now(),
      placed: [], skipped: 0, failures: [], failed: 0, left: [],
    };
    this.#set({ ...this.#state, moves: [...this.#state.moves, move] });
    const controller = new AbortController();
    this.#controllers.set(move.id, controller);
    void this.#run(move, controller.signal);
  }

  /** Stops an order; what got there stays there. */
  cancel(id: number): void {
    this.#controllers.get(id)?.abort();
    for (const { question, answer } of this.#waiting.filter(({ question: { move } }) => move.id === id)) {
      this.#taken(question);
      answer("skip");
    }
  }

  /** Stops everything, as nobody sees it any more. */
  cancelAll(): void {
    for (const { id } of this.#state.moves) this.cancel(id);
  }

  /** Begins anew with what did not get there. */
  retry(id: number): void {
    const move = this.#find(id);
    if (!move || !ENDED.includes(move.state)) return;
    this.dismiss(id);
    this.start(move.how, { ...move.bundle, items: move.left }, move.to);
  }

  /** Forgets an order that is over. */
  dismiss(id: number): void {
    this.#set({ ...this.#state, moves: this.#state.moves.filter((move) => move.id !== id || !ENDED.includes(move.state)) });
  }

  /** Answers the question; `forAll` also for the entries that come after. */
  answer(choice: Choice, forAll: boolean): void {
    const waiting = this.#waiting.find(({ question }) => question === this.#state.question);
    if (!waiting) return;
    const { move } = waiting.question;
    if (forAll) this.#forAll.set(move.id, choice);
    this.#taken(waiting.question);
    this.#change(move.id, { state: "running" });
    waiting.answer(choice);
  }

  /** The orders that ended since this was asked last: each is told of once. */
  takeEnded(): readonly Move[] {
    const ended = this.#untold;
    this.#untold = [];
    return ended;
  }

  async #run({ id, how, bundle, to }: Move, signal: AbortSignal): Promise<void> {
    const left: Item[] = [];
    for (const [at, item] of bundle.items.entries()) {
      if (signal.aborted) {
        left.push(...bundle.items.slice(at));
        break;
      }
      this.#change(id, { at, step: "placing" });
      const ask = (existing: Existing) => this.#ask(id, item, existing, bundle.items.length - at - 1);
      try {
        const done = await carry(this.wire, { how, bundle, to }, item, ask, (step) => this.#change(id, { step }), signal);
        const was = this.#find(id);
        // What was copied is not copied again because its original could not be deleted.
        if (done.failed > 0 && !done.stays) left.push(item);
        if (was) {
          this.#change(id, {
            placed: done.name === null ? was.placed : [...was.placed, done.name],
            skipped: was.skipped + Number(done.name === null && done.failed === 0),
          });
        }
        this.#fail(id, done.failures, done.failed);
      } catch (error) {
        left.push(item);
        if (signal.aborted) continue;
        this.#fail(id, [{ name: item.name, error }], 1);
        if (error instanceof ApiError && (error.isAway || FATAL.includes(error.code ?? ""))) {
          left.push(...bundle.items.slice(at + 1));
          break;
        }
      }
    }
    this.#controllers.delete(id);
    this.#forAll.delete(id);
    const failed = this.#find(id)?.failed ?? 0;
    this.#change(id, { left, state: signal.aborted ? "cancelled" : failed > 0 ? "failed" : "done" });
    const ended = this.#find(id);
    if (!ended) return;
    this.#untold.push(ended);
    if (ended.state === "done") this.dismiss(id);
    else this.#set(this.#state);
  }

  #ask(id: number, item: Item, existing: Existing, others: number): Promise<Choice> {
    const known = this.#forAll.get(id);
    // A folder is not overwritten, whatever was said of the files before it.
    if (known && (known !== "overwrite" || canOverwrite(item, existing))) return Promise.resolve(known);
    this.#change(id, { state: "asking" });
    const move = this.#find(id) as Move;
    return new Promise((answer) => {
      this.#waiting.push({ question: { move, item, existing, others }, answer });
      this.#next();
    });
  }

  /** Takes a question back that is answered. */
  #taken(question: MoveQuestion): void {
    this.#waiting = this.#waiting.filter((each) => each.question !== question);
    this.#next();
  }

  #next(): void {
    const question = this.#waiting[0]?.question ?? null;
    if (question !== this.#state.question) this.#set({ ...this.#state, question });
  }

  #fail(id: number, failures: readonly Failure[], count: number): void {
    const was = this.#find(id);
    if (!was || count === 0) return;
    this.#change(id, {
      failures: [...was.failures, ...failures].slice(0, MOST_FAILURES),
      failed: was.failed + count,
    });
  }

  #find(id: number): Move | undefined {
    return this.#state.moves.find((move) => move.id === id);
  }

  #change(id: number, change: Partial<Move>): void {
    this.#set({ ...this.#state, moves: this.#state.moves.map((move) => (move.id === id ? { ...move, ...change } : move)) });
  }

  #set(state: MovesState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

/** Whether what comes can replace what is there: files can, folders are never replaced. */
export function canOverwrite(item: Item, existing: Existing): boolean {
  return item.type !== "directory" && existing.type !== "directory";
}

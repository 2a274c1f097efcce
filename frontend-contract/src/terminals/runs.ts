// The commands run in a session from this page. They are kept beside the components, so that
// looking at another session neither ends nor forgets them; a reload does.

import { runCommand } from "../client/exec.js";
import type { Client } from "../client/client.js";
import { ApiError, detailOf } from "../client/error.js";
import type { CommandEnd } from "../client/models.js";
import { atEndOf } from "../hooks/ending.js";
import { Output, type Block } from "./output.js";

/** How a command stands. */
export type RunState = "starting" | "running" | "ended" | "cancelled" | "failed";

/** A command that was run. */
export interface Run {
  id: number;
  command: string;
  directory: string;
  state: RunState;
  /** Milliseconds since the epoch. */
  begun: number;
  /** Milliseconds it took, once it is over. */
  took: number | null;
  end: CommandEnd | null;
  /** Why it failed. */
  problem: string | null;
  blocks: readonly Block[];
  dropped: number;
}

/** Runs kept of one session; those that ended go first. */
const MOST = 50;
/** Commands remembered for the keys up and down. */
const HISTORY = 200;
/** Time between two looks at what came: a screen shows no more. */
const FRAME = 60;
/** Bytes of output after which a command is ended: far beyond what anybody reads here. */
const OUTPUT_LIMIT = 16 << 20;

interface Live {
  output: Output;
  abort: AbortController;
  execId: string | null;
}

/** The commands of one session. */
export class CommandRuns {
  #runs: readonly Run[] = [];
  #live = new Map<number, Live>();
  #outputs = new Map<number, Output>();
  #listeners = new Set<() => void>();
  #next = 1;
  /** What was run, the newest last. In memory only: commands may hold secrets. */
  readonly history: string[] = [];

  constructor(private readonly client: Client, private readonly sessionId: string) {}

  /** The newest first; the same array until something changes. */
  readonly all = (): readonly Run[] => this.#runs;

  /** Tells `listener` of changes, until the answer is called. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Runs a command. `ended` is told when it is over, however it went. */
  run(command: string, directory: string, ended: (run: Run, output: string) => void): void {
    if (this.history.at(-1) !== command) this.history.push(command);
    if (this.history.length > HISTORY) this.history.shift();
    const id = this.#next;
    this.#next += 1;
    const run: Run = {
      id, command, directory, state: "starting", begun: Date.now(), took: null, end: null, problem: null, blocks: [], dropped: 0,
    };
    this.#runs = this.#trimmed([run, ...this.#runs]);
    this.#tell();
    void this.#follow(run, ended);
  }

  /** Ends a command on the remote machine. */
  cancel(id: number): void {
    const live = this.#live.get(id);
    if (!live) return;
    if (live.execId !== null) {
      // A proxy in between may not pass on that this side hung up.
      const path = `/connections/${encodeURIComponent(this.sessionId)}/exec/${encodeURIComponent(live.execId)}`;
      this.client.send(path, { method: "DELETE" }).catch(() => undefined).finally(() => live.abort.abort());
    } else {
      live.abort.abort();
    }
    this.#change(id, { state: "cancelled" });
  }

  /** Hangs up on every command, which ends them, as closing the page does. */
  hangUp(): void {
    for (const { abort } of this.#live.values()) abort.abort();
  }

  /** Everything that is kept of its output. */
  output(id: number): string {
    return this.#outputs.get(id)?.text() ?? "";
  }

  /** Forgets a command that is over. */
  remove(id: number): void {
    if (this.#live.has(id)) return;
    this.#outputs.delete(id);
    this.#runs = this.#runs.filter((run) => run.id !== id);
    this.#tell();
  }

  /** Forgets every command that is over. */
  clear(): void {
    for (const run of this.#runs) this.remove(run.id);
  }

  async #follow(run: Run, ended: (run: Run, output: string) => void): Promise<void> {
    const { id } = run;
    const live: Live = { output: new Output(), abort: new AbortController(), execId: null };
    this.#live.set(id, live);
    this.#outputs.set(id, live.output);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const shown = () => {
      timer = undefined;
      this.#change(id, { blocks: live.output.blocks, dropped: live.output.dropped });
    };
    let over: Partial<Run>;
    try {
      over = { state: "failed" };
      const order = { command: run.command, output_limit: OUTPUT_LIMIT, ...(run.directory ? { directory: run.directory } : {}) };
      for await (const event of runCommand(this.client, this.sessionId, order, live.abort.signal)) {
        if (event.type === "started") {
          live.execId = event.execId;
          this.#change(id, { state: "running" });
        } else if (event.type === "exit") {
          over = { state: "ended", end: event.end, took: event.end.duration_ms };
        } else {
          live.output.add(event.type, event.data);
          timer ??= setTimeout(shown, FRAME);
        }
      }
    } catch (error) {
      const cancelled = live.abort.signal.aborted || (error instanceof ApiError && error.code === "cancelled");
      over = cancelled ? { state: "cancelled" } : { state: "failed", problem: detailOf(error) };
    }
    clearTimeout(timer);
    this.#live.delete(id);
    this.#change(id, { took: Date.now() - run.begun, blocks: live.output.blocks, dropped: live.output.dropped, ...over });
    const now = this.#runs.find((each) => each.id === id);
    if (now) ended(now, live.output.text());
  }

  #trimmed(runs: readonly Run[]): readonly Run[] {
    if (runs.length <= MOST) return runs;
    const oldest = runs.findLast((run) => run.took !== null);
    if (!oldest) return runs;
    this.#outputs.delete(oldest.id);
    return runs.filter((run) => run !== oldest);
  }

  #change(id: number, change: Partial<Run>): void {
    this.#runs = this.#runs.map((run) => {
      if (run.id !== id) return run;
      // What was cancelled stays so until its end is known.
      const state = run.state === "cancelled" && change.state === "running" ? run.state : change.state ?? run.state;
      return { ...run, ...change, state };
    });
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

const known = new WeakMap<Client, Map<string, CommandRuns>>();

/** The commands of a session. */
export function runsOf(client: Client, sessionId: string): CommandRuns {
  let sessions = known.get(client);
  if (!sessions) known.set(client, (sessions = new Map()));
  let runs = sessions.get(sessionId);
  if (!runs) {
    const made = new CommandRuns(client, sessionId);
    sessions.set(sessionId, (runs = made));
    atEndOf(client, () => made.hangUp());
  }
  return runs;
}

// One entry's way to another folder, of the same session or another. Knows neither what comes
// after it nor who asks the person.

import { ApiError } from "../../client/error.js";
import type { Tree } from "../api.js";
import { join } from "../names.js";
import type { Choice, Existing } from "../transfers/model.js";
import { freeName, refusal, type Bundle, type How, type Item, type Target } from "./bundle.js";

/** What moving needs of the network. */
export interface MoveWire {
  /** What is at a path, links not followed; null when nothing is. */
  look(sessionId: string, path: string, signal: AbortSignal): Promise<Existing | null>;
  rename(sessionId: string, from: string, to: string, overwrite: boolean, signal: AbortSignal): Promise<void>;
  /** Copies a file, or a tree with everything in it; what failed of a tree is in the answer. */
  copy(
    sessionId: string, from: string, to: Target,
    how: { recursive: boolean; overwrite: boolean }, signal: AbortSignal,
  ): Promise<Tree | null>;
  /** Removes; not to be stopped in the middle. */
  remove(sessionId: string, path: string, recursive: boolean): Promise<Tree>;
}

/** What goes where. */
export interface Order {
  how: How;
  bundle: Bundle;
  to: Target;
}

/** An entry, or one below it, that did not get there. */
export interface Failure {
  name: string;
  error: unknown;
}

/** How it ended for one entry. */
export interface Carried {
  /** Its name where it is now; null when nothing of it is there. */
  name: string | null;
  /** Of a tree the first hundred. */
  failures: readonly Failure[];
  /** How many failed in all. */
  failed: number;
  /** It was copied, and its original could not be deleted. */
  stays?: boolean;
}

/** What an entry is done with now. */
export type Step = "placing" | "removing";

/** Codes of errors of this module. */
export type OwnCode = "here" | "itself" | "inside" | "no_free_name";

const DONE_NOTHING: Carried = { name: null, failures: [], failed: 0 };

/**
 * Carries one entry. `ask` says what to do about what is there already; a name that is asked
 * for by `both` is found here. Throws what ends the whole order: an abort, and a server that is
 * away.
 */
export async function carry(
  wire: MoveWire,
  { how, bundle, to }: Order,
  item: Item,
  ask: (existing: Existing) => Promise<Choice>,
  tell: (step: Step) => void,
  signal: AbortSignal,
): Promise<Carried> {
  const from = bundle.sessionId;
  const isOne = from === to.sessionId;
  const why = refusal({ ...bundle, items: [item] }, to, how);
  if (why) return failed(item.name, new ApiError(0, "", why satisfies OwnCode));
  const isBeside = isOne && join(to.path, item.name) === item.path;
  const look = (name: string) => wire.look(to.sessionId, join(to.path, name), signal);
  let { name } = item;
  let overwrite = false;
  for (;;) {
    const existing = overwrite ? null : await look(name);
    if (existing) {
      const choice = isBeside ? "both" : await ask(existing);
      signal.throwIfAborted();
      if (choice === "skip") return DONE_NOTHING;
      if (choice === "overwrite") overwrite = true;
      else {
        const free = await freeName(item.name, async (tried) => (await look(tried)) !== null);
        if (free === null) return failed(item.name, new ApiError(0, "", "no_free_name" satisfies OwnCode));
        name = free;
      }
    }
    tell("placing");
    try {
      const path = join(to.path, name);
      if (isOne && how === "move") {
        await wire.rename(from, item.path, path, overwrite, signal);
        return { ...DONE_NOTHING, name };
      }
      // Whether a link leads to a folder is seen only on the way.
      const recursive = item.type !== "file";
      const tree = await wire.copy(from, item.path, { sessionId: to.sessionId, path }, { recursive, overwrite }, signal);
      if (tree && tree.error_count > 0) return { name, ...failuresOf(tree) };
      break;
    } catch (error) {
      // Someone was quicker: the question is due after all.
      if (error instanceof ApiError && error.code === "already_exists" && !overwrite) continue;
      throw error;
    }
  }
  // The original goes only after all of it is there.
  if (how === "copy") return { ...DONE_NOTHING, name };
  signal.throwIfAborted();
  tell("removing");
  try {
    const removed = await wire.remove(from, item.path, item.type === "directory");
    return removed.error_count > 0 ? { name, stays: true, ...failuresOf(removed) } : { ...DONE_NOTHING, name };
  } catch (error) {
    return { name, stays: true, failures: [{ name: item.name, error }], failed: 1 };
  }
}

function failed(name: string, error: unknown): Carried {
  return { name: null, failures: [{ name, error }], failed: 1 };
}

function failuresOf(tree: Tree): Pick<Carried, "failures" | "failed"> {
  const failures = tree.errors.map(({ path, detail, code }) => ({ name: path, error: new ApiError(200, detail, code) }));
  return { failures, failed: tree.error_count };
}

// What is selected, by name, and where the keyboard is. Pure functions.

/** The selection of a list. */
export interface Selection {
  /** Names of what is selected. */
  names: ReadonlySet<string>;
  /** Name of the row the keyboard is at. */
  cursor: string | null;
  /** Name of the row a range begins at. */
  anchor: string | null;
}

/** Nothing selected, the keyboard nowhere. */
export const NONE: Selection = { names: new Set(), cursor: null, anchor: null };

/** Keys held down. */
export interface Held {
  shift?: boolean;
  /** Ctrl, or Command on a Mac. */
  ctrl?: boolean;
}

/** The names of a list and the place of each. */
export interface Order {
  names: readonly string[];
  at: ReadonlyMap<string, number>;
}

/** The order of a list. */
export function orderOf(names: readonly string[]): Order {
  return { names, at: new Map(names.map((name, at) => [name, at])) };
}

/** One row, and the keyboard there. */
export function only(name: string): Selection {
  return { names: new Set([name]), cursor: name, anchor: name };
}

/** These rows, and the keyboard at the first. */
export function among(names: readonly string[]): Selection {
  const first = names[0] ?? null;
  return { names: new Set(names), cursor: first, anchor: first };
}

/** After a click on a row. */
export function clicked(was: Selection, order: Order, name: string, held: Held): Selection {
  if (held.shift) return ranged(was, order, name, held.ctrl ?? false);
  return held.ctrl ? toggled(was, name) : only(name);
}

/** After a key moved the cursor to a place, at the ends no further. */
export function moved(was: Selection, order: Order, to: number, held: Held): Selection {
  const name = order.names[Math.max(0, Math.min(order.names.length - 1, to))];
  if (name === undefined) return NONE;
  if (held.shift) return ranged(was, order, name, false);
  return held.ctrl ? { ...was, cursor: name } : only(name);
}

/** One row selected or no longer. */
export function toggled(was: Selection, name: string): Selection {
  const names = new Set(was.names);
  if (!names.delete(name)) names.add(name);
  return { names, cursor: name, anchor: name };
}

/** Every row. */
export function all(was: Selection, order: Order): Selection {
  return { ...was, names: new Set(order.names), cursor: was.cursor ?? order.names[0] ?? null };
}

/** No row; the keyboard stays. */
export function none(was: Selection): Selection {
  return was.names.size === 0 ? was : { ...was, names: new Set() };
}

/**
 * Without what is not in the list any more. The keyboard goes on at the next row that stays, by
 * the order of `before`. The same object when nothing is lost.
 */
export function kept(was: Selection, order: Order, before?: Order): Selection {
  const there = (name: string | null) => name !== null && order.at.has(name);
  const lost = [...was.names].some((name) => !order.at.has(name));
  if (!lost && (was.cursor === null || there(was.cursor)) && (was.anchor === null || there(was.anchor))) return was;
  return {
    names: lost ? new Set([...was.names].filter((name) => order.at.has(name))) : was.names,
    cursor: there(was.cursor) ? was.cursor : neighbour(was.cursor, order, before),
    anchor: there(was.anchor) ? was.anchor : null,
  };
}

/** The row below one that is gone, or else above it. */
function neighbour(gone: string | null, order: Order, before?: Order): string | null {
  const at = gone === null ? undefined : before?.at.get(gone);
  if (!before || at === undefined) return null;
  const stays = (name: string) => order.at.has(name);
  return before.names.slice(at).find(stays) ?? before.names.slice(0, at).findLast(stays) ?? null;
}

function ranged(was: Selection, order: Order, name: string, add: boolean): Selection {
  const to = order.at.get(name) ?? 0;
  const from = order.at.get(was.anchor ?? was.cursor ?? name) ?? to;
  const range = order.names.slice(Math.min(from, to), Math.max(from, to) + 1);
  return {
    names: new Set(add ? [...was.names, ...range] : range),
    cursor: name,
    anchor: order.names[from] ?? name,
  };
}

/** The next row after the cursor whose name begins like that, going round. */
export function typedTo(was: Selection, order: Order, typed: string): number | null {
  const wanted = typed.toLowerCase();
  const from = was.cursor === null ? -1 : (order.at.get(was.cursor) ?? -1);
  // Typing on looks at the row the first letters led to; the first letter goes past it.
  const start = typed.length > 1 ? Math.max(0, from) : from + 1;
  for (let n = 0; n < order.names.length; n += 1) {
    const at = (start + n) % order.names.length;
    if (order.names[at]?.toLowerCase().startsWith(wanted)) return at;
  }
  return null;
}

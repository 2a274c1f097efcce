// Entries in an order and through a filter. Made for 100,000 of them: keys are made once a
// row, and a further part is merged into what is sorted already.

import type { Entry } from "../../client/models.js";
import { symbolic } from "../permissions.js";

/** An entry with what sorting and filtering ask of it again and again. */
export interface Row {
  entry: Entry;
  /** The name as it sorts: `file9` before `file10`, `É` beside `e`. */
  key: string;
  /** Milliseconds since the epoch; -1 where it is not known. */
  modified: number;
  hidden: boolean;
}

/** What rows are sorted by. */
export const SORT_FIELDS = ["name", "size", "modified", "permissions", "owner"] as const;
/** What rows are sorted by. */
export type SortField = (typeof SORT_FIELDS)[number];

/** An order of rows; directories are always first. */
export interface SortOrder {
  field: SortField;
  descending: boolean;
}

/** Whether a value of another version of the page is an order. */
export function isSortOrder(value: unknown): value is SortOrder {
  if (typeof value !== "object" || value === null) return false;
  const { field, descending } = value as Partial<SortOrder>;
  return SORT_FIELDS.some((known) => known === field) && typeof descending === "boolean";
}

const ASCII = /^[ -~]*$/;

/** A name as it sorts. */
function sortKey(name: string): string {
  const lower = name.toLowerCase();
  const plain = ASCII.test(lower) ? lower : lower.normalize("NFD").replace(/\p{M}+/gu, "");
  // A longer number is a larger one.
  return plain.replace(/\d+/g, (digits) => {
    const number = digits.replace(/^0+(?=\d)/, "");
    return `0${String.fromCharCode(number.length)}${number}`;
  });
}

/** The row of an entry. */
export function rowOf(entry: Entry): Row {
  return {
    entry,
    key: sortKey(entry.name),
    modified: entry.modified === undefined ? -1 : Date.parse(entry.modified),
    hidden: entry.name.startsWith("."),
  };
}

/** What is shown of the owner. */
export function ownerOf(entry: Entry): string {
  const owner = entry.owner ?? (entry.uid === undefined ? "" : String(entry.uid));
  const group = entry.group ?? (entry.gid === undefined ? "" : String(entry.gid));
  return group ? `${owner}:${group}` : owner;
}

/** What is shown of the permissions. */
export function permissionsOf(entry: Entry): string {
  return entry.permissions === undefined ? "" : symbolic(Number.parseInt(entry.permissions, 8));
}

type Compare = (a: Row, b: Row) => number;

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function byName(a: Row, b: Row): number {
  return byText(a.key, b.key) || byText(a.entry.name, b.entry.name);
}

const FIELDS: Record<SortField, Compare> = {
  name: byName,
  // The size of a directory says nothing of what is in it.
  size: (a, b) => (a.entry.type === "directory" ? 0 : (a.entry.size ?? -1) - (b.entry.size ?? -1)),
  modified: (a, b) => a.modified - b.modified,
  permissions: (a, b) => byText(a.entry.permissions ?? "", b.entry.permissions ?? ""),
  owner: (a, b) => byText(ownerOf(a.entry), ownerOf(b.entry)),
};

/** The comparison of an order. Equal ones go by name, always from A to Z. */
export function comparison({ field, descending }: SortOrder): Compare {
  const compare = FIELDS[field];
  const sign = descending ? -1 : 1;
  return (a, b) => {
    const first = Number(b.entry.type === "directory") - Number(a.entry.type === "directory");
    return first || sign * compare(a, b) || byName(a, b);
  };
}

/** Two sorted lists as one. */
function merged(a: readonly Row[], b: readonly Row[], compare: Compare): Row[] {
  const all: Row[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const left = a[i] as Row;
    const right = b[j] as Row;
    if (compare(left, right) <= 0) {
      all.push(left);
      i += 1;
    } else {
      all.push(right);
      j += 1;
    }
  }
  for (; i < a.length; i += 1) all.push(a[i] as Row);
  for (; j < b.length; j += 1) all.push(b[j] as Row);
  return all;
}

/** Rows in an order, kept while further parts arrive. */
export class Sorter {
  #of: readonly (readonly Row[])[] = [];
  #order: SortOrder = { field: "name", descending: false };
  #sorted: Row[] = [];

  /** All rows of the parts, sorted. The same array while nothing changed. */
  sort(parts: readonly (readonly Row[])[], order: SortOrder): readonly Row[] {
    const same = order.field === this.#order.field && order.descending === this.#order.descending;
    const goesOn = same && this.#of.length <= parts.length && this.#of.every((part, at) => part === parts[at]);
    if (goesOn && this.#of.length === parts.length) return this.#sorted;
    const compare = comparison(order);
    const added = (goesOn ? parts.slice(this.#of.length) : parts).flat().sort(compare);
    this.#sorted = goesOn ? merged(this.#sorted, added, compare) : added;
    this.#of = parts;
    this.#order = order;
    return this.#sorted;
  }
}

/** The rows a person wants to see. */
export function filtered(rows: readonly Row[], filter: string, hidden: boolean): readonly Row[] {
  const wanted = filter.trim().toLowerCase();
  if (!wanted && hidden) return rows;
  return rows.filter((row) =>
    (hidden || !row.hidden) && (!wanted || row.entry.name.toLowerCase().includes(wanted)));
}

// Which partial files this browser left on remote machines: of uploads that a reload forgot, or
// whose partial file could not be removed. Kept in the browser by account, because a session
// ends and its files stay. Names and sizes only. Knows neither React nor the network.

/** A partial file, and what it is part of. */
export interface Leftover {
  /** The account it belongs to, as {@link accountOf} writes it. */
  account: string;
  /** Path the file was to have. */
  path: string;
  /** Path of the partial file. */
  partial: string;
  /** Bytes of the whole file. */
  size: number;
  /** When a page worked on it last, in milliseconds since the epoch; 0 when none does. */
  seen: number;
}

const KEY = "connection-manager.partials";
/** Most that are kept; the newest stay. */
const MOST = 200;
/** After this long without a word from a page that works on it, none does. */
const ALIVE_MS = 60_000;
/** How often a page says that it works on its own. */
const BEAT_MS = 20_000;

/** The account behind a session, the same after it is connected again. */
export function accountOf(session: { type: string; username: string; host: string; port: number }): string {
  return `${session.type}://${session.username}@${session.host}:${session.port}`;
}

/** Remembers partial files. */
export class Leftovers {
  #list: readonly Leftover[];
  /** Those this page works on. */
  readonly #mine = new Set<string>();
  readonly #listeners = new Set<() => void>();
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly storage: Pick<Storage, "getItem" | "setItem"> | null,
    private readonly now: () => number = () => Date.now(),
  ) {
    this.#list = this.#read();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** All that are remembered. */
  get = (): readonly Leftover[] => this.#list;

  /** Partial files of an account that nobody works on. */
  of(account: string): readonly Leftover[] {
    const old = this.now() - ALIVE_MS;
    return this.#list.filter((each) => each.account === account && !this.#mine.has(keyOf(each)) && each.seen < old);
  }

  /** This page begins to write one. */
  begin(leftover: Omit<Leftover, "seen">): void {
    this.#mine.add(keyOf(leftover));
    this.#timer ??= setInterval(() => this.beat(), BEAT_MS);
    this.#change((list) => [...without(list, leftover), { ...leftover, seen: this.now() }]);
  }

  /** It is no more: it became the file, or was removed. */
  end(leftover: Pick<Leftover, "account" | "partial">): void {
    this.#release(leftover);
    this.#change((list) => without(list, leftover));
  }

  /** This page has no use for it any more, and could not remove it. */
  leave(leftover: Pick<Leftover, "account" | "partial">): void {
    this.#release(leftover);
    this.#change((list) => list.map((each) => (keyOf(each) === keyOf(leftover) ? { ...each, seen: 0 } : each)));
  }

  /** Says that this page works on its own, or, when it goes, that it does no more. */
  beat(isGoing = false): void {
    if (this.#mine.size === 0) return;
    const seen = isGoing ? 0 : this.now();
    this.#change((list) => list.map((each) => (this.#mine.has(keyOf(each)) ? { ...each, seen } : each)));
  }

  /** This page works on none any more. */
  close(): void {
    this.beat(true);
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#mine.clear();
  }

  /** Another page changed what is remembered. */
  refresh(): void {
    this.#list = this.#read();
    for (const listener of this.#listeners) listener();
  }

  #release(leftover: Pick<Leftover, "account" | "partial">): void {
    this.#mine.delete(keyOf(leftover));
    if (this.#mine.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #change(change: (list: readonly Leftover[]) => readonly Leftover[]): void {
    // Read anew: other pages write there too.
    this.#list = change(this.#read()).slice(-MOST);
    try {
      this.storage?.setItem(KEY, JSON.stringify(this.#list));
    } catch {
      // Storage is full or forbidden: what is left is known until the page is closed.
    }
    for (const listener of this.#listeners) listener();
  }

  #read(): readonly Leftover[] {
    if (!this.storage) return this.#list ?? [];
    try {
      const kept: unknown = JSON.parse(this.storage.getItem(KEY) ?? "[]");
      return Array.isArray(kept) ? kept.filter(isLeftover).slice(-MOST) : [];
    } catch {
      return this.#list ?? [];
    }
  }
}

function keyOf({ account, partial }: Pick<Leftover, "account" | "partial">): string {
  return `${account} ${partial}`;
}

function without(list: readonly Leftover[], leftover: Pick<Leftover, "account" | "partial">): readonly Leftover[] {
  return list.filter((each) => keyOf(each) !== keyOf(leftover));
}

/** Whether what another version of the page wrote is one. */
function isLeftover(value: unknown): value is Leftover {
  if (typeof value !== "object" || value === null) return false;
  const { account, path, partial, size, seen } = value as Partial<Leftover>;
  return typeof account === "string" && typeof path === "string" && typeof partial === "string"
    // Only what the page itself makes is ever offered for deletion.
    && /\/\.[^/]*\.[0-9a-f]{16}\.filepart$/.test(partial)
    && typeof size === "number" && typeof seen === "number";
}

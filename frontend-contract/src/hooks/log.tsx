// What happened: one list for the person to look back at, and short notices when it does.
// Kept in memory only; it never holds a secret, because nobody gives it one.

import { notifications } from "@mantine/notifications";
import {
  createContext, useCallback, useContext, useMemo, useState, type ReactNode,
} from "react";
import { useNotices } from "./notices.js";
import { useStrings } from "./strings.js";
import { detailOf } from "../client/error.js";

/** How something ended. */
export type Outcome = "done" | "failed" | "note";

/** Something that happened. */
export interface LogEntry {
  id: number;
  /** Milliseconds since the epoch. */
  at: number;
  outcome: Outcome;
  /** What happened, in a sentence. */
  text: string;
  /** The server's own words. */
  detail?: string | undefined;
  /** The session it happened in. */
  sessionId?: string | undefined;
}

/** What a report may say beside its sentence. */
interface Extra {
  sessionId?: string | undefined;
  detail?: string | undefined;
  /** Only in the log, without a notice: the page shows it elsewhere. */
  quiet?: boolean;
}

/** The log and ways to write to it. */
export interface Log {
  entries: readonly LogEntry[];
  clear(): void;
  /** Something was done. */
  done(text: string, extra?: Extra): void;
  /** Something failed; `error` is shown in the server's words. */
  failed(text: string, error: unknown, extra?: Extra): void;
  /** Something worth knowing. */
  note(text: string, extra?: Extra): void;
}

/** Entries kept: hours of work, and a list a browser draws at once. */
const KEPT = 500;
const SHOWN_MS = { done: 4_000, note: 5_000, failed: 10_000 };
const COLOR = { done: "teal", note: "blue", failed: "red" };

const Context = createContext<Log | null>(null);
let lastId = 0;

/** The log. Only below a {@link LogProvider}. */
export function useLog(): Log {
  const log = useContext(Context);
  if (!log) throw new Error("useLog needs a LogProvider above it");
  return log;
}

/** Keeps the log, and shows what is new in it as notices. */
export function LogProvider(props: { children: ReactNode }) {
  const notices = useNotices();
  const [entries, setEntries] = useState<readonly LogEntry[]>([]);
  const { close } = useStrings().common;
  const add = useCallback((outcome: Outcome, text: string, extra: Extra = {}) => {
    const { quiet, ...rest } = extra;
    lastId += 1;
    const entry = { id: lastId, at: Date.now(), outcome, text, ...rest };
    setEntries((old) => [entry, ...old].slice(0, KEPT));
    if (quiet) return;
    notifications.show({
      title: text,
      message: extra.detail,
      color: COLOR[outcome],
      autoClose: SHOWN_MS[outcome],
      role: outcome === "failed" ? "alert" : "status",
      closeButtonProps: { "aria-label": close },
    }, notices);
  }, [close, notices]);
  const log = useMemo<Log>(() => ({
    entries,
    clear: () => setEntries([]),
    done: (text, extra) => add("done", text, extra),
    note: (text, extra) => add("note", text, extra),
    failed: (text, error, extra) => add("failed", text, { detail: detailOf(error), ...extra }),
  }), [entries, add]);
  return <Context value={log}>{props.children}</Context>;
}

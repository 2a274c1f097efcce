// The terminals of a session and what can be done with them, over REST.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { ok } from "../client/client.js";
import { ApiError } from "../client/error.js";
import type { Session, TerminalInfo } from "../client/models.js";
import { keys } from "../hooks/keys.js";
import { useLog } from "../hooks/log.js";
import { useClient } from "../hooks/server.js";
import { useStrings } from "../hooks/strings.js";

/** How often the list is asked for while it is on the screen. */
const REFRESH = 5_000;
const PATIENCE = 10_000;

/** What a person says of a terminal to be opened. */
export interface Opening {
  cols: number;
  rows: number;
  name?: string | undefined;
  command?: string | undefined;
  record?: boolean | undefined;
}

const keyOf = (session: Session) => keys.session(session.session_id, "terminals");

/** The terminals, in the order they were opened. */
export function useTerminals(session: Session, visible: boolean) {
  const client = useClient();
  return useQuery({
    queryKey: keyOf(session),
    queryFn: async ({ signal }) => {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]);
      return (await ok(client.http.GET("/connections/{session_id}/terminals", {
        params: { path: { session_id: session.session_id } }, signal: limit,
      }))).terminals;
    },
    enabled: session.type === "ssh",
    refetchInterval: visible ? REFRESH : false,
  });
}

/** What there is to choose about recording a terminal that is opened. */
export interface RecordingChoice {
  /** Which terminals the server records; `none` where it has no place for recordings, null while it is not known. */
  policy: "never" | "on-request" | "always" | "none" | null;
  /** Whether what is typed is recorded too. */
  input: boolean;
}

/** What the server says of recording. */
export function useRecordingChoice(): RecordingChoice {
  const client = useClient();
  const { data } = useQuery({
    queryKey: [...keys.about, "recording"],
    queryFn: async ({ signal }): Promise<RecordingChoice> => {
      try {
        const { policy, input } = await ok(client.http.GET("/recordings", { signal }));
        return { policy, input };
      } catch (error) {
        if (error instanceof ApiError && (error.status === 501 || error.status === 404)) return { policy: "none", input: false };
        throw error;
      }
    },
    staleTime: Infinity,
  });
  return data ?? { policy: null, input: false };
}

/** What can be done with the terminals of a session. Each writes to the log how it went. */
export function useTerminalActions(session: Session) {
  const client = useClient();
  const queries = useQueryClient();
  const log = useLog();
  const t = useStrings().terminals;
  const { session_id: sessionId } = session;

  const change = useCallback((edit: (old: TerminalInfo[]) => TerminalInfo[]) => {
    queries.setQueryData<TerminalInfo[]>(keyOf(session), (old) => old && edit(old));
  }, [queries, session]);
  const refresh = useCallback(() => queries.invalidateQueries({ queryKey: keyOf(session) }), [queries, session]);

  const open = useMutation({
    mutationFn: ({ record, ...body }: Opening) =>
      ok(client.http.POST("/connections/{session_id}/terminals", {
        params: { path: { session_id: sessionId } },
        body: { ...stated(body), record: record === true, cols: body.cols, rows: body.rows, env: {} },
      })),
    onSuccess: (terminal) => {
      change((old) => [...old.filter((each) => each.terminal_id !== terminal.terminal_id), terminal]);
      log.done(t.opened(terminal.name), { sessionId, quiet: true });
    },
    onError: (error) => log.failed(t.openFailed, error, { sessionId, quiet: true }),
  });

  const rename = async ({ terminal_id }: TerminalInfo, name: string) => {
    const renamed = await ok(client.http.PATCH("/connections/{session_id}/terminals/{terminal_id}", {
      params: { path: { session_id: sessionId, terminal_id } }, body: { name },
    }));
    change((old) => old.map((each) => (each.terminal_id === terminal_id ? renamed : each)));
  };

  const close = useMutation({
    mutationFn: async (terminal: TerminalInfo) => {
      try {
        await ok(client.http.DELETE("/connections/{session_id}/terminals/{terminal_id}", {
          params: { path: { session_id: sessionId, terminal_id: terminal.terminal_id } },
        }));
      } catch (error) {
        // Gone already is what was wanted.
        if (!(error instanceof ApiError && error.status === 404)) throw error;
      }
    },
    onSuccess: (_, terminal) => {
      change((old) => old.filter((each) => each.terminal_id !== terminal.terminal_id));
      log.done(t.closed(terminal.name), { sessionId, quiet: true });
    },
    onError: (error, terminal) => log.failed(t.closeFailed(terminal.name), error, { sessionId }),
  });

  return { open, rename, close, closing: close.isPending ? close.variables.terminal_id : null, refresh };
}

function stated({ name, command }: Opening): { name?: string; command?: string } {
  return { ...(name?.trim() ? { name: name.trim() } : {}), ...(command?.trim() ? { command } : {}) };
}

// A command of a session, live: its output as it comes and how it ended. On a server without
// `/exec` the same by `/execute` of the contract, at once when it has ended.

import type { Client } from "./client.js";
import { ok } from "./client.js";
import { ApiError, errorFrom, errorOf, UNREACHABLE } from "./error.js";
import { serverSentEvents, SilenceError } from "./events.js";
import type { CommandEnd } from "./models.js";
import type { components } from "./schema.js";

/** The server sends a comment after 15 s without an event: three of them missing is no quiet command. */
export const SILENT = 45_000;

/** What to run and with what. */
export type CommandOrder = Omit<components["schemas"]["ExecOrder"], "encoding">;

/** Something a running command did. */
export type CommandEvent =
  /** It runs; `execId` is null on a server that does not name commands. */
  | { type: "started"; execId: string | null }
  | { type: "stdout" | "stderr"; data: string }
  /** It ended. A server without `/exec` does not tell the code. */
  | { type: "exit"; end: CommandEnd };

/**
 * Runs a command. Ending the loop over it, or the signal, ends the command on the remote machine.
 * @throws {ApiError} when it cannot be run, or its end is not known: `code` is `unreachable` when
 * the server went away or gave no sign of life for {@link SILENT} milliseconds, `cancelled` when somebody cancelled it.
 */
export async function* runCommand(
  client: Client,
  sessionId: string,
  order: CommandOrder,
  signal: AbortSignal,
): AsyncGenerator<CommandEvent, void> {
  const begun = performance.now();
  let response: Response;
  try {
    response = await client.send(`/connections/${encodeURIComponent(sessionId)}/exec`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
      body: JSON.stringify(order),
      signal,
    });
  } catch (error) {
    // The route is not there. A session that is not there answers 401.
    const older = error instanceof ApiError && (error.status === 404 || error.status === 405);
    if (!older) throw error;
    yield* execute(client, sessionId, order.command, signal, begun);
    return;
  }
  if (!response.body) throw await errorOf(response);
  try {
    for await (const { event, data } of serverSentEvents(response.body, SILENT)) {
      const said = JSON.parse(data) as Record<string, unknown>;
      if (event === "started") yield { type: "started", execId: String(said["exec_id"]) };
      else if (event === "stdout" || event === "stderr") yield { type: event, data: String(said["data"]) };
      else if (event === "exit") {
        yield { type: "exit", end: said as unknown as CommandEnd };
        return;
      } else if (event === "error") {
        const code = typeof said["code"] === "string" ? said["code"] : undefined;
        throw new ApiError(response.status, String(said["detail"]), code, said);
      }
    }
  } catch (error) {
    if (error instanceof SilenceError) {
      throw new ApiError(0, "The server gave no sign of life while the command ran; it may have ended or still run", UNREACHABLE);
    }
    throw errorFrom(error);
  }
  client.doubt();
  throw new ApiError(0, "The connection to the server was lost while the command ran", UNREACHABLE);
}

async function* execute(
  client: Client,
  sessionId: string,
  command: string,
  signal: AbortSignal,
  begun: number,
): AsyncGenerator<CommandEvent, void> {
  yield { type: "started", execId: null };
  const { output } = await ok(client.http.POST("/connections/{session_id}/execute", {
    params: { path: { session_id: sessionId } }, body: { command }, signal,
  }));
  if (output) yield { type: "stdout", data: output };
  yield { type: "exit", end: { duration_ms: Math.round(performance.now() - begun), truncated: false } };
}

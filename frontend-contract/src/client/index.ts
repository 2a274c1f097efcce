// The client without React: `@connection-manager/frontend/client`.

export { createClient, ok, type Client, type ClientOptions } from "./client.js";
export { ApiError, detailOf, TIMED_OUT, TOKEN_INVALID, TOKEN_REQUIRED, UNREACHABLE } from "./error.js";
export { runCommand, type CommandEvent, type CommandOrder } from "./exec.js";
export * from "./models.js";
export type { components, operations, paths } from "./schema.js";
export {
  TerminalConnection, type SocketLike, type TerminalConnectionOptions, type TerminalEnd,
  type TerminalEvents, type TerminalState, type TerminalTarget,
} from "./terminal.js";

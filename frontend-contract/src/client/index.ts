// The client without React: `@connection-manager/frontend/client`.

export { createClient, ok, type Client, type ClientOptions } from "./client.js";
export { ApiError, detailOf, TIMED_OUT, TOKEN_REQUIRED, UNREACHABLE } from "./error.js";
export * from "./models.js";
export type { components, operations, paths } from "./schema.js";

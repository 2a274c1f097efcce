// The component: `@connection-manager/frontend`. The styles are `…/styles.css`.

export { ConnectionManager, type ConnectionManagerProps } from "./ConnectionManager.js";
export type { Callbacks, CommandOutput, DownloadedFile } from "./hooks/callbacks.js";
export { ApiError, createClient, ok, type Client, type ClientOptions } from "./client/index.js";
export type { Session } from "./client/models.js";
export { en, type Strings } from "./strings.js";

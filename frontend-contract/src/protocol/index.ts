// The protocols beside plain requests: `@connection-manager/frontend/protocol`.

export * from "./terminal.js";

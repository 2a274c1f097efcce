// The objects of the API under the names the rest of the code uses.

import type { components } from "./schema.js";

type Schemas = components["schemas"];

/** An open session, as `GET /connections` lists it. */
export type Session = Schemas["SessionObject"];
/** `ssh` or `ftp`. */
export type SessionType = Schemas["SessionType"];
/** What can be done with a session. */
export type SessionCapabilities = Schemas["SessionCapabilities"];
/** The body of `POST /connections/ssh`. */
export type SshConnect = Schemas["SshConnect"];
/** The body of `POST /connections/ftp`. */
export type FtpConnect = Schemas["FtpConnect"];
/** An entry of a directory with everything that is known of it. */
export type Entry = Schemas["EntryObject"];
/** A page of a directory. */
export type EntryPage = Schemas["EntryPage"];
/** What runs on the server: program, version, limits. */
export type AboutServer = Schemas["About"];
/** What `GET /` says of the service. */
export type ServiceInfo = Schemas["ServiceInfo"];
/** A terminal of a session. */
export type TerminalInfo = Schemas["TerminalObject"];
/** A link for watching a terminal. */
export type Share = Schemas["ShareObject"];
/** A recording of a terminal. */
export type Recording = Schemas["RecordingObject"];
/** The recordings, and which terminals the server records. */
export type RecordingPage = Schemas["RecordingPage"];
/** The stable names of what can go wrong. */
export type ErrorCode = Schemas["ErrorCode"];
/** How a command ended. */
export type CommandEnd = Schemas["ExecEnd"];

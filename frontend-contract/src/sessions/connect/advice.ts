// What to do about a connection that was refused, by the stable name the server gives to what
// went wrong. Its words are shown as they are, and never looked into.

import type { ErrorCode } from "../../client/models.js";
import type { Strings } from "../../strings.js";
import type { Field } from "./form.js";

/** A kind of refusal. */
export type Refusal = keyof Strings["connect"]["advice"];

/** What to do, and which field it is about. */
export interface Advice {
  refusal: Refusal;
  field?: Field;
}

/** What each name calls for; the field counts where the server names none. */
const KNOWN: Partial<Record<ErrorCode, readonly [Refusal, Field?]>> = {
  host_not_found: ["hostNotFound", "host"],
  connection_refused: ["refused", "port"],
  unreachable: ["unreachable", "host"],
  timed_out: ["timedOut", "host"],
  connection_lost: ["lost"],
  not_ssh: ["notSsh", "port"],
  not_ftp: ["notFtp", "port"],
  no_sftp: ["noSftp"],
  no_common_algorithm: ["algorithms"],
  tls_refused: ["tls", "security"],
  tls_failed: ["tls", "security"],
  tls_required: ["tlsRequired", "security"],
  host_changed: ["hostChanged"],
  host_revoked: ["hostRevoked"],
  host_unknown: ["hostUnknown"],
  certificate_invalid: ["certificateInvalid"],
  trust_store: ["trustStore"],
  key_unreadable: ["keyFile"],
  passphrase_required: ["passphraseRequired"],
  passphrase_wrong: ["passphraseWrong"],
  outside_local_roots: ["keyOutside"],
  authentication_failed: ["login", "password"],
  too_many_attempts: ["tooMany", "password"],
  account_required: ["account"],
  permission_denied: ["loginRefused"],
  session_limit: ["limit"],
  server_busy: ["ftpBusy"],
  invalid_input: ["field"],
};

/** Fields of the request that have another name in the dialog. */
const FIELDS: Readonly<Record<string, Field>> = {
  host: "host", port: "port", username: "username", password: "password", keyPath: "keyPath",
  privateKey: "keyText", passphrase: "passphrase", timeout: "timeout", engine: "engine",
  sessionName: "sessionName", charset: "charset", account: "account", virtualHost: "virtualHost",
  maxConnections: "maxConnections", dataMode: "dataMode", tlsMode: "security", useTLS: "security",
};

/** What to do about this refusal; nothing more than its words when its name is unknown. */
export function adviceFor(refused: { code?: string | undefined; field?: string | undefined }): Advice {
  const named = Object.hasOwn(FIELDS, refused.field ?? "") ? FIELDS[refused.field ?? ""] : undefined;
  if (refused.code === "key_invalid") {
    return named === "keyText" ? { refusal: "keyText", field: named } : { refusal: "keyFile", field: "keyPath" };
  }
  const known = Object.hasOwn(KNOWN, refused.code ?? "") ? KNOWN[refused.code as ErrorCode] : undefined;
  if (!known) return { refusal: "other" };
  const field = named ?? known[1];
  return field ? { refusal: known[0], field } : { refusal: known[0] };
}

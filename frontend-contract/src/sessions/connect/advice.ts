// What to do about a connection that was refused. The server's words are those of its
// contract, which clients may rely on; where a word is unknown, it is shown as it is.

import type { Strings } from "../../strings.js";
import type { Field } from "./form.js";

/** A kind of refusal. */
export type Refusal = keyof Strings["connect"]["advice"];

/** What to do, and which field it is about. */
export interface Advice {
  refusal: Refusal;
  field?: Field;
}

/** The first that fits counts: the more special ones stand before. */
const KNOWN: readonly (readonly [RegExp, Refusal, Field?])[] = [
  [/presented (another|a key of another)|and one did so far/, "hostChanged"],
  [/is revoked by line/, "hostRevoked"],
  [/certificate is not valid here/, "certificateInvalid"],
  [/not on record/, "hostUnknown"],
  [/line \d+ of .* cannot be read/, "trustStore"],
  [/encrypted, and no passphrase/, "passphraseRequired", "passphrase"],
  [/encrypted with another passphrase/, "passphraseWrong", "passphrase"],
  [/Could not load private key from/, "keyFile", "keyPath"],
  [/Could not load private key/, "keyText", "keyText"],
  [/outside the allowed local directories/, "keyOutside", "keyPath"],
  [/^Authentication failed|^FTP connection failed: (530|430|332)/, "login", "password"],
  [/(SSL|TLS) required|requires? (SSL|TLS)|must use (SSL|TLS)|421 .*cleartext/i, "tlsRequired", "security"],
  [/AUTH|certificate verify|wrong version number|handshake/i, "tls", "security"],
  [/Name or service not known/, "hostNotFound", "host"],
  [/Unable to connect to port|Connection refused/, "refused", "port"],
  [/unreachable|No route to host/i, "unreachable", "host"],
  [/protocol banner/, "notSsh", "port"],
  [/timed out|No existing session/, "timedOut", "host"],
  [/Channel closed/, "noSftp"],
  [/no common|algorithm/i, "algorithms"],
  [/Maximum sessions/, "limit"],
  [/FTP connection failed: 421/, "ftpBusy"],
];

const NAMED = /^(host|port|username|password|keyPath|privateKey|timeout|engine|charset|account|virtualHost|maxConnections|dataMode|tlsMode|useTLS) /;

/** What to do about this refusal; nothing more than its words when it is unknown. */
export function adviceFor(detail: string): Advice {
  for (const [pattern, refusal, field] of KNOWN) {
    if (pattern.test(detail)) return field ? { refusal, field } : { refusal };
  }
  const named = NAMED.exec(detail)?.[1];
  if (named) {
    const fields: Record<string, Field> = { privateKey: "keyText", tlsMode: "security", useTLS: "security" };
    return { refusal: "field", field: fields[named] ?? (named as Field) };
  }
  return { refusal: "other" };
}

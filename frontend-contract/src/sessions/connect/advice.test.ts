import { expect, it } from "vitest";
import { adviceFor } from "./advice.js";

// The texts are those of the contract and of connection-core.
it.each([
  ["Authentication failed - check username/password/key", "login", "password"],
  ["FTP connection failed: 530 Login incorrect.", "login", "password"],
  ["Connection error: [Errno None] Unable to connect to port 1 on 127.0.0.1", "refused", "port"],
  ["FTP connection failed: [Errno 111] Connection refused", "refused", "port"],
  ["Connection error: [Errno -2] Name or service not known", "hostNotFound", "host"],
  ["Connection error: [Errno 101] Network is unreachable", "unreachable", "host"],
  ["Connection error: timed out", "timedOut", "host"],
  ["SSH connection failed: No existing session", "timedOut", "host"],
  ["SSH connection failed: Error reading SSH protocol banner", "notSsh", "port"],
  ["SSH connection failed: Channel closed.", "noSftp", undefined],
  ["SSH connection failed: the server presented another key than the one on record: someone may be in between; expected: SHA256:a; presented: SHA256:b", "hostChanged", undefined],
  ["SSH connection failed: the server presented a key of another type than the one on record: x", "hostChanged", undefined],
  ["SSH connection failed: the server's key is not on record, and the policy is to refuse unknown servers", "hostUnknown", undefined],
  ["SSH connection failed: the server's key is revoked by line 3 of known_hosts", "hostRevoked", undefined],
  ["FTP connection failed: the server's certificate is not valid here (expired)", "certificateInvalid", undefined],
  ["Connection error: Could not load private key from ~/k", "keyFile", "keyPath"],
  ["Connection error: Could not load private key: the private key is encrypted, and no passphrase was given", "passphraseRequired", "passphrase"],
  ["Connection error: Could not load private key: the private key is encrypted with another passphrase", "passphraseWrong", "passphrase"],
  ["/etc/k is outside the allowed local directories (setting local_roots)", "keyOutside", "keyPath"],
  ["FTP connection failed: 500 Command \"AUTH\" not understood.", "tls", "security"],
  ["FTP connection failed: 550 SSL/TLS required on the control channel.", "tlsRequired", "security"],
  ["FTP connection failed: 421 Too many connections", "ftpBusy", undefined],
  ["Maximum sessions (20) reached", "limit", undefined],
  ["charset must be a character set of file names, such as utf-8", "field", "charset"],
  ["tlsMode must be explicit or implicit", "field", "security"],
  ["something new", "other", undefined],
] as const)("%s", (detail, refusal, field) => {
  expect(adviceFor(detail)).toEqual(field ? { refusal, field } : { refusal });
});

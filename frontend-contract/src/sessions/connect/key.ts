// What a pasted text is, as far as that can be seen without its passphrase.

/** What a text looks like as a private key. */
export type KeyLook = "empty" | "unknown" | "public" | "plain" | "encrypted";

/** What this text looks like. */
export function inspectKey(text: string): KeyLook {
  const trimmed = text.trim();
  if (!trimmed) return "empty";
  if (/^(ssh-|ecdsa-|sk-)\S+ AAAA/.test(trimmed)) return "public";
  if (/-----BEGIN (SSH2 |RSA )?PUBLIC KEY-----/.test(trimmed)) return "public";
  if (trimmed.startsWith("PuTTY-User-Key-File-")) {
    return /^Encryption: none\s*$/m.test(trimmed) ? "plain" : "encrypted";
  }
  const kind = /-----BEGIN ([A-Z ]*)PRIVATE KEY-----/.exec(trimmed)?.[1];
  if (kind === undefined) return "unknown";
  if (kind.startsWith("ENCRYPTED")) return "encrypted";
  if (kind.startsWith("OPENSSH")) return opensshLook(trimmed);
  return /^Proc-Type: .*ENCRYPTED/m.test(trimmed) ? "encrypted" : "plain";
}

/** After the magic word of an OpenSSH key stands the name of its cipher, `none` for none. */
function opensshLook(text: string): KeyLook {
  const body = text.replace(/-----[^-]*-----/g, "").replace(/\s+/g, "");
  const head = "openssh-key-v1\0\0\0\0";
  try {
    const bytes = atob(body.slice(0, 64));
    if (!bytes.startsWith(head)) return "unknown";
    return bytes.startsWith("none", head.length + 1) ? "plain" : "encrypted";
  } catch {
    return "unknown";
  }
}

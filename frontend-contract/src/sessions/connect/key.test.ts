import { expect, it } from "vitest";
import { inspectKey } from "./key.js";

/** An OpenSSH key as far as the name of its cipher. */
function openssh(cipher: string): string {
  const head = `openssh-key-v1\0\0\0\0${String.fromCharCode(cipher.length)}${cipher}\0\0\0\x04none`;
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${btoa(head)}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

it.each([
  ["", "empty"],
  ["  \n", "empty"],
  ["hello", "unknown"],
  ["-----BEGIN OPENSSH PRIVATE KEY-----\n!!!\n-----END OPENSSH PRIVATE KEY-----", "unknown"],
  ["ssh-ed25519 AAAAC3Nz ann@laptop", "public"],
  ["sk-ssh-ed25519@openssh.com AAAA", "public"],
  ["-----BEGIN PUBLIC KEY-----", "public"],
  [openssh("none"), "plain"],
  [openssh("aes256-ctr"), "encrypted"],
  ["-----BEGIN RSA PRIVATE KEY-----\nMIIE", "plain"],
  ["-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: x", "encrypted"],
  ["-----BEGIN PRIVATE KEY-----\nMIIE", "plain"],
  ["-----BEGIN ENCRYPTED PRIVATE KEY-----", "encrypted"],
  ["PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: x", "plain"],
  ["PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: aes256-cbc", "encrypted"],
])("%j looks %s", (text, look) => {
  expect(inspectKey(text)).toBe(look);
});

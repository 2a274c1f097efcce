// Names and paths of the remote machine. A name is bytes; in text, a byte that is not UTF-8 is
// one character of U+F780 to U+F7FF, and every route takes that form back. What is shown is
// another thing: nothing in a name may hide, turn around or break a line.

const BYTE_BLOCK = 0xf700;

/**
 * What is never shown as it is: controls, the marks that turn the direction of text, what has
 * no width, line separators, and bytes that are no text.
 */
const HIDDEN =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\uf780-\uf7ff]/g;
const HAS_HIDDEN = new RegExp(HIDDEN.source);

/** Longest name most file systems take, in bytes. */
const LONGEST_NAME = 255;

/** Whether a name is not shown as it is. */
export function isUnusual(text: string): boolean {
  return HAS_HIDDEN.test(text);
}

/** A name or path to show: what would hide is written as `\x1b` or `\u{202e}`. */
export function shown(text: string): string {
  if (!HAS_HIDDEN.test(text)) return text;
  return text.replace(HIDDEN, (character) => escaped(character.charCodeAt(0)));
}

/** An unusual name as text a person can edit; {@link fromEditable} takes it back. */
export function toEditable(text: string): string {
  return isUnusual(text) ? shown(text.replaceAll("\\", "\\\\")) : text;
}

/** The name that was typed. `unusual` says whether `\xE9` and `\\` have a meaning in it. */
export function fromEditable(text: string, unusual: boolean): string {
  if (!unusual) return text;
  return text.replace(/\\(?:x([0-9a-fA-F]{2})|u\{([0-9a-fA-F]{1,6})\}|\\)/g, (whole, byte?: string, code?: string) => {
    if (byte !== undefined) {
      const value = Number.parseInt(byte, 16);
      return String.fromCharCode(value < 0x80 ? value : BYTE_BLOCK + value);
    }
    if (code !== undefined) {
      const value = Number.parseInt(code, 16);
      return value <= 0x10ffff ? String.fromCodePoint(value) : whole;
    }
    return "\\";
  });
}

function escaped(code: number): string {
  const hex = (value: number, digits: number) => value.toString(16).toUpperCase().padStart(digits, "0");
  if (code >= BYTE_BLOCK + 0x80 && code <= BYTE_BLOCK + 0xff) return `\\x${hex(code - BYTE_BLOCK, 2)}`;
  return code < 0x80 ? `\\x${hex(code, 2)}` : `\\u{${hex(code, 4)}}`;
}

/** The path of an entry of a directory. */
export function join(directory: string, name: string): string {
  return directory.endsWith("/") ? directory + name : `${directory}/${name}`;
}

/** The directory that holds a path; `/` of the root. */
export function parentOf(path: string): string {
  const at = path.replace(/\/+$/, "").lastIndexOf("/");
  return at <= 0 ? "/" : path.slice(0, at);
}

/** The last part of a path; `/` of the root. */
export function baseOf(path: string): string {
  const plain = path.replace(/\/+$/, "");
  return plain.slice(plain.lastIndexOf("/") + 1) || "/";
}

/** A path the person typed, taken from `directory` unless it begins with `/`. */
export function resolve(directory: string, typed: string): string {
  const whole = typed.startsWith("/") ? typed : join(directory, typed);
  const parts: string[] = [];
  for (const part of whole.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** The directories on the way to a path, the root first. */
export function crumbs(path: string): { name: string; path: string }[] {
  const list = [{ name: "/", path: "/" }];
  let at = "";
  for (const name of path.split("/")) {
    if (name === "") continue;
    at += `/${name}`;
    list.push({ name, path: at });
  }
  return list;
}

/** What is after the last dot, in lower case; empty for `.bashrc` and `Makefile`. */
export function extensionOf(name: string): string {
  const at = name.lastIndexOf(".");
  return at > 0 ? name.slice(at + 1).toLowerCase() : "";
}

/** The name `n` of those beside a name that is taken: `a (2).txt`. */
export function besides(name: string, n: number): string {
  const at = name.lastIndexOf(".");
  // `.tar` belongs to what follows it.
  const cut = at > 0 ? (name.slice(0, at).endsWith(".tar") && at > 4 ? at - 4 : at) : name.length;
  return `${name.slice(0, cut)} (${n})${name.slice(cut)}`;
}

/** What is wrong with a name for a new entry. */
export type NameProblem = "empty" | "slash" | "dots" | "nul" | "long";

/** What is wrong with a name, if anything. */
export function nameProblem(name: string): NameProblem | null {
  if (name === "") return "empty";
  if (name.includes("/")) return "slash";
  if (name === "." || name === "..") return "dots";
  if (name.includes("\0")) return "nul";
  return byteLength(name) > LONGEST_NAME ? "long" : null;
}

function byteLength(name: string): number {
  const bytes = name.match(/[\uf780-\uf7ff]/g)?.length ?? 0;
  // Each of them is three bytes of UTF-8 here and one byte there.
  return new TextEncoder().encode(name).length - 2 * bytes;
}

// What can be shown of a file, by its name and its bytes. Nothing of it is ever run.

import { extensionOf } from "../names.js";

/** Pictures a browser draws, with the type they get as a blob. */
const PICTURES: Record<string, string> = {
  png: "image/png", jpg: "image/jpeg", jpeg: "image/jpeg", gif: "image/gif", webp: "image/webp",
  avif: "image/avif", bmp: "image/bmp", ico: "image/x-icon",
  // In an <img> its scripts and what it links to are not loaded.
  svg: "image/svg+xml",
};

/** Whether a file is a picture, by its name. */
export function isPicture(name: string): boolean {
  return Object.hasOwn(PICTURES, extensionOf(name));
}

/** The media type of a picture. */
export function pictureType(name: string): string {
  return PICTURES[extensionOf(name)] ?? "application/octet-stream";
}

/** The text of bytes; null when they are none. `cut` allows half a character at the end. */
export function textOf(bytes: Uint8Array<ArrayBuffer>, cut: boolean): string | null {
  if (bytes.includes(0)) return null;
  try {
    // The mark at the beginning stays, so that saving keeps it.
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes, { stream: cut });
  } catch {
    return null;
  }
}

/** Bytes that are no UTF-8, as text of one byte a character, for looking at only. */
export function latinOf(bytes: Uint8Array<ArrayBuffer>): string | null {
  return bytes.includes(0) ? null : new TextDecoder("windows-1252").decode(bytes);
}

/** How the lines of a text end. */
export type LineEnds = "lf" | "crlf" | "mixed";

/** How the lines of a text end; one without any has LF. A lone CR counts as mixed. */
export function lineEnds(text: string): LineEnds {
  const crlf = text.match(/\r\n/g)?.length ?? 0;
  const lf = (text.match(/\n/g)?.length ?? 0) - crlf;
  const cr = (text.match(/\r/g)?.length ?? 0) - crlf;
  if (cr > 0 || (crlf > 0 && lf > 0)) return "mixed";
  return crlf > 0 ? "crlf" : "lf";
}

/** A text with its line ends as the file has them. */
export function withLineEnds(text: string, ends: LineEnds): string {
  return ends === "crlf" ? text.replaceAll("\n", "\r\n") : text;
}

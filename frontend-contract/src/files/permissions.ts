// Permission bits: octal as the server says and takes them, and as `rwxr-x---`.

/** Who permissions are for, with the place of their three bits. */
export const CLASSES = [["owner", 6], ["group", 3], ["others", 0]] as const;
/** What may be done, with its bit. */
export const RIGHTS = [["read", 4], ["write", 2], ["execute", 1]] as const;
/** The bits above those, each with its bit. */
export const SPECIALS = [["setuid", 0o4000], ["setgid", 0o2000], ["sticky", 0o1000]] as const;

/** The bits of octal digits; null when they are none, or more than there are. */
export function parseOctal(text: string): number | null {
  return /^[0-7]{1,5}$/.test(text) && Number.parseInt(text, 8) <= 0o7777 ? Number.parseInt(text, 8) : null;
}

/** Octal digits: `0644`. */
export function octal(bits: number): string {
  return bits.toString(8).padStart(4, "0");
}

/** `rwxr-xr-x`, with `s` and `t` for the bits above. */
export function symbolic(bits: number): string {
  let text = "";
  for (const [name, shift] of CLASSES) {
    const of = (bits >> shift) & 7;
    const special = name === "owner" ? bits & 0o4000 : name === "group" ? bits & 0o2000 : bits & 0o1000;
    const letter = name === "others" ? "t" : "s";
    const runs = (of & 1) !== 0;
    text += (of & 4 ? "r" : "-") + (of & 2 ? "w" : "-");
    text += special ? (runs ? letter : letter.toUpperCase()) : runs ? "x" : "-";
  }
  return text;
}

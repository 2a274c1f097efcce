// The name of the partial file an upload gathers in. The same file chosen again has the same
// one, so that an upload goes on where it was, also after the page was reloaded.

/** As much of the name as is kept, for whoever finds the file. */
const KEPT = 40;

/** The name of the partial file of a file that goes under `name`. */
export function partialName(name: string, file: Pick<File, "size" | "lastModified">): string {
  const start = [...name].slice(0, KEPT).join("");
  return `.${start}.${hash(`${name}\n${file.size}\n${file.lastModified}`)}.filepart`;
}

/** FNV-1a, 32 bits twice from other beginnings: no secret depends on it. */
function hash(text: string): string {
  const one = (seed: number) => {
    let value = seed;
    for (let at = 0; at < text.length; at += 1) {
      value = Math.imul(value ^ text.charCodeAt(at), 0x01000193) >>> 0;
    }
    return value.toString(16).padStart(8, "0");
  };
  return one(0x811c9dc5) + one(0x01234567);
}

// What was dropped or chosen, folders taken apart into their files. Bounded, because a folder
// may be a whole disk.

import type { UploadOrder } from "./model.js";

/** Most files of one drop. */
export const MOST_FILES = 10_000;

/** What was found. */
export interface Dropped {
  orders: UploadOrder[];
  /** Folders without a file in them, relative to the directory. */
  empty: string[];
  /** Whether there were more files than are taken. */
  tooMany: boolean;
}

/** The entries of a drop. Must run before the event is over: the list is empty afterwards. */
export function entriesOf(data: DataTransfer): (FileSystemEntry | File)[] {
  return [...data.items]
    .filter((item) => item.kind === "file")
    .map((item) => item.webkitGetAsEntry() ?? item.getAsFile())
    .filter((entry) => entry !== null);
}

/** Takes what was dropped apart. */
export async function takeApart(entries: readonly (FileSystemEntry | File)[], directory: string): Promise<Dropped> {
  const found: Dropped = { orders: [], empty: [], tooMany: false };
  const take = async (entry: FileSystemEntry | File, below: string): Promise<void> => {
    if (found.orders.length >= MOST_FILES) {
      found.tooMany = true;
      return;
    }
    if (entry instanceof File) {
      found.orders.push({ file: entry, directory, below });
    } else if (entry.isFile) {
      const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
      found.orders.push({ file, directory, below });
    } else {
      const inner = below ? `${below}/${entry.name}` : entry.name;
      const children = await readAll((entry as FileSystemDirectoryEntry).createReader());
      if (children.length === 0) found.empty.push(inner);
      for (const child of children) await take(child, inner);
    }
  };
  for (const entry of entries) await take(entry, "");
  return found;
}

/** The files of a file picker; those of a chosen folder know their place in it. */
export function picked(files: readonly File[], directory: string): Dropped {
  const orders = files.slice(0, MOST_FILES).map((file) => {
    // Not every browser has it.
    const place: string = file.webkitRelativePath ?? "";
    return { file, directory, below: place.includes("/") ? place.slice(0, place.lastIndexOf("/")) : "" };
  });
  return { orders, empty: [], tooMany: files.length > MOST_FILES };
}

/** A reader gives 100 at a time, and nothing at the end. */
async function readAll(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return all;
    all.push(...some);
    if (all.length > MOST_FILES) return all;
  }
}

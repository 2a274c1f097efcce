// What a transfer is. Knows neither the queue nor the network.

/** How a transfer stands. */
export type TransferState =
  | "waiting" | "running" | "asking" | "paused" | "failed" | "done" | "skipped" | "cancelled" | "handed";

/** A file on its way, as it is shown. Never changed, only replaced. */
export interface Transfer {
  id: number;
  direction: "upload" | "download";
  sessionId: string;
  sessionName: string;
  /** The account behind the session: it can be gone on with in another session of it. */
  account: string;
  /** Name of the file. */
  name: string;
  /** Its path on the remote machine. */
  path: string;
  /** Bytes; null where the server did not say. */
  size: number | null;
  /** Bytes that are over. */
  moved: number;
  state: TransferState;
  /** Bytes a second, lately; null while it is not known. */
  speed: number | null;
  /** Whether it can be paused and gone on with. */
  resumable: boolean;
  error: unknown;
}

/** Where transfers belong. */
export interface Place {
  sessionId: string;
  sessionName: string;
  /** The account behind the session, the same after it is connected again. */
  account: string;
  resumable: boolean;
}

/** A file to send. */
export interface UploadOrder {
  file: File;
  /** The directory chosen. */
  directory: string;
  /** Directories below it, for what came from a folder. */
  below: string;
  /** Its name there, where that is not the file's own. */
  name?: string;
}

/** What to do about a file that is there already. */
export type Choice = "overwrite" | "both" | "skip";

/** A question about a file that is there already. */
export interface Question {
  transfer: Transfer;
  existing: Existing;
  /** How many others may have the same question. */
  others: number;
}

/** What stands in the way of an upload. */
export interface Existing {
  type: string;
  size?: number | undefined;
  modified?: string | undefined;
}

/** States in which nothing more happens by itself or by a person. */
export const FINISHED: readonly TransferState[] = ["done", "skipped", "cancelled", "handed"];

/** States that need the page to stay. */
export const BUSY: readonly TransferState[] = ["waiting", "running", "asking"];

/** Seconds until a transfer is over; null while nobody can tell. */
export function secondsLeft({ size, moved, speed, state }: Transfer): number | null {
  if (state !== "running" || size === null || !speed) return null;
  return Math.max(0, size - moved) / speed;
}

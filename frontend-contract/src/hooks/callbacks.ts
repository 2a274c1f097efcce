// What whoever embeds the component wants to be told.

import { createContext, useContext } from "react";
import type { Session } from "../client/models.js";

/** A file that was downloaded to the person's machine. */
export interface DownloadedFile {
  /** The session it came from. */
  session: Session;
  /** Its path on the remote machine. */
  remotePath: string;
  /** Its name, as it was saved. */
  name: string;
  /** Its bytes, where they are known. */
  size?: number;
}

/** A command that ended. */
export interface CommandOutput {
  /** The session it ran in. */
  session: Session;
  /** The command as it was typed. */
  command: string;
  /** Standard output and standard error. */
  output: string;
}

/** The callbacks of the component. */
export interface Callbacks {
  /** A file was downloaded. */
  onFileDownloaded?: ((file: DownloadedFile) => void) | undefined;
  /** A command ended. */
  onCommandOutput?: ((output: CommandOutput) => void) | undefined;
}

/** The callbacks; none unless a parent gives some. */
export const CallbacksContext = createContext<Callbacks>({});

/** The callbacks of the component. */
export function useCallbacks(): Callbacks {
  return useContext(CallbacksContext);
}

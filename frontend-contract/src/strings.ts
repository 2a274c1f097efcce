// Every word of the page, in one place, ready for translation: a translation is another
// object of the type `Strings`. A section belongs to the folder of its name.

/** `1 entry`, `2 entries`. */
function count(n: number, one: string, many: string): string {
  return `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
}

/** The words in English. */
export const en = {
  common: {
    cancel: "Cancel",
    close: "Close",
    retry: "Try again",
    refresh: "Refresh",
    undo: "Undo",
    save: "Save",
    loading: "Loading…",
    copy: "Copy",
    copied: "Copied",
    seconds: (n: number) => count(n, "second", "seconds"),
    ago: (text: string) => `${text} ago`,
    justNow: "just now",
    failed: "That did not work",
  },

  shell: {
    title: "Connection Manager",
    skip: "Skip to the content",
    health: {
      checking: "Checking…",
      ok: (ms: number) => `Server online, ${ms} ms`,
      okShort: (ms: number) => `${ms} ms`,
      away: "Server away",
    },
    version: (version: string) => `API ${version}`,
    api: "API description",
    theme: { label: "Colour scheme", light: "Light", dark: "Dark", auto: "As the system" },
    offline: {
      title: "The server does not answer",
      since: (time: string) => `since ${time}.`,
      stale: (time: string) => `What you see is from ${time} and may have changed.`,
      nothing: "Check that connection-manager is running and that this machine can reach it.",
      trying: "Trying again by itself.",
      back: "The server answers again",
      retry: "Try now",
    },
    log: {
      title: "What happened",
      open: (n: number) => (n === 0 ? "Log" : `Log, ${count(n, "entry", "entries")}`),
      empty: "Nothing yet. What you do here, and how it ended, is listed in this place.",
      clear: "Clear",
      copy: "Copy all",
      outcome: { done: "Done", failed: "Failed", note: "Note" },
    },
    token: {
      title: "Access token",
      missing: "This server wants an access token.",
      refused: "The server did not accept this access token.",
      label: "Token",
      hint: "It is kept in this browser tab until you close it, and sent to this server only.",
      where: "Whoever runs the server has it: the file named by --token-file, or the table [tokens] of its configuration.",
      submit: "Continue",
      empty: "The token is missing",
    },
    crashed: "This part of the page stopped working",
    reload: "Reload the page",
  },

  sessions: {
    title: "Sessions",
    connect: "New connection",
    empty: {
      title: "No open session",
      text: "Connect to an SSH or FTP server to browse its files, open terminals and run commands.",
    },
    none: {
      title: "Choose a session",
      text: "Its files, terminals and commands are shown here.",
    },
    gone: {
      title: "This session is not open",
      text: "It expired, was closed, or the server was started anew. Open the connection again.",
    },
    loading: "Asking for the sessions…",
    failed: "The sessions could not be listed",
    updated: (age: string) => `Updated ${age}`,
    limit: (n: number) => `${n} open`,
    open: (name: string) => `Open ${name}`,
    actions: (name: string) => `Actions of ${name}`,
    back: "All sessions",
    state: { live: "Connected", lost: "Connection lost", leaving: "Disconnecting" },
    expiresIn: (time: string) => `Expires in ${time}`,
    expired: "Expired",
    keepAlive: "Keep alive",
    keptAlive: (name: string) => `${name} starts its time anew`,
    keepFailed: (name: string) => `${name} could not be kept alive`,
    rename: "Rename",
    renameTitle: "Rename the session",
    renamed: (name: string) => `The session is called ${name} now`,
    renameFailed: "The session could not be renamed",
    name: "Name",
    nameEmpty: "A name is needed",
    nameLong: (n: number) => `At most ${n} characters`,
    disconnect: "Disconnect",
    disconnecting: (name: string) => `Disconnecting ${name}`,
    disconnectingIn: (n: number) => `In ${count(n, "second", "seconds")}. Terminals and transfers of it end.`,
    disconnected: (name: string) => `${name} is disconnected`,
    disconnectFailed: (name: string) => `${name} could not be disconnected`,
    stays: (name: string) => `${name} stays connected`,
    vanished: (name: string) => `${name} is not open any more: it expired or was closed elsewhere`,
    lost: (name: string) => `The connection of ${name} was lost`,
    lostAdvice: "The remote machine ended the connection or cannot be reached. Disconnect this session and connect again.",
    connectedTo: (name: string) => `Connected to ${name}`,
    tabs: { label: "Parts of the session", files: "Files", terminal: "Terminal", commands: "Commands" },
  },

  files: {
    // Words of the file browser.
    placeholder: "Files",
  },

  terminals: {
    // Words of the terminals.
    placeholder: "Terminal",
  },

  commands: {
    // Words of the command runner.
    placeholder: "Commands",
  },
};

/** All words of the page. */
export type Strings = typeof en;

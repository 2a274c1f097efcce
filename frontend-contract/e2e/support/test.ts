// What every journey starts with: `test` with a fresh server, the SSH and FTP servers, and the
// address of the page. `import { expect, test } from "./support/test.js"`.

import { test as base, expect, type Page } from "@playwright/test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { startManager, startRemoteServers, type Accounts, type ManagerProcess, type RemoteServers } from "./processes.js";
import { ownPage, startProxy } from "./proxy.js";

/** A session to open by the API, for journeys that begin after the dialog. */
type Opening =
  | { kind: "ssh"; name?: string }
  | { kind: FtpKind; name?: string };

/** The FTP servers. */
export type FtpKind = Exclude<keyof Accounts, "ssh">;

interface Fixtures {
  /**
   * Flags of the server under test: `test.use({ flags: ["--session-timeout", "20"] })`;
   * `{config}` is its own temporary directory.
   */
  flags: string[];
  /** The server under test, fresh for each journey. */
  manager: ManagerProcess;
  /** Where the page is: the binary's own, or the one in dist/page with `CM_E2E_PAGE=dist`. */
  site: string;
  /** Opens a session by the API; answers its id. */
  openSession(opening: Opening): Promise<string>;
  /** Fails the journey when the page logged an error or broke its Content-Security-Policy. */
  cleanConsole: void;
}

interface WorkerFixtures {
  /** The SSH and FTP servers, the same for all journeys of a run. */
  servers: RemoteServers;
}

/** Where the page of this run is, before a server of the journey's own. */
export async function before(manager: ManagerProcess): Promise<{ url: string; stop(): Promise<void> }> {
  const { page } = ownPage;
  if (page === undefined) return { url: manager.url, stop: async () => undefined };
  if (!existsSync(join(page, "index.html"))) throw new Error("dist/page is not there: run `npm run build`");
  return startProxy(manager.url, { page });
}

/** Messages of the browser about failed requests, which journeys cause on purpose. */
const EXPECTED = /Failed to load resource|WebSocket connection to/;

export const test = base.extend<Fixtures, WorkerFixtures>({
  servers: [
    async ({}, use) => {
      const servers = await startRemoteServers();
      await use(servers);
      await servers.stop();
    },
    { scope: "worker" },
  ],
  flags: [[], { option: true }],
  manager: async ({ flags }, use, info) => {
    const manager = await startManager(flags);
    await use(manager);
    await manager.remove();
    if (info.status !== info.expectedStatus) {
      await info.attach("server log", { body: manager.log(), contentType: "text/plain" });
    }
  },
  site: async ({ manager }, use) => {
    const proxy = await before(manager);
    await use(proxy.url);
    await proxy.stop();
  },
  openSession: async ({ manager, servers }, use) => {
    await use(async ({ kind, name }) => {
      const { host, port, user, password } = servers[kind];
      const body: Record<string, unknown> = { host, port, username: user, password };
      if (name) body["sessionName"] = name;
      if (kind.endsWith("Explicit")) body["useTLS"] = true;
      if (kind === "ftpsImplicit") Object.assign(body, { useTLS: true, tlsMode: "implicit" });
      const answer = await fetch(`${manager.url}/connections/${kind === "ssh" ? "ssh" : "ftp"}`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`no session was opened: ${text}`);
      return (JSON.parse(text) as { session_id: string }).session_id;
    });
  },
  cleanConsole: [
    async ({ page }, use) => {
      const wrong: string[] = [];
      page.on("pageerror", (error) => wrong.push(String(error)));
      page.on("console", (message) => {
        if (message.type() === "error" && !EXPECTED.test(message.text())) wrong.push(message.text());
      });
      await use();
      expect(wrong, "errors of the page").toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
export type { Page };

// What the journeys through files have in common: a folder of its own for each, and the rows.

import type { CDPSession } from "@playwright/test";
import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { expect, test as base, type Page } from "./test.js";

interface Fixtures {
  /** A fresh directory in the home of the SSH account, as both machines name it. */
  folder: string;
  /** Opens the files of an SSH session there; answers the id of the session. */
  browse(below?: string): Promise<string>;
}

export const test = base.extend<Fixtures>({
  folder: async ({ servers }, use) => {
    const folder = await mkdtemp(join(servers.ssh.home, "journey-"));
    own(folder, servers.ssh.uid);
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
  browse: async ({ page, site, openSession, folder, servers }, use) => {
    await use(async (below = "") => {
      own(folder, servers.ssh.uid);
      const id = await openSession({ kind: "ssh", name: "build host" });
      await page.goto(`${site}/#/sessions/${id}/files?path=${encodeURIComponent(folder + below)}`);
      await expect(grid(page)).toHaveAttribute("aria-busy", "false");
      return id;
    });
  },
});

/** The list. */
export const grid = (page: Page) => page.getByRole("grid", { name: "Files" });

/** The row of a name. */
export const row = (page: Page, name: string) =>
  grid(page).getByRole("row").filter({ has: page.getByRole("checkbox", { name: `Select ${name}`, exact: true }) });

/** The names that are on the screen, from the top. */
export async function names(page: Page): Promise<string[]> {
  return grid(page).locator("[role=row]").evaluateAll((rows) =>
    rows
      .map((each) => ({ at: Number(each.getAttribute("aria-rowindex")), name: each.querySelector("bdi")?.textContent ?? "" }))
      .filter(({ at }) => at > 1)
      .sort((a, b) => a.at - b.at)
      .map(({ name }) => name));
}

/** Gives what the journey made to the account, where the journey is the superuser. */
export function own(folder: string, uid: number): void {
  if (process.getuid?.() === 0) execFileSync("chown", ["-R", String(uid), folder]);
}

/** Makes files with these contents. */
export async function fill(folder: string, files: Record<string, string | Buffer>): Promise<void> {
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
}

/** Chooses from the menu of a row. */
export async function choose(page: Page, name: string, item: string): Promise<void> {
  await row(page, name).click({ button: "right" });
  await page.getByRole("menuitem", { name: item }).click();
}

/** What slows a page down: only the session that set a limit can lift it. */
const throttles = new WeakMap<Page, CDPSession>();

/** How fast the page may send and get, in bytes a second; no limit without. */
export async function throttle(page: Page, up = -1, down = -1): Promise<void> {
  const session = throttles.get(page) ?? await page.context().newCDPSession(page);
  throttles.set(page, session);
  await session.send("Network.emulateNetworkConditions", {
    offline: false, latency: 0, uploadThroughput: up, downloadThroughput: down,
  });
}

export { basename, expect, join };
export type { Page };

// What journeys through moving have in common: a hand on the mouse, and folders of both kinds of
// servers.

import { mkdtemp } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Locator, Page } from "@playwright/test";
import { expect, grid, own } from "./files.js";
import type { RemoteServers } from "./processes.js";

/** Begins to drag what is at `from`, and holds it over `over`. */
export async function dragOver(page: Page, from: Locator, over: Locator): Promise<void> {
  await from.hover();
  await page.mouse.down();
  await holdOver(page, over);
}

/** Holds what is dragged over another place. */
export async function holdOver(page: Page, over: Locator): Promise<void> {
  const box = await over.boundingBox();
  if (!box) throw new Error("there is nothing to drag to");
  const [x, y] = [box.x + Math.min(60, box.width / 2), box.y + box.height / 2];
  // A drag begins with the first way the mouse goes, and is over a place with the next.
  await page.mouse.move(x - 9, y - 3);
  await page.mouse.move(x, y, { steps: 3 });
}

/** Drags from one place to another; with Ctrl held down when `copy` says so. */
export async function drag(page: Page, from: Locator, to: Locator, copy = false): Promise<void> {
  await dragOver(page, from, to);
  if (copy) {
    await page.keyboard.down("Control");
    await holdOver(page, to);
  }
  await page.mouse.up();
  if (copy) await page.keyboard.up("Control");
}

/** What the page says of what is dragged. */
export const hint = (page: Page, text: string | RegExp) => page.getByRole("status").filter({ hasText: text });

/** A fresh folder of the FTP account: here and there. */
export async function ftpFolder(servers: RemoteServers): Promise<{ local: string; remote: string }> {
  const local = await mkdtemp(join(servers.ftp.home, "journey-"));
  own(local, servers.ftp.uid);
  return { local, remote: `/${basename(local)}` };
}

/** Shows a folder of a session, without loading the page anew when it is there already. */
export async function show(page: Page, site: string, id: string, path: string): Promise<void> {
  await page.goto(`${site}/#/sessions/${id}/files?path=${encodeURIComponent(path)}`);
  await expect(grid(page)).toHaveAttribute("aria-busy", "false");
}

// Pictures, taken by the journeys themselves, so that they show what works.

import type { Page } from "@playwright/test";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";

const directory = join(import.meta.dirname, "../../../docs");
const pictures = join(import.meta.dirname, "../../test-results/pictures");

/** The pictures of the READMEs. */
const PUBLISHED = new Set(["files", "files-dark", "sessions", "terminal-dark", "terminal-light"]);

/** With `CM_SHOTS` set, writes `docs/<name>.png` where a README shows it, else a {@link picture}. */
export async function shot(page: Page, name: string): Promise<void> {
  if (!process.env["CM_SHOTS"]) return;
  if (!PUBLISHED.has(name)) return await picture(page, name);
  await mkdir(directory, { recursive: true });
  await page.screenshot({ path: join(directory, `${name}.png`), animations: "disabled" });
}

/** Writes `test-results/pictures/<name>.png`, for whoever wants to see how it looks. */
export async function picture(page: Page, name: string): Promise<void> {
  await mkdir(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`), animations: "disabled" });
}

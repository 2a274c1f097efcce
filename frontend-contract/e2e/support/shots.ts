// Pictures for the README, taken by the journeys themselves, so that they show what works.

import type { Page } from "@playwright/test";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";

const directory = join(import.meta.dirname, "../../../docs");
const pictures = join(import.meta.dirname, "../../test-results/pictures");

/** Writes `docs/<name>.png` when `CM_SHOTS` is set. */
export async function shot(page: Page, name: string): Promise<void> {
  if (!process.env["CM_SHOTS"]) return;
  await mkdir(directory, { recursive: true });
  await page.screenshot({ path: join(directory, `${name}.png`), animations: "disabled" });
}

/** Writes `test-results/pictures/<name>.png`, for whoever wants to see how it looks. */
export async function picture(page: Page, name: string): Promise<void> {
  await mkdir(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`), animations: "disabled" });
}

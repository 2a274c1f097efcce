// The connect dialog as journeys fill it in.

import { expect, type Page } from "@playwright/test";
import type { Account } from "./processes.js";

/** The dialog. */
export const dialog = (page: Page) => page.getByRole("dialog", { name: "New connection" });

/** Its field for the password. */
export const password = (page: Page) => dialog(page).getByRole("textbox", { name: "Password" });

/** Opens the dialog. */
export async function open(page: Page): Promise<void> {
  await page.getByRole("button", { name: "New connection" }).first().click();
  await expect(dialog(page).getByRole("textbox", { name: "Host" })).toBeFocused();
}

/** Opens the dialog and fills in where to connect, and how the session is called. */
export async function fillIn(page: Page, account: Account, name?: string): Promise<void> {
  await open(page);
  await dialog(page).getByRole("textbox", { name: "Host" }).fill(account.host);
  await dialog(page).getByRole("textbox", { name: "Port" }).fill(String(account.port));
  await dialog(page).getByRole("textbox", { name: "User name" }).fill(account.user);
  if (name !== undefined) await dialog(page).getByRole("textbox", { name: "Name of the session" }).fill(name);
}

/** Sends what is filled in. */
export async function send(page: Page): Promise<void> {
  await dialog(page).getByRole("button", { name: "Connect", exact: true }).click();
}

// Terminals as journeys use them: what is on the screen, and what is typed.

import { expect, type Locator, type Page } from "@playwright/test";

/** The terminals of a session. */
export const home = (site: string, id: string) => `${site}/#/sessions/${id}/terminal`;

/** The terminal on the screen. */
export const terminal = (page: Page): Locator => page.locator("[data-terminal]:visible");

/** What it shows. */
export const screen = (page: Page): Locator => terminal(page).locator(".xterm-rows");

/** Where it takes keys. */
export const keyboard = (page: Page): Locator => terminal(page).getByRole("textbox", { name: "Terminal input" });

/** How it stands, in the line below it. */
export const standing = (page: Page, text: "Connected" | "Watching"): Locator =>
  page.getByRole("status").getByText(text, { exact: true });

/** Opens a terminal and waits for its shell. */
export async function openTerminal(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Open a terminal", exact: true }).click();
  await expect(standing(page, "Connected")).toBeVisible();
  await expect(keyboard(page)).toBeFocused();
  // The prompt of the shell: from here on nothing that is typed is lost to its start.
  await expect(screen(page)).toContainText(/[$#%>]/);
}

/** Types a line, as a person does. */
export async function type(page: Page, line: string): Promise<void> {
  await page.keyboard.type(line);
  await page.keyboard.press("Enter");
}

/** Chooses from the menu of the terminal. */
export async function choose(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: /^Actions of / }).and(page.locator(":visible")).last().click();
  await page.getByRole("menuitem", { name }).or(page.getByRole("menuitemcheckbox", { name })).click();
}

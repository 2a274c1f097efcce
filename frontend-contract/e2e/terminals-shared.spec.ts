// Terminals that several look at.

import { expectAccessible, expectAccessibleInBoth } from "./support/axe.js";
import { shot } from "./support/shots.js";
import { choose, home, keyboard, openTerminal, screen, standing, type } from "./support/terminals.js";
import { expect, test } from "./support/test.js";

test("two pages on one terminal: both type, both see, and see each other", async ({ page, site, openSession, context }) => {
  const id = await openSession({ kind: "ssh" });
  await page.goto(home(site, id));
  await openTerminal(page);
  const other = await context.newPage();
  await other.goto(page.url());
  await expect(standing(other, "Connected")).toBeVisible();
  await type(page, "echo from-$((1))");
  await expect(screen(other)).toContainText("from-1");
  await keyboard(other).focus();
  await type(other, "echo from-$((2))");
  await expect(screen(page)).toContainText("from-2");
  await page.getByRole("button", { name: "2 viewers" }).click();
  await expect(page.getByText("You, may type")).toBeVisible();
  await expect(page.getByText(/^Somebody, may type/)).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");

  // Watching only: what is typed goes nowhere, and is said to.
  await choose(other, "Only watch");
  await other.keyboard.press("Escape");
  await expect(standing(other, "Watching")).toBeVisible();
  await keyboard(other).focus();
  await other.keyboard.type("nothing-of-this");
  await expect(other.getByText("Not typed: you only watch")).toBeVisible();
  await keyboard(page).focus();
  await type(page, "echo still-$((3))");
  await expect(screen(other)).toContainText("still-3");
  await expect(screen(page)).not.toContainText("nothing-of-this");
  await other.close();
  await expect(page.getByRole("button", { name: "1 viewer" })).toBeVisible();
});

test("a link to watch: without sessions, read only, and gone when revoked", async ({ page, site, openSession, browser }) => {
  const id = await openSession({ kind: "ssh" });
  await page.goto(home(site, id));
  await openTerminal(page);
  await type(page, "echo for-$((9))-to-see");
  await page.getByRole("button", { name: "Share", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Share Terminal 1" });
  await expect(dialog.getByText("No link leads here.")).toBeVisible();
  await dialog.getByRole("button", { name: "Create a link" }).click();
  const link = await dialog.getByLabel("Link", { exact: true }).inputValue();
  await expect(dialog.getByRole("button", { name: /^Revoke the link/ })).toBeVisible();
  await expectAccessible(page);
  await shot(page, "terminal-share");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await dialog.getByRole("button", { name: "Copy the link" }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link);

  // Somebody else, who has nothing but the link.
  const guest = await (await browser.newContext()).newPage();
  const asked: string[] = [];
  guest.on("request", (request) => asked.push(request.url()));
  await guest.goto(link.replace(/^.*?\/#/, `${site}/#`));
  await expect(screen(guest)).toContainText("for-9-to-see");
  await expect(standing(guest, "Watching")).toBeVisible();
  await expect(guest.getByRole("navigation")).toHaveCount(0);
  await expect(guest.getByRole("button", { name: "New connection" })).toHaveCount(0);
  expect(asked.filter((url) => url.includes("/connections"))).toEqual([]);
  const token = link.split("/share/")[1] ?? "";
  expect(asked.filter((url) => url.includes(token))).toEqual([]);
  await keyboard(guest).focus();
  await guest.keyboard.type("echo hacked\n");
  await expect(guest.getByText("Not typed: you only watch")).toBeVisible();
  await expectAccessibleInBoth(guest);

  await dialog.getByRole("button", { name: /^Revoke the link/ }).click();
  await expect(guest.getByText("No longer shared")).toBeVisible();
  await expect(dialog.getByText("No link leads here.")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(screen(page)).not.toContainText("hacked");
  await guest.context().close();
});

// What comes too late: answers that arrive when the person is elsewhere, sessions and servers that
// go in the middle of something.

import { mkdir, readFile, symlink } from "node:fs/promises";
import { choose, expect, fill, grid, join, own, row, test } from "./support/files.js";
import { hold, is } from "./support/holding.js";
import { show } from "./support/moving.js";
import { home, keyboard, openTerminal, screen, type } from "./support/terminals.js";

test("a text that is being edited outlives a server that was away, another view, and its session", async ({ page, folder, browse, manager }) => {
  await fill(folder, { "notes.txt": "as it was\n" });
  const id = await browse();
  await choose(page, "notes.txt", "Edit");
  const area = page.getByRole("textbox", { name: "Content of notes.txt" });
  await area.fill("an hour of work\n");

  const away = page.getByRole("alert").filter({ hasText: "The server does not answer" });
  await page.route(is(/\/(connections|health)/), (route) => route.abort("connectionrefused"));
  await expect(away).toBeVisible();
  await page.unrouteAll();
  await expect(away).toBeHidden();
  await expect(area).toHaveValue("an hour of work\n");

  await page.evaluate(() => (location.hash = "#/"));
  await expect(page).toHaveURL(/#\/$/);
  await expect(area).toHaveValue("an hour of work\n");
  await page.goBack();

  await fetch(`${manager.url}/connections/${id}`, { method: "DELETE" });
  await expect(page.getByText("build host is not open any more")).toBeVisible({ timeout: 15_000 });
  await expect(area).toHaveValue("an hour of work\n");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("This session is not open any more. Connect again")).toBeVisible();
  await page.getByRole("button", { name: "Close", exact: true }).last().click();
  await page.getByRole("button", { name: "Discard", exact: true }).click();
  await expect(page.getByRole("heading", { name: "This session is not open" })).toBeVisible();
  expect(await readFile(join(folder, "notes.txt"), "utf8")).toBe("as it was\n");
});

test("a link that is slow to say where it leads does not take the person away from elsewhere", async ({ page, site, folder, browse, servers }) => {
  await mkdir(join(folder, "real"));
  await mkdir(join(folder, "elsewhere"));
  await symlink("real", join(folder, "link"));
  own(folder, servers.ssh.uid);
  const id = await browse();
  await expect(row(page, "link")).toContainText("Link to a folder");
  const release = await hold(page, (url) => url.pathname.endsWith("/stat") && url.searchParams.get("path") === `${folder}/link`);
  await row(page, "link").dblclick();
  await show(page, site, id, `${folder}/elsewhere`);
  const answered = page.waitForResponse((answer) => new URL(answer.url()).pathname.endsWith("/stat"));
  await release();
  await answered;
  await expect(page.getByText("This folder is empty")).toBeVisible();
  await expect(page).toHaveURL(/elsewhere/);
});

test("where a link leads is looked at again with its folder", async ({ page, folder, browse, servers }) => {
  await symlink("later", join(folder, "link"));
  await browse();
  await expect(row(page, "link")).toContainText("leads nowhere");
  await mkdir(join(folder, "later"));
  own(folder, servers.ssh.uid);
  await page.getByRole("tabpanel").getByRole("button", { name: "Refresh" }).click();
  await expect(row(page, "later")).toBeVisible();
  await expect(row(page, "link")).toContainText("Link to a folder");
});

test("a name is given where it was asked for, whatever is shown by then", async ({ page, folder, browse, servers }) => {
  await mkdir(join(folder, "first"));
  await mkdir(join(folder, "second"));
  own(folder, servers.ssh.uid);
  await browse();
  await row(page, "first").dblclick();
  await expect(page.getByText("This folder is empty")).toBeVisible();
  await page.getByRole("button", { name: "New", exact: true }).click();
  await page.getByRole("menuitem", { name: "New folder…" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("made");
  await page.goBack();
  await expect(page).not.toHaveURL(/first/);
  await expect(grid(page)).toHaveAttribute("aria-busy", "false");
  await page.getByRole("button", { name: "Create" }).click();
  await expect(page.getByRole("dialog")).toBeHidden();
  await row(page, "first").dblclick();
  await expect(row(page, "made")).toBeVisible();
});

test("a terminal that is slow to open is not looked for in another session", async ({ page, site, openSession }) => {
  const [one, other] = [await openSession({ kind: "ssh", name: "one" }), await openSession({ kind: "ssh", name: "other" })];
  await page.goto(home(site, other));
  await openTerminal(page);
  await type(page, "echo of-the-$((1+1))nd");
  await expect(screen(page)).toContainText("of-the-2nd");
  await page.goto(home(site, one));
  await expect(page.getByText("No terminal is open")).toBeVisible();
  const release = await hold(page, is(/\/terminals$/), "POST");
  await page.getByRole("button", { name: "Open a terminal", exact: true }).click();
  await page.goto(home(site, other));
  await expect(screen(page)).toContainText("of-the-2nd");
  const answered = page.waitForResponse((answer) => answer.request().method() === "POST" && answer.url().includes(one));
  await release();
  await answered;
  await expect(page).toHaveURL(new RegExp(other));
  await expect(screen(page)).toContainText("of-the-2nd");
  await expect(page.getByText("This terminal is not open")).toBeHidden();
});

test("closing a terminal slowly takes nobody away from the one they went to", async ({ page, site, openSession }) => {
  const id = await openSession({ kind: "ssh" });
  await page.goto(home(site, id));
  for (let n = 1; n <= 3; n += 1) await openTerminal(page);
  await page.getByRole("tab", { name: "Terminal 3" }).click();
  const release = await hold(page, is(/\/terminals\/[^/]+$/), "DELETE");
  await page.getByRole("button", { name: "Actions of Terminal 3" }).and(page.locator(":visible")).click();
  await page.getByRole("menuitem", { name: "Close terminal…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Close terminal" }).click();
  await expect(page.getByRole("tab", { name: "Terminal 3" }).getByRole("img", { name: "being closed" })).toBeVisible();
  await page.getByRole("tab", { name: "Terminal 1" }).click();
  await release();
  await expect(page.getByRole("tab", { name: "Terminal 3" })).toBeHidden();
  await expect(page.getByRole("tab", { name: "Terminal 1" })).toHaveAttribute("aria-selected", "true");
});

test("a terminal that somebody else closes keeps its last screen, and says what became of it", async ({ page, site, openSession, context }) => {
  const id = await openSession({ kind: "ssh" });
  await page.goto(home(site, id));
  await openTerminal(page);
  await type(page, "echo the-last-$((1+1))-words");
  await expect(screen(page)).toContainText("the-last-2-words");
  const other = await context.newPage();
  await other.goto(page.url());
  await expect(keyboard(other)).toBeFocused();
  await other.getByRole("button", { name: "Actions of Terminal 1" }).click();
  await other.getByRole("menuitem", { name: "Close terminal…" }).click();
  await other.getByRole("dialog").getByRole("button", { name: "Close terminal" }).click();
  await expect(page.getByText("This terminal was closed")).toBeVisible();
  // Past the next answer to the list, which has it no more.
  await page.waitForResponse((answer) => answer.url().endsWith("/terminals"));
  await expect(screen(page)).toContainText("the-last-2-words");
  await expect(page.getByText("This terminal was closed")).toBeVisible();
});

test("what is on its way to the server is not offered to be undone", async ({ page, site, openSession }) => {
  await openSession({ kind: "ssh", name: "build host" });
  await page.clock.install();
  await page.goto(`${site}/`);
  const card = page.getByRole("article", { name: "build host" });
  const release = await hold(page, is(/\/connections\/[^/]+$/), "DELETE");
  await page.getByRole("button", { name: "Actions of build host" }).click();
  await page.getByRole("menuitem", { name: "Disconnect" }).click();
  await expect(card.getByRole("button", { name: "Undo" })).toBeVisible();
  await page.clock.fastForward(9_000);
  await expect(card.getByRole("status")).toHaveText("Disconnecting…");
  await expect(card.getByRole("button", { name: "Undo" })).toBeHidden();
  await release();
  await expect(card).toBeHidden();
});

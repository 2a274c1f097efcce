// Journeys through moving and copying: by the mouse, by the keyboard alone, with a finger, from
// one session to another.

import { existsSync } from "node:fs";
import { chmod, mkdir, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { expectAccessible, expectAccessibleInBoth } from "./support/axe.js";
import { expect, fill, grid, join, names, own, row, test } from "./support/files.js";
import { drag, dragOver, ftpFolder, hint, holdOver, show } from "./support/moving.js";
import { shot } from "./support/shots.js";
import { openTerminal } from "./support/terminals.js";

test("rows are dragged to a folder, a breadcrumb and one folder up", async ({ page, folder, browse }) => {
  await mkdir(join(folder, "inner/deep"), { recursive: true });
  await fill(folder, { "a.txt": "a", "b.txt": "b", "c.txt": "c" });
  await browse();
  await drag(page, row(page, "a.txt"), row(page, "inner"));
  // First, as it goes by itself.
  await expect(page.getByText(`Moved 1 entry to ${folder}/inner`)).toBeVisible();
  await expect(row(page, "a.txt")).toBeHidden();
  expect(await readFile(join(folder, "inner/a.txt"), "utf8")).toBe("a");

  // All of what is selected goes, and is copied with Ctrl.
  await row(page, "b.txt").click();
  await row(page, "c.txt").click({ modifiers: ["Control"] });
  await drag(page, row(page, "c.txt"), row(page, "inner"), true);
  await expect.poll(() => readdir(join(folder, "inner"))).toEqual(["a.txt", "b.txt", "c.txt", "deep"]);
  expect((await readdir(folder)).sort()).toEqual(["b.txt", "c.txt", "inner"]);

  await row(page, "inner").dblclick();
  await drag(page, row(page, "deep"), page.getByRole("button", { name: "Up one folder" }));
  await expect(row(page, "deep")).toBeHidden();
  expect(existsSync(join(folder, "deep"))).toBe(true);
  await drag(page, row(page, "a.txt"), page.getByRole("navigation", { name: "Folders on the way" }).getByRole("link").nth(-2));
  await expect(row(page, "a.txt")).toBeHidden();
  expect(await readFile(join(folder, "a.txt"), "utf8")).toBe("a");
});

test("where something cannot go says so, Escape cancels, and a folder opens below what is held over it", async ({ page, folder, browse }) => {
  await mkdir(join(folder, "outer/inner"), { recursive: true });
  await mkdir(join(folder, "other"));
  await fill(folder, { "a.txt": "a" });
  await browse();
  const crumbs = page.getByRole("navigation", { name: "Folders on the way" }).getByRole("link");
  await dragOver(page, row(page, "outer"), row(page, "outer"));
  await expect(hint(page, "A folder cannot go into itself.")).toBeVisible();
  await expect(row(page, "outer")).toHaveAttribute("data-drop", "no");
  await expectAccessible(page);
  await holdOver(page, crumbs.last());
  await expect(hint(page, "That is the folder they are in.")).toBeVisible();
  await page.mouse.up();
  await holdOver(page, row(page, "other"));
  await expect(page.locator("[data-drop]")).toHaveCount(0);

  await dragOver(page, row(page, "a.txt"), row(page, "other"));
  await expect(row(page, "other")).toHaveAttribute("data-drop", "yes");
  await expect(hint(page, `Move 1 entry to ${folder}/other.`)).toBeVisible();
  await shot(page, "files-drag");
  await page.keyboard.press("Escape");
  await page.mouse.up();
  await expect(page.locator("[data-drop]")).toHaveCount(0);
  expect((await readdir(folder)).sort()).toEqual(["a.txt", "other", "outer"]);

  // Held over a folder for a moment: it opens, and the list is where it goes.
  await dragOver(page, row(page, "a.txt"), row(page, "outer"));
  await expect(row(page, "inner")).toBeVisible();
  await holdOver(page, row(page, "inner"));
  await expect(row(page, "inner")).toHaveAttribute("data-drop", "yes");
  await page.mouse.up();
  await expect.poll(() => existsSync(join(folder, "outer/inner/a.txt"))).toBe(true);
  expect(existsSync(join(folder, "a.txt"))).toBe(false);
});

test("by the keyboard alone files are cut, copied and pasted, and names that are taken are a question", async ({ page, folder, browse }) => {
  await mkdir(join(folder, "to"));
  await fill(join(folder, "to"), { "b.txt": "old b", "c.txt": "old c" });
  await fill(folder, { "a.txt": "a", "b.txt": "new b", "c.txt": "new c", "d.txt": "d" });
  await browse();
  await grid(page).focus();
  await page.keyboard.press("Control+v");
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Shift+End");
  await expect(grid(page).locator("[aria-selected=true]")).toHaveCount(4);
  await page.keyboard.press("Control+x");
  await expect(row(page, "a.txt")).toContainText("(cut)");
  await expect(page.locator("[data-cut]")).toHaveCount(4);
  await expect(page.getByText(`4 entries cut from ${folder}. That is the folder they are in.`)).toBeVisible();
  await shot(page, "files-cut");
  await expectAccessibleInBoth(page);
  // Typing is typing.
  await page.getByRole("searchbox", { name: "Filter" }).fill("txt");
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Control+c");
  await page.keyboard.press("Control+v");
  await expect(page.getByText(/4 entries cut/)).toBeVisible();
  expect((await readdir(folder)).sort()).toEqual(["a.txt", "b.txt", "c.txt", "d.txt", "to"]);
  await page.keyboard.press("Escape");
  await expect(grid(page)).toBeFocused();
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  await expect(row(page, "b.txt")).toBeVisible();
  await expect(page.locator("[data-cut]")).toHaveCount(0);
  await page.keyboard.press("Control+v");
  const dialog = page.getByRole("dialog", { name: "There is already a file of this name" });
  await expect(dialog).toContainText(`${folder}/to/b.txt`);
  await expectAccessibleInBoth(page);
  await dialog.getByRole("checkbox", { name: "The same for the other 2" }).focus();
  await page.keyboard.press("Space");
  await dialog.getByRole("button", { name: "Keep both" }).focus();
  await page.keyboard.press("Enter");
  await expect.poll(() => names(page)).toEqual(["a.txt", "b (2).txt", "b.txt", "c (2).txt", "c.txt", "d.txt"]);
  expect(await readFile(join(folder, "to/b (2).txt"), "utf8")).toBe("new b");
  expect(await readFile(join(folder, "to/b.txt"), "utf8")).toBe("old b");
  expect(await readdir(folder)).toEqual(["to"]);
  // What came is selected, and what was cut is moved only once.
  await expect(grid(page).locator("[aria-selected=true]")).toHaveCount(4);
  await expect(page.getByRole("button", { name: "Paste here" })).toBeHidden();

  // What was copied can be pasted again and again, also beside itself.
  await page.keyboard.press("End");
  await page.keyboard.press("Control+c");
  await page.keyboard.press("Control+v");
  await expect(row(page, "d (2).txt")).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Backspace");
  await expect(row(page, "to")).toBeVisible();
  await page.keyboard.press("Control+v");
  await expect(row(page, "d.txt")).toBeVisible();
  // The listing of before has that row too, until the folder was read anew.
  await expect.poll(() => readFile(join(folder, "d.txt"), "utf8").catch(() => null)).toBe("d");
  await page.keyboard.press("Control+v");
  await dialog.getByRole("button", { name: "Skip" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByText(/skipped 1/)).toBeVisible();
  await expect(grid(page)).toBeFocused();
});

test("a folder cannot be pasted into itself, and Ctrl+C in a terminal is the terminal's", async ({ page, folder, browse }) => {
  await mkdir(join(folder, "tree"));
  await browse();
  await row(page, "tree").click();
  await page.keyboard.press("Control+c");
  await row(page, "tree").dblclick();
  await expect(page.getByText("A folder cannot go into itself.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Paste here" })).toBeDisabled();
  await page.keyboard.press("Control+v");
  await expect(page.getByRole("status").filter({ hasText: "A folder cannot go into itself." }).last()).toBeVisible();
  expect(await readdir(join(folder, "tree"))).toEqual([]);
  await page.getByRole("button", { name: "Forget it" }).click();
  await page.getByRole("button", { name: "Up one folder" }).click();
  await expect(row(page, "tree")).toHaveAttribute("aria-selected", "true");
  await page.getByRole("tab", { name: "Terminal" }).click();
  await openTerminal(page);
  await page.keyboard.press("Control+c");
  await page.getByRole("tab", { name: "Files" }).click();
  await expect(row(page, "tree")).toBeVisible();
  await expect(page.getByRole("button", { name: "Paste here" })).toBeHidden();
});

test("on a phone entries are moved by the menus", async ({ page, folder, browse }) => {
  await mkdir(join(folder, "to"));
  await fill(folder, { "a.txt": "a", "b.txt": "b" });
  await page.setViewportSize({ width: 390, height: 780 });
  await browse();
  await row(page, "a.txt").getByRole("button", { name: "Actions of a.txt" }).click();
  await page.getByRole("menuitem", { name: "Cut" }).click();
  await expect(page.getByText("1 entry cut from")).toBeVisible();
  await row(page, "to").dblclick();
  await expect(page.getByText("This folder is empty")).toBeVisible();
  await shot(page, "files-paste-phone");
  await expectAccessibleInBoth(page);
  await page.getByRole("button", { name: "Paste here" }).click();
  await expect(row(page, "a.txt")).toBeVisible();
  await page.getByRole("button", { name: "Up one folder" }).click();
  await row(page, "b.txt").getByRole("checkbox").check();
  // The folder one came from is selected, too.
  await row(page, "to").getByRole("checkbox").uncheck();
  await page.getByRole("button", { name: "Cut, copy and paste" }).click();
  await page.getByRole("menuitem", { name: "Copy" }).click();
  await row(page, "to").dblclick();
  await page.getByRole("button", { name: "Cut, copy and paste" }).click();
  await expectAccessible(page);
  await page.getByRole("menuitem", { name: "Paste" }).click();
  await expect(row(page, "b.txt")).toBeVisible();
  expect((await readdir(join(folder, "to"))).sort()).toEqual(["a.txt", "b.txt"]);
  expect((await readdir(folder)).sort()).toEqual(["b.txt", "to"]);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  expect(wide).toBe(false);
});

test("on FTP rows are dragged and pasted as well", async ({ page, site, servers, openSession }) => {
  const { local, remote } = await ftpFolder(servers);
  await mkdir(join(local, "to"));
  await fill(local, { "a.txt": "a", "b.txt": "b" });
  own(local, servers.ftp.uid);
  await show(page, site, await openSession({ kind: "ftp", name: "ftp host" }), remote);
  await drag(page, row(page, "a.txt"), row(page, "to"));
  await expect(row(page, "a.txt")).toBeHidden();
  await row(page, "b.txt").click();
  await page.keyboard.press("Control+c");
  await row(page, "to").dblclick();
  await expect(row(page, "a.txt")).toBeVisible();
  await page.keyboard.press("Control+v");
  await expect(row(page, "b.txt")).toBeVisible();
  expect((await readdir(join(local, "to"))).sort()).toEqual(["a.txt", "b.txt"]);
  expect((await readdir(local)).sort()).toEqual(["b.txt", "to"]);
  await rm(local, { recursive: true });
});

test("what was copied in one session is pasted in another, and what was cut is deleted after that", async ({ page, folder, browse, site, servers, openSession }) => {
  const { local, remote } = await ftpFolder(servers);
  await mkdir(join(folder, "tree/sub"), { recursive: true });
  await fill(folder, { "a.txt": "content of a" });
  await fill(join(folder, "tree/sub"), { "deep.txt": "deep" });
  await browse();
  const ftp = await openSession({ kind: "ftp", name: "ftp host" });
  await row(page, "a.txt").click();
  await row(page, "tree").click({ modifiers: ["Control"] });
  await page.keyboard.press("Control+c");
  await show(page, site, ftp, remote);
  await expect(page.getByText(`2 entries copied from build host: ${folder}.`)).toBeVisible();
  await page.getByRole("button", { name: "Paste here" }).click();
  await expect(page.getByText(`Copied 2 entries to ftp host: ${remote}`)).toBeVisible();
  await expect(row(page, "tree")).toBeVisible();
  await expect(row(page, "a.txt")).toBeVisible();
  expect(await readFile(join(local, "tree/sub/deep.txt"), "utf8")).toBe("deep");
  expect((await readdir(folder)).sort()).toEqual(["a.txt", "tree"]);

  // Back again: cut on FTP, pasted on SSH.
  await row(page, "tree").click();
  await page.keyboard.press("Control+x");
  await page.getByRole("button", { name: "build host", exact: true }).click();
  await expect(page.getByText(/cut from ftp host.*Pasting copies to this session and then deletes the originals/)).toBeVisible();
  await expectAccessibleInBoth(page);
  await expect(grid(page)).toHaveAttribute("aria-busy", "false");
  await show(page, site, page.url().split("/sessions/")[1]?.split("/")[0] ?? "", folder);
  await page.getByRole("button", { name: "Paste here" }).click();
  const dialog = page.getByRole("dialog", { name: "There is a folder of this name" });
  await expect(dialog.getByRole("button", { name: "Overwrite" })).toBeHidden();
  await dialog.getByRole("button", { name: "Keep both" }).click();
  await expect(row(page, "tree (2)")).toBeVisible();
  expect(await readFile(join(folder, "tree (2)/sub/deep.txt"), "utf8")).toBe("deep");
  await expect.poll(() => readdir(local)).toEqual(["a.txt"]);
  await rm(local, { recursive: true });
});

test("rows are dropped on the card of another session, which asks for the folder there", async ({ page, folder, browse, servers, openSession }) => {
  const { local, remote } = await ftpFolder(servers);
  await fill(folder, { "a.txt": "a", "b.txt": "b" });
  await openSession({ kind: "ftp", name: "ftp host" });
  await browse();
  const card = (name: string) => page.getByRole("article", { name, exact: true });
  await dragOver(page, row(page, "a.txt"), card("build host"));
  await expect(card("build host")).not.toHaveAttribute("data-drop");
  await holdOver(page, card("ftp host"));
  await expect(hint(page, "Drop to copy to ftp host")).toBeVisible();
  await expectAccessible(page);
  await page.mouse.up();
  const dialog = page.getByRole("dialog", { name: "Copy 1 entry to ftp host" });
  const place = dialog.getByRole("textbox", { name: "Folder in ftp host" });
  await expect(place).toHaveValue("/");
  await place.fill(`${remote}/made`);
  await dialog.getByRole("button", { name: "Copy", exact: true }).click();
  await expect(dialog).toContainText("There is no such folder there.");
  await expectAccessibleInBoth(page);
  await dialog.getByRole("checkbox", { name: "Create the folder" }).check();
  await dialog.getByRole("button", { name: "Copy", exact: true }).click();
  await expect(page.getByText(`Copied 1 entry to ftp host: ${remote}/made`)).toBeVisible();
  expect(await readFile(join(local, "made/a.txt"), "utf8")).toBe("a");
  expect(existsSync(join(folder, "a.txt"))).toBe(true);

  await drag(page, row(page, "b.txt"), card("ftp host"));
  await place.fill(remote);
  await page.getByRole("checkbox", { name: "Move: delete them here afterwards" }).check();
  await page.getByRole("button", { name: "Move", exact: true }).click();
  await expect(row(page, "b.txt")).toBeHidden();
  expect(await readFile(join(local, "b.txt"), "utf8")).toBe("b");
  await rm(local, { recursive: true });
});

test("a long copy shows that it lives, and is stopped with nothing half left", async ({ page, folder, browse, site, servers, openSession }) => {
  const { local, remote } = await ftpFolder(servers);
  await writeFile(join(local, "huge.bin"), "");
  // Without a byte on the disk, and far more than is copied before it is stopped.
  await truncate(join(local, "huge.bin"), 8 * 1024 ** 3);
  own(local, servers.ftp.uid);
  await browse();
  const ssh = page.url().split("/sessions/")[1]?.split("/")[0] ?? "";
  await show(page, site, await openSession({ kind: "ftp", name: "ftp host" }), remote);
  await row(page, "huge.bin").click();
  await page.keyboard.press("Control+x");
  await show(page, site, ssh, folder);
  await page.getByRole("button", { name: "Paste here" }).click();
  const moving = page.getByRole("region", { name: "Moving and copying" });
  await expect(moving).toContainText(`Moving 1 entry to build host: ${folder}`);
  await expect(moving).toContainText(/1 of 1 · huge\.bin · 0:0[1-9]/);
  await expectAccessibleInBoth(page);
  await expect.poll(async () => (await readdir(folder)).length).toBe(1);
  await moving.getByRole("button", { name: "Cancel" }).click();
  await expect(moving).toContainText("Stopped after 0 of 1. What was copied stays there; of the file that was under way nothing is left.");
  await expect.poll(() => readdir(folder)).toEqual([]);
  expect(await readdir(local)).toEqual(["huge.bin"]);
  await expectAccessibleInBoth(page);
  await moving.getByRole("button", { name: /^Dismiss/ }).click();
  await expect(moving).toBeHidden();
  await page.getByRole("button", { name: /^Log, / }).click();
  await expect(page.getByRole("dialog")).toContainText("stopped after 0");
  await rm(local, { recursive: true });
});

test("what could not be copied is listed, and tried again", async ({ page, folder, browse, site, servers, openSession }) => {
  // The superuser is refused nothing.
  test.skip(servers.ssh.uid === 0);
  const { local, remote } = await ftpFolder(servers);
  await mkdir(join(folder, "tree"));
  await fill(join(folder, "tree"), { "locked.txt": "l", "open.txt": "o" });
  await fill(folder, { "a.txt": "a", "secret.txt": "s" });
  await browse();
  await chmod(join(folder, "tree/locked.txt"), 0);
  await chmod(join(folder, "secret.txt"), 0);
  await grid(page).focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Control+x");
  await show(page, site, await openSession({ kind: "ftp", name: "ftp host" }), remote);
  await page.getByRole("button", { name: "Paste here" }).click();
  const moving = page.getByRole("region", { name: "Moving and copying" });
  await expect(moving.getByRole("list", { name: "What failed" }).getByRole("listitem")).toHaveCount(2);
  await expect(moving.getByRole("listitem").filter({ hasText: /^tree\/locked\.txt: Permission denied/ })).toBeVisible();
  await expect(moving.getByRole("listitem").filter({ hasText: /^secret\.txt: Permission denied/ })).toBeVisible();
  await expect(moving).toContainText("Nothing was deleted that is not all there.");
  await shot(page, "files-move-failed");
  await expectAccessibleInBoth(page);
  // Only what is all there is gone here.
  expect((await readdir(folder)).sort()).toEqual(["secret.txt", "tree"]);
  await rm(join(folder, "tree"), { recursive: true });
  await chmod(join(folder, "secret.txt"), 0o644);
  await moving.getByRole("button", { name: "Try 2 entries again" }).click();
  // The half folder is there by now, and a question.
  await page.getByRole("dialog").getByRole("button", { name: "Skip" }).click();
  await expect(page.getByText("Moved 1 entry to ftp host")).toBeVisible();
  expect(await readdir(folder)).toEqual([]);
  expect((await readdir(local)).sort()).toEqual(["a.txt", "secret.txt", "tree"]);
  await rm(local, { recursive: true });
});

test("dropping files of the person's machine still uploads them", async ({ page, folder, browse }) => {
  await mkdir(join(folder, "inner"));
  await fill(folder, { "a.txt": "a" });
  await browse();
  // After a drag of rows, so that nothing of it lingers.
  await drag(page, row(page, "a.txt"), row(page, "inner"));
  await expect(row(page, "a.txt")).toBeHidden();
  const data = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(["dropped"], "dropped.txt"));
    return transfer;
  });
  await row(page, "inner").dispatchEvent("dragenter", { dataTransfer: data });
  await row(page, "inner").dispatchEvent("dragover", { dataTransfer: data });
  await expect(page.getByText(`Drop to upload to ${folder}`)).toBeVisible();
  await row(page, "inner").dispatchEvent("drop", { dataTransfer: data });
  await expect(row(page, "dropped.txt")).toBeVisible();
});

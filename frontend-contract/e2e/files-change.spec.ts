// Journeys through changing files: making, naming, moving, copying, deleting, attributes.

import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, readlink, stat, writeFile } from "node:fs/promises";
import { expectAccessibleInBoth } from "./support/axe.js";
import { choose, expect, fill, grid, join, names, row, test } from "./support/files.js";
import { shot } from "./support/shots.js";

test("folders, files and links are created, named, moved and copied", async ({ page, folder, browse }) => {
  await mkdir(join(folder, "target"));
  await fill(folder, { "a.txt": "content of a", "taken.txt": "t" });
  await browse();
  const create = async (item: string, name: string, target?: string) => {
    await page.getByRole("button", { name: "New", exact: true }).click();
    await page.getByRole("menuitem", { name: item }).click();
    await page.getByRole("textbox", { name: "Name" }).fill(name);
    if (target !== undefined) await page.getByRole("textbox", { name: "Leads to" }).fill(target);
    await page.getByRole("button", { name: "Create" }).click();
  };
  await create("New folder…", "made");
  await expect(row(page, "made")).toHaveAttribute("aria-selected", "true");
  expect((await stat(join(folder, "made"))).isDirectory()).toBe(true);
  await create("New file…", "taken.txt");
  await expect(page.getByRole("alert")).toContainText("already");
  expect(await readFile(join(folder, "taken.txt"), "utf8")).toBe("t");
  await page.getByRole("textbox", { name: "Name" }).fill("new.txt");
  await page.getByRole("button", { name: "Create" }).click();
  await expect(row(page, "new.txt")).toBeVisible();
  await create("New link…", "link", "a.txt");
  await expect(row(page, "link")).toContainText("a.txt");
  expect(await readlink(join(folder, "link"))).toBe("a.txt");

  await choose(page, "a.txt", "Rename…");
  await page.getByRole("textbox", { name: "Name" }).fill("a/b");
  await expect(page.getByText("A name has no slash")).toBeVisible();
  await page.getByRole("textbox", { name: "Name" }).fill("taken.txt");
  await page.getByRole("button", { name: "Rename" }).click();
  await page.getByRole("checkbox", { name: "Replace what is there" }).check();
  await page.getByRole("button", { name: "Rename" }).click();
  await expect(row(page, "a.txt")).toBeHidden();
  expect(await readFile(join(folder, "taken.txt"), "utf8")).toBe("content of a");

  await choose(page, "taken.txt", "Copy to…");
  await page.getByRole("textbox", { name: "To the folder" }).fill("target");
  await page.getByRole("button", { name: "Copy", exact: true }).click();
  await expect(page.getByText(`Copied 1 entry to ${folder}/target`)).toBeVisible();
  expect(await readFile(join(folder, "target/taken.txt"), "utf8")).toBe("content of a");
  await choose(page, "target", "Copy to…");
  await page.getByRole("textbox", { name: "To the folder" }).fill("made");
  await page.getByRole("button", { name: "Copy", exact: true }).click();
  await expect(page.getByText(`Copied 1 entry to ${folder}/made`)).toBeVisible();
  expect(await readFile(join(folder, "made/target/taken.txt"), "utf8")).toBe("content of a");
  await choose(page, "new.txt", "Move to…");
  const place = page.getByRole("textbox", { name: "To the folder" });
  await expect(page.getByRole("button", { name: "Move", exact: true })).toBeDisabled();
  await place.fill("not/there");
  await page.getByRole("button", { name: "Move", exact: true }).click();
  await expect(page.getByText("There is no such folder there.")).toBeVisible();
  await place.fill(`${folder}/target`);
  await page.getByRole("button", { name: "Move", exact: true }).click();
  await expect(row(page, "new.txt")).toBeHidden();
  expect(existsSync(join(folder, "target/new.txt"))).toBe(true);
});

test("a folder is deleted with everything in it, after a count", async ({ page, folder, browse }) => {
  await mkdir(join(folder, "tree/sub"), { recursive: true });
  await fill(join(folder, "tree"), { one: "1".repeat(1000), two: "2".repeat(1048) });
  await fill(join(folder, "tree/sub"), { three: "" });
  await fill(folder, { stays: "s" });
  await browse();
  await row(page, "tree").click();
  await page.keyboard.press("Delete");
  const dialog = page.getByRole("dialog", { name: "Delete 1 entry?" });
  await expect(dialog).toContainText("3 files and 2 folders, 2.00 KiB in all.");
  await shot(page, "files-delete");
  await expectAccessibleInBoth(page);
  await dialog.getByRole("button", { name: "Delete", exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect.poll(() => names(page)).toEqual(["stays"]);
  expect(await readdir(folder)).toEqual(["stays"]);
});

test("permissions and times are changed, and properties tell everything", async ({ page, folder, browse }) => {
  await mkdir(join(folder, "dir"));
  await fill(join(folder, "dir"), { inner: "12345" });
  await fill(folder, { "run.sh": "#!/bin/sh\n" });
  await browse();
  await choose(page, "run.sh", "Permissions and times…");
  await page.getByRole("checkbox", { name: "Execute, Owner" }).check();
  await expect(page.getByRole("textbox", { name: "Octal" })).toHaveValue("0744");
  await page.getByRole("textbox", { name: "Octal" }).fill("750");
  await expect(page.getByRole("checkbox", { name: "Read, Others" })).not.toBeChecked();
  await page.getByLabel("Modified").last().fill("2020-02-03T04:05:06");
  await expectAccessibleInBoth(page);
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(row(page, "run.sh")).toContainText("rwxr-x---");
  const now = await stat(join(folder, "run.sh"));
  expect([now.mode & 0o7777, now.mtime.toISOString()]).toEqual([0o750, "2020-02-03T04:05:06.000Z"]);

  await choose(page, "dir", "Properties");
  await page.getByRole("button", { name: "Measure" }).click();
  await expect(page.getByRole("dialog")).toContainText("1 file and 1 folder, 5 B in all.");
  await expectAccessibleInBoth(page);
  await page.keyboard.press("Escape");
  await expect(page.getByText(/ free of /)).toBeVisible();
});

test("a name of any bytes comes back exactly, through download, rename and delete", async ({ page, folder, browse }) => {
  const raw = Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.from([0xe9, 0xff])]);
  await writeFile(raw, "bytes");
  await browse();
  const listed = async () => (await readdir(folder, { encoding: "buffer" })).map((name) => name.toString("hex"));
  expect(await listed()).toEqual([Buffer.from("caf").toString("hex") + "e9ff"]);
  const download = page.waitForEvent("download");
  await choose(page, "caf\\xE9\\xFF", "Download");
  const file = await download;
  expect(await readFile(await file.path(), "utf8")).toBe("bytes");

  await choose(page, "caf\\xE9\\xFF", "Rename…");
  const name = page.getByRole("textbox", { name: "Name" });
  await expect(name).toHaveValue("caf\\xE9\\xFF");
  await name.fill("th\\xE9 \\\\");
  await page.getByRole("button", { name: "Rename" }).click();
  await expect(page.getByRole("dialog")).toBeHidden();
  expect(await listed()).toEqual([Buffer.from("th").toString("hex") + "e9" + Buffer.from(" \\").toString("hex")]);
  await expect(grid(page).locator("[aria-selected=true]")).toHaveCount(1);
  await page.keyboard.press("Delete");
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await expect(page.getByText("This folder is empty")).toBeVisible();
  expect(await listed()).toEqual([]);
});

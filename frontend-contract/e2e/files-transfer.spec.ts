// Journeys through uploads and downloads.

import { createHash, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { expectAccessibleInBoth } from "./support/axe.js";
import * as connect from "./support/connect.js";
import { expect, fill, grid, join, row, test, throttle, type Page } from "./support/files.js";
import { ftpFolder, show } from "./support/moving.js";
import { shot } from "./support/shots.js";

const sum = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

test("a large upload is paused and gone on with", async ({ page, folder, browse }) => {
  const local = await mkdtemp(join(tmpdir(), "cm-upload-"));
  const bytes = randomBytes(6 * 1024 * 1024);
  await writeFile(join(local, "big.bin"), bytes);
  await browse();
  // Slow enough for a look at it on its way.
  await throttle(page, 128 * 1024);
  await page.getByTestId("pick-files").setInputFiles(join(local, "big.bin"));
  const panel = page.getByRole("region", { name: "Transfers" });
  const item = panel.getByRole("listitem").filter({ hasText: "big.bin" });
  await expect(item).toContainText(/\/s · .* left/);
  await shot(page, "files-transfers");
  await expectAccessibleInBoth(page);
  await item.getByRole("button", { name: "Pause big.bin" }).click();
  await expect(item).toContainText("Paused");
  const partial = async () => (await readdir(folder)).find((name) => name.endsWith(".filepart"));
  await expect.poll(partial).toBeTruthy();
  // Nothing of the name is there before the file is whole.
  expect(existsSync(join(folder, "big.bin"))).toBe(false);
  await throttle(page);
  await item.getByRole("button", { name: "Resume big.bin" }).click();
  await expect(item).toContainText("Done");
  await expect(row(page, "big.bin")).toBeVisible();
  expect(sum(await readFile(join(folder, "big.bin")))).toBe(sum(bytes));
  expect(await partial()).toBeUndefined();

  await rm(local, { recursive: true });
});

test("an upload that failed is tried again", async ({ page, folder, browse }) => {
  await browse();
  const broken = (url: URL) => url.pathname.endsWith("/content");
  await page.route(broken, (route) => route.abort("connectionreset"));
  await page.getByTestId("pick-files").setInputFiles({ name: "other.txt", mimeType: "text/plain", buffer: Buffer.from("other") });
  const other = page.getByRole("region", { name: "Transfers" }).getByRole("listitem").filter({ hasText: "other.txt" });
  await expect(other).toContainText("cannot be reached");
  await expectAccessibleInBoth(page);
  await page.unroute(broken);
  await other.getByRole("button", { name: "Try other.txt again" }).click();
  await expect(other).toContainText("Done");
  expect(await readFile(join(folder, "other.txt"), "utf8")).toBe("other");
});

/** A file on this machine, large enough to be cut off in the middle. */
async function bigFile(): Promise<{ path: string; sum: string; remove(): Promise<void> }> {
  const local = await mkdtemp(join(tmpdir(), "cm-upload-"));
  const bytes = randomBytes(6 * 1024 * 1024);
  await writeFile(join(local, "big.bin"), bytes);
  return { path: join(local, "big.bin"), sum: sum(bytes), remove: () => rm(local, { recursive: true }) };
}

/** The partial file of a folder, and how large it is. */
async function partialIn(folder: string): Promise<{ name: string; size: number } | null> {
  const name = (await readdir(folder)).find((each) => each.endsWith(".filepart"));
  return name === undefined ? null : { name, size: (await stat(join(folder, name))).size };
}

/** Where the uploads of a page begin. */
function offsets(page: Page): number[] {
  const seen: number[] = [];
  page.on("request", (request) => {
    if (request.method() === "PUT") seen.push(Number(new URL(request.url()).searchParams.get("offset")));
  });
  return seen;
}

const transfer = (page: Page, name: string) =>
  page.getByRole("region", { name: "Transfers" }).getByRole("listitem").filter({ hasText: name });

test("an upload whose connection is cut goes on where it was, over a new connection", async ({ page, folder, browse, servers }) => {
  const big = await bigFile();
  await browse();
  const began = offsets(page);
  await throttle(page, 1024 * 1024);
  await page.getByTestId("pick-files").setInputFiles(big.path);
  await expect.poll(async () => (await partialIn(folder))?.size ?? 0).toBeGreaterThan(512 * 1024);
  await servers.ask("cut");
  const item = transfer(page, "big.bin");
  await expect(item).toContainText("What was sent is kept; connect again, then resume");
  await throttle(page);
  await expectAccessibleInBoth(page);
  const kept = (await partialIn(folder))?.size ?? 0;
  await page.getByRole("button", { name: "Connect again" }).click();
  await connect.password(page).fill(servers.ssh.password);
  await connect.send(page);
  await expect(connect.dialog(page)).toBeHidden();
  await expect(grid(page)).toHaveAttribute("aria-busy", "false");
  await item.getByRole("button", { name: "Resume big.bin" }).click();
  await expect(item).toContainText("Done");
  expect(sum(await readFile(join(folder, "big.bin")))).toBe(big.sum);
  expect(await partialIn(folder)).toBeNull();
  expect([began[0], began.at(-1)]).toEqual([0, kept]);
  expect(kept).toBeGreaterThan(512 * 1024);
  await big.remove();
});

test("an upload goes on where it was after the server of the page was away", async ({ page, site, folder, browse, openSession, manager }) => {
  const big = await bigFile();
  await browse();
  const began = offsets(page);
  await throttle(page, 1024 * 1024);
  await page.getByTestId("pick-files").setInputFiles(big.path);
  await expect.poll(async () => (await partialIn(folder))?.size ?? 0).toBeGreaterThan(512 * 1024);
  await manager.kill();
  const item = transfer(page, "big.bin");
  await expect(item).toContainText("What was sent is kept; resume when the server of this page is back");
  await throttle(page);
  await manager.restart();
  // Its session is gone with the server; the file is not.
  await expect(page.getByText("uploads that were not finished go on from there")).toBeVisible({ timeout: 20_000 });
  const kept = (await partialIn(folder))?.size ?? 0;
  await show(page, site, await openSession({ kind: "ssh", name: "again" }), folder);
  await item.getByRole("button", { name: "Resume big.bin" }).click();
  await expect(item).toContainText("Done");
  expect(sum(await readFile(join(folder, "big.bin")))).toBe(big.sum);
  expect(await partialIn(folder)).toBeNull();
  expect(began.at(-1)).toBe(kept);
  expect(kept).toBeGreaterThan(512 * 1024);
  await big.remove();
});

for (const kind of ["ssh", "ftp"] as const) {
  test(`what a reload left of an upload is offered: to go on with, or to delete (${kind})`, async ({ page, site, folder, servers, openSession }) => {
    const big = await bigFile();
    const { local, remote } = kind === "ftp" ? await ftpFolder(servers) : { local: folder, remote: folder };
    await show(page, site, await openSession({ kind, name: "build host" }), remote);
    page.on("dialog", (dialog) => void dialog.accept());
    const began = offsets(page);
    const left = page.getByRole("region", { name: "Uploads that were not finished" });
    const lose = async () => {
      await throttle(page, 1024 * 1024);
      await page.getByTestId("pick-files").setInputFiles(big.path);
      await expect.poll(async () => (await partialIn(local))?.size ?? 0).toBeGreaterThan(256 * 1024);
      await expect(left).toBeHidden();
      await page.reload();
      await throttle(page);
      await expect(left).toContainText(`big.bin was not uploaded completely:`);
      await expect(left).toContainText(`of 6.00 MiB is kept in ${remote}.`);
    };
    await lose();
    await shot(page, `files-left-${kind}`);
    await expectAccessibleInBoth(page);
    await left.getByTestId("resume-file").setInputFiles({ name: "big.bin", mimeType: "", buffer: Buffer.from("another") });
    await expect(left.getByRole("alert")).toContainText("That is another file");
    expect(await partialIn(local)).not.toBeNull();
    await left.getByTestId("resume-file").setInputFiles(big.path);
    await expect(left).toBeHidden();
    await expect(transfer(page, "big.bin")).toContainText("Done");
    expect(sum(await readFile(join(local, "big.bin")))).toBe(big.sum);
    expect(await partialIn(local)).toBeNull();
    expect(began.at(-1)).toBeGreaterThan(256 * 1024);

    await rm(join(local, "big.bin"));
    await page.getByRole("tabpanel").getByRole("button", { name: "Refresh" }).click();
    await expect(row(page, "big.bin")).toBeHidden();
    await lose();
    await left.getByRole("button", { name: "Delete what is kept of big.bin" }).click();
    await expect(left).toBeHidden();
    expect(await partialIn(local)).toBeNull();
    // It stays so.
    await page.reload();
    await expect(grid(page)).toHaveAttribute("aria-busy", "false");
    await expect(left).toBeHidden();
    await big.remove();
    if (kind === "ftp") await rm(local, { recursive: true });
  });
}

test("what a cancelled upload could not remove is offered for deletion", async ({ page, folder, browse }) => {
  const big = await bigFile();
  await browse();
  await throttle(page, 1024 * 1024);
  await page.getByTestId("pick-files").setInputFiles(big.path);
  await expect.poll(async () => (await partialIn(folder))?.size ?? 0).toBeGreaterThan(256 * 1024);
  const removing = (url: URL) => url.pathname.endsWith("/delete");
  await page.route(removing, (route) => route.abort("connectionreset"));
  await transfer(page, "big.bin").getByRole("button", { name: "Cancel big.bin" }).click();
  const left = page.getByRole("region", { name: "Uploads that were not finished" });
  await expect(left).toContainText("big.bin was not uploaded completely");
  await page.unroute(removing);
  await left.getByRole("button", { name: "Delete what is kept of big.bin" }).click();
  await expect(left).toBeHidden();
  expect(await readdir(folder)).toEqual([]);
  await big.remove();
});

test("what is cancelled leaves nothing behind", async ({ page, folder, browse }) => {
  await browse();
  await throttle(page, 512 * 1024);
  await page.getByTestId("pick-files").setInputFiles({ name: "gone.bin", mimeType: "", buffer: randomBytes(5 * 1024 * 1024) });
  const item = page.getByRole("region", { name: "Transfers" }).getByRole("listitem").filter({ hasText: "gone.bin" });
  await expect(item).toContainText("/s");
  await expect.poll(() => readdir(folder)).toHaveLength(1);
  await item.getByRole("button", { name: "Cancel gone.bin" }).click();
  await expect(item).toContainText("Cancelled");
  await expect.poll(() => readdir(folder)).toEqual([]);
});

test("files that are there are a question, answered for one or for all", async ({ page, folder, browse }) => {
  await fill(folder, { "a.txt": "old a", "b.txt": "old b", "c.txt": "old c" });
  await browse();
  const files = (...names: string[]) => names.map((name) => ({ name, mimeType: "text/plain", buffer: Buffer.from(`new ${name}`) }));
  await page.getByTestId("pick-files").setInputFiles(files("a.txt"));
  const dialog = page.getByRole("dialog", { name: "There is already a file of this name" });
  await expect(dialog).toContainText("a.txt");
  await dialog.getByRole("button", { name: "Overwrite" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "Done" })).toHaveCount(1);
  await page.getByTestId("pick-files").setInputFiles(files("b.txt", "c.txt", "d.txt"));
  await dialog.getByRole("checkbox").check();
  await shot(page, "files-overwrite");
  await expectAccessibleInBoth(page);
  await dialog.getByRole("button", { name: "Keep both" }).click();
  await expect(row(page, "c (2).txt")).toBeVisible();
  await expect(row(page, "d.txt")).toBeVisible();
  expect(await readFile(join(folder, "a.txt"), "utf8")).toBe("new a.txt");
  expect(await readFile(join(folder, "b.txt"), "utf8")).toBe("old b");
  expect(await readFile(join(folder, "b (2).txt"), "utf8")).toBe("new b.txt");
  await page.getByTestId("pick-files").setInputFiles(files("a.txt"));
  await dialog.getByRole("button", { name: "Skip" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "Skipped" })).toBeVisible();
});

test("files are dropped in, folders are sent with what is in them", async ({ page, folder, browse }) => {
  const local = await mkdtemp(join(tmpdir(), "cm-folder-"));
  await mkdir(join(local, "site/css"), { recursive: true });
  await fill(join(local, "site"), { "index.html": "i" });
  await fill(join(local, "site/css"), { "main.css": "c" });
  await browse();
  const data = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(["dropped"], "dropped.txt", { lastModified: 1_600_000_000_000 }));
    return transfer;
  });
  await grid(page).dispatchEvent("dragenter", { dataTransfer: data });
  await expect(page.getByText(`Drop to upload to ${folder}`)).toBeVisible();
  await grid(page).dispatchEvent("drop", { dataTransfer: data });
  await expect(row(page, "dropped.txt")).toBeVisible();
  expect((await stat(join(folder, "dropped.txt"))).mtime.getTime()).toBe(1_600_000_000_000);
  await page.getByTestId("pick-folder").setInputFiles(join(local, "site"));
  await expect(row(page, "site")).toBeVisible();
  await expect.poll(() => existsSync(join(folder, "site/css/main.css"))).toBe(true);
  await rm(local, { recursive: true });
});

test("one file is downloaded as it is", async ({ page, folder, browse }) => {
  const bytes = randomBytes(300_000);
  await fill(folder, { "one.bin": bytes, "two.txt": "two" });
  await browse();
  await row(page, "one.bin").click();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download", exact: true }).click();
  expect((await download).suggestedFilename()).toBe("one.bin");
  expect(sum(await readFile(await (await download).path()))).toBe(sum(bytes));
  await expect(page.getByRole("region", { name: "Transfers" }).getByRole("listitem").filter({ hasText: "Done" })).toHaveCount(1);
});

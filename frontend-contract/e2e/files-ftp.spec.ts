// Journeys through the files of FTP servers, which can do less and say so; and behind a prefix.

import { readFile, stat } from "node:fs/promises";
import { choose, expect, grid, join, row, test } from "./support/files.js";
import { startProxy } from "./support/proxy.js";

test("on FTP the same is done, and what the server cannot do says so", async ({ page, site, servers, openSession }) => {
  const id = await openSession({ kind: "ftp", name: "ftp host" });
  await page.goto(`${site}/#/sessions/${id}/files`);
  await expect(grid(page)).toHaveAttribute("aria-busy", "false");
  const made = `made-${Date.now()}`;
  await page.getByRole("button", { name: "New", exact: true }).click();
  await expect(page.getByRole("menuitem", { name: "New link…" })).toBeDisabled();
  await expect(page.getByRole("menuitem", { name: "New link…" })).toContainText("Not offered by this server");
  await page.getByRole("menuitem", { name: "New folder…" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill(made);
  await page.getByRole("button", { name: "Create" }).click();
  await row(page, made).dblclick();
  await expect(page.getByText("This folder is empty")).toBeVisible();
  await page.getByTestId("pick-files").setInputFiles({ name: "sent.txt", mimeType: "text/plain", buffer: Buffer.from("by ftp") });
  await expect(row(page, "sent.txt")).toBeVisible();
  expect(await readFile(join(servers.ftp.home, made, "sent.txt"), "utf8")).toBe("by ftp");
  await expect(page.getByText(/ free of /)).toBeHidden();
  await row(page, "sent.txt").dblclick();
  await expect(page.getByRole("region", { name: "Content of sent.txt" })).toHaveText("by ftp");
  await page.keyboard.press("Escape");
  await choose(page, "sent.txt", "Edit");
  await page.getByRole("textbox", { name: "Content of sent.txt" }).fill("edited by ftp");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  expect(await readFile(join(servers.ftp.home, made, "sent.txt"), "utf8")).toBe("edited by ftp");
  await page.getByRole("button", { name: "Close", exact: true }).last().click();
  await page.getByRole("button", { name: "Up one folder" }).click();
  await row(page, made).click();
  await page.keyboard.press("Delete");
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await expect(row(page, made)).toBeHidden();
  await expect.poll(() => stat(join(servers.ftp.home, made)).then(() => true, () => false)).toBe(false);
});

test("files work below a path of a reverse proxy", async ({ page, site, folder, browse }) => {
  const id = await browse();
  const proxy = await startProxy(site, { prefix: "/tools/manager" });
  try {
    await page.goto(`${proxy.url}/#/sessions/${id}/files?path=${encodeURIComponent(folder)}`);
    await expect(page.getByText("This folder is empty")).toBeVisible();
    await page.getByTestId("pick-files").setInputFiles({ name: "via.txt", mimeType: "text/plain", buffer: Buffer.from("via") });
    await expect(row(page, "via.txt")).toBeVisible();
    const download = page.waitForEvent("download");
    await choose(page, "via.txt", "Download");
    expect(await readFile(await (await download).path(), "utf8")).toBe("via");
  } finally {
    await proxy.stop();
  }
});

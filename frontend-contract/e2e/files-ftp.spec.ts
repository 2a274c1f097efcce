// Journeys through the files of FTP servers, which can do less and say so; and behind a prefix.

import { randomBytes } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { choose, expect, grid, join, row, test, throttle } from "./support/files.js";
import { startProxy } from "./support/proxy.js";
import type { FtpKind } from "./support/test.js";

/** The servers, by what they are called in a report. */
const SERVERS: Record<string, FtpKind> = {
  "pyftpdlib without TLS": "ftp",
  "vsftpd without TLS": "vsftpd",
  "vsftpd with explicit TLS": "vsftpdExplicit",
  "proftpd with implicit TLS": "ftpsImplicit",
};

for (const [title, kind] of Object.entries(SERVERS)) {
  test(`${title}: browse, send, fetch, rename, edit, delete, and what it cannot do says so`, async ({ page, site, manager, servers, openSession }) => {
    const { home } = servers[kind];
    const id = await openSession({ kind, name: "ftp host" });
    const answer = await fetch(`${manager.url}/connections/${id}/capabilities`);
    const { files: can } = (await answer.json()) as { files: Record<string, boolean> };
    // FTP has neither: what follows is never about nothing.
    expect(can).toMatchObject({ symlinks: false, space: false });

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

    // Up, seen on its way, and down again: the same bytes in both places.
    const bytes = randomBytes(1_500_000);
    await throttle(page, 100_000);
    await page.getByTestId("pick-files").setInputFiles({ name: "größe & so.bin", mimeType: "", buffer: bytes });
    const item = page.getByRole("region", { name: "Transfers" }).getByRole("listitem");
    await expect(item).toContainText(/\/s · .* left/);
    await throttle(page);
    await expect(item).toContainText("Done");
    expect(bytes.equals(await readFile(join(home, made, "größe & so.bin")))).toBe(true);
    await expect(row(page, "größe & so.bin")).toContainText("1.43 MiB");
    const download = page.waitForEvent("download");
    await choose(page, "größe & so.bin", "Download");
    expect((await download).suggestedFilename()).toBe("größe & so.bin");
    expect(bytes.equals(await readFile(await (await download).path()))).toBe(true);
    await expect(page.getByText(/ free of /)).toBeHidden();

    await page.getByTestId("pick-files").setInputFiles({ name: "sent.txt", mimeType: "text/plain", buffer: Buffer.from("by ftp") });
    await row(page, "sent.txt").dblclick();
    await expect(page.getByRole("region", { name: "Content of sent.txt" })).toHaveText("by ftp");
    await page.keyboard.press("Escape");
    await choose(page, "sent.txt", "Edit");
    await page.getByRole("textbox", { name: "Content of sent.txt" }).fill("edited by ftp");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await expect(page.getByText("Saved", { exact: true })).toBeVisible();
    expect(await readFile(join(home, made, "sent.txt"), "utf8")).toBe("edited by ftp");
    await page.getByRole("button", { name: "Close", exact: true }).last().click();

    // A name that is taken is a question, and the file of that name is not lost to it.
    await row(page, "sent.txt").click();
    await page.keyboard.press("F2");
    const name = page.getByRole("dialog").getByRole("textbox", { name: "Name" });
    await name.fill("größe & so.bin");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("dialog")).toContainText("Something of that name is there already");
    expect((await stat(join(home, made, "größe & so.bin"))).size).toBe(bytes.length);
    await name.fill("renamed.txt");
    await page.keyboard.press("Enter");
    await expect(row(page, "renamed.txt")).toBeVisible();
    await expect(row(page, "sent.txt")).toBeHidden();
    expect(await readFile(join(home, made, "renamed.txt"), "utf8")).toBe("edited by ftp");

    // Attributes: what the server can, works; what it cannot, says so.
    await row(page, "renamed.txt").click({ button: "right" });
    const permissions = page.getByRole("menuitem", { name: "Permissions and times…" });
    if (!can["set_permissions"] && !can["set_times"]) {
      await expect(permissions).toBeDisabled();
      await expect(permissions).toContainText("Not offered by this server");
      await page.keyboard.press("Escape");
    } else {
      await permissions.click();
      const dialog = page.getByRole("dialog", { name: "Permissions and times" });
      await expect(dialog.getByText("This server cannot change permissions.")).toBeVisible({ visible: !can["set_permissions"] });
      await expect(dialog.getByText("This server cannot change times.")).toBeVisible({ visible: !can["set_times"] });
      if (can["set_permissions"]) await dialog.getByRole("textbox", { name: "Octal" }).fill("0600");
      await dialog.getByRole("button", { name: can["set_permissions"] ? "Apply" : "Cancel" }).click();
      await expect(dialog).toBeHidden();
      if (can["set_permissions"]) expect((await stat(join(home, made, "renamed.txt"))).mode & 0o777).toBe(0o600);
    }

    await page.getByRole("button", { name: "Up one folder" }).click();
    await row(page, made).click();
    await page.keyboard.press("Delete");
    await expect(page.getByRole("dialog")).toContainText("2 files and 1 folder");
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await expect(row(page, made)).toBeHidden();
    await expect.poll(() => stat(join(home, made)).then(() => true, () => false)).toBe(false);
  });
}

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

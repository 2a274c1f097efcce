// Journeys through downloads of folders and of several files: one zip, which the browser itself
// writes to disk, unpacked here by another program.

import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { expectAccessibleInBoth } from "./support/axe.js";
import { choose, expect, fill, grid, join, own, row, test, type Page } from "./support/files.js";
import { startManager } from "./support/processes.js";
import { before } from "./support/test.js";

/** What a zip holds, as Python reads it: each name with its content, or what it is. */
const READ = `
import json, stat, sys, zipfile
out = {}
with zipfile.ZipFile(sys.argv[1]) as z:
    assert z.testzip() is None
    for i in z.infolist():
        mode = i.external_attr >> 16
        kind = "folder" if stat.S_ISDIR(mode) else z.read(i).decode("latin-1")
        out[i.filename] = ("-> " if stat.S_ISLNK(mode) else "") + kind
print(json.dumps(out))
`;

const unpacked = (path: string) =>
  JSON.parse(execFileSync("python3", ["-c", READ, path], { encoding: "utf8" })) as Record<string, string>;

/** Does what begins a download; answers its name and what is in it. */
async function zipOf(page: Page, begin: () => Promise<void>) {
  const download = page.waitForEvent("download");
  await begin();
  const file = await download;
  return { name: file.suggestedFilename(), files: unpacked(await file.path()) };
}

/** A byte that is no UTF-8, as the page and the zip have it. */
const byte = (value: number) => String.fromCodePoint(0xf700 + value);

const raw = (folder: string, ...bytes: number[]) => Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(bytes)]);

test("a folder is downloaded as one zip, with all there is in it", async ({ page, folder, browse }) => {
  await mkdir(join(folder, "site/css/empty"), { recursive: true });
  await fill(folder, { "site/index.html": "<p>", "site/css/a.css": "a{}", "site/grün.txt": "grün", "other.txt": "o" });
  await writeFile(raw(join(folder, "site"), 0x63, 0xe9, 0xff), "bytes");
  await symlink("index.html", join(folder, "site/start"));
  await browse();
  await row(page, "site").click({ button: "right" });
  await expect(page.getByRole("menuitem", { name: "Download", exact: true })).toBeHidden();
  await expectAccessibleInBoth(page);
  const { name, files } = await zipOf(page, () => page.getByRole("menuitem", { name: "Download as ZIP" }).click());
  expect(name).toBe("site.zip");
  expect(files).toEqual({
    "site/": "folder", "site/css/": "folder", "site/css/empty/": "folder",
    "site/index.html": "<p>", "site/css/a.css": "a{}", "site/grün.txt": Buffer.from("grün").toString("latin1"),
    [`site/c${byte(0xe9)}${byte(0xff)}`]: "bytes", "site/start": "-> index.html",
  });
  const item = page.getByRole("region", { name: "Transfers" }).getByRole("listitem").filter({ hasText: "site.zip" });
  await expect(item).toContainText("The browser downloads it");
  await expectAccessibleInBoth(page);
});

test("several files and a folder are one zip", async ({ page, folder, browse }) => {
  await mkdir(join(folder, "sub"));
  await fill(folder, { "one.txt": "1", "two.txt": "2", "sub/three.txt": "3" });
  await browse();
  await row(page, "one.txt").click();
  await grid(page).press("Control+a");
  const { name, files } = await zipOf(page, () => page.getByRole("button", { name: "Download as ZIP" }).click());
  expect(name).toMatch(/^(sub|one\.txt|two\.txt)-and-2-more\.zip$/);
  expect(files).toEqual({ "sub/": "folder", "sub/three.txt": "3", "one.txt": "1", "two.txt": "2" });
});

test("more paths than an address can hold are one zip", async ({ page, folder, browse }) => {
  const name = (number: number) => `${"long-name-".repeat(9)}${number}`;
  await fill(folder, Object.fromEntries(Array.from({ length: 1200 }, (_, at) => [name(at), String(at)])));
  await browse();
  await row(page, name(0)).click();
  await grid(page).press("Control+a");
  const { files } = await zipOf(page, () => page.getByRole("button", { name: "Download as ZIP" }).click());
  expect(Object.keys(files)).toHaveLength(1200);
  expect(files[name(1199)]).toBe("1199");
});

test("what cannot be read is named in the zip", async ({ page, folder, browse, servers }) => {
  await mkdir(join(folder, "part/locked"), { recursive: true });
  await fill(folder, { "part/open.txt": "open" });
  await browse();
  execFileSync("chmod", ["000", join(folder, "part/locked")]);
  // The superuser may read everything: there is nothing that is locked for it.
  test.skip(servers.ssh.uid === 0, "the account of this run is the superuser");
  const { files } = await zipOf(page, () => choose(page, "part", "Download as ZIP"));
  expect(files["part/open.txt"]).toBe("open");
  expect(files["NOT-INCLUDED.txt"]).toContain(`${folder}/part/locked: `);
});

test("a folder that is gone is refused on the page, not by the browser", async ({ page, folder, browse }) => {
  await mkdir(join(folder, "gone"));
  await browse();
  await row(page, "gone").click({ button: "right" });
  await rm(join(folder, "gone"), { recursive: true });
  await page.getByRole("menuitem", { name: "Download as ZIP" }).click();
  await expect(page.getByText("gone was not downloaded")).toBeVisible();
});

test("a zip that breaks off is no download", async ({ page, folder, browse, servers }) => {
  await mkdir(join(folder, "big"));
  await fill(folder, { "big/zeros": "" });
  await truncate(join(folder, "big/zeros"), 20 * 1024 ** 3);
  await browse();
  const download = page.waitForEvent("download");
  await choose(page, "big", "Download as ZIP");
  const file = await download;
  await servers.ask("cut");
  expect(await file.failure()).toBeTruthy();
});

for (const kind of ["ftp", "ftpsImplicit"] as const) {
  test(`a folder of an FTP server is one zip: ${kind}`, async ({ page, site, servers, openSession }) => {
    const { home, uid } = servers[kind];
    const id = await openSession({ kind, name: "ftp host" });
    const folder = await mkdtemp(join(home, "archive-"));
    try {
      await mkdir(join(folder, "docs/deep"), { recursive: true });
      await fill(folder, { "docs/a.txt": "a", "docs/deep/b.txt": "b", "docs/grün.txt": "g" });
      // The first of the two servers knows no names but UTF-8.
      const anyBytes = kind === "ftpsImplicit";
      if (anyBytes) await writeFile(raw(join(folder, "docs"), 0x78, 0xfe), "bytes");
      own(folder, uid);
      await page.goto(`${site}/#/sessions/${id}/files?path=${encodeURIComponent(folder.slice(home.length))}`);
      await expect(grid(page)).toHaveAttribute("aria-busy", "false");
      const { name, files } = await zipOf(page, () => choose(page, "docs", "Download as ZIP"));
      expect(name).toBe("docs.zip");
      expect(files).toEqual({
        "docs/": "folder", "docs/deep/": "folder", "docs/a.txt": "a", "docs/deep/b.txt": "b", "docs/grün.txt": "g",
        ...(anyBytes ? { [`docs/x${byte(0xfe)}`]: "bytes" } : {}),
      });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

test("with an access token, folders and large files go to disk all the same", async ({ page, folder, servers }) => {
  await mkdir(join(folder, "docs"));
  await fill(folder, { "docs/a.txt": "a", large: "" });
  await truncate(join(folder, "large"), 300 * 1024 ** 2);
  own(folder, servers.ssh.uid);
  const token = "a-long-secret";
  const manager = await startManager([], { CONNECTION_MANAGER_TOKEN: token });
  const proxy = await before(manager);
  try {
    const { host, port, user, password } = servers.ssh;
    const opened = await fetch(`${manager.url}/connections/ssh`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
      body: JSON.stringify({ host, port, username: user, password }),
    });
    const { session_id: id } = (await opened.json()) as { session_id: string };
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(`${proxy.url}/#/sessions/${id}/files?path=${encodeURIComponent(folder)}`);
    await page.getByRole("textbox", { name: "Token" }).fill(token);
    await page.keyboard.press("Enter");
    const { name, files } = await zipOf(page, () => choose(page, "docs", "Download as ZIP"));
    expect(name).toBe("docs.zip");
    expect(files).toEqual({ "docs/": "folder", "docs/a.txt": "a" });
    const download = page.waitForEvent("download");
    await choose(page, "large", "Download");
    const file = await download;
    expect(new URL(file.url()).pathname).toMatch(/\/downloads$/);
    expect((await readFile(await file.path())).length).toBe(300 * 1024 ** 2);
    expect(asked.filter((url) => url.includes(token))).toEqual([]);
    // The ticket was for once.
    expect((await fetch(file.url())).status).toBe(401);
  } finally {
    await page.goto("about:blank");
    await proxy.stop();
    await manager.remove();
  }
});

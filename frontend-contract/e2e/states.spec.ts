// Every part of the page empty, loading, failed and full, on a wide screen and on a phone, in
// light and in dark: measured, looked at by axe, and drawn to test-results/pictures.

import type { Route } from "@playwright/test";
import { randomBytes } from "node:crypto";
import { execFileSync } from "node:child_process";
import { chmod, mkdir, symlink, truncate, utimes, writeFile } from "node:fs/promises";
import { expectAccessible, inEveryLook } from "./support/axe.js";
import { expect, fill, grid, join, own, row, test, throttle, type Page } from "./support/files.js";
import { hold, is } from "./support/holding.js";
import { expectWellLaidOut, tabThrough } from "./support/measure.js";
import { picture, shot } from "./support/shots.js";
import { home, openTerminal, screen, terminal, type } from "./support/terminals.js";

/** What the page says where there is nothing; none of it is there once there is something. */
const EMPTY = {
  sessions: ["No open session"],
  files: ["This folder is empty", "Only hidden files", "No name matches"],
  transfers: ["No transfers yet"],
  terminal: ["No terminal is open"],
  commands: ["Nothing was run yet"],
  log: ["Nothing yet."],
};

/** Measures the page in every look, and draws it. */
async function look(page: Page, name: string): Promise<void> {
  await inEveryLook(page, async (way) => {
    await expectWellLaidOut(page, `${name}, ${way}`);
    await expectAccessible(page, `${name}, ${way}`);
    await picture(page, `${name}-${way}`);
  });
}

/** The same for a part that is full: nothing of its empty picture, and a focus that can be seen. */
async function lookFull(page: Page, part: keyof typeof EMPTY, name = `${part}-full`): Promise<void> {
  for (const text of EMPTY[part]) await expect(page.getByText(text).filter({ visible: true })).toHaveCount(0);
  await look(page, name);
  await inEveryLook(page, async (way) => {
    const stops = await tabThrough(page);
    expect(stops.length, `stops of the Tab key, ${name}, ${way}`).toBeGreaterThan(3);
    expect.soft(stops.filter(({ visible }) => !visible).map(({ label }) => label), `focus that cannot be seen, ${name}, ${way}`).toEqual([]);
  });
}

/** Answers requests with a refusal. */
async function refuse(page: Page, url: (url: URL) => boolean, status: number, body: object): Promise<() => Promise<void>> {
  const handler = (route: Route) => (route.request().method() === "GET"
    ? route.fulfill({ status, contentType: "application/json", body: JSON.stringify(body) }) : route.fallback());
  await page.route(url, handler);
  return () => page.unroute(url, handler);
}

test("sessions", async ({ page, site, openSession }) => {
  await page.goto(`${site}/`);
  await expect(page.getByRole("heading", { name: "No open session" }).first()).toBeVisible();
  await look(page, "sessions-empty");
  await page.getByRole("button", { name: "New connection" }).first().click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.getByRole("button", { name: "More options" }).click();
  await look(page, "connect");
  await page.getByText("FTP / FTPS").click();
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(page.getByText("The host is missing")).toBeVisible();
  await look(page, "connect-wrong");
  await page.keyboard.press("Escape");

  const release = await hold(page, is(/\/connections$/));
  await page.reload();
  await expect(page.getByRole("status", { name: "Asking for the sessions…" })).toBeVisible();
  await look(page, "sessions-loading");
  await release();
  const accept = await refuse(page, is(/\/connections$/), 403, { detail: "Host somewhere.example is not allowed: add it to allowed_hosts" });
  await page.reload();
  await expect(page.getByText("The sessions could not be listed")).toBeVisible();
  await look(page, "sessions-error");
  await accept();

  // One that is, and others as they come.
  const id = await openSession({ kind: "ssh", name: "build host" });
  const other = (n: number, more: object) => ({
    session_id: `00000000-0000-4000-8000-00000000000${n}`, type: "ssh", host: "server.example.org", port: 22, username: "ann",
    session_name: `session ${n}`, connected_at: "2024-01-31T12:00:00", expires_at: "2024-01-31T12:30:00",
    last_activity: "2024-01-31T12:00:00", is_active: true, time_remaining_seconds: 1500, ...more,
  });
  await page.route(is(/\/connections$/), async (route) => {
    if (route.request().method() !== "GET") return route.fallback();
    // The server may be gone at the end of the journey.
    const answer = await route.fetch().catch(() => null);
    if (!answer) return route.abort();
    const { sessions } = (await answer.json()) as { sessions: object[] };
    return route.fulfill({
      json: {
        sessions: [
          ...sessions,
          other(1, { type: "ftp", session_name: "Mirror of the release archive in the second data centre, read only", host: "ftp.a-rather-long-name.mirrors.example.org", port: 2121 }),
          other(2, { is_active: false, session_name: "Büro 本社" }),
          other(3, { time_remaining_seconds: 200, host: "2001:db8::17", port: 2222 }),
          other(4, { time_remaining_seconds: 0, session_name: null }),
          other(5, { time_remaining_seconds: 86_400, session_name: "x".repeat(120) }),
        ],
      },
    });
  });
  await page.goto(`${site}/`);
  await expect(page.getByRole("article")).toHaveCount(6);
  await lookFull(page, "sessions");
  await page.getByRole("button", { name: "Actions of build host" }).click();
  await expect(page.getByRole("menuitem", { name: "Disconnect" })).toBeVisible();
  await look(page, "sessions-menu");
  await page.getByRole("menuitem", { name: "Rename…" }).click();
  await expect(page.getByRole("dialog", { name: "Rename the session" })).toBeVisible();
  await look(page, "sessions-rename");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Colour scheme" }).click();
  await expect(page.getByRole("menuitemradio", { name: "Dark" })).toBeVisible();
  await look(page, "scheme-menu");
  await page.keyboard.press("Escape");
  // A tip of a button, shown by the keyboard.
  await page.getByRole("button", { name: "Refresh" }).first().focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Shift+Tab");
  await page.getByRole("button", { name: "Refresh" }).first().hover();
  await expect(page.getByRole("tooltip")).toBeVisible();
  await expectAccessible(page);
  await page.goto(`${site}/#/sessions/${id}/files`);
});

/** A folder with everything there may be in one. */
async function furnish(folder: string): Promise<void> {
  const files: Record<string, string | Buffer> = {
    "README.md": "# Notes\n", "deploy.sh": "#!/bin/sh\nexit 0\n", "photo 2024-05-01.jpg": randomBytes(184_000),
    "backup-2024-11.tar.gz": randomBytes(2_400_000), "report (final) – really final.pdf": randomBytes(91_000),
    "a name so long that it does not fit into any column of any screen, because whoever named it wanted to say it all at once and did.txt": "x",
    ".profile": "export EDITOR=vi\n", "photo\u202egpj.exe": "x", "Größe & Maß.csv": "a;b\n", "データ.json": "{}", "index.html": "<p>",
    "config.yaml": "a: 1\n", "server.log": "x".repeat(48_000), "empty": "", "run-as-owner": "#!/bin/sh\n",
  };
  await fill(folder, files);
  await writeFile(Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.from([0xe9]), Buffer.from(".txt")]), "x");
  await writeFile(join(folder, "disk.img"), "");
  await truncate(join(folder, "disk.img"), 42_949_672_960);
  for (const name of ["src", "docs", "shared", "node_modules", ".cache", "Öffentlich"]) await mkdir(join(folder, name));
  await chmod(join(folder, "deploy.sh"), 0o755);
  await chmod(join(folder, "shared"), 0o3777);
  await chmod(join(folder, ".profile"), 0o600);
  await symlink("docs", join(folder, "handbook"));
  await symlink("../../../../../var/log/a/very/long/way/down/to/some/file/or/other/that/nobody/finds/again.log", join(folder, "latest.log"));
  await symlink("config.yaml", join(folder, "config"));
  execFileSync("mkfifo", [join(folder, "queue")]);
  for (const [at, name] of Object.keys(files).entries()) await utimes(join(folder, name), 1_700_000_000 + at * 777_777, 1_700_000_000 + at * 777_777);
}

test("files", async ({ page, folder, browse, servers }) => {
  await browse();
  await expect(page.getByText("This folder is empty")).toBeVisible();
  await look(page, "files-empty");
  const release = await hold(page, is(/\/entries$/));
  await page.reload();
  await expect(page.getByRole("status", { name: "Reading the folder…" })).toBeVisible();
  await look(page, "files-loading");
  await release();
  const accept = await refuse(page, is(/\/entries$/), 403, { detail: "Permission denied", code: "permission_denied" });
  await page.reload();
  await expect(page.getByText("This folder cannot be shown")).toBeVisible();
  await look(page, "files-error");
  await accept();

  await furnish(folder);
  own(folder, servers.ssh.uid);
  // Giving a file away takes the bit.
  await chmod(join(folder, "run-as-owner"), 0o4755);
  await page.reload();
  await expect(row(page, "src")).toBeVisible();
  await page.getByRole("button", { name: "Hidden files" }).click();
  await expect(row(page, "latest.log")).toContainText("leads nowhere");
  await row(page, "docs").click();
  await row(page, "deploy.sh").click({ modifiers: ["Control"] });
  await grid(page).evaluate((list) => (list.scrollTop = 0));
  await page.mouse.move(640, 30);
  await shot(page, "files");
  await page.emulateMedia({ colorScheme: "dark" });
  await shot(page, "files-dark");
  await lookFull(page, "files");

});

test("what opens over the files", async ({ page, folder, browse, servers }) => {
  await furnish(folder);
  own(folder, servers.ssh.uid);
  await browse();
  await row(page, "README.md").click({ button: "right" });
  await expect(page.getByRole("menuitem", { name: "Delete…" })).toBeVisible();
  await look(page, "files-menu");
  await page.keyboard.press("Escape");
  for (const [button, item, name] of [["New", "New folder…", "files-new-menu"], ["Upload", "A folder…", "files-upload-menu"]] as const) {
    await page.getByRole("button", { name: button, exact: true }).click();
    await expect(page.getByRole("menuitem", { name: item })).toBeVisible();
    await look(page, name);
    await page.keyboard.press("Escape");
  }
  const longest = /^Select a name so long/;
  for (const [item, dialog] of [
    ["Rename…", "rename"], ["Move to…", "move"], ["Permissions and times…", "permissions"], ["Properties", "properties"], ["Delete…", "delete"],
  ] as const) {
    await grid(page).getByRole("row").filter({ has: page.getByRole("checkbox", { name: longest }) }).click({ button: "right" });
    await page.getByRole("menuitem", { name: item }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await look(page, `files-${dialog}`);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toBeHidden();
  }
  await row(page, "deploy.sh").dblclick();
  await expect(page.getByRole("region", { name: "Content of deploy.sh" })).toBeVisible();
  await look(page, "files-preview");
  await page.getByRole("button", { name: "Edit", exact: true }).click();
  await expect(page.getByRole("textbox", { name: "Content of deploy.sh" })).toBeVisible();
  await look(page, "files-editor");
});

test("transfers", async ({ page, folder, browse }) => {
  await fill(folder, { "there.txt": "there" });
  await browse();
  await page.getByRole("button", { name: "Transfers" }).click();
  await expect(page.getByText("No transfers yet")).toBeVisible();
  await look(page, "transfers-empty");
  const broken = is(/\/content$/);
  await page.route(broken, (route) => route.abort("connectionreset"));
  const file = (name: string, size = 900) => ({ name, mimeType: "", buffer: randomBytes(size) });
  const panel = page.getByRole("region", { name: "Transfers" });
  await page.getByTestId("pick-files").setInputFiles([file("a name of a file that is far too long to be shown on a phone, and on most screens as well, is it not.bin"), file("b.bin")]);
  await expect(panel.getByText("cannot be reached")).toHaveCount(2);
  await look(page, "transfers-error");
  await page.unroute(broken);
  await page.getByTestId("pick-files").setInputFiles([file("quick.bin")]);
  await expect(panel.getByRole("listitem").filter({ hasText: "Done" })).toHaveCount(1);
  await throttle(page, 60_000);
  await page.getByTestId("pick-files").setInputFiles([file("long.bin", 4_000_000), file("longer.bin", 5_000_000), file("longest.bin", 6_000_000), file("waits.bin", 90_000)]);
  await expect(panel.getByRole("listitem").filter({ hasText: "long.bin" })).toContainText(/\/s/);
  await panel.getByRole("button", { name: "Pause longer.bin" }).click();
  await lookFull(page, "transfers");
  await page.getByTestId("pick-files").setInputFiles({ name: "there.txt", mimeType: "", buffer: Buffer.from("new") });
  await expect(page.getByRole("dialog", { name: "There is already a file of this name" })).toBeVisible();
  await look(page, "transfers-question");
  await page.getByRole("button", { name: "Skip" }).click();
});

test("terminals", async ({ page, site, openSession }) => {
  const id = await openSession({ kind: "ssh", name: "build host" });
  await page.goto(home(site, id));
  await expect(page.getByText("No terminal is open")).toBeVisible();
  await look(page, "terminals-empty");
  const release = await hold(page, is(/\/terminals$/));
  await page.reload();
  await expect(page.getByRole("status", { name: "Asking for the terminals…" })).toBeVisible();
  await look(page, "terminals-loading");
  await release();
  const accept = await refuse(page, is(/\/terminals$/), 500, { detail: "The session does not answer", code: "internal" });
  await page.reload();
  await expect(page.getByText("The terminals could not be listed")).toBeVisible();
  await look(page, "terminals-error");
  await accept();
  await page.reload();
  await openTerminal(page);
  await type(page, "ls -la --color /etc | head -30; echo done-$((1+1))");
  await expect(screen(page)).toContainText("done-2");
  await page.getByRole("button", { name: "More ways to open a terminal" }).click();
  await expect(page.getByRole("menuitem").first()).toBeVisible();
  await look(page, "terminals-open-menu");
  await page.getByRole("menuitem", { name: "Open with a name or command…" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill("a terminal with a rather long name, as people give them");
  await page.getByRole("dialog").getByLabel("Command").fill("echo over; exit 7");
  await look(page, "terminals-open");
  await page.getByRole("dialog").getByRole("button", { name: "Open a terminal", exact: true }).click();
  await expect(page.getByText("Ended: code 7")).toBeVisible();
  await look(page, "terminals-ended");
  await page.getByRole("tab", { name: "Terminal 1" }).click();
  await expect(screen(page)).toContainText("done-2");
  await lookFull(page, "terminal");
  await terminal(page).click({ button: "right" });
  await expect(page.getByRole("menuitem", { name: "Paste" })).toBeVisible();
  await look(page, "terminals-context-menu");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Actions of Terminal 1" }).and(page.locator(":visible")).click();
  await expect(page.getByRole("menuitem", { name: "Larger text" })).toBeVisible();
  await look(page, "terminals-settings");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "1 viewer" }).and(page.locator(":visible")).click();
  await expect(page.getByText("Who is attached")).toBeVisible();
  await look(page, "terminals-viewers");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Share" }).and(page.locator(":visible")).click();
  await page.getByRole("button", { name: "Create a link" }).click();
  await expect(page.getByRole("textbox", { name: "Link" })).toBeVisible();
  await look(page, "terminals-share");
  await page.getByRole("combobox", { name: "The link works for" }).click();
  await expect(page.getByRole("option", { name: "8 hours" })).toBeVisible();
  await look(page, "terminals-share-times");
});

test("commands and the log", async ({ page, site, openSession }) => {
  const id = await openSession({ kind: "ssh", name: "build host" });
  await page.goto(`${site}/#/sessions/${id}/commands`);
  await expect(page.getByText("Nothing was run yet")).toBeVisible();
  await look(page, "commands-empty");
  await page.getByRole("banner").getByRole("button", { name: /^Log/ }).click();
  await expect(page.getByRole("dialog", { name: "What happened" })).toContainText("Nothing yet.");
  await look(page, "log-empty");
  await page.keyboard.press("Escape");

  const input = page.getByLabel("Command", { exact: true });
  const run = async (command: string) => {
    await input.fill(command);
    await page.keyboard.press("Enter");
  };
  const broken = is(/\/exec$/);
  await page.route(broken, (route) => route.abort("connectionreset"));
  await run("true");
  await expect(page.getByText("It is not known how it ended.")).toBeVisible();
  await look(page, "commands-error");
  await page.unroute(broken);
  await run("df -h / /tmp; echo 'a warning' >&2");
  await expect(page.getByText("Exit code 0")).toBeVisible();
  await run("grep -rn 'a word that is not there' /etc/hostname /etc/hosts --include='*' --exclude-dir=proc --color=never; exit 1");
  await expect(page.getByText("Exit code 1")).toBeVisible();
  await run("echo begun; sleep 600");
  await expect(page.getByRole("button", { name: /^Cancel echo begun/ })).toBeVisible();
  await expect(page.getByText(/^Running/)).toBeVisible();
  await lookFull(page, "commands");
  await page.getByRole("button", { name: /^Cancel echo begun/ }).click();
  await expect(page.getByText(/^Cancelled/)).toBeVisible();
  await page.getByRole("banner").getByRole("button", { name: /^Log/ }).click();
  await expect(page.getByRole("dialog", { name: "What happened" })).toContainText("Exit code 1");
  await lookFull(page, "log");
});

// Recordings of terminals: made, seen to be made, found, played, taken away and deleted.

import type { Locator } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { expectAccessible, expectAccessibleInBoth } from "./support/axe.js";
import { shot } from "./support/shots.js";
import { home, screen, terminal, type } from "./support/terminals.js";
import { expect, test, type Page } from "./support/test.js";

const SIGN = "This terminal is being recorded";
const RECORDING = ["--recording-dir", "{config}/recordings"];

/** Opens a terminal by the dialog, recorded. */
async function record(page: Page, address: string, name: string, command: string): Promise<void> {
  await page.goto(address);
  await page.getByRole("button", { name: "Open with a name or command…" }).click();
  const dialog = page.getByRole("dialog", { name: "Open a terminal" });
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByLabel("Command").fill(command);
  await dialog.getByRole("checkbox", { name: "Record what it shows, on the server" }).check();
  await dialog.getByRole("button", { name: "Open a terminal", exact: true }).click();
}

/** Opens a recorded terminal without the page, and waits until it is on disk. */
async function recordedByApi(url: string, id: string, order: { command: string; name?: string; cols?: number }): Promise<void> {
  const opened = await fetch(`${url}/connections/${id}/terminals`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ cols: 80, rows: 24, env: {}, record: true, ...order }),
  });
  expect(opened.status, await opened.text()).toBe(200);
  await expect.poll(async () => {
    const listed = (await (await fetch(`${url}/recordings`)).json()) as { recordings: { state: string }[] };
    return listed.recordings.map(({ state }) => state);
  }).toEqual(["complete"]);
}

/** The dialog with the recordings, opened from the head of the page. */
async function recordings(page: Page): Promise<Locator> {
  await page.getByRole("banner").getByRole("button", { name: "Recordings" }).click();
  return page.getByRole("dialog", { name: "Recordings" });
}

test.describe("where recordings are kept", () => {
  test.use({ flags: RECORDING });

  test("record a terminal, everybody sees it; find it and play it", async ({ page, site, openSession, context, browser }) => {
    const id = await openSession({ kind: "ssh", name: "build host" });
    await record(page, home(site, id), "demo", "stty cols 80; echo re''ady; read a; echo one-$a; read b; echo two-$b; read c; exit 3");
    await expect(screen(page)).toContainText("ready");
    const sign = (which: Page) => which.getByRole("status").filter({ hasText: SIGN });
    await expect(sign(page)).toBeVisible();
    await expectAccessibleInBoth(page);
    await shot(page, "terminal-recorded");

    // Another of the same holder, and somebody who has nothing but a link.
    const other = await context.newPage();
    await other.goto(page.url());
    await expect(sign(other)).toBeVisible();
    await page.getByRole("button", { name: "Share", exact: true }).click();
    const share = page.getByRole("dialog", { name: "Share demo" });
    await share.getByRole("button", { name: "Create a link" }).click();
    const link = await share.getByLabel("Link", { exact: true }).inputValue();
    const guest = await (await browser.newContext()).newPage();
    await guest.goto(link.replace(/^.*?\/#/, `${site}/#`));
    await expect(sign(guest)).toBeVisible();
    await expect(guest.getByRole("button", { name: "Recordings" })).toHaveCount(0);
    await guest.context().close();
    await other.close();
    await page.keyboard.press("Escape");
    await expect(share).toBeHidden();

    await terminal(page).click();
    await type(page, "first");
    await expect(screen(page)).toContainText("one-first");
    await type(page, "second");
    await expect(screen(page)).toContainText("two-second");

    // It is in the list while it goes on.
    const dialog = await recordings(page);
    const item = dialog.getByRole("listitem").filter({ hasText: "build host: demo" });
    await expect(item).toContainText("being recorded");
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
    await terminal(page).click();
    await type(page, "");
    await expect(page.getByText("Ended: code 3")).toBeVisible();
    await expect(sign(page)).toHaveCount(0);

    await recordings(page);
    await expect(item).not.toContainText("being recorded");
    await expect(item).toContainText(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d · \d+:\d\d · [\d.]+ (B|KiB) · /);
    await expectAccessibleInBoth(page);
    await shot(page, "recordings");

    // Played, in the page.
    await item.getByRole("button", { name: "Play build host: demo" }).click();
    const player = page.getByRole("dialog", { name: "build host: demo" });
    const picture = player.locator("[data-player] .xterm-rows");
    await player.getByText("4×", { exact: true }).click();
    await expect(player.getByRole("radio", { name: "4×" })).toBeChecked();
    await expect(player.getByRole("button", { name: "Play again" })).toBeVisible({ timeout: 30_000 });
    await expect(picture).toContainText("two-second");
    await expectAccessibleInBoth(page);
    await shot(page, "recording-played");

    // By keys: back to the beginning, where nothing was typed yet, and to the end.
    const seek = player.getByRole("slider", { name: "Position" });
    await seek.focus();
    await page.keyboard.press("Home");
    await expect(picture).not.toContainText("one-first");
    await expect(seek).toHaveAttribute("aria-valuetext", /^0:00 of \d+:\d\d$/);
    await page.keyboard.press("End");
    await expect(picture).toContainText("two-second");
    // Slow, so that it is not over before it is seen to play.
    await player.getByText("1×", { exact: true }).click();
    await seek.focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("k");
    await expect(player.getByRole("button", { name: "Pause" })).toBeVisible();
    await page.keyboard.press("k");
    await expect(player.getByRole("button", { name: "Play", exact: true })).toBeVisible();
    await player.getByRole("button", { name: "Keys of the player" }).click();
    await expect(page.getByText("play and pause")).toBeVisible();
    await expectAccessible(page);
    await player.getByRole("button", { name: "Keys of the player" }).click();
    await expect(page.getByText("play and pause")).toBeHidden();

    // The waits as they were: it takes longer, and shows the same.
    const length = async () => Number(await seek.getAttribute("max"));
    const short = await length();
    await player.getByRole("checkbox", { name: "Cut idle time" }).uncheck();
    await expect.poll(length).toBeGreaterThanOrEqual(short);
    await seek.focus();
    await page.keyboard.press("End");
    await expect(picture).toContainText("two-second");
  });

  test("taken away as a file that others play, and deleted after a question", async ({ page, site, manager, openSession }) => {
    const id = await openSession({ kind: "ssh", name: "build host" });
    await recordedByApi(manager.url, id, { name: "demo", command: "echo one; stty size; echo two-$((1+1))" });
    await page.goto(site);
    const dialog = await recordings(page);
    const item = dialog.getByRole("listitem");
    await expect(item).toContainText("build host: demo");
    await item.getByRole("button", { name: "Play build host: demo" }).click();
    const player = page.getByRole("dialog", { name: "build host: demo" });
    await expect(player.locator("[data-player] .xterm-rows")).toContainText("two-2");

    const arriving = page.waitForEvent("download");
    await player.getByRole("button", { name: "Download build host: demo" }).click();
    const file = await arriving;
    expect(file.suggestedFilename()).toMatch(/\.cast$/);
    const [header, ...events] = (await readFile(await file.path(), "utf8")).trimEnd().split("\n").map((line) => JSON.parse(line) as unknown);
    expect(header).toMatchObject({ version: 2, title: "build host: demo" });
    expect((header as { duration: number }).duration).toBeGreaterThan(0);
    let last = 0;
    for (const [at, code, text] of events as [number, string, string][]) {
      expect(at).toBeGreaterThanOrEqual(last);
      expect(["o", "r"]).toContain(code);
      expect(typeof text).toBe("string");
      last = at;
    }
    expect((events as string[][]).filter(([, code]) => code === "o").map(([, , text]) => text).join("")).toContain("two-2");

    // Deleted, after a question.
    await player.getByRole("button", { name: "Delete build host: demo…" }).click();
    const question = page.getByRole("dialog", { name: "Delete build host: demo?" });
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await expect(question).toBeHidden();
    await player.getByRole("button", { name: "All recordings" }).click();
    await expect(item).toBeVisible();
    await item.getByRole("button", { name: "Delete build host: demo…" }).click();
    await question.getByRole("button", { name: "Delete recording" }).click();
    await expect(dialog.getByText("Nothing was recorded yet")).toBeVisible();
    await expectAccessibleInBoth(page);
  });

  test("on a phone: listed and played without a sideways scroll, and reached without a session", async ({ page, site, manager, openSession }) => {
    const id = await openSession({ kind: "ssh", name: "a session with a name that is long enough to need two lines" });
    await recordedByApi(manager.url, id, { cols: 132, command: "echo wide-$((6*7)); printf '%132s' right" });
    await fetch(`${manager.url}/connections/${id}`, { method: "DELETE" });
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto(site);
    const dialog = await recordings(page);
    const item = dialog.getByRole("listitem");
    await expect(item).toHaveCount(1);
    await expectAccessibleInBoth(page);
    await item.getByRole("button", { name: /^Play / }).click();
    await expect(page.locator("[data-player] .xterm-rows")).toContainText("wide-42");
    const sideways = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(await sideways()).toBeLessThanOrEqual(0);
    await expectAccessibleInBoth(page);
    await shot(page, "recording-phone");
  });

  test("one that runs: what came since can be loaded, and deleting it is told to who looks at the terminal", async ({ page, site, openSession }) => {
    const id = await openSession({ kind: "ssh", name: "host" });
    await record(page, home(site, id), "live", "echo re''ady; read a; echo got-$a; read b");
    await expect(screen(page)).toContainText("ready");
    const dialog = await recordings(page);
    await dialog.getByRole("button", { name: "Play host: live" }).click();
    const player = page.getByRole("dialog", { name: "host: live" });
    const picture = player.locator("[data-player] .xterm-rows");
    await expect(async () => {
      if (await player.getByText("Nothing was recorded yet").isVisible()) {
        await player.getByRole("button", { name: "Load what came since" }).click();
      }
      await expect(picture).toContainText("ready", { timeout: 1_000 });
    }).toPass();
    await page.keyboard.press("Escape");
    await terminal(page).click();
    await type(page, "this");
    await expect(screen(page)).toContainText("got-this");

    await recordings(page);
    await dialog.getByRole("button", { name: "Delete host: live…" }).click();
    const question = page.getByRole("dialog", { name: "Delete host: live?" });
    await expect(question).toContainText("the terminal goes on");
    await question.getByRole("button", { name: "Delete recording" }).click();
    await expect(dialog.getByText("Nothing was recorded yet")).toBeVisible();
    await expect(question).toBeHidden();
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
    await expect(page.getByText("This terminal is no longer recorded")).toBeVisible();
    await expect(page.getByText("Somebody deleted the recording.")).toBeVisible();
    await expect(page.getByRole("status").filter({ hasText: SIGN })).toHaveCount(0);
    await expectAccessible(page);
    await page.getByRole("button", { name: "Seen" }).click();
    await expect(page.getByText("This terminal is no longer recorded")).toHaveCount(0);
  });

  test("a list and a recording that cannot be had: said, with a way on", async ({ page, site, openSession }) => {
    const id = await openSession({ kind: "ssh", name: "host" });
    await record(page, home(site, id), "short", "echo re''ady");
    await expect(page.getByText("Ended: code 0")).toBeVisible();
    await page.route("**/recordings", (route) => route.fulfill({ status: 500, json: { detail: "The disk is on fire", code: "local_io" } }));
    const dialog = await recordings(page);
    await expect(dialog.getByText("The disk is on fire")).toBeVisible();
    await expectAccessible(page);
    await page.unroute("**/recordings");
    await dialog.getByRole("button", { name: "Try again" }).click();
    const play = dialog.getByRole("button", { name: "Play host: short" });
    await expect(play).toBeVisible();
    await page.route("**/recordings/*/content", (route) => route.fulfill({ status: 200, body: "no recording\n" }));
    await play.click();
    const player = page.getByRole("dialog", { name: "host: short" });
    await expect(player.getByText("The recording could not be read")).toBeVisible();
    await page.unroute("**/recordings/*/content");
    await player.getByRole("button", { name: "Try again" }).click();
    await expect(player.locator("[data-player] .xterm-rows")).toContainText("ready");
  });
});

test.describe("where all recordings together may have little", () => {
  test.use({ flags: [...RECORDING, "--recording-total-size", "65536"] });

  test("the terminal goes on, says that it is no longer recorded, and the next one says why it is not", async ({ page, site, openSession }) => {
    const id = await openSession({ kind: "ssh" });
    await record(page, home(site, id), "flood", "echo re''ady; read a; seq 1 40000; echo after-$((1+1)); read b");
    await expect(screen(page)).toContainText("ready");
    await terminal(page).click();
    await type(page, "");
    await expect(screen(page)).toContainText("after-2");
    await expect(page.getByText("This terminal is no longer recorded")).toBeVisible();
    await expect(page.getByText(/All recordings of the server together reached/)).toBeVisible();
    await page.getByRole("button", { name: "More ways to open a terminal" }).click();
    await page.getByRole("menuitem", { name: "Open with a name or command…" }).click();
    const dialog = page.getByRole("dialog", { name: "Open a terminal" });
    await dialog.getByRole("checkbox").check();
    await dialog.getByRole("button", { name: "Open a terminal", exact: true }).click();
    await expect(page.getByText(/There is no room for another recording/).first()).toBeVisible();
    await page.getByRole("button", { name: "More ways to open a terminal" }).click();
    await page.getByRole("menuitem", { name: "Recordings" }).click();
    await expect(page.getByRole("dialog", { name: "Recordings" })).toContainText("all together reached their limit");
  });
});

test("a server without a place for recordings says how to give it one", async ({ page, site, openSession }) => {
  const id = await openSession({ kind: "ssh" });
  await page.goto(home(site, id));
  await page.getByRole("button", { name: "Open with a name or command…" }).click();
  const dialog = page.getByRole("dialog", { name: "Open a terminal" });
  const box = dialog.getByRole("checkbox", { name: "Record what it shows, on the server" });
  await expect(box).toBeDisabled();
  await expect(box).toHaveAccessibleDescription(/--recording-dir/);
  await expectAccessibleInBoth(page);
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  const list = await recordings(page);
  await expect(list.getByText("This server records no terminals")).toBeVisible();
  await expect(list.getByText(/--recording-dir/)).toBeVisible();
  await expectAccessibleInBoth(page);
});

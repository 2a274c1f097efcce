// Terminals, as a person uses them: opened, named, found again, closed, on any screen.

import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expectAccessible, expectAccessibleInBoth } from "./support/axe.js";
import { shot } from "./support/shots.js";
import { choose, home, keyboard, openTerminal, screen, standing, type } from "./support/terminals.js";
import { expect, test } from "./support/test.js";

test("type and see, reload and see the same screen, go on where it was", async ({ page, site, openSession }) => {
  const id = await openSession({ kind: "ssh", name: "build host" });
  await page.goto(home(site, id));
  await expect(page.getByText("No terminal is open")).toBeVisible();
  await expectAccessibleInBoth(page);
  await openTerminal(page);
  await type(page, "echo $((6*7))-answer; x=kept");
  await expect(screen(page)).toContainText("42-answer");
  await expect(page).toHaveURL(/terminal\?terminal=[0-9a-f-]{36}$/);

  await page.reload();
  await expect(screen(page)).toContainText("42-answer");
  await expect(standing(page, "Connected")).toBeVisible();
  await expect(page.getByRole("tab", { name: "Terminal 1" })).toHaveAttribute("aria-selected", "true");
  await type(page, "echo still-$x");
  await expect(screen(page)).toContainText("still-kept");
  await expectAccessibleInBoth(page);
});

test("several terminals in tabs: named, with a command, renamed, closed, found again by their address", async ({ page, site, openSession }) => {
  const id = await openSession({ kind: "ssh" });
  await page.goto(home(site, id));
  await openTerminal(page);
  await type(page, "echo first-one");
  await expect(screen(page)).toContainText("first-one");

  await page.getByRole("button", { name: "More ways to open a terminal" }).click();
  await page.getByRole("menuitem", { name: "Open with a name or command…" }).click();
  const dialog = page.getByRole("dialog", { name: "Open a terminal" });
  await expectAccessible(page);
  await dialog.getByLabel("Name").fill("counter");
  await dialog.getByLabel("Command").fill("echo started; read x; echo got $x; exit 7");
  await dialog.getByRole("button", { name: "Open a terminal", exact: true }).click();
  await expect(page.getByRole("tab", { name: "counter" })).toHaveAttribute("aria-selected", "true");
  await expect(screen(page)).toContainText("started");
  const address = page.url();

  // The end: with its code, and a way on.
  await expect(keyboard(page)).toBeFocused();
  await type(page, "go");
  await expect(screen(page)).toContainText("got go");
  await expect(page.getByText("Ended: code 7")).toBeVisible();
  await expectAccessibleInBoth(page);
  await page.getByRole("button", { name: "Open another" }).click();
  await expect(page.getByRole("tab", { name: "Terminal" }).filter({ visible: true }).last()).toHaveAttribute("aria-selected", "true");
  await expect(screen(page)).toContainText("started");

  // By its address, the ended one shows what it showed.
  await page.goto("about:blank");
  await page.goto(address);
  await expect(page.getByRole("tab", { name: "counter" })).toHaveAttribute("aria-selected", "true");
  await expect(screen(page)).toContainText("got go");
  await expect(page.getByText("Ended: code 7")).toBeVisible();
  await page.getByRole("button", { name: "Close terminal" }).click();
  await expect(page.getByRole("tab", { name: "counter" })).toBeHidden();

  await page.getByRole("tab", { name: "Terminal 1" }).click();
  await expect(screen(page)).toContainText("first-one");
  await choose(page, "Rename…");
  await page.getByRole("dialog").getByLabel("Name").fill("main");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("tab", { name: "main" })).toBeVisible();

  // A shell runs in it: closing asks.
  await choose(page, "Close terminal…");
  const close = page.getByRole("dialog", { name: "Close main?" });
  await expect(close).toContainText("The shell still runs");
  await expectAccessible(page);
  await close.getByRole("button", { name: "Close terminal" }).click();
  await expect(page.getByRole("tab", { name: "main" })).toBeHidden();
});

test("the size follows the window, from the first byte on", async ({ page, site, openSession }) => {
  const id = await openSession({ kind: "ssh" });
  await page.goto(home(site, id));
  await openTerminal(page);
  const shown = async () => (await page.getByText(/^\d+ × \d+$/).textContent())?.split(" × ").reverse().join(" ") ?? "";
  await type(page, "echo =$(stty size)=");
  await expect(screen(page)).toContainText(`=${await shown()}=`);
  const before = await shown();
  await page.setViewportSize({ width: 1000, height: 600 });
  await expect.poll(shown).not.toBe(before);
  await expect(async () => {
    await type(page, "clear; echo =$(stty size)=");
    await expect(screen(page)).toContainText(`=${await shown()}=`, { timeout: 1000 });
  }).toPass();

  // A larger font has fewer columns, also after a reload.
  const columns = async () => Number((await shown()).split(" ")[1]);
  const wide = await columns();
  await choose(page, "Larger text");
  await page.getByRole("menuitem", { name: "Larger text" }).click();
  await page.getByRole("menuitem", { name: "Larger text" }).click();
  await expect(page.getByText("17 px")).toBeVisible();
  await page.keyboard.press("Escape");
  // What fits at 17 px, and not what fitted at 16 on the way from 14.
  await expect.poll(async () => (await columns()) / wide).toBeLessThan(14 / 16.5);
  const narrow = await columns();
  await page.reload();
  await expect.poll(columns).toBe(narrow);
});

test("a bell in another tab is shown at its tab", async ({ page, site, servers, openSession }) => {
  const id = await openSession({ kind: "ssh" });
  const ring = join(servers.ssh.home, `ring-${randomUUID()}`);
  await page.goto(home(site, id));
  await openTerminal(page);
  await type(page, `clear; while [ ! -e ${ring} ]; do sleep 0.1; done; printf '\\a'; echo ra''ng`);
  await page.getByRole("button", { name: "Open a terminal", exact: true }).click();
  await expect(page.getByRole("tab", { name: "Terminal 2" })).toHaveAttribute("aria-selected", "true");
  await writeFile(ring, "");
  const first = page.getByRole("tab", { name: /Terminal 1/ });
  await expect(first.getByRole("img", { name: "rang" })).toBeVisible();
  await first.click();
  await expect(first.getByRole("img", { name: "rang" })).toHaveCount(0);
});

test("without FTP's terminals there is no tab for them", async ({ page, site, openSession }) => {
  const id = await openSession({ kind: "ftp", name: "files only" });
  await page.goto(home(site, id));
  await expect(page.getByRole("tab", { name: "Files" })).toBeVisible();
  await expect(page.getByRole("tab", { name: "Terminal" })).toHaveCount(0);
});

test("on a phone: a row of keys, and everything within reach", async ({ page, site, openSession }) => {
  const id = await openSession({ kind: "ssh", name: "phone" });
  await page.setViewportSize({ width: 390, height: 780 });
  await page.goto(home(site, id));
  await openTerminal(page);
  const keys = page.getByRole("toolbar", { name: "Keys" });
  await type(page, "echo on-a-$((1))-phone");
  await expect(screen(page)).toContainText("on-a-1-phone");
  await keys.getByRole("button", { name: "Up", exact: true }).click();
  await page.keyboard.press("Enter");
  await expect(screen(page)).toContainText(/on-a-1-phone.*on-a-1-phone/s);
  // A shell that has not let go of the keys yet would take the end of the input for a letter.
  await type(page, "echo ca''t-runs; cat");
  await expect(screen(page)).toContainText("cat-runs");
  const ctrl = keys.getByRole("button", { name: "Ctrl", exact: true });
  // Held for one key, of the row as well, and seen at once to be.
  for (const press of [() => page.keyboard.type("d"), () => keys.getByRole("button", { name: "Left", exact: true }).click()]) {
    await ctrl.click();
    expect(await ctrl.getAttribute("aria-pressed")).toBe("true");
    await press();
    await expect(ctrl).toHaveAttribute("aria-pressed", "false");
  }
  await type(page, "echo after-$((2))");
  await expect(screen(page)).toContainText("after-2");
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await expectAccessibleInBoth(page);
  await shot(page, "terminal-phone");
});

test("pictures", async ({ page, site, openSession }) => {
  test.skip(!process.env["CM_SHOTS"], "only for the documentation");
  const id = await openSession({ kind: "ssh", name: "build host" });
  await page.goto(home(site, id));
  await openTerminal(page);
  await type(page, "PS1='\\[\\e[1;32m\\]ann@build\\[\\e[0m\\]:\\[\\e[1;34m\\]~/project\\[\\e[0m\\]$ '; clear");
  await type(page, "ls -d --color=always /usr/* | head -8; for i in 1 2 3 4 5 6; do printf \"\\033[3${i}mcolour $i\\033[0m  \\033[9${i}mbright $i\\033[0m\\n\"; done");
  await expect(screen(page)).toContainText("bright 6");
  await page.getByRole("button", { name: "Open a terminal", exact: true }).click();
  await page.getByRole("tab", { name: "Terminal 1" }).click();
  await shot(page, "terminal-light");
  await page.emulateMedia({ colorScheme: "dark" });
  await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", "dark");
  await shot(page, "terminal-dark");
});

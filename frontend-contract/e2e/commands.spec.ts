// Commands run one by one, with their output as it comes.

import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expectAccessibleInBoth } from "./support/axe.js";
import { shot } from "./support/shots.js";
import { expect, test, type Page } from "./support/test.js";

const address = (site: string, id: string) => `${site}/#/sessions/${id}/commands`;

async function run(page: Page, command: string): Promise<void> {
  await page.getByLabel("Command", { exact: true }).fill(command);
  await page.keyboard.press("Enter");
}

const cards = (page: Page) => page.getByRole("list", { name: "Commands that were run" }).getByRole("listitem").filter({ has: page.getByRole("button") }).filter({ hasNot: page.getByRole("checkbox") });

test("a command: its output as it comes, the two streams told apart, its code and time", async ({ page, site, servers, openSession }) => {
  const id = await openSession({ kind: "ssh", name: "build host" });
  await page.goto(address(site, id));
  await expect(page.getByText("Nothing was run yet")).toBeVisible();
  await expectAccessibleInBoth(page);

  const gate = join(servers.ssh.home, `gate-${randomUUID()}`);
  await run(page, `echo to-out; echo to-err >&2; until [ -e ${gate} ]; do sleep 0.1; done; echo later; exit 3`);
  const card = cards(page).first();
  await expect(card).toContainText("to-out");
  await expect(card).toContainText(/Running/);
  await expect(card).not.toContainText("laterlater");
  await expectAccessibleInBoth(page);
  await writeFile(gate, "");
  await expect(card.locator("pre").filter({ hasText: "to-err" })).toContainText("stderr");
  await expect(card.locator("pre").filter({ hasText: "to-out" })).not.toContainText("stderr");
  await expect(card.getByText("Exit code 3")).toContainText(/took \d+(\.\d)? s/);
  await expect(card.locator("pre").filter({ hasText: "later" })).toBeVisible();

  await run(page, "true");
  await expect(cards(page).first().getByText("Exit code 0")).toBeVisible();
  await expect(cards(page).first()).toContainText("No output");
  await run(page, "kill -9 $$");
  await expect(cards(page).first().getByText(/Ended by signal KILL|Exit code/)).toBeVisible();
  await expectAccessibleInBoth(page);
  await shot(page, "commands");
});

test("those of before by the keys up and down, a directory, again, and forgetting them", async ({ page, site, openSession }) => {
  const id = await openSession({ kind: "ssh" });
  await page.goto(address(site, id));
  const input = page.getByLabel("Command", { exact: true });
  await run(page, "echo one");
  await run(page, "echo two");
  await input.fill("half-typed");
  await page.keyboard.press("ArrowUp");
  await expect(input).toHaveValue("echo two");
  await page.keyboard.press("ArrowUp");
  await expect(input).toHaveValue("echo one");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expect(input).toHaveValue("half-typed");
  await page.getByLabel("Directory").fill("/usr/share");
  await run(page, "pwd");
  await expect(cards(page).first().locator("pre")).toHaveText(/^\/usr\/share\s*$/);
  await page.getByRole("button", { name: "Run echo one again" }).click();
  await expect(cards(page)).toHaveCount(4);
  await expect(cards(page).first().locator("pre")).toHaveText(/^(\/usr\/share)?one\s*$/);
  await page.getByRole("button", { name: "Remove pwd from the list" }).click();
  await expect(cards(page)).toHaveCount(3);
  await expect(page.getByText("Running")).toHaveCount(0);
  await page.getByRole("button", { name: "Remove those that ended" }).click();
  await expect(page.getByText("Nothing was run yet")).toBeVisible();
});

test("several at once, and cancelling one ends it on the remote machine", async ({ page, site, servers, openSession }) => {
  const id = await openSession({ kind: "ssh" });
  await page.goto(address(site, id));
  await run(page, "echo $$ for-long; exec sleep 600");
  const long = cards(page).filter({ hasText: "for-long" });
  await expect(long.locator("pre")).toHaveText(/^\d+ for-long/);
  const pid = /\d+/.exec((await long.locator("pre").textContent()) ?? "")?.[0];
  const gate = join(servers.ssh.home, `gate-${randomUUID()}`);
  await run(page, `until [ -e ${gate} ]; do sleep 0.1; done; echo short-$((1))`);
  await expect(page.getByText(/^Running/)).toHaveCount(2);
  await writeFile(gate, "");
  await expect(cards(page).first().locator("pre")).toContainText("short-1");
  // Another session or tab neither ends nor forgets it.
  await page.getByRole("tab", { name: "Files" }).click();
  await page.getByRole("tab", { name: "Commands" }).click();
  await page.getByRole("button", { name: /^Cancel echo/ }).click();
  await expect(long.getByText(/^Cancelled/)).toBeVisible();
  await expect(async () => {
    await run(page, `kill -0 ${pid ?? "missing"} || echo it-is-gone`);
    await expect(cards(page).first().locator("pre").first()).toContainText("it-is-gone", { timeout: 3000 });
  }).toPass();
});

test("a flood stays bounded, says so, and its output can be copied", async ({ page, site, openSession, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const id = await openSession({ kind: "ssh" });
  await page.goto(address(site, id));
  await run(page, "seq -f 'line %.0f of a flood' 1 60000");
  const card = cards(page).first();
  await expect(card).toContainText("line 60000 of a flood", { timeout: 60_000 });
  await expect(card).toContainText(/The first .* are not kept on this page/);
  await card.getByRole("button", { name: /^Copy the output/ }).click();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied.endsWith("line 60000 of a flood\n")).toBe(true);
  expect(copied.length).toBeLessThanOrEqual(512 * 1024);
  // What never ends is ended by the server when it is too much.
  await run(page, "yes");
  await expect(cards(page).first().getByText(/the command was ended here/)).toBeVisible({ timeout: 90_000 });
});

test("the server goes away while a command runs: said, and not taken for its end", async ({ page, site, manager, openSession }) => {
  const id = await openSession({ kind: "ssh" });
  await page.goto(address(site, id));
  await run(page, "echo begun; sleep 600");
  const card = cards(page).first();
  await expect(card.locator("pre")).toContainText("begun");
  await manager.stop();
  await expect(card.getByText(/^Failed/)).toBeVisible();
  await expect(card).toContainText("It is not known how it ended.");
  await expect(card.locator("pre")).toContainText("begun");
});

test("on a phone everything is within reach", async ({ page, site, openSession }) => {
  const id = await openSession({ kind: "ssh" });
  await page.setViewportSize({ width: 390, height: 780 });
  await page.goto(address(site, id));
  await run(page, "uname -a");
  await expect(cards(page).first().getByText("Exit code 0")).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await expectAccessibleInBoth(page);
  await shot(page, "commands-phone");
});

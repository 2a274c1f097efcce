import { expect, test, type Page } from "./support/test.js";
import { expectAccessibleInBoth } from "./support/axe.js";
import * as connect from "./support/connect.js";
import type { Account } from "./support/processes.js";
import { shot } from "./support/shots.js";
import { home, openTerminal } from "./support/terminals.js";

const card = (page: Page, name: string) => page.getByRole("article", { name });

/** The dialog asks to connect to where somebody was before. */
async function expectFilledIn(page: Page, account: Account): Promise<void> {
  const dialog = connect.dialog(page);
  await expect(dialog.getByRole("textbox", { name: "Port" })).toHaveValue(String(account.port));
  await expect(dialog.getByRole("textbox", { name: "User name" })).toHaveValue(account.user);
}

async function listed(manager: { url: string }): Promise<{ session_id: string; session_name: string; time_remaining_seconds: number }[]> {
  const answer = await fetch(`${manager.url}/connections`);
  return ((await answer.json()) as { sessions: { session_id: string; session_name: string; time_remaining_seconds: number }[] }).sessions;
}

test("without sessions the page says what to do", async ({ page, site }) => {
  await page.goto(`${site}/`);
  await expect(page.getByRole("heading", { name: "No open session" })).toBeVisible();
  await expectAccessibleInBoth(page);
  await shot(page, "empty");
});

test("cards show state, protocol, name and a countdown that ticks", async ({ page, site, openSession }) => {
  await openSession({ kind: "ssh", name: "build host" });
  await openSession({ kind: "ftp", name: "mirror" });
  await page.goto(`${site}/`);
  await expect(card(page, "build host")).toContainText("SSH");
  await expect(card(page, "build host")).toContainText("Connected");
  await expect(card(page, "mirror")).toContainText("FTP");
  const time = card(page, "mirror").getByRole("button", { name: /Expires in/ });
  const first = await time.textContent();
  expect(first).toMatch(/^29:\d\d$/);
  await expect(time).not.toHaveText(first ?? "");
  await expectAccessibleInBoth(page);
  await page.emulateMedia({ colorScheme: "light" });
  await shot(page, "sessions");
  await page.emulateMedia({ colorScheme: "dark" });
  await shot(page, "sessions-dark");
});

test("a session is kept alive", async ({ page, site, manager, openSession }) => {
  await openSession({ kind: "ssh", name: "build host" });
  await page.goto(`${site}/`);
  await expect.poll(async () => (await listed(manager))[0]?.time_remaining_seconds).toBeLessThan(1790);
  await card(page, "build host").getByRole("button", { name: /Keep alive/ }).click();
  await expect(page.getByText("build host starts its time anew")).toBeVisible();
  await expect.poll(async () => (await listed(manager))[0]?.time_remaining_seconds).toBeGreaterThan(1790);
});

test("a session is renamed", async ({ page, site, openSession }) => {
  await openSession({ kind: "ssh", name: "old name" });
  await page.goto(`${site}/`);
  await page.getByRole("button", { name: "Actions of old name" }).click();
  await page.getByRole("menuitem", { name: "Rename…" }).click();
  const dialog = page.getByRole("dialog", { name: "Rename the session" });
  const name = dialog.getByRole("textbox", { name: "Name" });
  await expect(name).toBeFocused();
  await name.fill("");
  await expect(dialog).toContainText("A name is needed");
  await name.fill("Büro");
  await name.press("Enter");
  await expect(dialog).toBeHidden();
  await expect(card(page, "Büro")).toBeVisible();
});

test("disconnecting is undone, and done when nobody undoes it", async ({ page, site, manager, openSession }) => {
  await openSession({ kind: "ssh", name: "build host" });
  await page.clock.install();
  await page.goto(`${site}/`);
  const disconnect = async () => {
    await page.getByRole("button", { name: "Actions of build host" }).click();
    await page.getByRole("menuitem", { name: "Disconnect" }).click();
    await expect(card(page, "build host")).toContainText(/Disconnecting in \d s/);
  };
  await disconnect();
  await card(page, "build host").getByRole("button", { name: "Undo" }).click();
  await expect(card(page, "build host")).toContainText("Connected");
  // Past the moment it would have been closed, and what that would have asked is answered.
  await page.clock.fastForward(20_000);
  await page.getByRole("button", { name: "Refresh" }).first().click();
  await expect(page.getByText("Updated just now")).toBeVisible();
  await expect(card(page, "build host")).toContainText("Connected");
  expect(await listed(manager)).toHaveLength(1);

  await disconnect();
  await shot(page, "undo");
  await page.clock.fastForward(20_000);
  await expect(card(page, "build host")).toBeHidden();
  await expect.poll(() => listed(manager)).toHaveLength(0);
  await page.getByRole("button", { name: /^Log/ }).click();
  const log = page.getByRole("dialog", { name: "What happened" });
  await expect(log).toContainText("build host stays connected");
  await expect(log).toContainText("build host is disconnected");
  await expectAccessibleInBoth(page);
});

test("leaving the page disconnects what was about to be", async ({ page, site, manager, openSession }) => {
  await openSession({ kind: "ssh", name: "build host" });
  await page.goto(`${site}/`);
  await page.getByRole("button", { name: "Actions of build host" }).click();
  await page.getByRole("menuitem", { name: "Disconnect" }).click();
  await expect(card(page, "build host")).toContainText(/Disconnecting in/);
  await page.goto("about:blank");
  await expect.poll(() => listed(manager)).toHaveLength(0);
});

test("a link leads to a session and its tab, also after a reload and back again", async ({ page, site, openSession }) => {
  const ssh = await openSession({ kind: "ssh", name: "build host" });
  const ftp = await openSession({ kind: "ftp", name: "mirror" });
  await page.goto(`${site}/#/sessions/${ssh}/commands`);
  await expect(page.getByRole("heading", { name: "build host" })).toBeVisible();
  await expect(page.getByRole("tab", { name: "Commands" })).toHaveAttribute("aria-selected", "true");
  await page.getByRole("tab", { name: "Terminal" }).click();
  await expect(page).toHaveURL(new RegExp(`#/sessions/${ssh}/terminal`));
  await page.reload();
  await expect(page.getByRole("tab", { name: "Terminal" })).toHaveAttribute("aria-selected", "true");
  await card(page, "mirror").getByRole("button", { name: "mirror", exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`#/sessions/${ftp}/files`));
  await page.goBack();
  await expect(page.getByRole("heading", { name: "build host" })).toBeVisible();
});

test("a link to a session that is gone says so and what to do", async ({ page, site }) => {
  await page.goto(`${site}/#/sessions/00000000-0000-4000-8000-000000000000/files`);
  await expect(page.getByRole("heading", { name: "This session is not open" })).toBeVisible();
  await expectAccessibleInBoth(page);
  await page.getByRole("button", { name: "All sessions" }).click();
  await expect(page).toHaveURL(/#\/$/);
});

test("a session that somebody else closes is missed", async ({ page, site, manager, openSession }) => {
  const id = await openSession({ kind: "ssh", name: "build host" });
  await page.goto(`${site}/#/sessions/${id}/files`);
  await expect(page.getByRole("heading", { name: "build host" })).toBeVisible();
  await fetch(`${manager.url}/connections/${id}`, { method: "DELETE" });
  await page.getByRole("button", { name: "Refresh" }).first().click();
  await expect(page.getByText(/build host is not open any more/)).toBeVisible();
  await expect(page.getByRole("heading", { name: "This session is not open" })).toBeVisible();
});

test("a lost connection is shown as lost, with a way back", async ({ page, site, servers, openSession }) => {
  const id = await openSession({ kind: "ssh", name: "build host" });
  await page.goto(`${site}/#/sessions/${id}/files`);
  await expect(card(page, "build host")).toContainText("Connected");
  await servers.ask("cut");
  await expect(card(page, "build host")).toContainText("Connection lost", { timeout: 30_000 });
  await page.getByRole("button", { name: "Connect again" }).click();
  await expectFilledIn(page, servers.ssh);
});

test("while the server is away nothing passes as fresh, and it comes back by itself", async ({ page, site, manager, openSession }) => {
  await openSession({ kind: "ssh", name: "build host" });
  await page.goto(`${site}/`);
  await expect(card(page, "build host")).toBeVisible();
  await manager.stop();
  const banner = page.getByRole("alert").filter({ hasText: "The server does not answer" });
  await expect(banner).toBeVisible();
  await expect(banner).toContainText(/What you see is from \d\d:\d\d:\d\d and may have changed/);
  await expect(page.getByRole("status", { name: "Server away" })).toBeVisible();
  await expect(card(page, "build host")).toContainText("Not known now");
  await expect(card(page, "build host")).not.toContainText("Connected");
  await expectAccessibleInBoth(page);
  await shot(page, "offline");
  await manager.restart();
  // First, as it goes by itself.
  await expect(page.getByText("The server answers again")).toBeVisible();
  await expect(banner).toBeHidden();
  await expect(card(page, "build host")).toBeHidden();
});

/** Milliseconds until the banner is there after `act`. */
async function untilAway(page: Page, act: () => Promise<unknown>): Promise<number> {
  await act();
  const begun = Date.now();
  await expect(page.getByRole("alert").filter({ hasText: "The server does not answer" })).toBeVisible();
  return Date.now() - begun;
}

test("a failed request of any kind brings the banner at once, and so does the browser's word", async ({ page, site, context }) => {
  await page.goto(`${site}/`);
  await expect(page.getByRole("heading", { name: "No open session" })).toBeVisible();
  const refresh = page.getByRole("button", { name: "Refresh" }).first();
  // The next poll is some way off: what is seen comes of the request.
  await page.route("**/*", (route) => route.abort("connectionrefused"));
  expect(await untilAway(page, () => refresh.click())).toBeLessThan(4_000);
  await page.unroute("**/*");
  await expect(page.getByText("The server answers again")).toBeVisible();
  expect(await untilAway(page, () => context.setOffline(true))).toBeLessThan(4_000);
  await context.setOffline(false);
  await expect(page.getByRole("alert").filter({ hasText: "The server does not answer" })).toBeHidden({ timeout: 4_000 });
});

test("a terminal's socket that closes brings the banner at once", async ({ page, site, manager, openSession }) => {
  const id = await openSession({ kind: "ssh", name: "build host" });
  await page.goto(home(site, id));
  await openTerminal(page);
  const stopping = manager.stop();
  await expect(page.getByRole("alert").filter({ hasText: "The server does not answer" })).toBeVisible({ timeout: 4_000 });
  await expect(card(page, "build host")).toContainText("Not known now");
  await stopping;
});

test("a session about to expire says so on its card and where one looks", async ({ page, site, openSession }) => {
  const id = await openSession({ kind: "ssh", name: "build host" });
  // The last minutes, for as long as it takes to look at them.
  await page.route("**/connections", async (route) => {
    // The server may be gone at the end of the journey.
    const answer = await route.fetch().catch(() => null);
    if (!answer) return route.abort();
    const body = (await answer.json()) as { sessions: { time_remaining_seconds: number }[] };
    for (const session of body.sessions) session.time_remaining_seconds = 250;
    await route.fulfill({ response: answer, json: body });
  });
  await page.goto(`${site}/#/sessions/${id}/commands`);
  await expect(card(page, "build host")).toContainText("Expires soon");
  const warning = page.getByRole("alert").filter({ hasText: "build host is about to expire" });
  await expect(warning).toContainText(/is closed in 4:\d\d/);
  await expectAccessibleInBoth(page);
});

test.describe("sessions with a short life", () => {
  test.use({ flags: ["--session-timeout", "30"] });

  test("one about to expire is warned of, kept alive, and says so when it is over", async ({ page, site, manager, openSession, servers }) => {
    const id = await openSession({ kind: "ssh", name: "build host" });
    await page.goto(`${site}/`);
    const time = card(page, "build host").getByRole("button", { name: /Expires in/ });
    await expect(time).toHaveText(/^0:[12]\d$/);
    // Without a tab of it: what lists its files would keep it alive.
    await expect(card(page, "build host")).toContainText("Expires soon", { timeout: 60_000 });
    await card(page, "build host").getByRole("button", { name: "Keep alive", exact: true }).click();
    await expect(page.getByText("build host starts its time anew")).toBeVisible();
    await expect(card(page, "build host")).not.toContainText("Expires soon");
    await expect(time).toHaveText(/^0:[12]\d$/);
    expect((await listed(manager))[0]?.time_remaining_seconds).toBeGreaterThan(10);

    // The chosen one is warned of where one looks, too.
    await page.goto(`${site}/#/sessions/${id}/commands`);
    await expect(page.getByRole("heading", { name: "build host" })).toBeVisible();
    const warning = page.getByRole("alert").filter({ hasText: "build host is about to expire" });
    await expect(warning).toBeVisible({ timeout: 60_000 });
    await warning.getByRole("button", { name: "Keep alive" }).click();
    await expect(warning).toBeHidden();
    expect((await listed(manager))[0]?.time_remaining_seconds).toBeGreaterThan(10);

    await expect(page.getByRole("heading", { name: "build host has expired" })).toBeVisible({ timeout: 60_000 });
    await expect(warning).toBeHidden();
    await expectAccessibleInBoth(page);
    await page.getByRole("button", { name: "Connect again" }).click();
    await expectFilledIn(page, servers.ssh);
    await expect(connect.password(page)).toHaveValue("");
    await connect.password(page).fill(servers.ssh.password);
    await connect.send(page);
    await expect(card(page, "build host")).toContainText("Connected");
  });
});

test("on a phone one thing is shown at a time", async ({ page, site, openSession }) => {
  await page.setViewportSize({ width: 390, height: 780 });
  await openSession({ kind: "ssh", name: "build host" });
  await page.goto(`${site}/`);
  await expectAccessibleInBoth(page);
  await shot(page, "phone");
  // The server's health and version too.
  await page.getByRole("button", { name: /^Version \d+\.\d+\.\d+, about this server/ }).click();
  const about = page.getByRole("dialog", { name: "About this server" });
  await expect(about).toContainText(/Answers in\s*\d+ ms/);
  await expectAccessibleInBoth(page);
  await page.keyboard.press("Escape");
  await expect(about).toBeHidden();
  await card(page, "build host").getByRole("button", { name: "build host", exact: true }).click();
  await expect(page.getByRole("heading", { name: "build host" })).toBeVisible();
  await expect(card(page, "build host")).toBeHidden();
  const wider = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  expect(wider, "nothing is wider than the screen").toBe(false);
  await expectAccessibleInBoth(page);
  await page.getByRole("button", { name: "All sessions" }).click();
  await expect(card(page, "build host")).toBeVisible();
  await page.getByRole("button", { name: "New connection" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await expectAccessibleInBoth(page);
});

test("the colour scheme is chosen and kept", async ({ page, site }) => {
  await page.goto(`${site}/`);
  await page.getByRole("button", { name: "Colour scheme" }).click();
  await page.getByRole("menuitemradio", { name: "Dark" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", "dark");
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", "dark");
});

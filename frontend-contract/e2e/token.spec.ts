// A server with an access token, as a whole: everything a person does goes with the token, and
// the token goes nowhere else.

import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import * as connect from "./support/connect.js";
import { choose, expect, fill, join, own, row, test, type Page } from "./support/files.js";
import { startManager } from "./support/processes.js";
import { openTerminal, screen, type } from "./support/terminals.js";
import { before } from "./support/test.js";

const TOKEN = "first-secret-token-of-this-server";
const OTHER = "second-secret-token-of-this-server";

/** What must never have the token in it: addresses of requests, pages and sockets. */
function addressesOf(page: Page): string[] {
  const seen: string[] = [];
  page.on("request", (request) => seen.push(request.url(), request.headers()["referer"] ?? ""));
  page.on("websocket", (socket) => seen.push(socket.url()));
  page.on("framenavigated", (frame) => seen.push(frame.url()));
  return seen;
}

/** The dialog for the token, and the way to answer it. */
function tokenDialog(page: Page) {
  const token = page.getByRole("dialog", { name: "Access token" });
  const enter = async (text: string) => {
    await token.getByRole("textbox", { name: "Token" }).fill(text);
    await token.getByRole("button", { name: "Continue" }).click();
  };
  return { token, enter };
}

test("with an access token: connect, files, terminal, command, a shared link, and another token", async ({ page, browser, servers, folder }) => {
  const manager = await startManager([], { CONNECTION_MANAGER_TOKEN: TOKEN });
  const proxy = await before(manager);
  const site = proxy.url;
  const addresses = addressesOf(page);
  const { token, enter } = tokenDialog(page);
  try {
    const bytes = randomBytes(200_000);
    await fill(folder, { "there.bin": bytes });
    own(folder, servers.ssh.uid);
    await page.goto(`${site}/`);
    await expect(token).toContainText("This server wants an access token.");
    await enter("not the right one");
    await expect(token).toContainText("did not accept");
    await enter(TOKEN);
    await expect(page.getByRole("heading", { name: "No open session" })).toBeVisible();

    await connect.fillIn(page, servers.ssh, "build host");
    await connect.password(page).fill(servers.ssh.password);
    await connect.send(page);
    await expect(page.getByRole("tab", { name: "Files" })).toBeVisible();

    // Files, both ways.
    await page.getByRole("button", { name: "Edit the path" }).click();
    await page.getByRole("textbox", { name: "Path" }).fill(folder);
    await page.keyboard.press("Enter");
    const download = page.waitForEvent("download");
    await choose(page, "there.bin", "Download");
    expect(bytes.equals(await readFile(await (await download).path()))).toBe(true);
    await page.getByTestId("pick-files").setInputFiles({ name: "sent.bin", mimeType: "", buffer: bytes });
    await expect(row(page, "sent.bin")).toBeVisible();
    expect(bytes.equals(await readFile(join(folder, "sent.bin")))).toBe(true);

    // A terminal by its socket, which carries a ticket in place of the token.
    await page.getByRole("tab", { name: "Terminal" }).click();
    await openTerminal(page);
    await type(page, "echo $((6*7))-answer");
    await expect(screen(page)).toContainText("42-answer");

    // A link for somebody without a token, who has to enter none and can do no more than look.
    await page.getByRole("button", { name: "Share" }).click();
    await page.getByRole("button", { name: "Create a link" }).click();
    const link = await page.getByRole("textbox", { name: "Link" }).inputValue();
    expect(link).not.toContain(TOKEN);
    await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
    const visitor = await browser.newPage();
    const visited = addressesOf(visitor);
    await visitor.goto(link.replace(manager.url, site));
    await expect(screen(visitor)).toContainText("42-answer");
    await expect(visitor.getByRole("dialog")).toBeHidden();
    await visitor.close();

    // A command; a reload keeps the token, the session and its tab.
    await page.getByRole("tab", { name: "Commands" }).click();
    await page.getByLabel("Command", { exact: true }).fill("echo ran-$((1+1))");
    await page.keyboard.press("Enter");
    await expect(page.locator("pre")).toContainText("ran-2");
    await page.reload();
    await expect(page.getByRole("tab", { name: "Commands" })).toHaveAttribute("aria-selected", "true");
    await expect(token).toBeHidden();
    await page.getByRole("tab", { name: "Terminal" }).click();
    await expect(screen(page)).toContainText("42-answer");

    // The server starts anew with another token: the old one is refused, in so many words, and
    // nothing of before passes as fresh.
    await manager.restart({ CONNECTION_MANAGER_TOKEN: OTHER });
    await expect(token).toContainText("did not accept", { timeout: 30_000 });
    await enter(OTHER);
    await expect(token).toBeHidden();
    await expect(page.getByRole("heading", { name: "This session is not open" })).toBeVisible();
    await page.reload();
    await expect(page.getByRole("heading", { name: "This session is not open" })).toBeVisible();
    await expect(token).toBeHidden();

    // Where it is, and where it is not.
    await page.getByRole("button", { name: /^Log/ }).click();
    const seen = [
      ...addresses, ...visited, await page.getByRole("dialog", { name: "What happened" }).innerText(),
      await page.content(), manager.log(),
      ...await page.evaluate(() => [JSON.stringify(localStorage), document.cookie, document.title, location.href]),
    ].join("\n");
    for (const secret of [TOKEN, OTHER, encodeURIComponent(TOKEN), servers.ssh.password]) expect(seen).not.toContain(secret);
    const kept = await page.evaluate(() => JSON.stringify(sessionStorage));
    expect(kept).toContain(OTHER);
    expect(kept).not.toContain(TOKEN);
  } finally {
    await page.goto("about:blank");
    await proxy.stop();
    await manager.remove();
  }
});

test("a connection that was filled in waits while the server asks for another token", async ({ page, servers }) => {
  const manager = await startManager([], { CONNECTION_MANAGER_TOKEN: TOKEN });
  const proxy = await before(manager);
  const { token, enter } = tokenDialog(page);
  try {
    await page.goto(`${proxy.url}/`);
    await enter(TOKEN);
    await connect.fillIn(page, servers.ssh, "build host");
    await connect.password(page).fill(servers.ssh.password);
    // The list, which is asked for again and again, must not find out first.
    let asked = () => {};
    const asking = new Promise<void>((resolve) => { asked = resolve; });
    await page.route(/\/connections$/, async (route) => {
      await asking;
      await route.continue();
    });
    await manager.restart({ CONNECTION_MANAGER_TOKEN: OTHER });
    await connect.send(page);
    await expect(token).toContainText("did not accept");
    asked();
    await page.keyboard.press("Escape");
    await enter(OTHER);
    await expect(token).toBeHidden();
    await expect(connect.dialog(page).getByRole("textbox", { name: "Host" })).toHaveValue(servers.ssh.host);
    await expect(connect.dialog(page).getByRole("button", { name: "Connect", exact: true })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("tab", { name: "Files" })).toBeVisible();
  } finally {
    await page.goto("about:blank");
    await proxy.stop();
    await manager.remove();
  }
});

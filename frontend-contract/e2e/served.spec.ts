// How the page is served: its policy, its cache, a token, a path prefix.

import { expectAccessibleInBoth } from "./support/axe.js";
import { before, expect, test } from "./support/test.js";
import { startManager } from "./support/processes.js";
import { ownPage, startProxy } from "./support/proxy.js";

test("the page works below a path of a reverse proxy", async ({ page, manager, openSession }) => {
  const id = await openSession({ kind: "ssh", name: "build host" });
  const proxy = await startProxy(manager.url, { prefix: "/tools/cm", ...ownPage });
  try {
    await page.goto(`${proxy.url}/#/sessions/${id}/files`);
    await expect(page.getByRole("heading", { name: "build host" })).toBeVisible();
    await page.getByRole("button", { name: /^Version \d+\.\d+\.\d+, about this server/ }).click();
    const about = page.getByRole("dialog", { name: "About this server" });
    await expect(about).toContainText(/Your sessions\s*1, at most 20/);
    await expect(about.getByRole("link", { name: "API description" })).toHaveAttribute("href", /\/tools\/cm\/docs$/);
    await expectAccessibleInBoth(page);
    await page.keyboard.press("Escape");
    await expect(about).toBeHidden();
  } finally {
    await page.goto("about:blank");
    await proxy.stop();
  }
});

test("a server with an access token is asked for it, once", async ({ page }) => {
  const manager = await startManager([], { CONNECTION_MANAGER_TOKEN: "a-long-secret" });
  const proxy = await before(manager);
  try {
    await page.goto(`${proxy.url}/`);
    const dialog = page.getByRole("dialog", { name: "Access token" });
    await expect(dialog).toContainText("This server wants an access token.");
    await dialog.getByRole("textbox", { name: "Token" }).fill("wrong");
    await dialog.getByRole("button", { name: "Continue" }).click();
    await expect(dialog).toContainText("did not accept");
    await dialog.getByRole("textbox", { name: "Token" }).fill("a-long-secret");
    await page.keyboard.press("Enter");
    await expect(dialog).toBeHidden();
    await expect(page.getByRole("heading", { name: "No open session" })).toBeVisible();
    await page.reload();
    await expect(page.getByRole("heading", { name: "No open session" })).toBeVisible();
    await expect(dialog).toBeHidden();
    // The version is for those who may come in, and the description has a way without a link.
    expect((await fetch(`${manager.url}/about`)).status).toBe(401);
    await page.getByRole("button", { name: /about this server/ }).click();
    const about = page.getByRole("dialog", { name: "About this server" });
    await expect(about).toContainText('curl -H "Authorization: Bearer $TOKEN"');
    await expect(about).not.toContainText("a-long-secret");
    const saved = page.waitForEvent("download");
    await about.getByRole("button", { name: "Save openapi.json" }).click();
    expect((await saved).suggestedFilename()).toBe("openapi.json");
    await page.keyboard.press("Escape");
    const kept = await page.evaluate(() => ({
      local: JSON.stringify(localStorage), session: JSON.stringify(sessionStorage), cookie: document.cookie,
    }));
    expect(kept.session).toContain("a-long-secret");
    expect(kept.local + kept.cookie).not.toContain("a-long-secret");
  } finally {
    await page.goto("about:blank");
    await proxy.stop();
    await manager.remove();
  }
});

test("the server sends the page with a policy, and its files to keep", async ({ manager, request }) => {
  test.skip(ownPage.page !== undefined, "the page is not the server's own in this run");
  const page = await request.get(`${manager.url}/`, { headers: { Accept: "text/html" } });
  const policy = page.headers()["content-security-policy"] ?? "";
  expect(policy).toContain("script-src 'self'");
  expect(policy).not.toMatch(/script-src[^;]*unsafe/);
  const html = await page.text();
  expect(html).not.toMatch(/<script(?![^>]* src=)/);
  const sources = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? "");
  expect(sources.length).toBeGreaterThan(2);
  for (const source of sources) {
    expect(source, "relative, for path prefixes").toMatch(/^\.\//);
    if (!source.startsWith("./assets/")) continue;
    const file = await request.get(`${manager.url}/${source}`);
    expect(file.status()).toBe(200);
    expect(file.headers()["cache-control"]).toContain("immutable");
    const tag = file.headers()["etag"] ?? "";
    const again = await request.get(`${manager.url}/${source}`, { headers: { "If-None-Match": tag } });
    expect(again.status()).toBe(304);
  }
  const json = await request.get(`${manager.url}/`, { headers: { Accept: "*/*" } });
  expect(json.headers()["content-type"]).toContain("application/json");
});

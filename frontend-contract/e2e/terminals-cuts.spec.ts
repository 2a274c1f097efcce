// Terminals when something goes wrong between them and the page, or too much comes.

import { expectAccessible, expectAccessibleInBoth } from "./support/axe.js";
import { ownPage, startProxy } from "./support/proxy.js";
import { choose, home, keyboard, openTerminal, screen, standing, terminal, type } from "./support/terminals.js";
import { expect, test } from "./support/test.js";

test("a cut: it says so, comes back by itself, and not a byte is missing", async ({ page, manager, openSession }) => {
  const proxy = await startProxy(manager.url, ownPage);
  try {
    const id = await openSession({ kind: "ssh" });
    await page.goto(home(proxy.url, id));
    await openTerminal(page);
    await type(page, "stty cols 80; for i in $(seq 1 400); do echo line-$i-; sleep 0.01; done; echo all-$((1+1))-there");
    // Some of it, whatever has scrolled away by the time this looks.
    await expect(screen(page)).toContainText(/line-\d\d+-/);
    proxy.cut(true);
    await expect(page.getByText(/Cut off|Connecting/)).toBeVisible();
    proxy.cut();
    await expect(standing(page, "Connected")).toBeVisible();
    proxy.cut();
    await expect(screen(page)).toContainText("all-2-there", { timeout: 30_000 });
    await expect(page.getByText("were lost")).toHaveCount(0);

    // Every line, once: counted in what can be selected.
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await terminal(page).click({ button: "right" });
    await page.getByRole("menuitem", { name: "Select all" }).click();
    await page.keyboard.press("Control+Shift+C");
    const text = await page.evaluate(() => navigator.clipboard.readText());
    const lines = text.split("\n").filter((line) => /^line-\d+-/.test(line));
    expect(lines.map((line) => line.trim())).toEqual(Array.from({ length: 400 }, (_, n) => `line-${n + 1}-`));
  } finally {
    await proxy.stop();
  }
});

test("who watches too slowly is told what is gone, and goes on with what is still there", async ({ page, site, manager, openSession, context }) => {
  const proxy = await startProxy(manager.url, ownPage);
  try {
    const id = await openSession({ kind: "ssh" });
    await page.goto(home(site, id));
  await openTerminal(page);
    const slow = await context.newPage();
    await slow.goto(page.url().replace(/^.*?\/#/, `${proxy.url}/#`));
    await expect(standing(slow, "Connected")).toBeVisible();
    await choose(slow, "Only watch");
    await slow.keyboard.press("Escape");
    await expect(standing(slow, "Watching")).toBeVisible();

    // More than the server keeps of a terminal passes while nothing reaches it.
    proxy.stall(true);
    await keyboard(page).focus();
    await type(page, "yes flooding-the-screen | head -c 4000000; echo flood-$((1+1))-over");
    await expect(screen(page)).toContainText("flood-2-over", { timeout: 60_000 });
    await expect(screen(slow)).not.toContainText("flood-2-over");
    proxy.stall(false);
    await expect(slow.getByText("This view was too slow to follow")).toBeVisible();
    await expect(slow.getByText(/MiB of output were lost here/).first()).toBeVisible();
    await expect(screen(slow)).toContainText("flood-2-over");
    await expect(standing(slow, "Watching")).toBeVisible();
    await expectAccessible(slow);
    // From here on it misses nothing.
    await type(page, "echo on-$((2+3))");
    await expect(screen(slow)).toContainText("on-5");
    await slow.getByRole("button", { name: "Seen" }).click();
    await expect(slow.getByText("This view was too slow to follow")).toHaveCount(0);
  } finally {
    await proxy.stop();
  }
});

test("the server goes away and comes back without the terminal: said, with a way on", async ({ page, site, manager, openSession }) => {
  const id = await openSession({ kind: "ssh" });
  await page.goto(home(site, id));
  await openTerminal(page);
  await manager.stop();
  await expect(page.getByText(/Cut off/)).toBeVisible();
  await expectAccessible(page);
  await terminal(page).click();
  await page.keyboard.type("x");
  await expect(page.getByText("Not typed")).toBeVisible();
  await manager.restart();
  await expect(page.getByText(/This session is not open|This terminal is not there any more/).first()).toBeVisible({ timeout: 30_000 });
});

test("the connection to the remote machine dies: the terminal says so", async ({ page, site, servers, openSession }) => {
  const id = await openSession({ kind: "ssh" });
  await page.goto(home(site, id));
  await openTerminal(page);
  await servers.ask("cut");
  await expect(page.getByText("The remote machine is gone")).toBeVisible({ timeout: 20_000 });
});

test("output that is lost while the page was cut off is said to be", async ({ page, site, openSession, context }) => {
  const id = await openSession({ kind: "ssh" });
  let away = false;
  const cuts: (() => Promise<void>)[] = [];
  await page.routeWebSocket(/\/ws\/terminal\//, (socket) => {
    if (away) void socket.close({ code: 1013 });
    else {
      socket.connectToServer();
      cuts.push(() => socket.close({ code: 4999 }));
    }
  });
  await page.goto(home(site, id));
  await openTerminal(page);
  const other = await context.newPage();
  await other.goto(page.url());
  await expect(standing(other, "Connected")).toBeVisible();
  away = true;
  for (const cut of cuts) await cut();
  await expect(page.getByText(/Cut off/)).toBeVisible();
  await keyboard(other).focus();
  await type(other, "seq -f 'number %.0f of many, many, many' 1 60000; echo done-$((7))");
  await expect(screen(other)).toContainText("done-7", { timeout: 60_000 });
  away = false;
  await expect(page.getByText(/of output were lost here/)).toBeVisible();
  await expect(screen(page)).toContainText("done-7", { timeout: 30_000 });
  await expectAccessibleInBoth(page);
  await page.getByRole("button", { name: "Seen" }).click();
  await expect(page.getByText(/of output were lost here/).filter({ visible: true }).and(page.getByRole("status"))).toHaveCount(0);
});

test("a flood keeps the page quick, and Ctrl+C ends it", async ({ page, site, openSession }) => {
  const id = await openSession({ kind: "ssh" });
  await page.goto(home(site, id));
  await openTerminal(page);
  await type(page, "yes flooding-the-screen");
  await expect(screen(page)).toContainText("flooding-the-screen");
  // The page does what it is told while it comes.
  await page.getByRole("tab", { name: "Files" }).click();
  await expect(page.getByRole("grid", { name: "Files" })).toHaveAttribute("aria-busy", "false");
  await page.getByRole("tab", { name: "Terminal", exact: true }).click();
  await terminal(page).click();
  await page.keyboard.press("Control+c");
  // With the prompt after it: what is typed before that, a shell may throw away.
  await expect(screen(page)).toContainText(/\^C[^$#%>]*[$#%>]/);
  await type(page, "echo quiet-$((4))");
  await expect(screen(page)).toContainText("quiet-4");
});

// Terminals, as a person uses them: they belong to the server and outlive the page.

import type { Locator } from "@playwright/test";
import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expectAccessible, expectAccessibleInBoth } from "./support/axe.js";
import { startProxy } from "./support/proxy.js";
import { shot } from "./support/shots.js";
import { expect, test, type Page } from "./support/test.js";

/** What the terminal on the screen shows. */
function screen(page: Page): Locator {
  return page.locator("[data-terminal]:visible .xterm-rows");
}

function keyboard(page: Page): Locator {
  return page.locator("[data-terminal]:visible").getByRole("textbox", { name: "Terminal input" });
}

async function openTerminal(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.getByRole("button", { name: "Open a terminal", exact: true }).click();
  await expect(page.getByRole("status").getByText("Connected", { exact: true })).toBeVisible();
  await expect(keyboard(page)).toBeFocused();
  // The prompt of the shell: from here on nothing that is typed is lost to its start.
  await expect(screen(page)).toContainText(/[$#%>]/);
}

/** Types a line, as a person does. */
async function type(page: Page, line: string): Promise<void> {
  await page.keyboard.type(line);
  await page.keyboard.press("Enter");
}

async function choose(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: /^Actions of / }).and(page.locator(":visible")).last().click();
  await page.getByRole(name === "Only watch" || name === "For screen readers" ? "menuitemcheckbox" : "menuitem", { name }).click();
}

const home = (site: string, id: string) => `${site}/#/sessions/${id}/terminal`;

test("type and see, reload and see the same screen, go on where it was", async ({ page, site, openSession }) => {
  const id = await openSession({ kind: "ssh", name: "build host" });
  await page.goto(home(site, id));
  await expect(page.getByText("No terminal is open")).toBeVisible();
  await expectAccessibleInBoth(page);
  await openTerminal(page, home(site, id));
  await type(page, "echo $((6*7))-answer; x=kept");
  await expect(screen(page)).toContainText("42-answer");
  await expect(page).toHaveURL(/terminal\?terminal=[0-9a-f-]{36}$/);

  await page.reload();
  await expect(screen(page)).toContainText("42-answer");
  await expect(page.getByRole("status").getByText("Connected", { exact: true })).toBeVisible();
  await expect(page.getByRole("tab", { name: "Terminal 1" })).toHaveAttribute("aria-selected", "true");
  await type(page, "echo still-$x");
  await expect(screen(page)).toContainText("still-kept");
  await expectAccessibleInBoth(page);
});

test("what a program asks the terminal is answered once: not again by a page that shows it once more", async ({ page, site, openSession }) => {
  const id = await openSession({ kind: "ssh" });
  await openTerminal(page, home(site, id));
  // Device attributes: the answer has seven bytes, without which nothing goes on.
  await type(page, "stty -icanon -echo min 7; printf '\\033[c'; head -c 7 >/dev/null; stty sane; echo ask''ed; cat -v");
  await expect(screen(page)).toContainText("asked");
  await page.reload();
  await expect(screen(page)).toContainText("asked");
  await expect(page.getByRole("status").getByText("Connected", { exact: true })).toBeVisible();
  await keyboard(page).focus();
  await type(page, "typed-by-me");
  await expect(screen(page)).toContainText(/typed-by-me\s*typed-by-me/);
  // What a program is sent that it did not wait for would be on the screen.
  await expect(screen(page)).not.toContainText("^[[");
});

test("several terminals in tabs: named, with a command, renamed, closed, found again by their address", async ({ page, site, openSession }) => {
  const id = await openSession({ kind: "ssh" });
  await openTerminal(page, home(site, id));
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

test("a cut: it says so, comes back by itself, and not a byte is missing", async ({ page, manager, openSession }) => {
  const dist = process.env["CM_E2E_PAGE"] === "dist" ? { page: join(import.meta.dirname, "../dist/page") } : {};
  const proxy = await startProxy(manager.url, dist);
  try {
    const id = await openSession({ kind: "ssh" });
    await openTerminal(page, home(proxy.url, id));
    await type(page, "stty cols 80; for i in $(seq 1 400); do echo line-$i-; sleep 0.01; done; echo all-$((1+1))-there");
    // Some of it, whatever has scrolled away by the time this looks.
    await expect(screen(page)).toContainText(/line-\d\d+-/);
    proxy.cut(true);
    await expect(page.getByText(/Cut off|Connecting/)).toBeVisible();
    proxy.cut();
    await expect(page.getByRole("status").getByText("Connected", { exact: true })).toBeVisible();
    proxy.cut();
    await expect(screen(page)).toContainText("all-2-there", { timeout: 30_000 });
    await expect(page.getByText("were lost")).toHaveCount(0);

    // Every line, once: counted in what can be selected.
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.locator("[data-terminal]:visible").click({ button: "right" });
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
  const dist = process.env["CM_E2E_PAGE"] === "dist" ? { page: join(import.meta.dirname, "../dist/page") } : {};
  const proxy = await startProxy(manager.url, dist);
  try {
    const id = await openSession({ kind: "ssh" });
    await openTerminal(page, home(site, id));
    const slow = await context.newPage();
    await slow.goto(page.url().replace(/^.*?\/#/, `${proxy.url}/#`));
    await expect(slow.getByRole("status").getByText("Connected", { exact: true })).toBeVisible();
    await choose(slow, "Only watch");
    await slow.keyboard.press("Escape");
    await expect(slow.getByRole("status").getByText("Watching", { exact: true })).toBeVisible();

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
    await expect(slow.getByRole("status").getByText("Watching", { exact: true })).toBeVisible();
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
  await openTerminal(page, home(site, id));
  await manager.stop();
  await expect(page.getByText(/Cut off/)).toBeVisible();
  await expectAccessible(page);
  await page.locator("[data-terminal]").click();
  await page.keyboard.type("x");
  await expect(page.getByText("Not typed")).toBeVisible();
  await manager.restart();
  await expect(page.getByText(/This session is not open|This terminal is not there any more/).first()).toBeVisible({ timeout: 30_000 });
});

test("the connection to the remote machine dies: the terminal says so", async ({ page, site, servers, openSession }) => {
  const id = await openSession({ kind: "ssh" });
  await openTerminal(page, home(site, id));
  await servers.ask("cut");
  await expect(page.getByText("The remote machine is gone")).toBeVisible({ timeout: 20_000 });
});

test("two pages on one terminal: both type, both see, and see each other", async ({ page, site, openSession, context }) => {
  const id = await openSession({ kind: "ssh" });
  await openTerminal(page, home(site, id));
  const other = await context.newPage();
  await other.goto(page.url());
  await expect(other.getByRole("status").getByText("Connected", { exact: true })).toBeVisible();
  await type(page, "echo from-$((1))");
  await expect(screen(other)).toContainText("from-1");
  await keyboard(other).focus();
  await type(other, "echo from-$((2))");
  await expect(screen(page)).toContainText("from-2");
  await page.getByRole("button", { name: "2 viewers" }).click();
  await expect(page.getByText("You, may type")).toBeVisible();
  await expect(page.getByText(/^Somebody, may type/)).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");

  // Watching only: what is typed goes nowhere, and is said to.
  await choose(other, "Only watch");
  await other.keyboard.press("Escape");
  await expect(other.getByRole("status").getByText("Watching", { exact: true })).toBeVisible();
  await keyboard(other).focus();
  await other.keyboard.type("nothing-of-this");
  await expect(other.getByText("Not typed: you only watch")).toBeVisible();
  await keyboard(page).focus();
  await type(page, "echo still-$((3))");
  await expect(screen(other)).toContainText("still-3");
  await expect(screen(page)).not.toContainText("nothing-of-this");
  await other.close();
  await expect(page.getByRole("button", { name: "1 viewer" })).toBeVisible();
});

test("a link to watch: without sessions, read only, and gone when revoked", async ({ page, site, openSession, browser }) => {
  const id = await openSession({ kind: "ssh" });
  await openTerminal(page, home(site, id));
  await type(page, "echo for-$((9))-to-see");
  await page.getByRole("button", { name: "Share", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Share Terminal 1" });
  await expect(dialog.getByText("No link leads here.")).toBeVisible();
  await dialog.getByRole("button", { name: "Create a link" }).click();
  const link = await dialog.getByLabel("Link", { exact: true }).inputValue();
  await expect(dialog.getByRole("button", { name: /^Revoke the link/ })).toBeVisible();
  await expectAccessible(page);
  await shot(page, "terminal-share");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await dialog.getByRole("button", { name: "Copy the link" }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link);

  // Somebody else, who has nothing but the link.
  const guest = await (await browser.newContext()).newPage();
  const asked: string[] = [];
  guest.on("request", (request) => asked.push(request.url()));
  await guest.goto(link.replace(/^.*?\/#/, `${site}/#`));
  await expect(screen(guest)).toContainText("for-9-to-see");
  await expect(guest.getByRole("status").getByText("Watching", { exact: true })).toBeVisible();
  await expect(guest.getByRole("navigation")).toHaveCount(0);
  await expect(guest.getByRole("button", { name: "New connection" })).toHaveCount(0);
  expect(asked.filter((url) => url.includes("/connections"))).toEqual([]);
  const token = link.split("/share/")[1] ?? "";
  expect(asked.filter((url) => url.includes(token))).toEqual([]);
  await keyboard(guest).focus();
  await guest.keyboard.type("echo hacked\n");
  await expect(guest.getByText("Not typed: you only watch")).toBeVisible();
  await expectAccessibleInBoth(guest);

  await dialog.getByRole("button", { name: /^Revoke the link/ }).click();
  await expect(guest.getByText("No longer shared")).toBeVisible();
  await expect(dialog.getByText("No link leads here.")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(screen(page)).not.toContainText("hacked");
  await guest.context().close();
});

test("a flood keeps the page quick, and Ctrl+C ends it", async ({ page, site, openSession }) => {
  const id = await openSession({ kind: "ssh" });
  await openTerminal(page, home(site, id));
  await type(page, "yes flooding-the-screen");
  await expect(screen(page)).toContainText("flooding-the-screen");
  // The page does what it is told while it comes.
  await page.getByRole("tab", { name: "Files" }).click();
  await expect(page.getByRole("grid", { name: "Files" })).toHaveAttribute("aria-busy", "false");
  await page.getByRole("tab", { name: "Terminal", exact: true }).click();
  await page.locator("[data-terminal]:visible").click();
  await page.keyboard.press("Control+c");
  // With the prompt after it: what is typed before that, a shell may throw away.
  await expect(screen(page)).toContainText(/\^C[^$#%>]*[$#%>]/);
  await type(page, "echo quiet-$((4))");
  await expect(screen(page)).toContainText("quiet-4");
});

test("the size follows the window, from the first byte on", async ({ page, site, openSession }) => {
  const id = await openSession({ kind: "ssh" });
  await openTerminal(page, home(site, id));
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

test("copy and paste: by keys and by menu, several lines ask, and nothing is pasted unseen", async ({ page, site, openSession, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const id = await openSession({ kind: "ssh" });
  await openTerminal(page, home(site, id));
  const put = (text: string) => page.evaluate((what) => navigator.clipboard.writeText(what), text);

  await put("echo pasted-$((5))");
  await page.keyboard.press("Control+Shift+V");
  await expect(screen(page)).toContainText("echo pasted-$((5))");
  await page.keyboard.press("Enter");
  await expect(screen(page)).toContainText("pasted-5");

  await put("echo one-$((1))\necho two-$((2))\n\x1b[201~");
  await page.locator("[data-terminal]:visible").click({ button: "right" });
  await page.getByRole("menuitem", { name: "Paste" }).click();
  const ask = page.getByRole("dialog", { name: "Paste this?" });
  await expect(ask).toContainText("control characters");
  await expect(ask.locator("pre")).toContainText("echo one-$((1))");
  await expectAccessible(page);
  await ask.getByRole("button", { name: "Cancel" }).click();
  await expect(screen(page)).not.toContainText("one-");
  await page.keyboard.press("Control+Shift+V");
  await ask.getByRole("button", { name: "Paste" }).click();
  await page.keyboard.press("Enter");
  await expect(screen(page)).toContainText("two-2");

  // OSC 52, by which a program would write to the clipboard, does nothing.
  await put("mine");
  await type(page, "printf '\\033]52;c;%s\\007' $(printf evil | base64); echo osc-$((52))");
  await expect(screen(page)).toContainText("osc-52");
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("mine");
});

test("search finds, also what scrolled away", async ({ page, site, openSession }) => {
  const id = await openSession({ kind: "ssh" });
  await openTerminal(page, home(site, id));
  await type(page, "clear; echo Nee''dle-$((1)); seq 1 200; echo nee''dle-$((2))");
  await expect(screen(page)).toContainText("needle-2");
  await page.keyboard.press("Control+Shift+F");
  const search = page.getByRole("search");
  await search.getByRole("textbox").fill("needle-");
  await expect(search.getByRole("status")).toHaveText("2 of 2");
  await expectAccessibleInBoth(page);
  for (let n = 0; n < 4 && !(await screen(page).textContent())?.includes("Needle-1"); n += 1) {
    await page.keyboard.press("Enter");
    await expect(search.getByRole("status")).toHaveText(/of/);
  }
  await expect(screen(page)).toContainText("Needle-1");
  await search.getByRole("textbox").fill("no such thing");
  await expect(search.getByRole("status")).toHaveText("No match");
  await page.keyboard.press("Escape");
  await expect(search).toBeHidden();
  await expect(keyboard(page)).toBeFocused();
});

test("links lead to the web only, and cannot reach back", async ({ page, site, openSession, context }) => {
  const id = await openSession({ kind: "ssh" });
  await openTerminal(page, home(site, id));
  await context.route("http://example.test/**", (route) => route.fulfill({ body: "<title>there</title>", contentType: "text/html" }));
  await type(page, "clear; printf '\\033]8;;javascript:alert(1)\\033\\\\bad''link\\033]8;;\\033\\\\ http://example.test/a''b\\n'");
  const row = screen(page).locator("> div").filter({ hasText: /^badlink http:\/\/example\.test\/ab/ });
  const at = await row.boundingBox();
  if (!at) throw new Error("the row is not there");
  const perCharacter = await page.evaluate(() => {
    const rows = document.querySelector("[data-terminal] .xterm-screen") as HTMLElement;
    const size = /(\d+) × /.exec(document.body.innerText)?.[1];
    return rows.clientWidth / Number(size);
  });
  const hover = async (column: number) => {
    await page.mouse.move(at.x + perCharacter * column, at.y + at.height / 2);
    await page.mouse.move(at.x + perCharacter * (column + 0.5), at.y + at.height / 2);
  };
  const pointed = page.locator("[data-terminal]");
  // One that a program made of other words, and that is not of the web, is none.
  await hover(3);
  await page.mouse.down();
  await page.mouse.up();
  await hover(15);
  await expect(pointed).toHaveAttribute("title", "http://example.test/ab");
  expect(context.pages()).toHaveLength(1);
  const opened = context.waitForEvent("page");
  await page.mouse.down();
  await page.mouse.up();
  const there = await opened;
  await there.waitForLoadState();
  expect(there.url()).toBe("http://example.test/ab");
  expect(await there.evaluate(() => window.opener === null)).toBe(true);
  expect(context.pages()).toHaveLength(2);
});

test("the focus can leave by a key, and screen readers get the rows", async ({ page, site, openSession }) => {
  const id = await openSession({ kind: "ssh" });
  await openTerminal(page, home(site, id));
  await expect(page.getByText("Ctrl+Shift+F6 leaves the terminal")).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(keyboard(page)).toBeFocused();
  await page.keyboard.press("Control+Shift+F6");
  await expect(page.getByRole("tab", { name: "Terminal 1" })).toBeFocused();
  await keyboard(page).focus();
  await choose(page, "For screen readers");
  await page.keyboard.press("Escape");
  await keyboard(page).focus();
  await type(page, "echo read-$((8))-aloud");
  await expect(page.locator("[data-terminal] .xterm-accessibility")).toContainText("read-8-aloud");
  await expectAccessible(page);
});

test("a bell in another tab is shown at its tab", async ({ page, site, servers, openSession }) => {
  const id = await openSession({ kind: "ssh" });
  const ring = join(servers.ssh.home, `ring-${randomUUID()}`);
  await openTerminal(page, home(site, id));
  await type(page, `clear; while [ ! -e ${ring} ]; do sleep 0.1; done; printf '\\a'; echo ra''ng`);
  await page.getByRole("button", { name: "Open a terminal", exact: true }).click();
  await expect(page.getByRole("tab", { name: "Terminal 2" })).toHaveAttribute("aria-selected", "true");
  await writeFile(ring, "");
  const first = page.getByRole("tab", { name: /Terminal 1/ });
  await expect(first.getByRole("img", { name: "rang" })).toBeVisible();
  await first.click();
  await expect(first.getByRole("img", { name: "rang" })).toHaveCount(0);
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
  await openTerminal(page, home(site, id));
  const other = await context.newPage();
  await other.goto(page.url());
  await expect(other.getByRole("status").getByText("Connected", { exact: true })).toBeVisible();
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

test("without FTP's terminals there is no tab for them", async ({ page, site, openSession }) => {
  const id = await openSession({ kind: "ftp", name: "files only" });
  await page.goto(home(site, id));
  await expect(page.getByRole("tab", { name: "Files" })).toBeVisible();
  await expect(page.getByRole("tab", { name: "Terminal" })).toHaveCount(0);
});

test("on a phone: a row of keys, and everything within reach", async ({ page, site, openSession }) => {
  const id = await openSession({ kind: "ssh", name: "phone" });
  await page.setViewportSize({ width: 390, height: 780 });
  await openTerminal(page, home(site, id));
  const keys = page.getByRole("toolbar", { name: "Keys" });
  await type(page, "echo on-a-$((1))-phone");
  await expect(screen(page)).toContainText("on-a-1-phone");
  await keys.getByRole("button", { name: "Up", exact: true }).click();
  await page.keyboard.press("Enter");
  await expect(screen(page)).toContainText(/on-a-1-phone.*on-a-1-phone/s);
  // A shell that has not let go of the keys yet would take the end of the input for a letter.
  await type(page, "echo ca''t-runs; cat");
  await expect(screen(page)).toContainText("cat-runs");
  await keys.getByRole("button", { name: "Ctrl", exact: true }).click();
  await expect(keys.getByRole("button", { name: "Ctrl", exact: true })).toHaveAttribute("aria-pressed", "true");
  await page.keyboard.type("d");
  await expect(keys.getByRole("button", { name: "Ctrl", exact: true })).toHaveAttribute("aria-pressed", "false");
  await type(page, "echo after-$((2))");
  await expect(screen(page)).toContainText("after-2");
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await expectAccessibleInBoth(page);
  await shot(page, "terminal-phone");
});

test("pictures", async ({ page, site, openSession }) => {
  test.skip(!process.env["CM_SHOTS"], "only for the documentation");
  const id = await openSession({ kind: "ssh", name: "build host" });
  await openTerminal(page, home(site, id));
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

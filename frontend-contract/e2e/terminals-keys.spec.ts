// What is typed, copied, pasted, searched and pointed at in a terminal.

import { expectAccessible, expectAccessibleInBoth } from "./support/axe.js";
import { choose, home, keyboard, openTerminal, screen, standing, terminal, type } from "./support/terminals.js";
import { expect, test } from "./support/test.js";

test("what a program asks the terminal is answered once: not again by a page that shows it once more", async ({ page, site, openSession }) => {
  const id = await openSession({ kind: "ssh" });
  await page.goto(home(site, id));
  await openTerminal(page);
  // Device attributes: the answer has seven bytes, without which nothing goes on.
  await type(page, "stty -icanon -echo min 7; printf '\\033[c'; head -c 7 >/dev/null; stty sane; echo ask''ed; cat -v");
  await expect(screen(page)).toContainText("asked");
  await page.reload();
  await expect(screen(page)).toContainText("asked");
  await expect(standing(page, "Connected")).toBeVisible();
  await keyboard(page).focus();
  await type(page, "typed-by-me");
  await expect(screen(page)).toContainText(/typed-by-me\s*typed-by-me/);
  // What a program is sent that it did not wait for would be on the screen.
  await expect(screen(page)).not.toContainText("^[[");
});

test("copy and paste: by keys and by menu, several lines ask, and nothing is pasted unseen", async ({ page, site, openSession, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const id = await openSession({ kind: "ssh" });
  await page.goto(home(site, id));
  await openTerminal(page);
  const put = (text: string) => page.evaluate((what) => navigator.clipboard.writeText(what), text);

  await put("echo pasted-$((5))");
  await page.keyboard.press("Control+Shift+V");
  await expect(screen(page)).toContainText("echo pasted-$((5))");
  await page.keyboard.press("Enter");
  await expect(screen(page)).toContainText("pasted-5");

  await put("echo one-$((1))\necho two-$((2))\n\x1b[201~");
  await terminal(page).click({ button: "right" });
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
  await page.goto(home(site, id));
  await openTerminal(page);
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
  await page.goto(home(site, id));
  await openTerminal(page);
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
  await page.goto(home(site, id));
  await openTerminal(page);
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

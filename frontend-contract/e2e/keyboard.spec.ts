// The whole page with the keyboard: in which order the Tab key goes, and that the focus is never
// lost when what had it goes away.

import { mkdir } from "node:fs/promises";
import { expect, fill, grid, join, own, row, test, type Page } from "./support/files.js";
import { tabThrough } from "./support/measure.js";
import { keyboard, screen } from "./support/terminals.js";

/** Something within the page has the focus, and it is on the screen. */
async function expectNotLost(page: Page, after: string): Promise<void> {
  await expect.poll(() => page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body || element === document.documentElement) return "the focus is nowhere";
    return element.checkVisibility() ? "" : `the focus is at ${element.outerHTML.slice(0, 120)}, which is not shown`;
  }), { message: after }).toBe("");
}

test("the Tab key goes through the page in the order it is read", async ({ page, folder, browse, servers }) => {
  await mkdir(join(folder, "docs"));
  await fill(folder, { "a.txt": "a", "b.txt": "b" });
  own(folder, servers.ssh.uid);
  await browse();
  await row(page, "a.txt").click();
  await page.getByRole("button", { name: "Transfers" }).click();
  const labels = (await tabThrough(page)).map(({ label }) => label);
  const crumbs = folder.split("/").filter(Boolean);
  expect(labels).toEqual([
    "link Skip to the content",
    expect.stringMatching(/^button Version .*, about this server$/), expect.stringMatching(/^status Server online/),
    "button Recordings", expect.stringMatching(/^button Log/), "button Colour scheme",
    // The list.
    "button Refresh", "button New connection",
    "button build host", "button Actions of build host", expect.stringMatching(/^button Expires in/),
    // The session: its tabs are one stop.
    "tab Files",
    "button Up one folder", "button Login directory", "link Root directory", ...crumbs.map((name) => `link ${name}`), "button Edit the path",
    "searchbox Filter", "button Hidden files", "button Refresh", "button Cut, copy and paste", "button New", "button Upload",
    // The table is one stop, its head aside.
    "grid Files", "checkbox Select all",
    "button Name", "button Size", "button Modified", "button Permissions", "button Owner",
    // The line below.
    "button Download", "button Delete…", "button Clear the selection", "button Transfers",
    // The transfers.
    "button Hide",
  ]);

  // Tabs are gone through with arrows, and what was chosen is where Tab comes back to.
  await page.getByRole("tab", { name: "Files" }).focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("tab", { name: "Terminal" })).toBeFocused();
  await page.keyboard.press("ArrowLeft");
  await expect(page.getByRole("tab", { name: "Files" })).toBeFocused();
});

test("the focus is never lost: dialogs, menus, rows, sessions", async ({ page, folder, browse, servers }) => {
  await mkdir(join(folder, "docs"));
  await fill(folder, { "a.txt": "a", "b.txt": "b", "c.txt": "c", "d.txt": "d" });
  own(folder, servers.ssh.uid);
  await browse();
  const dialog = page.getByRole("dialog");
  const closed = async (after: string) => {
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
    await expectNotLost(page, after);
  };
  const log = page.getByRole("banner").getByRole("button", { name: /^Log/ });
  const press = async (button: ReturnType<Page["getByRole"]>) => {
    await button.focus();
    await page.keyboard.press("Enter");
  };

  // The header and the list.
  await press(log);
  await expect(dialog).toBeVisible();
  await closed("the log");
  await expect(log).toBeFocused();
  await press(page.getByRole("button", { name: "Colour scheme" }));
  await page.getByRole("menuitemradio", { name: "Light" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Colour scheme" })).toBeFocused();
  await press(page.getByRole("button", { name: "New connection" }));
  await expect(dialog).toBeVisible();
  await closed("connecting");
  await expect(page.getByRole("button", { name: "New connection" })).toBeFocused();
  const actions = page.getByRole("button", { name: "Actions of build host" });
  await press(actions);
  await page.getByRole("menuitem", { name: "Rename…" }).focus();
  await page.keyboard.press("Enter");
  await expect(dialog.getByRole("textbox", { name: "Name" })).toBeFocused();
  await closed("renaming given up");
  await expect(actions).toBeFocused();
  await press(actions);
  await page.getByRole("menuitem", { name: "Disconnect" }).focus();
  await page.keyboard.press("Enter");
  await expectNotLost(page, "a session about to be disconnected");
  await press(page.getByRole("button", { name: "Undo" }));
  await expectNotLost(page, "disconnecting undone");

  // The table: every dialog gives the focus back to it, a row that goes leaves it there.
  await grid(page).focus();
  await page.keyboard.press("Home");
  for (const key of ["F2", "Delete"]) {
    await page.keyboard.press(key);
    await expect(dialog).toBeVisible();
    await closed(`a dialog opened by ${key}`);
    await expect(grid(page)).toBeFocused();
  }
  await page.keyboard.type("b");
  for (const item of ["Preview", "Edit", "Move to…", "Copy to…", "Permissions and times…", "Properties", "Delete…"]) {
    await page.keyboard.press("ContextMenu");
    await page.getByRole("menuitem", { name: item }).focus();
    await page.keyboard.press("Enter");
    await expect(dialog).toBeVisible();
    await closed(item);
    await expect(grid(page), item).toBeFocused();
  }
  for (const item of ["New folder…", "New file…", "New link…"]) {
    await press(page.getByRole("button", { name: "New", exact: true }));
    await page.getByRole("menuitem", { name: item }).focus();
    await page.keyboard.press("Enter");
    await expect(dialog).toBeVisible();
    await closed(item);
  }
  await grid(page).focus();
  await page.keyboard.type("c");
  await page.keyboard.press("Delete");
  await press(dialog.getByRole("button", { name: "Delete", exact: true }));
  await expect(row(page, "c.txt")).toBeHidden();
  await expect(grid(page)).toBeFocused();
  // The keyboard goes on beside where the row was, not at the top again.
  await page.keyboard.press("ArrowDown");
  await expect(row(page, "d.txt")).toHaveAttribute("aria-selected", "true");
  await press(page.getByRole("button", { name: "Edit the path" }));
  await expect(page.getByRole("textbox", { name: "Path" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expectNotLost(page, "editing the path given up");
  await press(page.getByRole("button", { name: "Clear the selection" }));
  await expectNotLost(page, "nothing selected any more");
  await press(page.getByRole("button", { name: "Transfers" }));
  await press(page.getByRole("button", { name: "Hide" }));
  await expectNotLost(page, "the transfers put away");

  // Commands.
  await press(page.getByRole("tab", { name: "Commands" }));
  await page.getByLabel("Command", { exact: true }).fill("true");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Exit code 0")).toBeVisible();
  await press(page.getByRole("button", { name: "Remove true from the list" }));
  await expect(page.getByText("Nothing was run yet")).toBeVisible();
  await expectNotLost(page, "a command removed");
  await page.getByLabel("Command", { exact: true }).fill("sleep 600");
  await page.keyboard.press("Enter");
  await press(page.getByRole("button", { name: "Cancel sleep 600" }));
  await expect(page.getByText(/^Cancelled/)).toBeVisible();
  await expectNotLost(page, "a command cancelled");
  await press(page.getByRole("button", { name: "Remove those that ended" }));
  await expect(page.getByText("Nothing was run yet")).toBeVisible();
  await expectNotLost(page, "all commands removed");

  // Terminals.
  await press(page.getByRole("tab", { name: "Terminal", exact: true }));
  await press(page.getByRole("button", { name: "Open a terminal", exact: true }));
  await expect(screen(page)).toContainText(/[$#%>]/);
  await expect(keyboard(page)).toBeFocused();
  await page.keyboard.press("Control+Shift+F6");
  await expect(page.getByRole("tab", { name: "Terminal 1" })).toBeFocused();
  // The tabs of the session can be gone through past a terminal, which has the keys once it is shown.
  await page.getByRole("tab", { name: "Files" }).click();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("tab", { name: "Commands" })).toBeFocused();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Enter");
  await expect(keyboard(page)).toBeFocused();
  await press(page.getByRole("button", { name: "Share" }));
  await expect(dialog).toBeVisible();
  await closed("sharing");
  await press(page.getByRole("button", { name: "Actions of Terminal 1" }));
  await page.getByRole("menuitem", { name: "Rename…" }).focus();
  await page.keyboard.press("Enter");
  await expect(dialog.getByLabel("Name")).toBeFocused();
  await closed("renaming a terminal given up");
  await press(page.getByRole("button", { name: "Actions of Terminal 1" }));
  await page.getByRole("menuitem", { name: "Close terminal…" }).focus();
  await page.keyboard.press("Enter");
  await expect(dialog).toBeVisible();
  await press(dialog.getByRole("button", { name: "Close terminal" }));
  await expect(page.getByText("No terminal is open")).toBeVisible();
  await expectNotLost(page, "the last terminal closed");

  // A phone shows one thing at a time: what is shown has the focus.
  await page.setViewportSize({ width: 390, height: 844 });
  await press(page.getByRole("button", { name: "All sessions" }));
  await expect(page.getByRole("article", { name: "build host" })).toBeVisible();
  await expectNotLost(page, "back to the list");
  await press(page.getByRole("button", { name: "build host", exact: true }));
  await expect(page.getByRole("tab", { name: "Files" })).toBeVisible();
  await expectNotLost(page, "into a session");
});

// Journeys through looking around: where one is, what there is, and how it is found.

import { chmod, mkdir, symlink, utimes, writeFile } from "node:fs/promises";
import { expectAccessibleInBoth } from "./support/axe.js";
import { basename, expect, fill, grid, join, names, own, row, test } from "./support/files.js";
import { shot } from "./support/shots.js";

test("a person goes into folders and back, by breadcrumbs, path and history", async ({ page, folder, browse }) => {
  await mkdir(join(folder, "outer/inner"), { recursive: true });
  await fill(join(folder, "outer/inner"), { "deep.txt": "deep" });
  await browse();
  await row(page, "outer").dblclick();
  await row(page, "inner").dblclick();
  await expect(row(page, "deep.txt")).toBeVisible();
  await expect(page).toHaveURL(new RegExp(encodeURIComponent("/outer/inner")));

  await page.getByRole("navigation", { name: "Folders on the way" }).getByRole("link", { name: "outer" }).click();
  await expect(row(page, "inner")).toBeVisible();
  await page.goBack();
  await expect(row(page, "deep.txt")).toBeVisible();
  await page.reload();
  await expect(row(page, "deep.txt")).toBeVisible();

  await page.getByRole("button", { name: "Edit the path" }).click();
  await page.getByRole("textbox", { name: "Path" }).fill("..");
  await page.keyboard.press("Enter");
  await expect(row(page, "inner")).toBeVisible();
  await page.getByRole("button", { name: "Up one folder" }).click();
  // The folder one came from is where the keyboard is.
  await expect(row(page, "outer")).toHaveAttribute("aria-selected", "true");
  await page.getByRole("button", { name: "Login directory" }).click();
  await expect(row(page, basename(folder))).toBeVisible();
});

test("files are sorted, filtered and hidden ones shown", async ({ page, folder, browse }) => {
  await mkdir(join(folder, "zoo"));
  await fill(folder, { "file10.txt": "x".repeat(3000), "file9.txt": "x", "Über.md": "xx", ".secret": "", "notes.md": "n" });
  await utimes(join(folder, "notes.md"), 1, 1);
  await browse();
  await expect.poll(() => names(page)).toEqual(["zoo", "file9.txt", "file10.txt", "notes.md", "Über.md"]);
  const size = page.getByRole("columnheader", { name: "Size" });
  await size.getByRole("button").click();
  await expect(size).toHaveAttribute("aria-sort", "ascending");
  await size.getByRole("button").click();
  await expect.poll(async () => (await names(page)).slice(0, 2)).toEqual(["zoo", "file10.txt"]);
  await page.getByRole("columnheader", { name: "Modified" }).getByRole("button").click();
  await expect.poll(async () => (await names(page))[1]).toBe("notes.md");
  // The order is remembered.
  await page.reload();
  await expect(page.getByRole("columnheader", { name: "Modified" })).toHaveAttribute("aria-sort", "ascending");

  await page.getByRole("searchbox", { name: "Filter" }).fill("FILE");
  await expect(row(page, "notes.md")).toBeHidden();
  await expect.poll(() => names(page)).toHaveLength(2);
  await expect(page.getByText("2 of 6 entries")).toBeVisible();
  await page.getByRole("searchbox", { name: "Filter" }).fill("nothing like it");
  await expect(page.getByText("No name matches")).toBeVisible();
  await expectAccessibleInBoth(page);
  await page.getByRole("button", { name: "Clear the filter" }).last().click();
  await page.getByRole("button", { name: "Hidden files" }).click();
  await expect(row(page, ".secret")).toBeVisible();
});

test("links show where they lead and are entered when that is a folder", async ({ page, folder, browse }) => {
  await mkdir(join(folder, "real"));
  await fill(join(folder, "real"), { "inside.txt": "x" });
  await fill(folder, { "file.txt": "linked text" });
  await symlink("real", join(folder, "to-folder"));
  await symlink("file.txt", join(folder, "to-file"));
  await symlink("nowhere", join(folder, "broken"));
  await browse();
  await expect(row(page, "to-folder")).toContainText("real");
  await expect(row(page, "to-folder")).toContainText("Link to a folder");
  await expect(row(page, "broken")).toContainText("leads nowhere");
  await row(page, "to-file").dblclick();
  await expect(page.getByRole("region", { name: "Content of to-file" })).toHaveText("linked text");
  await page.keyboard.press("Escape");
  await row(page, "broken").dblclick();
  await expect(page.getByText("broken could not be opened")).toBeVisible();
  await row(page, "to-folder").dblclick();
  await expect(row(page, "inside.txt")).toBeVisible();
});

test("the keyboard alone is enough", async ({ page, folder, browse }) => {
  await mkdir(join(folder, "alpha"));
  await fill(join(folder, "alpha"), { "first.txt": "1", "second.txt": "2" });
  await fill(folder, { "beta.txt": "b", "gamma.txt": "g", "gamut.txt": "g", "omega.txt": "o" });
  await browse();
  await grid(page).focus();
  await page.keyboard.press("ArrowDown");
  await expect(row(page, "alpha")).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await expect(row(page, "first.txt")).toBeVisible();
  await page.keyboard.press("Backspace");
  await expect(row(page, "alpha")).toHaveAttribute("aria-selected", "true");

  await page.keyboard.type("gamu");
  await expect(row(page, "gamut.txt")).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Shift+ArrowDown");
  await expect(grid(page).locator("[aria-selected=true]")).toHaveCount(2);
  await page.keyboard.press("Control+ArrowUp");
  await page.keyboard.press("Control+ArrowUp");
  await page.keyboard.press("Control+ArrowUp");
  await page.keyboard.press("Control+Space");
  await expect(grid(page).locator("[aria-selected=true]")).toHaveCount(3);
  await page.keyboard.press("Control+a");
  await expect(grid(page).locator("[aria-selected=true]")).toHaveCount(5);
  await page.keyboard.press("Escape");
  await expect(grid(page).locator("[aria-selected=true]")).toHaveCount(0);

  await page.keyboard.press("End");
  await page.keyboard.press("F2");
  await page.getByRole("textbox", { name: "Name" }).fill("renamed.txt");
  await page.keyboard.press("Enter");
  await expect(row(page, "renamed.txt")).toHaveAttribute("aria-selected", "true");
  await expect(grid(page)).toBeFocused();
  await page.keyboard.press("ContextMenu");
  await expect(page.getByRole("menuitem", { name: "Properties" })).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Escape");
  await expect(grid(page)).toBeFocused();
  await page.keyboard.press("Delete");
  await expect(page.getByRole("dialog", { name: "Delete 1 entry?" })).toBeVisible();
  await page.getByRole("button", { name: "Delete", exact: true }).focus();
  await page.keyboard.press("Enter");
  await expect(row(page, "renamed.txt")).toBeHidden();
  await expect(grid(page)).toBeFocused();
});

test("several are selected by clicks, and the menu is for all of them", async ({ page, folder, browse }) => {
  await fill(folder, { a: "1", b: "22", c: "333", d: "4444" });
  await browse();
  await row(page, "a").click();
  await row(page, "c").click({ modifiers: ["Shift"] });
  await row(page, "b").click({ modifiers: ["Control"] });
  await row(page, "d").getByRole("checkbox").check();
  await expect(page.getByText("3 selected, 8 B")).toBeVisible();
  await row(page, "d").click({ button: "right" });
  await expect(page.getByRole("menuitem", { name: "Rename…" })).toBeHidden();
  await expect(page.getByRole("menuitem", { name: "Delete…" })).toBeVisible();
  await shot(page, "files-menu");
  await expectAccessibleInBoth(page);
  await page.getByRole("menuitem", { name: "Delete…" }).click();
  await expect(page.getByRole("dialog", { name: "Delete 3 entries?" })).toBeVisible();
});

test("names that would deceive are shown as what they are", async ({ page, folder, browse }) => {
  await fill(folder, { "photo\u202egpj.exe": "x", "line\nbreak": "x", "<img src=x onerror=alert(1)>": "x" });
  await writeFile(Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.from([0xe9])]), "x");
  await browse();
  await expect.poll(() => names(page)).toEqual(
    expect.arrayContaining(["photo\\u{202E}gpj.exe", "line\\x0Abreak", "<img src=x onerror=alert(1)>", "caf\\xE9"]),
  );
});

test("an empty folder, a missing and a forbidden one say what to do", async ({ page, folder, browse, servers }) => {
  await mkdir(join(folder, "locked"));
  await browse();
  await row(page, "locked").dblclick();
  await expect(page.getByText("This folder is empty")).toBeVisible();
  await shot(page, "files-empty");
  await expectAccessibleInBoth(page);

  await page.goto(`${page.url().split("?")[0]}?path=${encodeURIComponent(`${folder}/missing`)}`);
  await expect(page.getByRole("alert").filter({ hasText: "This folder cannot be shown" })).toBeVisible();
  await expect(page.getByText("It is not there: it was removed or renamed")).toBeVisible();
  await shot(page, "files-error");
  await expectAccessibleInBoth(page);
  await page.getByRole("button", { name: "Go up" }).click();
  await expect(row(page, "locked")).toBeVisible();

  // The superuser is refused nothing.
  test.skip(servers.ssh.uid === 0);
  await mkdir(join(folder, "forbidden"));
  await chmod(join(folder, "forbidden"), 0o700);
  await page.getByRole("tabpanel").getByRole("button", { name: "Refresh" }).click();
  await row(page, "forbidden").dblclick();
  await expect(page.getByText(/may not read it/)).toBeVisible();
});

test("while a folder is read there is a sign of life, and what is old says so", async ({ page, folder, browse, manager, servers }) => {
  await mkdir(join(folder, "slow"));
  await fill(folder, { "known.txt": "x" });
  await browse();
  await servers.ask("pause");
  try {
    await row(page, "slow").dblclick();
    await expect(page.getByRole("status", { name: "Reading the folder…" })).toBeVisible();
    await shot(page, "files-loading");
    await expectAccessibleInBoth(page);
  } finally {
    await servers.ask("resume");
  }
  await expect(page.getByText("This folder is empty")).toBeVisible();
  await page.getByRole("button", { name: "Up one folder" }).click();
  await expect(row(page, "known.txt")).toBeVisible();
  await expect(page.getByText(/As of/)).toBeVisible();
  await manager.stop();
  await page.getByRole("tabpanel").getByRole("button", { name: "Refresh" }).click();
  await expect(page.getByText(/This is how it was at/)).toBeVisible();
  // The tip of the button is outside of all landmarks while it is shown.
  await page.mouse.move(640, 600);
  await expect(page.getByRole("tooltip")).toBeHidden();
  await expect(row(page, "known.txt")).toBeVisible();
  await expectAccessibleInBoth(page);
});

test("a folder of 100,000 is interactive within two seconds", async ({ page, folder, site, openSession, servers }) => {
  test.setTimeout(180_000);
  const many = join(folder, "many");
  await mkdir(many);
  for (let from = 0; from < 100_000; from += 2_000) {
    await Promise.all(Array.from({ length: 2_000 }, (_, n) => writeFile(join(many, `file-${from + n}.log`), "")));
  }
  own(folder, servers.ssh.uid);
  const id = await openSession({ kind: "ssh", name: "big" });
  await page.goto(`${site}/#/sessions/${id}/files?path=${encodeURIComponent(folder)}`);
  await expect(row(page, "many")).toBeVisible();
  const measured = await page.evaluate(async () => {
    const list = document.querySelector<HTMLElement>("[role=grid]")!;
    const press = (key: string) => list.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    const until = async (done: () => boolean) => {
      while (!done()) await new Promise((resolve) => requestAnimationFrame(resolve));
      return performance.now();
    };
    list.focus();
    press("ArrowDown");
    await until(() => list.querySelector("[aria-selected=true]") !== null);
    // The longest time the page did not answer while everything arrived.
    let longest = 0;
    let last = performance.now();
    let watching = true;
    const watch = () => {
      const now = performance.now();
      longest = Math.max(longest, now - last);
      last = now;
      if (watching) requestAnimationFrame(watch);
    };
    const start = performance.now();
    requestAnimationFrame(watch);
    press("Enter");
    const first = await until(() => list.querySelectorAll("[role=row]").length > 10 && location.hash.includes("many"));
    press("ArrowDown");
    const interactive = await until(() => list.querySelector("[aria-selected=true]") !== null);
    const complete = await until(() => list.getAttribute("aria-busy") === "false");
    watching = false;
    return { first: first - start, interactive: interactive - start, complete: complete - start, longest };
  });
  console.log("100,000 entries, ms:", JSON.stringify(measured));
  expect(measured.interactive).toBeLessThan(2_000);
  await expect(page.getByText("100,000 entries")).toBeVisible();
  await grid(page).focus();
  await page.keyboard.press("End");
  await expect(row(page, "file-99999.log")).toBeVisible();
  await page.getByRole("searchbox", { name: "Filter" }).fill("file-4242.");
  await expect(row(page, "file-4242.log")).toBeVisible();
  await expect.poll(() => names(page)).toEqual(["file-4242.log"]);
});

test("a phone has all of it", async ({ page, folder, browse }) => {
  await mkdir(join(folder, "pictures"));
  await fill(folder, { "a file with quite a long name that does not fit.txt": "x".repeat(2048), "b.txt": "b" });
  await page.setViewportSize({ width: 390, height: 780 });
  await browse();
  await expect(row(page, "b.txt")).toContainText("1 B");
  const byName = ["pictures", "a file with quite a long name that does not fit.txt", "b.txt"];
  await expect.poll(() => names(page)).toEqual(byName);
  const order = async (choice: string) => {
    await page.getByRole("button", { name: "Order of the list" }).click();
    await page.getByRole("menuitemradio", { name: choice }).or(page.getByRole("menuitemcheckbox", { name: choice })).click();
  };
  await order("Size");
  await expect.poll(() => names(page)).toEqual(["pictures", "b.txt", byName[1]]);
  await order("The other way round");
  await expect.poll(() => names(page)).toEqual(byName);
  await row(page, "b.txt").getByRole("button", { name: "Actions of b.txt" }).click();
  await page.getByRole("menuitem", { name: "Properties" }).click();
  await expect(page.getByRole("dialog", { name: "b.txt" })).toBeVisible();
  await page.keyboard.press("Escape");
  await shot(page, "files-phone");
  await expectAccessibleInBoth(page);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  expect(wide).toBe(false);
});

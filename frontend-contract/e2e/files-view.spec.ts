// Journeys through looking at files and editing them.

import { readFile, writeFile } from "node:fs/promises";
import { deflateSync } from "node:zlib";
import { expectAccessibleInBoth } from "./support/axe.js";
import { choose, expect, fill, join, row, test } from "./support/files.js";
import { shot } from "./support/shots.js";

/** A picture of one colour. */
function png(width: number, height: number): Buffer {
  const table = Array.from({ length: 256 }, (_, n) => {
    let c = n;
    for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
    return c >>> 0;
  });
  const crc = (bytes: Buffer) => {
    let c = 0xffffffff;
    for (const byte of bytes) c = (table[(c ^ byte) & 255] as number) ^ (c >>> 8);
    return (c ^ 0xffffffff) >>> 0;
  };
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const out = Buffer.alloc(8);
    out.writeUInt32BE(data.length, 0);
    out.writeUInt32BE(crc(body), 4);
    return Buffer.concat([out.subarray(0, 4), body, out.subarray(4)]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const line = Buffer.concat([Buffer.from([0]), Buffer.from(Array.from({ length: width }, () => [59, 91, 219]).flat())]);
  const data = deflateSync(Buffer.concat(Array.from({ length: height }, () => line)));
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", head), chunk("IDAT", data), chunk("IEND", Buffer.alloc(0))]);
}

test("text and pictures are shown and nothing is run", async ({ page, folder, browse }) => {
  await fill(folder, {
    "page.html": "<script>document.title = 'run'</script><h1>hello</h1>",
    "evil.svg": `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><script>top.document.title = 'run'</script><rect width="40" height="40"/></svg>`,
    "blue.png": png(120, 60),
    "data.bin": Buffer.from([1, 0, 2, 3]),
    "long.log": "line of a log\n".repeat(40_000),
    "empty.txt": "",
  });
  await browse();
  await row(page, "page.html").dblclick();
  await expect(page.getByRole("region", { name: "Content of page.html" })).toContainText("<script>document.title");
  await page.keyboard.press("Escape");
  for (const [name, width] of [["blue.png", 120], ["evil.svg", 40]] as const) {
    await row(page, name).dblclick();
    const picture = page.getByRole("img", { name: `Picture ${name}` });
    await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(width);
    await page.keyboard.press("Escape");
  }
  expect(await page.title()).not.toBe("run");
  await row(page, "data.bin").dblclick();
  await expect(page.getByText("This file is not text")).toBeVisible();
  await page.keyboard.press("Escape");
  await row(page, "empty.txt").dblclick();
  await expect(page.getByText("This file is empty")).toBeVisible();
  await page.keyboard.press("Escape");
  await row(page, "long.log").dblclick();
  await expect(page.getByText("The first 256.0 KiB of 546.9 KiB.")).toBeVisible();
  await expectAccessibleInBoth(page);
});

test("a text is edited, and a change by someone else is noticed", async ({ page, folder, browse }) => {
  await fill(folder, { "app.conf": "port = 80\r\nhost = a\r\n", "latin.txt": Buffer.from([0x61, 0xe9]), "mixed.txt": "a\r\nb\n" });
  await browse();
  await choose(page, "app.conf", "Edit");
  const area = page.getByRole("textbox", { name: "Content of app.conf" });
  await expect(area).toHaveValue("port = 80\nhost = a\n");
  await area.fill("port = 8080\nhost = a\n");
  await expect(page.getByText("Not saved yet")).toBeVisible();
  await shot(page, "files-edit");
  await expectAccessibleInBoth(page);
  await area.press("Control+s");
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  expect(await readFile(join(folder, "app.conf"), "utf8")).toBe("port = 8080\r\nhost = a\r\n");

  await writeFile(join(folder, "app.conf"), "theirs, and longer than before\r\n");
  await area.fill("mine\n");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("changed on the server meanwhile");
  expect(await readFile(join(folder, "app.conf"), "utf8")).toContain("theirs");
  await expectAccessibleInBoth(page);
  await page.getByRole("button", { name: "Discard mine and read it again" }).click();
  await expect(area).toHaveValue("theirs, and longer than before\n");
  await area.fill("mine again\n");
  await writeFile(join(folder, "app.conf"), "theirs for the second time\r\n");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("button", { name: "Save mine all the same" }).click();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  expect(await readFile(join(folder, "app.conf"), "utf8")).toBe("mine again\r\n");

  await area.fill("lost?\n");
  await page.getByRole("button", { name: "Close", exact: true }).last().click();
  await expect(page.getByText("Discard what is not saved?")).toBeVisible();
  await page.getByRole("button", { name: "Discard", exact: true }).click();
  await expect(page.getByRole("dialog")).toBeHidden();
  await choose(page, "latin.txt", "Edit");
  await expect(page.getByText("would be damaged by editing it here")).toBeVisible();
  await page.keyboard.press("Escape");
  await choose(page, "mixed.txt", "Edit");
  await expect(page.getByText(/others in LF/)).toBeVisible();
});

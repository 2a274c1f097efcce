// The package in the app of somebody else: built, packed, installed, and used from another
// origin, among styles that think of no guest.

import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as connect from "./support/connect.js";
import { choose, expect, fill, join, own, row, test, throttle, type Page } from "./support/files.js";
import { startManager } from "./support/processes.js";
import { picture } from "./support/shots.js";
import { openTerminal } from "./support/terminals.js";
import { serveSite, type Site } from "./support/site.js";

/** What `host-app/build.mjs` says. */
interface Built {
  site: string;
  packed: string[];
  client: { modules: string[]; code: string };
}

test.describe.configure({ mode: "serial" });

let app: string;
let built: Built;
let site: Site;

test.beforeAll(async () => {
  test.setTimeout(180_000);
  app = await mkdtemp(join(tmpdir(), "cm-host-app-"));
  const script = join(import.meta.dirname, "host-app/build.mjs");
  built = JSON.parse(execFileSync("node", [script, app], { encoding: "utf8", maxBuffer: 1 << 26 })) as Built;
  site = await serveSite(built.site);
});

test.afterAll(async () => {
  await site?.stop();
  await rm(app, { recursive: true, force: true });
});

/** What the app was told. */
const told = (page: Page) =>
  page.evaluate(() => (window as unknown as { told: { files: unknown[]; commands: unknown[] } }).told);

/** How parts of the component look: what of their computed style a page around may spoil. */
const LOOK = [
  "box-sizing", "display", "float", "font-family", "font-size", "font-style", "font-weight", "height", "letter-spacing",
  "line-height", "list-style-type", "margin", "outline-style", "padding", "text-align", "text-decoration-line",
  "text-transform", "white-space", "word-spacing", "border-width", "border-style", "border-radius", "transform", "color",
  "background-color", "fill", "stroke",
] as const;

async function lookOf(page: Page): Promise<Record<string, Record<string, string>>> {
  const parts = {
    "New connection": page.getByRole("button", { name: "New connection" }).first(),
    "its icon": page.getByRole("button", { name: "New connection" }).first().locator("svg"),
    heading: page.getByRole("heading", { name: "build host" }),
    card: page.getByRole("article", { name: "build host" }),
    "name on the card": page.getByRole("article").getByRole("button", { name: "build host", exact: true }),
    badge: page.getByRole("article").getByText("SSH", { exact: true }),
    tab: page.getByRole("tab", { name: "Terminal" }),
    crumb: page.getByRole("navigation", { name: "Folders on the way" }).getByRole("link").last(),
    crumbs: page.getByRole("navigation", { name: "Folders on the way" }).getByRole("list"),
    filter: page.getByRole("searchbox", { name: "Filter" }),
    upload: page.getByRole("button", { name: "Upload", exact: true }),
    column: page.getByRole("columnheader", { name: "Name" }).getByRole("button"),
    row: row(page, "notes.txt"),
    name: row(page, "notes.txt").locator("bdi"),
    size: row(page, "notes.txt").locator("[data-field=size]"),
    box: row(page, "notes.txt").getByRole("checkbox"),
  };
  const looks: Record<string, Record<string, string>> = {};
  for (const [name, part] of Object.entries(parts)) {
    looks[name] = await part.evaluate((element, properties) => {
      const style = getComputedStyle(element);
      const before = getComputedStyle(element, "::before");
      return {
        ...Object.fromEntries(properties.map((property) => [property, style.getPropertyValue(property)])),
        "content before": before.content,
      };
    }, LOOK);
  }
  return looks;
}

test("the package brings what it needs, and its client brings no React", () => {
  const packed = built.packed.filter((path) => /\.test\.|^src\/|^e2e\/|testing|main\.|shell\//.test(path));
  expect(packed, "nothing of the workshop is in the package").toEqual([]);
  const { modules, code } = built.client;
  expect(modules.some((id) => id.includes("openapi-fetch"))).toBe(true);
  expect(modules.filter((id) => /react|mantine|tanstack|xterm|tabler/.test(id))).toEqual([]);
  expect(code).not.toMatch(/react|jsx/i);
});

test("in the app of somebody else: connect, browse, fetch, run, and be told", async ({ page, servers, folder, site: ownSite, openSession }) => {
  const origin = `http://app.test:${site.port}`;
  const manager = await startManager(["--cors-origin", origin]);
  // Timers that are set and neither fired nor cleared.
  await page.addInitScript(() => {
    const pending = new Map<number, string>();
    Object.assign(window, { pending });
    const { setTimeout: timeout, setInterval: interval, clearTimeout: clear } = window;
    const where = () => new Error().stack?.split("\n").slice(3, 6).join(" <") ?? "";
    window.setTimeout = ((run: () => void, ms?: number, ...rest: unknown[]) => {
      const id = timeout(() => {
        pending.delete(id);
        if (typeof run === "function") (run as (...all: unknown[]) => void)(...rest);
      }, ms);
      pending.set(id, `timeout ${ms} ${where()}`);
      return id;
    }) as typeof window.setTimeout;
    window.setInterval = ((run: () => void, ms?: number) => {
      const id = interval(run, ms);
      pending.set(id, `interval ${ms} ${where()}`);
      return id;
    }) as typeof window.setInterval;
    window.clearTimeout = window.clearInterval = (id) => {
      pending.delete(id as number);
      clear(id);
    };
  });
  const sockets: { closed: boolean }[] = [];
  page.on("websocket", (socket) => {
    const one = { closed: false };
    sockets.push(one);
    socket.on("close", () => (one.closed = true));
  });
  const asked: string[] = [];
  page.on("request", (request) => request.url().startsWith(manager.url) && asked.push(`${request.method()} ${request.url()}`));
  try {
    await fill(folder, { "notes.txt": "taken along", "photo.png": "", "backup.tar.gz": randomBytes(4000) });
    own(folder, servers.ssh.uid);
    await page.goto(`${origin}/?server=${encodeURIComponent(manager.url)}`);
    await expect(page.getByRole("heading", { name: "No open session" })).toBeVisible();
    await expect(page.getByRole("heading", { name: "Machines" })).toBeVisible();
    const hash = new URL(page.url()).hash;

    await connect.fillIn(page, servers.ssh, "build host");
    await connect.password(page).fill(servers.ssh.password);
    await picture(page, "embedded-dialog");
    await connect.send(page);
    await expect(page.getByRole("tab", { name: "Files" })).toBeVisible();
    await page.getByRole("button", { name: "Edit the path" }).click();
    await page.getByRole("textbox", { name: "Path" }).fill(folder);
    await page.keyboard.press("Enter");
    await expect(row(page, "notes.txt")).toBeVisible();
    await picture(page, "embedded-files");

    // A file, and what the app is told of it.
    const download = page.waitForEvent("download");
    await choose(page, "notes.txt", "Download");
    expect(await readFile(await (await download).path(), "utf8")).toBe("taken along");
    const session = { session_id: expect.stringMatching(/^[0-9a-f-]{36}$/), type: "ssh", host: servers.ssh.host, session_name: "build host" };
    await expect.poll(() => told(page).then(({ files }) => files)).toEqual([
      { session: expect.objectContaining(session), remotePath: join(folder, "notes.txt"), name: "notes.txt", size: 11 },
    ]);
    // Without a secure context there is no clipboard: said, and nothing breaks.
    await choose(page, "notes.txt", "Copy path");
    await expect(page.getByText("The path is in the clipboard")).toBeVisible();

    // A command, and what the app is told of it.
    await page.getByRole("tab", { name: "Commands" }).click();
    await page.getByLabel("Command", { exact: true }).fill("echo to-out; echo to-err >&2; exit 3");
    await page.keyboard.press("Enter");
    await expect(page.getByText("Exit code 3")).toBeVisible();
    await expect.poll(() => told(page).then(({ commands }) => commands)).toEqual([
      { session: expect.objectContaining(session), command: "echo to-out; echo to-err >&2; exit 3", output: expect.stringMatching(/to-out\n[^]*to-err\n|to-err\n[^]*to-out\n/) },
    ]);
    await picture(page, "embedded-command");

    // The component keeps out of what is the app's: address, title, root element, storage of tokens, styles.
    expect(new URL(page.url()).hash).toBe(hash);
    expect(await page.title()).toBe("Tool shelf");
    const around = await page.evaluate(() => ({
      attributes: document.documentElement.getAttributeNames().sort(),
      body: getComputedStyle(document.body).backgroundColor, margin: getComputedStyle(document.body).margin,
      box: getComputedStyle(document.querySelector("#below")!).boxSizing,
      button: getComputedStyle(document.querySelector("#own")!).borderStyle,
    }));
    expect(around).toEqual({ attributes: ["lang"], body: "rgb(253, 246, 227)", margin: "20px", box: "content-box", button: "dotted" });

    // It looks as it does by itself.
    await page.getByRole("tab", { name: "Files" }).click();
    await row(page, "notes.txt").click();
    await page.mouse.move(0, 0);
    const alone = await page.context().newPage();
    await alone.emulateMedia({ colorScheme: "light" });
    const id = await openSession({ kind: "ssh", name: "build host" });
    await alone.goto(`${ownSite}/#/sessions/${id}/files?path=${encodeURIComponent(folder)}`);
    await row(alone, "notes.txt").click();
    await alone.mouse.move(0, 0);
    // Colours may still be on their way from one to another.
    await expect(async () => expect(await lookOf(page)).toEqual(await lookOf(alone))).toPass({ timeout: 30_000 });
    await alone.close();
    // Menus are shown over the page, outside of the component's own element.
    await row(page, "notes.txt").click({ button: "right" });
    const item = page.getByRole("menuitem", { name: "Properties" });
    expect(await item.evaluate((element) => getComputedStyle(element).textTransform)).toBe("none");
    await picture(page, "embedded-menu");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Turn the light off" }).click();
    await expect(page.locator(".connection-manager").first()).toHaveAttribute("data-mantine-color-scheme", "dark");
    await picture(page, "embedded-dark");

    // Put away with everything going on: a terminal, an upload, a command, a session about to go.
    await page.getByRole("tab", { name: "Terminal" }).click();
    await openTerminal(page);
    await picture(page, "embedded-terminal");
    await page.getByRole("tab", { name: "Commands" }).click();
    await page.getByLabel("Command", { exact: true }).fill("echo $$ goes-on; exec sleep 600");
    await page.keyboard.press("Enter");
    await expect(page.getByText(/^\d+ goes-on/)).toBeVisible();
    await page.getByRole("tab", { name: "Files" }).click();
    await throttle(page, 200_000);
    await page.getByTestId("pick-files").setInputFiles({ name: "big.bin", mimeType: "", buffer: randomBytes(3_000_000) });
    await expect(page.getByRole("region", { name: "Transfers" }).getByRole("listitem").filter({ hasText: "big.bin" })).toContainText("/s");
    await page.evaluate(() => {
      Object.assign(window, { asksToStay: false });
      window.addEventListener("beforeunload", (event) => Object.assign(window, { asksToStay: event.defaultPrevented }));
    });
    await page.getByRole("button", { name: "Put away" }).click();
    await expect(page.locator(".connection-manager")).toHaveCount(0);
    await throttle(page);
    await expect.poll(() => sockets.map(({ closed }) => closed)).toEqual([true]);
    // What is left may only be what ends by itself, soon, without a word to the server.
    const begun = asked.length;
    const left = () => page.evaluate(() => [...(window as unknown as { pending: Map<number, string> }).pending.values()]);
    await expect.poll(async () => (await left()).filter((each) => !/^timeout 60000 .*save/.test(each)), { timeout: 15_000 }).toEqual([]);
    expect(asked.slice(begun)).toEqual([]);
    // The machine is asked to end what ran: nobody would see its output.
    const [{ session_id: there } = { session_id: "" }] = ((await (await fetch(`${manager.url}/connections`)).json()) as { sessions: { session_id: string }[] }).sessions;
    await expect.poll(async () => {
      const answer = await fetch(`${manager.url}/connections/${there}/execute`, {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ command: "pgrep -x -f 'sleep 600' || echo none" }),
      });
      return ((await answer.json()) as { output: string }).output;
    }).toBe("none");

    // And taken out again it begins where the server is.
    await page.getByRole("button", { name: "Take out" }).click();
    await expect(page.getByRole("article", { name: "build host" })).toBeVisible();
    const { files, commands } = await told(page);
    expect([files.length, commands.length]).toEqual([1, 1]);
  } finally {
    await page.goto("about:blank");
    await manager.remove();
  }
});

import { expect, it, vi } from "vitest";
import type { EntryPage } from "../../client/models.js";
import { ListingStore, type FetchPage } from "./store.js";

const page = (path: string, names: string[], next?: string): EntryPage => ({
  path,
  entries: names.map((name) => ({ name, path: `${path}/${name}`, type: "file" as const })),
  ...(next === undefined ? {} : { next_cursor: next }),
});
const names = (store: ListingStore) => store.get().parts.flat().map((row) => row.entry.name).join(",");

it("shows the first part while the others are on their way", async () => {
  let release = () => {};
  const gate = new Promise<void>((resolve) => (release = resolve));
  const fetchPage = vi.fn<FetchPage>(async ({ cursor }) => {
    if (cursor === undefined) return page("/home", ["a"], "1");
    await gate;
    return page("/home", ["b"]);
  });
  const store = new ListingStore(fetchPage);
  store.open(undefined);
  await expect.poll(() => names(store)).toBe("a");
  expect(store.get()).toMatchObject({ path: "/home", loading: true, complete: false });
  release();
  await expect.poll(() => store.get().complete).toBe(true);
  expect(names(store)).toBe("a,b");
});

it("keeps what it has when it cannot be asked for anew, and says so", async () => {
  const fetchPage = vi.fn<FetchPage>();
  fetchPage.mockResolvedValueOnce(page("/d", ["a"]));
  const store = new ListingStore(fetchPage);
  store.open("/d");
  await expect.poll(() => store.get().complete).toBe(true);
  const updatedAt = store.get().updatedAt;
  fetchPage.mockRejectedValueOnce(new Error("away"));
  store.reload();
  await expect.poll(() => store.get().error).toBeTruthy();
  expect([names(store), store.get().updatedAt, store.get().loading]).toEqual(["a", updatedAt, false]);
});

it("goes back to a directory at once and asks for it behind", async () => {
  const fetchPage = vi.fn<FetchPage>(async ({ path }) => page(path ?? "/", [`in${path}`]));
  const store = new ListingStore(fetchPage);
  store.open("/a");
  await expect.poll(() => store.get().complete).toBe(true);
  store.open("/b");
  expect(names(store)).toBe("");
  await expect.poll(() => store.get().complete).toBe(true);
  store.open("/a");
  expect([names(store), store.get().loading]).toEqual(["in/a", true]);
  await expect.poll(() => store.get().loading).toBe(false);
});

it("drops the answer of a directory that is not shown any more, and asks again after a change", async () => {
  const answers: ((value: EntryPage) => void)[] = [];
  const store = new ListingStore(() => new Promise((resolve) => answers.push(resolve)));
  store.open("/slow");
  store.open("/fast");
  answers[1]?.(page("/fast", ["f"]));
  answers[0]?.(page("/slow", ["s"]));
  await expect.poll(() => names(store)).toBe("f");
  store.reload();
  store.reload();
  answers[2]?.(page("/fast", ["old"]));
  await expect.poll(() => answers.length).toBe(4);
  answers[3]?.(page("/fast", ["new"]));
  await expect.poll(() => names(store)).toBe("new");
});

it("reads again what it stopped reading, as when a component is taken out and put back", async () => {
  const fetchPage = vi.fn<FetchPage>((_, signal) => new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error));
    if (fetchPage.mock.calls.length > 1) resolve(page("/d", ["a"]));
  }));
  const store = new ListingStore(fetchPage);
  store.open("/d");
  store.close();
  store.open("/d");
  await expect.poll(() => names(store)).toBe("a");
  expect(store.get().loading).toBe(false);
});

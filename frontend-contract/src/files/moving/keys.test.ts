import { expect, it } from "vitest";
import { clipCommand, isForFiles } from "./keys.js";

const key = (name: string, more: Partial<KeyboardEvent> = {}) =>
  clipCommand({ key: name, code: `Key${name.toUpperCase()}`, ctrlKey: true, metaKey: false, altKey: false, shiftKey: false, ...more });

it("knows the keys, with Ctrl or Command and nothing else", () => {
  expect([key("x"), key("c"), key("v"), key("C"), key("a")]).toEqual(["cut", "copy", "paste", "copy", null]);
  expect(key("c", { ctrlKey: false, metaKey: true })).toBe("copy");
  for (const more of [{ ctrlKey: false }, { altKey: true }, { shiftKey: true }, { metaKey: true }]) {
    expect(key("c", more), JSON.stringify(more)).toBeNull();
  }
});

it("goes by the letter, and by the place where there is no Latin one", () => {
  // The key of `c` on a Dvorak keyboard is where `i` is on others.
  expect(key("c", { code: "KeyI" })).toBe("copy");
  expect(key("j", { code: "KeyC" })).toBeNull();
  expect(key("с", { code: "KeyC" })).toBe("copy");
  expect(key(";", { code: "KeyC" })).toBeNull();
});

it("leaves keys to what is typed into, to dialogs, menus and other parts of the page", () => {
  document.body.innerHTML = `
    <div id="files">
      <div id="list" tabindex="0"></div><a id="crumb" href="#"></a><input id="box" type="checkbox">
      <input id="filter"><textarea id="text"></textarea><div id="edited" contenteditable="true"></div>
      <div role="menu"><button id="item"></button></div>
    </div>
    <textarea id="terminal"></textarea><button id="card"></button>`;
  const at = (id: string) => document.getElementById(id) as HTMLElement;
  const root = at("files");
  const may = (target: HTMLElement) => isForFiles(target, root);
  for (const id of ["list", "crumb", "box"]) expect(may(at(id)), id).toBe(true);
  expect(may(document.body)).toBe(true);
  for (const id of ["filter", "text", "edited", "item", "terminal", "card"]) expect(may(at(id)), id).toBe(false);
  document.body.insertAdjacentHTML("beforeend", `<div role="dialog"></div>`);
  expect(may(at("list"))).toBe(false);
});

// @vitest-environment node
// The styles the component is made of: all of Mantine's but what reaches the page around.

import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { layered } from "../scripts/layer.mjs";

const styles = readFileSync(new URL("../src/styles.css", import.meta.url), "utf8");

it("takes the styles of every component of Mantine, and none of its baseline for whole pages", () => {
  const there = readdirSync(new URL("../node_modules/@mantine/core/styles", import.meta.url))
    .filter((name) => name.endsWith(".layer.css") && name !== "baseline.layer.css");
  const taken = [...styles.matchAll(/@import "@mantine\/core\/styles\/([^"]+)";/g)].map(([, name]) => name);
  // A component whose styles say nothing may be left out.
  const spoken = there.filter((name) =>
    readFileSync(new URL(`../node_modules/@mantine/core/styles/${name}`, import.meta.url), "utf8").replace("@layer mantine {", "").trim().length > 1);
  expect(spoken.filter((name) => !taken.includes(name))).toEqual([]);
  expect(taken).not.toContain("baseline.layer.css");
});

it("says the order of the layers first, whichever file comes first", () => {
  const order = "@layer connection-manager-base, mantine, connection-manager;";
  expect(layered(".a { color: red }").startsWith(order)).toBe(true);
  expect(styles.replace(/^\s*\/\*[^]*?\*\/\s*/, "").startsWith(order)).toBe(true);
});

// Writes the npm package into lib: plain modules with their types, and the styles beside them.
import { execFileSync } from "node:child_process";
import { copyFile, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { layered } from "./layer.mjs";

process.chdir(new URL("..", import.meta.url).pathname);
await rm("lib", { recursive: true, force: true });
execFileSync("node_modules/.bin/tsc", ["-p", "tsconfig.lib.json"], { stdio: "inherit" });
for (const name of ["LICENSE-MIT", "LICENSE-APACHE"]) await copyFile(join("..", name), join("lib", name));
for (const name of await readdir("src", { recursive: true })) {
  // The styles of the page around the component are not for the pages of others.
  if (!name.endsWith(".css") || name.startsWith("shell/")) continue;
  const css = await readFile(join("src", name), "utf8");
  await writeFile(join("lib", name), name.endsWith(".module.css") ? layered(css) : css);
}

// Writes the npm package into lib: plain modules with their types, and the styles beside them.
import { execFileSync } from "node:child_process";
import { cp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

process.chdir(new URL("..", import.meta.url).pathname);
await rm("lib", { recursive: true, force: true });
execFileSync("node_modules/.bin/tsc", ["-p", "tsconfig.lib.json"], { stdio: "inherit" });
for (const name of await readdir("src", { recursive: true })) {
  if (name.endsWith(".css")) await cp(join("src", name), join("lib", name));
}

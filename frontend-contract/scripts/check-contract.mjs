// Fails when openapi.json breaks what clients of the contract rely on, which is recorded in
// contract-baseline.json. `--accept` records what is now, after a break that is meant.
import { readFile, writeFile } from "node:fs/promises";
import { breaks, CONTRACT, excerpt } from "./contract.mjs";

const file = (name) => new URL(`../${name}`, import.meta.url);
const read = async (name) => JSON.parse(await readFile(file(name), "utf8"));

const now = await read("openapi.json");
if (process.argv.includes("--accept")) {
  await writeFile(file("contract-baseline.json"), `${JSON.stringify(excerpt(now, CONTRACT), null, 2)}\n`);
} else {
  const found = breaks(await read("contract-baseline.json"), now, CONTRACT);
  for (const one of found) console.error(`breaks clients of the contract: ${one}`);
  if (found.length > 0) process.exit(1);
}

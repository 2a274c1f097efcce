// Writes src/client/schema.ts from openapi.json, or with --check says whether it is stale.
import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";

const source = new URL("../openapi.json", import.meta.url);
const target = new URL("../src/client/schema.ts", import.meta.url);

const types = await openapiTS(source, { alphabetize: true });
const text = `// Made from openapi.json by \`npm run types\`. Not edited by hand.\n\n${astToString(types)}`;

if (!process.argv.includes("--check")) {
  await writeFile(target, text);
} else if ((await readFile(target, "utf8").catch(() => "")) !== text) {
  console.error("src/client/schema.ts is not what openapi.json says: run `npm run types` and commit it");
  process.exit(1);
}

// Fails when the scripts a browser loads before anything is shown weigh more than 300 KB
// compressed, or a compressed file is not the file beside it. What is loaded on demand, as the
// terminal is, does not count.
import { readdir, readFile } from "node:fs/promises";
import { gunzipSync, gzipSync } from "node:zlib";

const BUDGET = 300_000;
const page = new URL("../dist/page/", import.meta.url);

const html = await readFile(new URL("index.html", page), "utf8");
const first = [...html.matchAll(/<(?:script|link)[^>]+(?:src|href)="\.\/(assets\/[^"]+\.js)"/g)].map((m) => m[1]);
const seen = new Set();
let total = 0;
// A script brings those it imports by itself.
while (first.length > 0) {
  const name = first.pop();
  if (seen.has(name)) continue;
  seen.add(name);
  const code = await readFile(new URL(name, page));
  total += gzipSync(code, { level: 9 }).length;
  for (const [, other] of code.toString().matchAll(/(?:\bfrom|\bimport)\s*"\.\/([^"]+\.js)"/g)) first.push(`assets/${other}`);
}
for (const name of await readdir(page, { recursive: true })) {
  if (!name.endsWith(".gz")) continue;
  const plain = await readFile(new URL(name.slice(0, -3), page));
  if (!gunzipSync(await readFile(new URL(name, page))).equals(plain)) throw new Error(`${name} is another file`);
}
if (seen.size === 0) throw new Error("dist/page/index.html loads no script");
console.log(`first load: ${(total / 1000).toFixed(1)} KB of compressed script in ${seen.size} files, of ${BUDGET / 1000}`);
if (total > BUDGET) process.exit(1);

// Builds the app of somebody else with the packed package, as they would: `npm pack`, the
// tarball unpacked into node_modules, beside it only what the package says it needs. Nothing
// comes from a registry. Says on standard output, as one line of JSON, what came of it.
//
//   node e2e/host-app/build.mjs DIRECTORY

import { execFileSync } from "node:child_process";
import { cp, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { build } from "vite";

const own = join(import.meta.dirname, "../..");
const app = process.argv[2];
if (!app) throw new Error("which directory?");
const modules = join(app, "node_modules");
const installed = join(modules, "@connection-manager/frontend");

function run(command, args, cwd) {
  try {
    return execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    throw new Error(`${command} ${args.join(" ")}:\n${error.stdout}${error.stderr}`);
  }
}

await rm(app, { recursive: true, force: true });
await cp(join(own, "e2e/host-app"), app, { recursive: true });
run("npm", ["run", "build:lib"], own);
const [{ filename, files }] = JSON.parse(run("npm", ["pack", "--json", "--pack-destination", app], own));
await mkdir(installed, { recursive: true });
run("tar", ["-xzf", join(app, filename), "--strip-components=1", "-C", installed], app);

// What it depends on, what it wants beside it, and the tools of the app; nothing that merely
// happens to lie in the package's own node_modules.
const { dependencies, peerDependencies } = JSON.parse(await readFile(join(installed, "package.json"), "utf8"));
const tools = ["vite", "@types/react", "@types/react-dom"];
for (const name of [...Object.keys(dependencies), ...Object.keys(peerDependencies), ...tools]) {
  await mkdir(dirname(join(modules, name)), { recursive: true });
  await symlink(join(own, "node_modules", name), join(modules, name));
}

// What the READMEs show is code of this app too.
const readmes = await Promise.all([join(installed, "README.md"), join(own, "../README.md")].map((path) => readFile(path, "utf8")));
for (const [at, [, kind, code]] of [...readmes.join("").matchAll(/^```(tsx?)\n([^]*?)^```$/gm)].entries()) {
  await writeFile(join(app, `readme-${at}.${kind}`), code);
}

// As strict as an app may be, with both ways of finding modules.
const strict = {
  target: "ES2022", lib: ["ES2022", "DOM", "DOM.Iterable"], jsx: "react-jsx", strict: true, noEmit: true,
  exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, noPropertyAccessFromIndexSignature: true,
  verbatimModuleSyntax: true, resolveJsonModule: true, types: ["vite/client"],
};
for (const [name, way] of Object.entries({
  bundler: { module: "ESNext", moduleResolution: "bundler" },
  nodenext: { module: "NodeNext", moduleResolution: "nodenext" },
})) {
  const config = join(app, `tsconfig.${name}.json`);
  await writeFile(config, JSON.stringify({ compilerOptions: { ...strict, ...way }, include: ["*.ts", "*.tsx"] }));
  run(join(own, "node_modules/.bin/tsc"), ["-p", config], app);
}

/** The modules a build put together, and what it wrote. */
async function bundle(options) {
  const result = await build({
    configFile: false, root: app, base: "./", logLevel: "error", mode: "development",
    // React as its developers run it: effects of strict mode twice, and warnings.
    define: { "process.env.NODE_ENV": JSON.stringify("development") },
    ...options,
    build: { target: "es2022", cssTarget: "chrome123", minify: false, emptyOutDir: true, ...options.build },
  });
  const { output } = [result].flat()[0];
  return output.filter((each) => each.type === "chunk");
}

await bundle({ build: { outDir: "dist" } });
const client = await bundle({
  build: { outDir: "dist-client", lib: { entry: join(app, "client-only.ts"), formats: ["es"], fileName: "client" } },
});
console.log(JSON.stringify({
  site: join(app, "dist"),
  packed: files.map(({ path }) => path),
  client: { modules: client.flatMap((chunk) => chunk.moduleIds), code: client.map((chunk) => chunk.code).join("\n") },
}));

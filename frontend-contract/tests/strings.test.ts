// Every word of src/strings.ts is said somewhere: what nothing reads is a translator's lost time.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "..");

it("has no words that nobody reads", { timeout: 60_000 }, () => {
  const files = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\./.test(name)).map((name) => join(root, "src", name));
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), (path) => ts.sys.readFile(path)) as { config: object };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const program = ts.createProgram(files, options);
  const checker = program.getTypeChecker();
  const strings = program.getSourceFile(join(root, "src/strings.ts"));
  if (!strings) throw new Error("src/strings.ts is not there");

  const unread = new Map<ts.Node, string>();
  const declare = (object: ts.ObjectLiteralExpression, path: string) => {
    for (const property of object.properties) {
      if (!ts.isPropertyAssignment(property)) continue;
      const name = path + property.name.getText().replace(/^"|"$/g, "");
      if (ts.isObjectLiteralExpression(property.initializer)) declare(property.initializer, `${name}.`);
      else unread.set(property, name);
    }
  };
  ts.forEachChild(strings, (node) => {
    if (!ts.isVariableStatement(node)) return;
    const initializer = node.declarationList.declarations[0]?.initializer;
    if (initializer && ts.isObjectLiteralExpression(initializer)) declare(initializer, "");
  });
  expect(unread.size).toBeGreaterThan(500);

  const read = (symbol: ts.Symbol | undefined) => symbol?.declarations?.forEach((each) => unread.delete(each));
  /** Which of them is chosen when the page runs. */
  const readAll = (node: ts.Expression) => checker.getTypeAtLocation(node).getProperties().forEach(read);
  const look = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node)) read(checker.getSymbolAtLocation(node.name));
    else if (ts.isElementAccessExpression(node)) readAll(node.expression);
    else if (ts.isBindingElement(node)) {
      const name = node.propertyName ?? node.name;
      if (ts.isIdentifier(name)) read(checker.getTypeAtLocation(node.parent).getProperty(name.text));
    } else if (ts.isCallExpression(node) && node.expression.getText().startsWith("Object.")) node.arguments.forEach(readAll);
    ts.forEachChild(node, look);
  };
  for (const name of files) {
    const file = program.getSourceFile(name);
    if (file && file !== strings) look(file);
  }
  expect([...unread.values()]).toEqual([]);
});

// Each example is an answer that openapi.json allows, and each route of the contract has one.

import { Ajv, type AnySchema } from "ajv";
import { readdir, readFile } from "node:fs/promises";
import { expect, it } from "vitest";
// @ts-expect-error a script without types
import { CONTRACT } from "../scripts/contract.mjs";

type Json = Record<string, any>;
interface Example {
  request: { method: string; path: string; body?: unknown };
  status: number;
  body: unknown;
}

const description = JSON.parse(await readFile("openapi.json", "utf8")) as Json;
const names = (await readdir("examples")).filter((name) => name.endsWith(".json"));
const examples = await Promise.all(names.map(async (name) => (
  [name, JSON.parse(await readFile(`examples/${name}`, "utf8")) as Example] as const
)));

/** Schemas of OpenAPI 3.0 as JSON Schema: `nullable` is another type, and no answer may have
 * a key that is not described. */
function strict(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strict);
  if (value === null || typeof value !== "object") return value;
  const { nullable, format: _, example: __, ...rest } = value as Json;
  const inner = Object.fromEntries(Object.entries(rest).map(([key, each]) => [key, strict(each)]));
  if (inner["properties"] && !("additionalProperties" in inner)) inner["additionalProperties"] = false;
  return nullable && typeof inner["type"] === "string" ? { ...inner, type: [inner["type"], "null"] } : inner;
}

const ajv = new Ajv({ strict: false, allErrors: true });
ajv.addSchema({ $id: "api", ...(strict({ components: description["components"] }) as Json) });

/** The operation of a request, as the description names it. */
function operationOf({ method, path }: Example["request"]): [string, Json] {
  const parts = (path.split("?")[0] ?? "").split("/");
  const matches = Object.keys(description["paths"] as Json).filter((route) => {
    const wanted = route.split("/");
    return wanted.length === parts.length && wanted.every((part, i) => part.startsWith("{") || part === parts[i]);
  });
  const route = matches.find((each) => !each.includes("{")) ?? matches[0] ?? "";
  return [`${method} ${route}`, (description["paths"] as Json)[route]?.[method.toLowerCase()] as Json];
}

it.each(examples)("%s is what its route may answer", (_, example) => {
  const [, operation] = operationOf(example.request);
  const schema = operation["responses"][String(example.status)].content["application/json"].schema as Json;
  const check = ajv.compile({ $ref: `api${String(schema["$ref"])}` } as AnySchema);
  check(example.body);
  expect(check.errors ?? []).toEqual([]);
});

it("each route of the contract has an example of success", () => {
  const shown = examples.filter(([, e]) => e.status === 200).map(([, e]) => operationOf(e.request)[0]);
  expect((CONTRACT as string[]).filter((route) => !shown.includes(route))).toEqual([]);
});

it("no example has a secret or a path of this machine", () => {
  expect(JSON.stringify(examples)).not.toMatch(/cm-test|127\.0\.0\.1|"password":"(?!…|wrong)/);
});

import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
// @ts-expect-error a script without types
import { breaks, CONTRACT, excerpt } from "../scripts/contract.mjs";

// Descriptions are looked into at any depth.
type Json = Record<string, any>;
const compare = breaks as (before: Json, after: Json, only?: string[]) => string[];

const baseline = JSON.parse(await readFile("contract-baseline.json", "utf8")) as Json;
const now = JSON.parse(await readFile("openapi.json", "utf8")) as Json;

/** What the check says of a description changed in this way. */
function after(change: (description: Json) => void): string[] {
  const changed = structuredClone(baseline);
  change(changed);
  return compare(baseline, changed, CONTRACT as string[]);
}
const schema = (description: Json, name: string): Json => description["components"].schemas[name];

describe("the contract", () => {
  it("is kept by openapi.json", () => {
    expect(compare(baseline, now, CONTRACT as string[])).toEqual([]);
  });

  it("may be added to", () => {
    expect(after((d) => {
      schema(d, "SessionObject")["properties"].color = { type: "string" };
      schema(d, "SshConnect")["properties"].color = { type: "string" };
      d["paths"]["/new"] = { get: { responses: {} } };
    })).toEqual([]);
  });

  it.each([
    ["a route that is gone", (d: Json) => delete d["paths"]["/health"], "GET /health: the route is gone"],
    ["a status that is gone", (d: Json) => delete d["paths"]["/connections"].get.responses["401"], "the status 401 is gone"],
    ["a field that is gone", (d: Json) => delete schema(d, "FileObject")["properties"].permissions, "permissions is gone"],
    ["a field that may be absent", (d: Json) => schema(d, "SessionObject")["required"].splice(0, 1), "may be absent now"],
    ["a type that changed", (d: Json) => (schema(d, "SessionObject")["properties"].port.type = "string"), "was integer, is string"],
    ["a field that may be null", (d: Json) => (schema(d, "SessionObject")["properties"].host.nullable = true), "host: may be null now"],
    ["a value that is new in an answer", (d: Json) => schema(d, "SessionType")["enum"].push("scp"), "may be scp now"],
    ["a field that must be sent", (d: Json) => schema(d, "SshConnect")["required"].push("keyPath"), "keyPath must be sent now"],
    ["a field no longer taken", (d: Json) => delete schema(d, "FtpConnect")["properties"].useTLS, "useTLS is no longer taken"],
    ["a parameter that is gone", (d: Json) => (d["paths"]["/connections/{session_id}/files"].get.parameters = []), "is gone"],
  ])("is broken by %s", (_, change, words) => {
    const found = after(change as (d: Json) => void);
    expect(found.join("\n")).toContain(words);
  });

  it("has an excerpt that stands by itself", () => {
    const text = JSON.stringify((excerpt as (d: Json, only: unknown) => Json)(now, CONTRACT));
    for (const [, name] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      expect(JSON.parse(text).components.schemas).toHaveProperty(name ?? "");
    }
  });
});

import { expect, it } from "vitest";
import { parsePlace, placeHash } from "./location.js";

it("reads what it writes, names of any bytes included", () => {
  const place = { sessionId: "a b", tab: "files", params: { path: "/tmp/ü &=#\uf7ff" } } as const;
  expect(parsePlace(placeHash(place))).toEqual(place);
});

it("takes any other hash for nowhere", () => {
  for (const hash of ["", "#", "#/", "#top", "#/sessions", "#/sessions/a/files/more", "#/other/a"]) {
    expect(parsePlace(hash).sessionId, hash).toBeNull();
  }
  expect(parsePlace("#/sessions/a")).toEqual({ sessionId: "a", tab: "files", params: {} });
  expect(parsePlace("#/sessions/a/unknown").tab).toBe("files");
  expect(parsePlace("#/sessions/%E0%A4%A/terminal").tab).toBe("terminal");
});

import { describe, expect, it } from "vitest";
import {
  baseOf, besides, crumbs, extensionOf, fromEditable, isUnusual, nameProblem, parentOf, resolve, shown, toEditable,
} from "./names.js";

describe("names", () => {
  it("shows what would hide, turn or break a line as escapes", () => {
    expect(shown("plain é 漢字 a\\b")).toBe("plain é 漢字 a\\b");
    expect(shown("caf\uf7e9")).toBe("caf\\xE9");
    expect(shown("a\nb\u001b[31m")).toBe("a\\x0Ab\\x1B[31m");
    expect(shown("gpj.\u202eexe")).toBe("gpj.\\u{202E}exe");
    expect(shown("zero\u200bwidth\ufeff")).toBe("zero\\u{200B}width\\u{FEFF}");
  });

  it("takes an edited name back to exactly what it was", () => {
    for (const name of ["plain", "a\\b", "caf\uf7e9", "a\\x41\n", "\u202e\\\\", "tab\t\uf780\uf7ff"]) {
      expect(fromEditable(toEditable(name), isUnusual(name))).toBe(name);
    }
    expect(fromEditable("\\x41", false)).toBe("\\x41");
    expect(fromEditable("\\x41\\u{110000}", true)).toBe("A\\u{110000}");
  });

  it("takes paths apart", () => {
    expect(parentOf("/a/b")).toBe("/a");
    expect(parentOf("/a")).toBe("/");
    expect(parentOf("/")).toBe("/");
    expect(baseOf("/a/b/")).toBe("b");
    expect(resolve("/a/b", "../c/./d")).toBe("/a/c/d");
    expect(resolve("/a", "/x//y")).toBe("/x/y");
    expect(resolve("/a", "../../..")).toBe("/");
    expect(crumbs("/a/b").map((crumb) => crumb.path)).toEqual(["/", "/a", "/a/b"]);
    expect(extensionOf(".bashrc")).toBe("");
    expect(extensionOf("A.TXT")).toBe("txt");
  });

  it("finds a name beside one that is taken", () => {
    expect(besides("a.txt", 2)).toBe("a (2).txt");
    expect(besides("a.tar.gz", 3)).toBe("a (3).tar.gz");
    expect(besides(".bashrc", 2)).toBe(".bashrc (2)");
    expect(besides("folder", 2)).toBe("folder (2)");
  });

  it("says what is wrong with a name", () => {
    expect(nameProblem("")).toBe("empty");
    expect(nameProblem("a/b")).toBe("slash");
    expect(nameProblem("..")).toBe("dots");
    expect(nameProblem("a\0")).toBe("nul");
    expect(nameProblem("é".repeat(128))).toBe("long");
    expect(nameProblem("\uf7e9".repeat(255))).toBeNull();
  });
});

import { expect, it } from "vitest";
import { formatLeft, formatSize, formatTime, toLocalInput } from "./format.js";
import { octal, parseOctal, symbolic } from "./permissions.js";

it("writes sizes with the unit that fits", () => {
  expect([0, 1023, 1024, 1536, 1048575, 5 * 1024 ** 3].map(formatSize))
    .toEqual(["0 B", "1023 B", "1.00 KiB", "1.50 KiB", "1.00 MiB", "5.00 GiB"]);
});

it("writes times that sort by eye", () => {
  const at = new Date(2026, 0, 2, 3, 4, 5).getTime();
  expect(formatTime(at)).toBe("2026-01-02 03:04");
  expect(toLocalInput(at)).toBe("2026-01-02T03:04:05");
  expect(formatTime(Number.NaN)).toBe("");
  expect([0.2, 89, 100, 7800].map(formatLeft)).toEqual(["1 s", "89 s", "2 min", "2 h 10 min"]);
});

it("reads and writes permissions", () => {
  expect(parseOctal("644")).toBe(0o644);
  expect(parseOctal("7777")).toBe(0o7777);
  for (const wrong of ["", "8", "17777", "-1", "rw"]) expect(parseOctal(wrong)).toBeNull();
  expect(octal(0o44)).toBe("0044");
  expect(symbolic(0o755)).toBe("rwxr-xr-x");
  expect(symbolic(0o4711)).toBe("rws--x--x");
  expect(symbolic(0o1666)).toBe("rw-rw-rwT");
});

import { describe, expect, it } from "vitest";
import { isFinal, parseServerFrame, ProtocolError, terminalUrl } from "./terminal.js";

describe("frames of the server", () => {
  it("reads every frame TERMINAL.md names", () => {
    for (const frame of [
      { type: "opened", terminal_id: "t", viewer_id: "v", mode: "write", name: "n", cols: 80, rows: 24, window: 262144, end: 0, recording: null },
      { type: "offset", offset: 0, lost: 0 },
      { type: "resize", cols: 120, rows: 40 },
      { type: "viewers", viewers: [{ viewer_id: "v", mode: "read", shared: true }] },
      { type: "recording", state: "failed" },
      { type: "exit", status: null, signal: "HUP" },
      { type: "error", code: "read_only", message: "m" },
    ]) {
      expect(parseServerFrame(JSON.stringify(frame))).toEqual(frame);
    }
  });

  it("refuses what is no frame and passes over what it does not know", () => {
    for (const wrong of [
      "", "null", "[]", "{}", '{"type":1}', '{"type":"offset","offset":1.5,"lost":0}',
      '{"type":"viewers","viewers":[{}]}', '{"type":"exit","status":0}',
    ]) {
      expect(() => parseServerFrame(wrong), wrong).toThrow(ProtocolError);
    }
    expect(parseServerFrame('{"type":"toString"}')).toBeNull();
    expect(parseServerFrame('{"type":"later"}')).toBeNull();
  });
});

it("builds the address of the socket from that of the server", () => {
  expect(terminalUrl("https://a.example/cm", "s 1", { terminal: "t", from: 0 }))
    .toBe("wss://a.example/cm/ws/terminal/s%201?terminal=t&from=0");
  expect(terminalUrl("http://127.0.0.1:8000", "s")).toBe("ws://127.0.0.1:8000/ws/terminal/s");
});

it("knows after which close a terminal is gone", () => {
  expect([1000, 4001, 4002, 4005].every(isFinal)).toBe(true);
  expect([1001, 1006, 4008].some(isFinal)).toBe(false);
});

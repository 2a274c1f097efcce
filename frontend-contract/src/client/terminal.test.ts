import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createClient } from "./client.js";
import { TerminalConnection, type SocketLike, type TerminalEvents, type TerminalTarget } from "./terminal.js";

const THERE: TerminalTarget = { sessionId: "s", terminalId: "t" };
const WINDOW = 1024;

class FakeSocket implements SocketLike {
  binaryType = "";
  readyState = 1;
  onopen: SocketLike["onopen"] = null;
  onmessage: SocketLike["onmessage"] = null;
  onclose: SocketLike["onclose"] = null;
  sent: (string | Uint8Array)[] = [];
  constructor(readonly url: string) {}
  send(data: string | Uint8Array) {
    this.sent.push(data);
  }
  close() {
    this.readyState = 3;
  }
  say(frame: object) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
  bytes(text: string) {
    this.onmessage?.({ data: new TextEncoder().encode(text).buffer });
  }
  cut(code = 1006) {
    this.onclose?.({ code });
  }
  opened(offset = 0, lost = 0, mode = "write") {
    this.onopen?.(undefined as never);
    this.say({ type: "opened", terminal_id: "t", viewer_id: "1", mode, name: "n", cols: 80, rows: 24, window: WINDOW, end: 0, recording: "running" });
    this.say({ type: "offset", offset, lost });
  }
  frames(type: string): Record<string, unknown>[] {
    return this.sent.filter((sent) => typeof sent === "string")
      .map((text) => JSON.parse(text) as Record<string, unknown>).filter((frame) => frame["type"] === type);
  }
}

let sockets: FakeSocket[];
let shown: string;
let recorded: (string | null)[];
let told: string[];
let answers: Record<string, () => Response>;
let asked: string[];

function connection(target: TerminalTarget = THERE, extra: { token?: string; mode?: "read"; from?: number } = {}) {
  const { token, ...options } = extra;
  const client = createClient({
    baseUrl: "http://m.test/cm",
    token: () => token ?? null,
    fetch: async (request) => {
      const key = `${request.method} ${new URL(request.url).pathname}`;
      asked.push(`${key} ${await request.clone().text()}`);
      const answer = answers[key];
      if (!answer) throw new TypeError("away");
      return answer();
    },
  });
  const events: TerminalEvents = {
    data: (bytes) => (shown += new TextDecoder().decode(bytes)),
    lost: (bytes) => told.push(`lost ${bytes}`),
    state: (state) => told.push(state.kind === "ended" ? `ended ${state.end}` : state.kind),
    recording: (state) => recorded.push(state),
    exited: (status, signal) => told.push(`exit ${status} ${signal}`),
    resized: (cols, rows) => told.push(`size ${cols}x${rows}`),
  };
  const made = new TerminalConnection({
    client, target, events, ...options,
    socket: (url) => {
      const socket = new FakeSocket(url);
      sockets.push(socket);
      return socket;
    },
  });
  made.start();
  return made;
}

const turn = () => vi.advanceTimersByTimeAsync(0);
const last = () => sockets.at(-1) as FakeSocket;

beforeEach(() => {
  vi.useFakeTimers();
  sockets = [];
  shown = "";
  told = [];
  recorded = [];
  asked = [];
  answers = { "GET /cm/connections/s/terminals/t": () => Response.json({}) };
});
afterEach(() => vi.useRealTimers());

async function attached(...args: Parameters<typeof connection>) {
  const made = connection(...args);
  await turn();
  last().opened();
  return made;
}

describe("a cut", () => {
  it("is followed by the very next byte", async () => {
    await attached();
    last().bytes("hello ");
    last().cut();
    expect(told.at(-1)).toBe("waiting");
    await vi.advanceTimersByTimeAsync(1000);
    expect(last().url).toBe("ws://m.test/cm/ws/terminal/s?from=6&terminal=t&mode=write");
    last().opened(6);
    last().bytes("world");
    expect(shown).toBe("hello world");
    expect(told).not.toContainEqual(expect.stringContaining("lost"));
  });

  it("in which bytes were lost says how many, once", async () => {
    await attached();
    last().bytes("abc");
    last().cut();
    await vi.advanceTimersByTimeAsync(1000);
    last().opened(50, 47);
    last().bytes("xyz");
    expect(told.filter((each) => each.startsWith("lost"))).toEqual(["lost 47"]);
    last().cut();
    await vi.advanceTimersByTimeAsync(1000);
    expect(last().url).toContain("from=53");
  });

  it("after which the server begins earlier shows nothing twice", async () => {
    await attached();
    last().bytes("abcdef");
    last().cut();
    await vi.advanceTimersByTimeAsync(1000);
    last().opened(2);
    last().bytes("cd");
    last().bytes("efgh");
    expect(shown).toBe("abcdefgh");
  });

  it("is waited out longer each time, and not beyond ten seconds", async () => {
    await attached();
    last().cut();
    const waits: number[] = [];
    for (let n = 0; n < 8; n += 1) {
      const before = sockets.length;
      const begun = Date.now();
      while (sockets.length === before) await vi.advanceTimersByTimeAsync(50);
      waits.push(Date.now() - begun);
      last().cut();
    }
    expect(waits[0]).toBeLessThan(700);
    expect(waits[7]).toBeGreaterThan(7_500);
    expect(Math.max(...waits)).toBeLessThan(12_200);
  });

  it("ends the view when the terminal is gone meanwhile, and not when the server is away", async () => {
    await attached();
    answers = {};
    last().cut();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(told.at(-1)).toBe("waiting");
    answers["GET /cm/connections/s/terminals/t"] = () => Response.json({ detail: "x", code: "not_found" }, { status: 404 });
    await vi.advanceTimersByTimeAsync(13_000);
    expect(told.at(-1)).toBe("ended gone");
    expect(sockets).toHaveLength(1);
  });
});

describe("the end", () => {
  it.each([
    [1000, "ended exited"], [4001, "ended session_closed"], [4002, "ended closed"], [4003, "ended revoked"],
    [4004, "ended not_opened"], [4005, "ended connection_lost"], [4006, "ended detached"], [1002, "ended refused"],
  ])("%i is told as %s and tries nothing more", async (code, end) => {
    await attached();
    if (code === 1000) last().say({ type: "exit", status: 3, signal: null });
    last().cut(code);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told.at(-1)).toBe(end);
    expect(told.includes("exit 3 null")).toBe(code === 1000);
    expect(sockets).toHaveLength(1);
  });

  it.each([1001, 1006, 4008])("%i is followed by another attempt", async (code) => {
    await attached();
    last().cut(code);
    await vi.advanceTimersByTimeAsync(1000);
    expect(sockets).toHaveLength(2);
  });

  it("by leaving is heard of no more", async () => {
    const view = await attached();
    const socket = last();
    view.leave();
    socket.bytes("late");
    socket.cut();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(shown).toBe("");
    expect(told.at(-1)).toBe("ended left");
    expect(socket.readyState).toBe(3);
  });

  it("comes with a frame that is none of the protocol, or bytes without an offset", async () => {
    await attached();
    last().onmessage?.({ data: "nonsense" });
    expect(told.at(-1)).toBe("ended refused");
    connection();
    await turn();
    last().bytes("early");
    expect(told.at(-1)).toBe("ended refused");
  });
});

describe("credits", () => {
  it("are given back each quarter of the window, and only for what came", async () => {
    const view = await attached();
    last().bytes("x".repeat(WINDOW));
    view.drawn(WINDOW / 4 - 1);
    expect(last().frames("ack")).toEqual([]);
    view.drawn(WINDOW / 4);
    view.drawn(WINDOW * 9);
    expect(last().frames("ack").map((frame) => frame["offset"])).toEqual([WINDOW / 4, WINDOW]);
  });
});

describe("what is typed", () => {
  it("goes out in frames of at most 64 KiB, and nowhere while cut or only watching", async () => {
    const view = await attached();
    expect(view.write("x".repeat(100_000))).toBe(true);
    expect(last().sent.map((frame) => frame.length)).toEqual([65_536, 34_464]);
    view.setMode("read");
    await turn();
    expect(last().url).toContain("mode=read");
    last().opened(0, 0, "read");
    expect(view.write("x")).toBe(false);
    last().cut();
    expect(view.write("x")).toBe(false);
  });

  it("may be a size or a signal, within what the protocol takes", async () => {
    const view = await attached();
    view.resize(9999, 0);
    view.signal("INT");
    expect(last().sent.map((text) => JSON.parse(String(text)) as unknown)).toEqual([
      { type: "resize", cols: 500, rows: 1 }, { type: "signal", signal: "INT" },
    ]);
  });
});

describe("the way in", () => {
  it("is a ticket where there is a token, and the token is in no address", async () => {
    answers["POST /cm/tickets"] = () => Response.json({ ticket: "one", expires_in: 30 });
    await attached(THERE, { token: "secret" });
    expect(asked).toEqual(['POST /cm/tickets {"path":"/ws/terminal/s"}']);
    expect(last().url).toContain("ticket=one");
    expect(last().url).not.toContain("secret");
  });

  it("is a ticket for the share, asked for anew each time", async () => {
    answers["POST /cm/shares/tickets"] = () => Response.json({ ticket: `t${asked.length}`, expires_in: 30 });
    const view = await attached({ share: "link" });
    last().bytes("ab");
    last().cut();
    await vi.advanceTimersByTimeAsync(1000);
    expect(last().url).toBe("ws://m.test/cm/ws/share?from=2&ticket=t2");
    expect(view.mode).toBe("read");
  });

  it("by opening is never tried twice, and attaches once it is open", async () => {
    connection({ sessionId: "s", open: { cols: 80, rows: 24 } });
    await turn();
    last().cut();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sockets).toHaveLength(1);
    expect(told.at(-1)).toBe("ended not_opened");

    await attached({ sessionId: "s", open: { cols: 90, rows: 20 } });
    expect(last().frames("open")).toEqual([{ type: "open", cols: 90, rows: 20 }]);
    last().cut();
    await vi.advanceTimersByTimeAsync(1000);
    expect(last().url).toContain("terminal=t");
  });

  it("that leads nowhere is given up after a time and tried again", async () => {
    connection();
    await turn();
    await vi.advanceTimersByTimeAsync(16_000);
    expect(sockets.length).toBeGreaterThan(1);
  });

  it("is tried at once when asked", async () => {
    const view = await attached();
    last().cut();
    await vi.advanceTimersByTimeAsync(2000);
    last().cut();
    view.again();
    await turn();
    expect(sockets).toHaveLength(3);
  });
});

it("is told whether it is recorded, at every attachment and when that ends", async () => {
  await attached();
  expect(recorded).toEqual(["running"]);
  last().say({ type: "recording", state: "total_limit" });
  last().say({ type: "recording", state: "a word of later" });
  expect(recorded).toEqual(["running", "total_limit", "a word of later"]);
  last().cut();
  await vi.advanceTimersByTimeAsync(1000);
  last().opened();
  expect(recorded.at(-1)).toBe("running");
});

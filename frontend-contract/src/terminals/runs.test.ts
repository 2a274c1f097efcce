import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createClient } from "../client/client.js";
import { CommandRuns, type Run } from "./runs.js";

type Write = (text: string) => void;

let streams: { write: Write; end(): void; signal: AbortSignal }[];
let asked: string[];

function runs(): CommandRuns {
  const client = createClient({
    baseUrl: "http://m.test",
    fetch: async (request) => {
      asked.push(`${request.method} ${new URL(request.url).pathname}`);
      if (request.method === "DELETE") return Response.json({ message: "ok" });
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          streams.push({
            write: (text) => controller.enqueue(new TextEncoder().encode(text)),
            end: () => controller.close(),
            signal: request.signal,
          });
          request.signal.addEventListener("abort", () => controller.error(new DOMException("", "AbortError")));
        },
      });
      return new Response(body);
    },
  });
  return new CommandRuns(client, "s");
}

const turn = () => vi.advanceTimersByTimeAsync(100);
const say = (event: string, data: object) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
const exit = (code: number) => say("exit", { exit_code: code, duration_ms: 5, truncated: false });

beforeEach(() => {
  vi.useFakeTimers();
  streams = [];
  asked = [];
});
afterEach(() => vi.useRealTimers());

it("shows what a command says while it runs, and tells its end once", async () => {
  const all = runs();
  const ended: [Run, string][] = [];
  all.run("id", "", (run, output) => ended.push([run, output]));
  await turn();
  streams[0]?.write(say("started", { exec_id: "e" }) + say("stdout", { data: "a\n" }));
  await turn();
  expect(all.all()[0]).toMatchObject({ state: "running", took: null, blocks: [{ text: "a\n" }] });
  streams[0]?.write(say("stderr", { data: "b\n" }) + exit(2));
  await turn();
  expect(all.all()[0]).toMatchObject({ state: "ended", took: 5, end: { exit_code: 2 } });
  expect(ended.map(([run, output]) => [run.state, output])).toEqual([["ended", "a\nb\n"]]);
});

it("cancels by the id of the command and by hanging up, and only that one", async () => {
  const all = runs();
  all.run("one", "", () => undefined);
  all.run("two", "", () => undefined);
  await turn();
  for (const [at, stream] of streams.entries()) stream.write(say("started", { exec_id: `e${at}` }));
  await turn();
  all.cancel(1);
  await turn();
  expect(asked).toContain("DELETE /connections/s/exec/e0");
  expect(streams.map(({ signal }) => signal.aborted)).toEqual([true, false]);
  expect(all.all().map(({ state }) => state)).toEqual(["running", "cancelled"]);
  expect(all.all()[1]?.took).not.toBeNull();
});

it("does not take a cut for the end", async () => {
  const all = runs();
  all.run("one", "", () => undefined);
  await turn();
  streams[0]?.write(say("started", { exec_id: "e" }));
  streams[0]?.end();
  await turn();
  expect(all.all()[0]).toMatchObject({ state: "failed", end: null });
  expect(all.all()[0]?.problem).toContain("lost");
});

it("keeps fifty, and never forgets one that runs", async () => {
  const all = runs();
  all.run("runs on", "", () => undefined);
  await turn();
  for (let n = 0; n < 60; n += 1) {
    all.run(`n${n}`, "", () => undefined);
    await turn();
    streams.at(-1)?.write(exit(0));
    await turn();
  }
  expect(all.all()).toHaveLength(50);
  expect(all.all().at(-1)?.command).toBe("runs on");
  all.clear();
  expect(all.all().map(({ command }) => command)).toEqual(["runs on"]);
});

import { afterEach, expect, it, vi } from "vitest";
import { createClient } from "./client.js";
import { runCommand, SILENT, type CommandEvent } from "./exec.js";

afterEach(() => vi.useRealTimers());

function clientOf(answers: Record<string, () => Response>) {
  const requests: Request[] = [];
  const client = createClient({
    baseUrl: "http://m.test",
    token: () => "secret",
    fetch: async (request) => {
      requests.push(request);
      const answer = answers[new URL(request.url).pathname];
      if (!answer) throw new TypeError("away");
      return answer();
    },
  });
  return { client, requests };
}

async function run(answers: Record<string, () => Response>) {
  const { client, requests } = clientOf(answers);
  const events: CommandEvent[] = [];
  let error: unknown;
  try {
    for await (const event of runCommand(client, "s", { command: "id" }, new AbortController().signal)) {
      events.push(event);
    }
  } catch (cause) {
    error = cause;
  }
  return { events, error, requests };
}

const live = (text: string) => () => new Response(text, { headers: { "Content-Type": "text/event-stream" } });
const STARTED = 'event: started\ndata: {"exec_id":"e"}\n\nevent: stdout\ndata: {"data":"a\\n"}\n\n';

it("gives out what a command says and how it ended, with the token in a header", async () => {
  const { events, error, requests } = await run({
    "/connections/s/exec": live(`${STARTED}: still here\n\nevent: stderr\ndata: {"data":"b"}\n\nevent: exit\ndata: {"exit_code":3,"duration_ms":5,"truncated":false}\n\n`),
  });
  expect(error).toBeUndefined();
  expect(events).toEqual([
    { type: "started", execId: "e" }, { type: "stdout", data: "a\n" }, { type: "stderr", data: "b" },
    { type: "exit", end: { exit_code: 3, duration_ms: 5, truncated: false } },
  ]);
  expect(requests[0]?.headers.get("authorization")).toBe("Bearer secret");
  expect(requests[0]?.headers.get("accept")).toBe("text/event-stream");
});

it("tells an error the command met, and a stream that stopped, which is no end", async () => {
  const failed = await run({ "/connections/s/exec": live(`${STARTED}event: error\ndata: {"detail":"it was","code":"cancelled"}\n\n`) });
  expect(failed.error).toMatchObject({ code: "cancelled", detail: "it was" });
  const cut = await run({ "/connections/s/exec": live(STARTED) });
  expect(cut.events).toHaveLength(2);
  expect(cut.error).toMatchObject({ isAway: true });
});

it("falls back to the route of the contract, and only where the other is not there", async () => {
  const execute = () => Response.json({ output: "uid=0", success: true });
  const older = await run({
    "/connections/s/exec": () => Response.json({ detail: "Not Found" }, { status: 404 }),
    "/connections/s/execute": execute,
  });
  expect(older.events.map((event) => event.type)).toEqual(["started", "stdout", "exit"]);
  const refused = await run({
    "/connections/s/exec": () => Response.json({ detail: "wrong", code: "bad_request" }, { status: 400 }),
    "/connections/s/execute": execute,
  });
  expect(refused.events).toEqual([]);
  expect(refused.error).toMatchObject({ status: 400, code: "bad_request" });
});

it("tells a quiet command from a stream that is dead: comments are signs of life", async () => {
  vi.useFakeTimers();
  let write: (text: string) => void = () => undefined;
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      write = (text) => controller.enqueue(new TextEncoder().encode(text));
    },
    cancel: () => {
      cancelled = true;
    },
  });
  const running = run({ "/connections/s/exec": () => new Response(body) });
  let over = false;
  void running.then(() => (over = true));
  write(STARTED);
  // Quiet for ten minutes, with a comment every 15 seconds as the server sends them.
  for (let n = 0; n < 40; n += 1) {
    await vi.advanceTimersByTimeAsync(15_000);
    write(":\n\n");
  }
  expect(over).toBe(false);
  await vi.advanceTimersByTimeAsync(SILENT - 1_000);
  expect(over).toBe(false);
  await vi.advanceTimersByTimeAsync(2_000);
  const { events, error } = await running;
  expect(events).toHaveLength(2);
  expect(error).toMatchObject({ isAway: true, code: "unreachable", detail: expect.stringContaining("no sign of life") as string });
  // The request is ended, and with it the command.
  expect(cancelled).toBe(true);
});

import { expect, it } from "vitest";
import { serverSentEvents } from "./events.js";

function body(...chunks: (string | number[])[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) {
        controller.enqueue(typeof chunk === "string" ? new TextEncoder().encode(chunk) : new Uint8Array(chunk));
      }
      controller.close();
    },
  });
}

async function all(stream: ReadableStream<Uint8Array>) {
  const events = [];
  for await (const event of serverSentEvents(stream)) events.push(event);
  return events;
}

it("reads events however they were cut, with any end of line, and passes over comments", async () => {
  const text = ": hello\nevent: a\ndata: 1\ndata:2\n\nevent:b\r\ndata: é\r\n\r\ndata\n\nevent: none\n\n";
  const expected = [{ event: "a", data: "1\n2" }, { event: "b", data: "é" }, { event: "message", data: "" }];
  expect(await all(body(text))).toEqual(expected);
  const bytes = [...new TextEncoder().encode(text)];
  expect(await all(body(...bytes.map((byte) => [byte])))).toEqual(expected);
});

it("leaves out what never became whole", async () => {
  expect(await all(body("event: a\ndata: 1\n"))).toEqual([]);
});

it("does not keep an event that never ends", async () => {
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new TextEncoder().encode("data: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n".repeat(1000))),
  });
  await expect(all(endless)).rejects.toThrow(RangeError);
});

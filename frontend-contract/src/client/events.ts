// Server-sent events out of the body of a `fetch`, which unlike EventSource can send a token in
// a header and a body. As https://html.spec.whatwg.org/multipage/server-sent-events.html has it,
// without `id` and `retry`, which nothing here uses.

/** One event. */
export interface ServerSentEvent {
  /** Its type; `message` when it has none. */
  event: string;
  data: string;
}

/** Most characters of an event; a server that sends more is not one of ours. */
const LARGEST = 1 << 20;

/**
 * The events of a body, to its end.
 * @throws {RangeError} for an event that never ends.
 */
export async function* serverSentEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerSentEvent> {
  const reader = body.getReader();
  // Keeps what is left of a character that two chunks share.
  const decoder = new TextDecoder();
  let rest = "";
  let event = "";
  let data: string[] = [];
  let held = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      rest += decoder.decode(value, { stream: true });
      // A \r at the end may be the first half of a line's end.
      const lines = rest.split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (line === "") {
          if (data.length > 0) yield { event: event || "message", data: data.join("\n") };
          event = "";
          data = [];
          held = 0;
          continue;
        }
        const colon = line.indexOf(":");
        const field = colon < 0 ? line : line.slice(0, colon);
        const text = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
        held += line.length;
        if (field === "event") event = text;
        else if (field === "data") data.push(text);
      }
      if (held + rest.length > LARGEST) throw new RangeError("an event is too large");
    }
  } finally {
    // Whoever stops listening ends the request.
    await reader.cancel().catch(() => undefined);
  }
}

// Server-sent events out of the body of a `fetch`, which unlike EventSource can send a token in
// a header and a body. As https://html.spec.whatwg.org/multipage/server-sent-events.html has it,
// without `id` and `retry`, which nothing here uses.

/** One event. */
interface ServerSentEvent {
  /** Its type; `message` when it has none. */
  event: string;
  data: string;
}

/** Nothing came for so long that the stream must be dead: not even a comment. */
export class SilenceError extends Error {
  override readonly name = "SilenceError";
}

/** Most characters of an event; a server that sends more is not one of ours. */
const LARGEST = 1 << 20;

/**
 * The events of a body, to its end.
 * @param silence Milliseconds without a byte after which it is given up. A server that has
 * nothing to tell sends comments, so that a quiet stream is told from a dead one.
 * @throws {RangeError} for an event that never ends.
 * @throws {SilenceError} after so much silence.
 */
export async function* serverSentEvents(
  body: ReadableStream<Uint8Array>,
  silence?: number,
): AsyncGenerator<ServerSentEvent> {
  const reader = body.getReader();
  // Keeps what is left of a character that two chunks share.
  const decoder = new TextDecoder();
  let rest = "";
  let event = "";
  let data: string[] = [];
  let held = 0;
  try {
    for (;;) {
      const { done, value } = await within(reader.read(), silence);
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
    // Not waited for: what does not answer does not answer to this either.
    reader.cancel().catch(() => undefined);
  }
}

async function within<T>(read: Promise<T>, ms: number | undefined): Promise<T> {
  if (ms === undefined) return read;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silent = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new SilenceError(`nothing came for ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([read, silent]);
  } finally {
    clearTimeout(timer);
  }
}

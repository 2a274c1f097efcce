// @vitest-environment node
import { describe, expect, it } from "vitest";
import { ApiError, createClient, ok, TIMED_OUT, TOKEN_REQUIRED, UNREACHABLE } from "./index.js";

/** A client whose server answers this. */
function answering(answer: () => Response | Promise<Response>, token: string | null = null) {
  const requests: Request[] = [];
  let wanted = 0;
  const client = createClient({
    baseUrl: "http://h/below/",
    token: () => token,
    onTokenWanted: () => (wanted += 1),
    fetch: async (request) => {
      requests.push(request);
      return answer();
    },
  });
  return { client, requests, wanted: () => wanted };
}

const failing = async (answer: () => Response | Promise<Response>) => {
  const { client } = answering(answer);
  return (await ok(client.http.GET("/connections")).catch((error: unknown) => error)) as ApiError;
};

describe("a request", () => {
  it("goes below the address of the server, with the token", async () => {
    const { client, requests } = answering(() => Response.json({ sessions: [] }), "secret");
    expect(await ok(client.http.GET("/connections"))).toEqual({ sessions: [] });
    await client.send("/connections/x/content", { query: { path: "/ä b", from: null } });
    expect(requests.map((request) => request.url)).toEqual([
      "http://h/below/connections", "http://h/below/connections/x/content?path=%2F%C3%A4+b",
    ]);
    expect(requests.every((request) => request.headers.get("authorization") === "Bearer secret")).toBe(true);
    expect(client.url("/x")).not.toContain("secret");
  });
});

describe("a failure", () => {
  it("is one error with the server's words", async () => {
    const refused = await failing(() => Response.json({ detail: "gone", code: "not_found", size: 3 }, { status: 404 }));
    expect(refused).toBeInstanceOf(ApiError);
    expect(refused).toMatchObject({ status: 404, detail: "gone", code: "not_found", body: { size: 3 } });
    // Answers of the contract have a text alone; the name of it stands in a header.
    const named = { "X-Error-Code": "invalid_input", "X-Error-Field": "port" };
    const contract = await failing(() => Response.json({ detail: "port must be a number" }, { status: 400, headers: named }));
    expect(contract).toMatchObject({ code: "invalid_input", field: "port", wantsToken: false });
    const other = await failing(() => Response.json({ detail: "Session expired or not found" }, { status: 401 }));
    expect(other).toMatchObject({ status: 401, wantsToken: false });
    expect([other.code, other.field]).toEqual([undefined, undefined]);
  });

  it("says when a token is wanted, and when the server is away", async () => {
    const { client, wanted } = answering(() => Response.json({ detail: "Who are you?" }, {
      status: 401, headers: { "X-Error-Code": "token_required" },
    }));
    const error = (await ok(client.http.GET("/connections")).catch((e: unknown) => e)) as ApiError;
    expect([error.code, error.wantsToken, wanted()]).toEqual([TOKEN_REQUIRED, true, 1]);
    const away = await failing(() => Promise.reject(new TypeError("fetch failed")));
    expect(away).toMatchObject({ status: 0, code: UNREACHABLE, isAway: true });
    const slow = await failing(() => Promise.reject(new DOMException("slow", "TimeoutError")));
    expect(slow).toMatchObject({ status: 0, code: TIMED_OUT });
    const gateway = await failing(() => new Response("<h1>Bad gateway</h1>", { status: 502 }));
    expect(gateway.isAway).toBe(true);
    const own = await failing(() => Response.json({ detail: "lost", code: "connection_lost" }, { status: 502 }));
    expect(own.isAway).toBe(false);
  });

  it("leaves an abort an abort, and reads answers that are no JSON", async () => {
    const aborted: unknown = await failing(() => Promise.reject(new DOMException("no", "AbortError")));
    expect(aborted).toBeInstanceOf(DOMException);
    expect(await failing(() => new Response("oops", { status: 500 }))).toMatchObject({ detail: "HTTP status 500" });
  });
});

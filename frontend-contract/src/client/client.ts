// The client of the server's routes: typed requests, one error, an access token when needed.
// It knows nothing of React and works wherever `fetch` does.

import createFetch, { type Client as TypedFetch } from "openapi-fetch";
import { ApiError, errorFrom, errorOf } from "./error.js";
import type { paths } from "./schema.js";

/** How to reach a server. */
export interface ClientOptions {
  /** Address of the server, such as `https://files.example.org/manager`. */
  baseUrl: string;
  /** The access token to send, asked before each request; null for none. */
  token?: () => string | null;
  /** Told of every answer that wants a token, or another one. */
  onTokenWanted?: () => void;
  /** Told of every answer of the server, whatever it says. */
  onHeard?: () => void;
  /** Told of every reason to doubt that the server is there, see {@link Client.doubt}. */
  onDoubt?: () => void;
  /** In place of the platform's `fetch`, for tests. */
  fetch?: (request: Request) => Promise<Response>;
}

/** A way to one server. */
export interface Client {
  /** Address of the server, without a slash at its end. */
  readonly baseUrl: string;
  /**
   * The routes as `openapi.json` has them: `client.http.GET("/connections/{session_id}/files", …)`.
   * Wrap the call in {@link ok} to get the answer or an {@link ApiError}.
   */
  readonly http: TypedFetch<paths>;
  /** The address of a route, with its query: for links, images and uploads by XHR. */
  url(path: string, query?: Record<string, string | number | boolean | null | undefined>): string;
  /** The headers that carry the access token; empty without one. */
  authorization(): Record<string, string>;
  /**
   * Something beside the requests of this client gives reason to doubt that the server is there:
   * a socket closed, an upload got no answer.
   */
  doubt(): void;
  /** A request whose body or answer is not JSON. Throws {@link ApiError} unless it succeeds. */
  send(path: string, init?: RequestInit & { query?: Parameters<Client["url"]>[1] }): Promise<Response>;
}

/** A client of the server at `baseUrl`. */
export function createClient(options: ClientOptions): Client {
  const baseUrl = options.baseUrl.replace(/\/+$/, "");
  const authorization = (): Record<string, string> => {
    const token = options.token?.();
    return token ? { Authorization: `Bearer ${token}` } : {};
  };
  const send = async (request: Request): Promise<Response> => {
    for (const [name, value] of Object.entries(authorization())) request.headers.set(name, value);
    let response: Response;
    try {
      response = await (options.fetch ?? fetch)(request);
    } catch (cause) {
      const error = errorFrom(cause);
      if (error instanceof ApiError && error.isAway) options.onDoubt?.();
      throw error;
    }
    if (response.ok || response.status === 304) {
      options.onHeard?.();
      return response;
    }
    const error = await errorOf(response);
    if (error.isAway) options.onDoubt?.();
    else options.onHeard?.();
    if (error.wantsToken) options.onTokenWanted?.();
    throw error;
  };
  const url: Client["url"] = (path, query = {}) => {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      if (value !== null && value !== undefined) search.set(name, String(value));
    }
    const text = search.toString();
    return `${baseUrl}${path}${text ? `?${text}` : ""}`;
  };
  return {
    baseUrl,
    http: createFetch<paths>({ baseUrl, fetch: send }),
    url,
    authorization,
    doubt: () => options.onDoubt?.(),
    send: (path, { query, ...init } = {}) => send(new Request(url(path, query), init)),
  };
}

/** What openapi-fetch resolves to, as far as {@link ok} looks at it. */
interface Result<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/**
 * The answer of a request that must succeed.
 * @throws {ApiError} for every other answer, and when there is none.
 */
export async function ok<T>(request: Promise<Result<T>>): Promise<T> {
  const { data, error, response } = await request.catch((cause: unknown) => {
    throw errorFrom(cause);
  });
  if (error !== undefined || data === undefined) {
    throw new ApiError(response.status, "The server answered without a body");
  }
  return data;
}

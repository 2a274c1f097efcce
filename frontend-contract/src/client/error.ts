// The one error of the client: whatever went wrong on the way to an answer.

/** `code` of an {@link ApiError} without an answer: the server could not be reached. */
export const UNREACHABLE = "unreachable";
/** `code` of an {@link ApiError} for an answer that did not come in time. */
export const TIMED_OUT = "timed_out";
/** `code` of an {@link ApiError} for a missing access token. */
export const TOKEN_REQUIRED = "token_required";
/** `code` of an {@link ApiError} for a wrong access token. */
export const TOKEN_INVALID = "token_invalid";

/** An answer that is no success, or none at all. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    /** HTTP status; 0 when there was no answer. */
    readonly status: number,
    /** What went wrong, in the server's words. */
    readonly detail: string,
    /** The same for a program, such as `not_found`: a name of the schema `ErrorCode`. */
    readonly code?: string,
    /** The whole JSON object of the answer: some refusals say more, such as `size`. */
    readonly body: Readonly<Record<string, unknown>> = {},
    /** The field of the request that is wrong, as the request calls it. */
    readonly field?: string,
  ) {
    super(detail);
  }

  /** Whether the server wants an access token, or another one. */
  get wantsToken(): boolean {
    return this.code === TOKEN_REQUIRED || this.code === TOKEN_INVALID;
  }

  /** Whether no answer came: the server is away, not the request wrong. */
  get isAway(): boolean {
    return this.status === 0;
  }
}

/** The error an answer stands for. Reads its body. */
export async function errorOf(response: Response): Promise<ApiError> {
  const text = await response.text().catch(() => "");
  const body = object(text);
  const detail = typeof body["detail"] === "string" ? body["detail"] : "";
  // Answers of the contract have no room for it in the body.
  const header = response.headers.get("X-Error-Code") ?? undefined;
  const code = typeof body["code"] === "string" ? body["code"] : header;
  const field = response.headers.get("X-Error-Field") ?? undefined;
  // A gateway in between answers for a server that is away, in words of its own.
  if (!detail && [502, 503, 504].includes(response.status)) {
    return new ApiError(0, "The server is not there", UNREACHABLE);
  }
  return new ApiError(response.status, detail || `HTTP status ${response.status}`, code, body, field);
}

/**
 * The error a failed `fetch` stands for. An abort by the caller stays what it is, so that
 * it is never shown as a failure.
 */
export function errorFrom(cause: unknown): unknown {
  if (cause instanceof ApiError) return cause;
  if (cause instanceof DOMException && cause.name === "AbortError") return cause;
  if (cause instanceof DOMException && cause.name === "TimeoutError") {
    return new ApiError(0, "The server did not answer in time", TIMED_OUT);
  }
  if (cause instanceof TypeError) {
    return new ApiError(0, "The server cannot be reached", UNREACHABLE);
  }
  return cause;
}

/** What any thrown value says, for showing it. */
export function detailOf(error: unknown): string {
  if (error instanceof ApiError) return error.detail;
  return error instanceof Error ? error.message : String(error);
}

function object(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (value && typeof value === "object" && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch {
    // Not JSON: no answer of this server.
  }
  return {};
}

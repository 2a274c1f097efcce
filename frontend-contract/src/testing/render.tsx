// A component with everything it needs around it, before a server that answers as told.

import { render, type RenderResult } from "@testing-library/react";
import type { ReactNode } from "react";
import { vi } from "vitest";
import { Providers, type ConnectionManagerProps } from "../Providers.js";

/** Answers of the server by `METHOD /path`: a body, or a function that makes the answer. */
export type Answers = Record<string, unknown>;

/** A JSON answer with a status, for {@link Answers}. */
export function answer(status: number, body: unknown): () => Response {
  return () => Response.json(body, { status });
}

/** Puts the answers before `fetch`. What is not among them fails as if the server were away. */
export function serve(answers: Answers): ReturnType<typeof vi.fn> {
  const fetched = vi.fn(async (input: Request): Promise<Response> => {
    const key = `${input.method} ${new URL(input.url).pathname}`;
    if (!Object.hasOwn(answers, key)) throw new TypeError(`no answer to ${key}`);
    const known = answers[key];
    return typeof known === "function" ? (known as (request: Request) => Response)(input) : Response.json(known);
  });
  vi.stubGlobal("fetch", fetched);
  return fetched;
}

/** Renders below the providers. */
export function renderWith(children: ReactNode, props: ConnectionManagerProps = {}): RenderResult {
  return render(
    <Providers baseUrl="http://manager.test" {...props}>
      {children}
    </Providers>,
  );
}

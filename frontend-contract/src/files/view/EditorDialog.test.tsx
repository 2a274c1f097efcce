import { act, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { useServer, type Server } from "../../hooks/server.js";
import { answer, renderWith, serve } from "../../testing/render.js";
import { FilesApi } from "../api.js";
import { EditorDialog } from "./EditorDialog.js";

const PATH = "/connections/s/content";

/** The dialog over a file, and the server it is on. */
function edit(): { server: () => Server; onSaved: ReturnType<typeof vi.fn> } {
  let server: Server | undefined;
  const onSaved = vi.fn();
  function Editing() {
    server = useServer();
    const api = new FilesApi(server.client, "s");
    return <EditorDialog api={api} name="a.conf" path="/a.conf" onClose={() => undefined} onSaved={onSaved} />;
  }
  renderWith(<Editing />);
  return { server: () => server as Server, onSaved };
}

const file = (text: string, tag: string) => () => new Response(text, { headers: { ETag: tag } });

it("keeps what was typed when the server was away and is asked for everything anew", async () => {
  const answers: Record<string, unknown> = { [`GET ${PATH}`]: file("port = 80\n", '"1"') };
  serve(answers);
  const { server } = edit();
  const area = await screen.findByLabelText<HTMLTextAreaElement>("Content of a.conf");
  await userEvent.type(area, "mine");
  const { presence } = server();
  act(() => presence.doubt());
  await waitFor(() => expect(presence.standing().kind).toBe("away"));
  answers["GET /connections"] = { sessions: [] };
  answers[`GET ${PATH}`] = file("theirs\n", '"2"');
  act(() => presence.look());
  await waitFor(() => expect(presence.standing().kind).toBe("here"));
  await act(() => new Promise((resolve) => setTimeout(resolve)));
  expect(screen.getByLabelText<HTMLTextAreaElement>("Content of a.conf").value).toBe("port = 80\nmine");
  // So does another access token.
  act(() => server().setToken("another"));
  await act(() => new Promise((resolve) => setTimeout(resolve)));
  expect(screen.getByLabelText<HTMLTextAreaElement>("Content of a.conf").value).toBe("port = 80\nmine");
});

it("compares with what it knows last when the server does not say what was saved", async () => {
  const conditions: (string | null)[] = [];
  serve({
    [`GET ${PATH}`]: file("a\n", '"1"'),
    [`PUT ${PATH}`]: (request: Request) => {
      conditions.push(request.headers.get("If-Match"));
      return Response.json({});
    },
    [`HEAD ${PATH}`]: answer(500, {}),
  });
  const { onSaved } = edit();
  const area = await screen.findByLabelText("Content of a.conf");
  for (const times of [1, 2]) {
    await userEvent.type(area, "b");
    await userEvent.click(screen.getByText("Save"));
    await waitFor(() => expect(onSaved).toHaveBeenCalledTimes(times));
  }
  expect(conditions).toEqual(['"1"', '"1"']);
});

it("reads the file anew when that is chosen, and keeps the text when that fails", async () => {
  const answers: Record<string, unknown> = {
    [`GET ${PATH}`]: file("a\n", '"1"'),
    [`PUT ${PATH}`]: answer(412, { detail: "it changed", code: "precondition_failed" }),
  };
  serve(answers);
  edit();
  const content = () => screen.getByLabelText<HTMLTextAreaElement>("Content of a.conf");
  await userEvent.type(await screen.findByLabelText("Content of a.conf"), "mine");
  await userEvent.click(screen.getByText("Save"));
  answers[`GET ${PATH}`] = answer(403, { detail: "no longer", code: "permission_denied" });
  await userEvent.click(await screen.findByText("Discard mine and read it again"));
  expect(await screen.findByText("no longer")).toBeTruthy();
  expect(content().value).toBe("a\nmine");
  answers[`GET ${PATH}`] = file("theirs\n", '"2"');
  await userEvent.click(screen.getByText("Discard mine and read it again"));
  await waitFor(() => expect(content().value).toBe("theirs\n"));
});

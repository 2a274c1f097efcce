import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { ConnectionManager } from "./ConnectionManager.js";
import { answer, serve } from "./testing/render.js";

const session = {
  session_id: "0b0f6e0a-6f0e-4a43-8a3f-0f4f8f1c2d3e", type: "ssh", host: "h", port: 22, username: "ann",
  session_name: "build host", connected_at: "2024-01-31T12:00:00", expires_at: "2024-01-31T12:30:00",
  last_activity: "2024-01-31T12:00:00", is_active: true, time_remaining_seconds: 1799,
};

it("shows the sessions of the server it is pointed at, and writes to no address but its own", async () => {
  const fetched = serve({ "GET /cm/connections": { sessions: [session] } });
  const before = window.location.href;
  render(<ConnectionManager baseUrl="http://manager.test/cm/" />);
  const card = await screen.findByRole("article", { name: "build host" });
  expect(card.textContent).toContain("Connected");
  await userEvent.click(screen.getByRole("button", { name: "build host" }));
  expect(await screen.findByRole("tab", { name: "Terminal" })).toBeTruthy();
  expect(window.location.href).toBe(before);
  const hosts = fetched.mock.calls.map(([request]) => new URL((request as Request).url).host);
  expect(new Set(hosts)).toEqual(new Set(["manager.test"]));
});

it("says what the server refused, with a way on", async () => {
  serve({ "GET /connections": answer(403, { detail: "Host evil is not allowed" }) });
  render(<ConnectionManager baseUrl="http://manager.test" />);
  expect(await screen.findByText("Host evil is not allowed")).toBeTruthy();
  expect(screen.getByRole("button", { name: "Try again" })).toBeTruthy();
});

it("asks for a token when the server wants one, and sends it", async () => {
  const sent: (string | null)[] = [];
  serve({
    "GET /connections": (request: Request) => {
      sent.push(request.headers.get("authorization"));
      return sent.at(-1) === "Bearer t"
        ? Response.json({ sessions: [] })
        : Response.json(
          { detail: "An access token is required" },
          { status: 401, headers: { "X-Error-Code": "token_required" } },
        );
    },
  });
  render(<ConnectionManager baseUrl="http://token.test" />);
  await userEvent.type(await screen.findByLabelText("Token"), "t{Enter}");
  expect((await screen.findAllByText("No open session")).length).toBeGreaterThan(0);
  expect(sent).toContain("Bearer t");
  expect(vi.isMockFunction(fetch)).toBe(true);
});

it("uploads with its own button, where another component is on the page as well", { timeout: 30_000 }, async () => {
  serve({
    "GET /connections": { sessions: [session] },
    [`GET /connections/${session.session_id}/entries`]: { path: "/", entries: [] },
    [`GET /connections/${session.session_id}/capabilities`]: { files: {} },
  });
  const { container } = render(<><ConnectionManager baseUrl="http://one.test" /><ConnectionManager baseUrl="http://two.test" /></>);
  await waitFor(() => expect(screen.getAllByText("build host")).toHaveLength(2), { timeout: 20_000 });
  for (const button of screen.getAllByText("build host")) fireEvent.click(button);
  // The browser of files is loaded when it is first shown.
  await waitFor(() => expect(screen.getAllByText("Upload Files…")).toHaveLength(2), { timeout: 20_000 });
  const opened: (Node | null)[] = [];
  vi.spyOn(HTMLElement.prototype, "click").mockImplementation(function (this: HTMLElement) {
    opened.push(this.closest(".connection-manager"));
  });
  fireEvent.click(screen.getAllByText("Upload Files…")[1] as HTMLElement);
  expect(opened).toEqual([container.querySelectorAll(".connection-manager")[1]]);
});

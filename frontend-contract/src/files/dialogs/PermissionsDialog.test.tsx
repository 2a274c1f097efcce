import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import type { Entry } from "../../client/models.js";
import { useClient } from "../../hooks/server.js";
import { answer, renderWith, serve } from "../../testing/render.js";
import { FilesApi, type FileCapabilities } from "../api.js";
import { rowOf } from "../listing/rows.js";
import { PermissionsDialog } from "./PermissionsDialog.js";

const onClose = vi.fn();
const onChanged = vi.fn();

function change(...entries: Partial<Entry>[]): void {
  const rows = entries.map((entry) => rowOf({ type: "file", path: `/${entry.name ?? ""}`, ...entry } as Entry));
  const can = { set_permissions: true, set_times: false } as FileCapabilities;
  function Changing() {
    const api = new FilesApi(useClient(), "s");
    return <PermissionsDialog api={api} rows={rows} can={can} onClose={onClose} onChanged={onChanged} />;
  }
  renderWith(<Changing />);
}

it("goes on after an entry that is refused, and names it", async () => {
  const asked: string[] = [];
  serve({
    "POST /connections/s/attributes": async (request: Request) => {
      const { path } = (await request.json()) as { path: string };
      asked.push(path);
      return path === "/b" ? answer(403, { detail: "Not yours", code: "permission_denied" })() : Response.json({});
    },
  });
  change({ name: "a", permissions: "0644" }, { name: "b", permissions: "0644" }, { name: "c", permissions: "0644" });
  await userEvent.click(await screen.findByRole("checkbox", { name: "Execute, Owner" }));
  await userEvent.click(screen.getByRole("button", { name: "Apply" }));
  expect(await screen.findByText("b: 1 of 3 failed")).toBeTruthy();
  expect(screen.getByText("Not yours")).toBeTruthy();
  expect(asked).toEqual(["/a", "/b", "/c"]);
  expect(onChanged).toHaveBeenCalled();
  expect(onClose).not.toHaveBeenCalled();
});

it("sets permissions the server did not say, whatever they are, and only when they were chosen", async () => {
  const asked: unknown[] = [];
  serve({
    "POST /connections/s/attributes": async (request: Request) => {
      asked.push(await request.json());
      return Response.json({});
    },
  });
  change({ name: "a" });
  const digits = await screen.findByRole<HTMLInputElement>("textbox", { name: "Octal" });
  expect(digits.value).toBe("");
  await userEvent.click(screen.getByRole("button", { name: "Apply" }));
  expect(asked).toEqual([]);
  await userEvent.type(digits, "0644");
  await userEvent.click(screen.getByRole("button", { name: "Apply" }));
  await waitFor(() => expect(asked).toEqual([{ path: "/a", permissions: "0644" }]));
});

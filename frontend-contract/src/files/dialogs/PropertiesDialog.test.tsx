import { act, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import type { Entry } from "../../client/models.js";
import { useClient } from "../../hooks/server.js";
import { renderWith, serve } from "../../testing/render.js";
import { FilesApi } from "../api.js";
import { rowOf } from "../listing/rows.js";
import { PropertiesDialog } from "./PropertiesDialog.js";

it("walks through a folder when asked to, and not each time somebody looks at the page", async () => {
  let walks = 0;
  const entry = { name: "tree", path: "/tree", type: "directory" } as Entry;
  serve({
    "GET /connections/s/stat": entry,
    "GET /connections/s/size": () => {
      walks += 1;
      return Response.json({ files: 3, directories: 1, bytes: 5, error_count: 0, errors: [] });
    },
  });
  function Looking() {
    const api = new FilesApi(useClient(), "s");
    return <PropertiesDialog api={api} rows={[rowOf(entry)]} onClose={() => undefined} />;
  }
  renderWith(<Looking />);
  await userEvent.click(await screen.findByRole("button", { name: "Measure" }));
  expect(await screen.findByText(/3 files and 1 folder/)).toBeTruthy();
  act(() => void window.dispatchEvent(new Event("visibilitychange")));
  await act(() => new Promise((resolve) => setTimeout(resolve)));
  expect(walks).toBe(1);
});

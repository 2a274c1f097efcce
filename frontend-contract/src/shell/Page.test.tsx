import { createEvent, fireEvent, render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { serve } from "../testing/render.js";
import { Page } from "./Page.js";

it("stays when a file is dropped where nothing takes it", async () => {
  serve({ "GET /connections": { sessions: [] } });
  render(<Page />);
  const header = await screen.findByRole("banner");
  for (const kind of ["dragOver", "drop"] as const) {
    for (const [type, prevented] of [["Files", true], ["text/plain", false]] as const) {
      const event = createEvent[kind](header, { dataTransfer: { types: [type] } });
      fireEvent(header, event);
      expect(event.defaultPrevented, `${kind} of ${type}`).toBe(prevented);
    }
  }
});

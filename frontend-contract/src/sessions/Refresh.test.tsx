import { MantineProvider } from "@mantine/core";
import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { Refresh } from "./Refresh.js";

it("keeps the focus while it is busy", () => {
  const shown = (busy: boolean) => <MantineProvider><Refresh busy={busy} onRefresh={() => undefined} /></MantineProvider>;
  const { rerender } = render(shown(false));
  const button = screen.getByRole("button", { name: "Refresh" });
  button.focus();
  rerender(shown(true));
  expect(button).toHaveProperty("disabled", false);
  expect(document.activeElement).toBe(button);
  expect(button.getAttribute("aria-busy")).toBe("true");
});

import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { MantineProvider } from "@mantine/core";
import { expect, it, vi } from "vitest";
import { Boundary } from "./Boundary.js";
import { later } from "./later.js";

it("loads a part again when it could not be loaded, without the page being loaded anew", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const load = vi.fn<() => Promise<{ default: (props: { name: string }) => React.ReactNode }>>()
    .mockRejectedValueOnce(new TypeError("Failed to fetch dynamically imported module"))
    .mockResolvedValue({ default: ({ name }) => <p>{name} is here</p> });
  const Part = later(load);
  render(<MantineProvider><Boundary><Part name="it" /></Boundary></MantineProvider>);
  expect(screen.getByRole("status", { name: "Loading…" })).toBeTruthy();
  await userEvent.click(await screen.findByRole("button", { name: "Try again" }));
  expect(await screen.findByText("it is here")).toBeTruthy();
  expect(load).toHaveBeenCalledTimes(2);
});

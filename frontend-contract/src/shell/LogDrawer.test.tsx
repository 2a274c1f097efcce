import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useEffect } from "react";
import { expect, it, vi } from "vitest";
import { useLog } from "../hooks/log.js";
import { renderWith, serve } from "../testing/render.js";
import { LogDrawer } from "./LogDrawer.js";

function Happened() {
  const { note } = useLog();
  // eslint-disable-next-line react-hooks/exhaustive-deps
  useEffect(() => note("it rained", { quiet: true }), []);
  return <LogDrawer opened onClose={() => undefined} />;
}

it("copies the log also on a page that came without TLS, where browsers have no clipboard", async () => {
  serve({});
  renderWith(<Happened />);
  await screen.findByText("it rained", { exact: false });
  const user = userEvent.setup();
  vi.stubGlobal("navigator", Object.create(navigator, { clipboard: { value: undefined } }));
  let copied = "";
  document.execCommand = (command) => {
    copied = command === "copy" ? document.querySelector("textarea")?.value ?? "" : "";
    return true;
  };
  await user.click(screen.getByRole("button", { name: "Copy all" }));
  expect(await screen.findByRole("button", { name: "Copied" })).toBeTruthy();
  expect(copied).toMatch(/^\d{4}-\S+Z Note it rained$/);
});

import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import type { Session } from "../client/models.js";
import { useLog } from "../hooks/log.js";
import { renderWith, serve } from "../testing/render.js";
import { useKeeping } from "./keeping.js";

const session = (name: string) => ({ session_id: name, session_name: name }) as Session;

function Two() {
  const { keep } = useKeeping();
  const { entries } = useLog();
  return (
    <>
      <button type="button" onClick={() => [session("one"), session("two")].forEach((each) => keep(each))}>both</button>
      {entries.map(({ id, text }) => <p key={id}>{text}</p>)}
    </>
  );
}

it("tells of each session that is kept alive, also of two at once", async () => {
  serve({ "GET /connections/one/capabilities": {}, "GET /connections/two/capabilities": {} });
  renderWith(<Two />);
  await userEvent.click(screen.getByRole("button", { name: "both" }));
  expect((await screen.findAllByText("one starts its time anew")).length).toBeGreaterThan(0);
  expect((await screen.findAllByText("two starts its time anew")).length).toBeGreaterThan(0);
});

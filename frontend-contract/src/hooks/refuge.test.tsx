import { act, render, screen } from "@testing-library/react";
import { useRef } from "react";
import { expect, it, vi } from "vitest";
import { useRefuge } from "./refuge.js";

function Area() {
  const area = useRef<HTMLDivElement>(null);
  const over = useRef<HTMLDivElement>(null);
  useRefuge(area, over);
  return (
    <>
      <div ref={area}>
        <textarea aria-label="keys" />
        <p data-testid="rows" />
      </div>
      <div ref={over} />
    </>
  );
}

it("asks for no layout while rows are drawn beside what has the focus", async () => {
  render(<Area />);
  screen.getByLabelText("keys").focus();
  const asked = vi.spyOn(Element.prototype, "getClientRects");
  for (let n = 0; n < 20; n += 1) {
    await act(async () => screen.getByTestId("rows").replaceChildren(String(n)));
  }
  expect(asked).not.toHaveBeenCalled();
  expect(document.activeElement).toBe(screen.getByLabelText("keys"));
  // What hides something may hide what has the focus.
  await act(async () => screen.getByTestId("rows").setAttribute("hidden", ""));
  expect(asked).toHaveBeenCalled();
});

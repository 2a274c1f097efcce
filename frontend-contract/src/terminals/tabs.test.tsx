import { render } from "@testing-library/react";
import { useEffect } from "react";
import { expect, it, vi } from "vitest";
import type { TerminalInfo } from "../client/models.js";
import { useKept } from "./tabs.js";

const info = (id: string) => ({ terminal_id: id, running: true }) as TerminalInfo;

it("keeps what vanished from the list where it is, so that its last screen stays", () => {
  const gone = vi.fn();
  let forget: (id: string) => void = () => undefined;
  function View({ id }: { id: string }) {
    useEffect(() => () => gone(id), [id]);
    return <li>{id}</li>;
  }
  function Tabs({ listed }: { listed: TerminalInfo[] | undefined }) {
    const kept = useKept(listed);
    forget = kept.forget;
    return kept.terminals.map((each) => <View key={each.terminal_id} id={`${each.terminal_id}${each.running ? "" : " ended"}`} />);
  }
  const { rerender, container } = render(<Tabs listed={undefined} />);
  const shown = () => [...container.querySelectorAll("li")].map((each) => each.textContent);
  const keys = [info("a"), info("b")];
  rerender(<Tabs listed={keys} />);
  const element = container.querySelectorAll("li")[1];
  rerender(<Tabs listed={[info("a")]} />);
  expect(shown()).toEqual(["a", "b ended"]);
  expect(container.querySelectorAll("li")[1], "the same element, not another one like it").toBe(element);
  rerender(<Tabs listed={[info("a"), info("c")]} />);
  expect(shown()).toEqual(["a", "c", "b ended"]);
  // What is closed here goes.
  forget("c");
  rerender(<Tabs listed={[info("a")]} />);
  expect(shown()).toEqual(["a", "b ended"]);
});

// A terminal on the screen for as long as a component shows it.

import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import type { TerminalTarget } from "../client/terminal.js";
import type { Mode } from "../protocol/terminal.js";
import { useClient } from "../hooks/server.js";
import { useStrings } from "../hooks/strings.js";
import type { Look } from "./emulator.js";
import { TerminalScreen, type ScreenOptions, type Standing } from "./screen.js";

const nothing = () => () => undefined;
const none = () => null;

/** What {@link useScreen} is given; only `target` makes a new screen when it changes. */
export interface UseScreen {
  target: TerminalTarget;
  mode: Mode;
  look: Look;
  visible: boolean;
  asked: ScreenOptions["asked"];
  pasting: ScreenOptions["pasting"];
}

/** The screen within the element of `parent`, and how it stands; both null at first. */
export function useScreen(options: UseScreen) {
  const client = useClient();
  const t = useStrings().terminals;
  const parent = useRef<HTMLDivElement>(null);
  const [screen, setScreen] = useState<TerminalScreen | null>(null);
  const latest = useRef({ ...options, t });
  useEffect(() => {
    latest.current = { ...options, t };
  });

  const target = JSON.stringify(options.target);
  useEffect(() => {
    if (!parent.current) return undefined;
    const { look, mode } = latest.current;
    const made = new TerminalScreen({
      parent: parent.current,
      client,
      target: JSON.parse(target) as TerminalTarget,
      mode,
      ...look,
      spoken: latest.current.t.screenReaderWords,
      lostText: (bytes) => latest.current.t.lost(latest.current.t.bytes(bytes)),
      asked: (what) => latest.current.asked(what),
      pasting: (text) => latest.current.pasting(text),
    });
    setScreen(made);
    // A network that is back, or another one: the old socket may hang for minutes.
    const again = () => made.again();
    window.addEventListener("online", again);
    return () => {
      window.removeEventListener("online", again);
      made.dispose();
      setScreen(null);
    };
  }, [client, target]);

  const { fontSize, dark, screenReader } = options.look;
  useEffect(() => screen?.look({ fontSize, dark, screenReader }), [screen, fontSize, dark, screenReader]);
  useEffect(() => screen?.show(options.visible), [screen, options.visible]);

  const standing = useSyncExternalStore<Standing | null>(screen?.subscribe ?? nothing, screen?.standing ?? none);
  return { parent, screen, standing };
}

// The tabs of a session: each is a module of its own, loaded when it is first shown.

import type { ComponentType } from "react";
import type { Session } from "../client/models.js";
import type { Tab } from "../hooks/location.js";
import { later } from "./later.js";

/** What a tab of a session is given. */
export interface PanelProps {
  /** The session. A new object at every refresh; `session_id` stays. */
  session: Session;
  /** Whether the tab is the one shown. A tab that was shown once stays mounted. */
  visible: boolean;
}

/** The module of each tab. */
export const PANELS: Record<Tab, ComponentType<PanelProps>> = {
  files: later(() => import("../files/FilesPanel.js")),
  terminal: later(() => import("../terminals/TerminalsPanel.js")),
  commands: later(() => import("../terminals/CommandPanel.js")),
};

/** The tabs a session of this protocol has: FTP has neither terminals nor commands. */
export function tabsOf(type: Session["type"]): readonly Tab[] {
  return type === "ssh" ? ["files", "terminal", "commands"] : ["files"];
}

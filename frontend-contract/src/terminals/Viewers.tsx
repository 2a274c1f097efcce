// Who is attached to a terminal.

import { Button, Popover, Text } from "@mantine/core";
import { IconEye } from "@tabler/icons-react";
import type { TerminalInfo } from "../client/models.js";
import type { Viewer } from "../protocol/terminal.js";
import { useStrings } from "../hooks/strings.js";
import classes from "./Terminals.module.css";

/** A button with their number that lists them. `info` knows of some where they came from. */
export function Viewers(props: { viewers: readonly Viewer[]; own: string | null; info: TerminalInfo | null }) {
  const t = useStrings().terminals.viewers;
  const { viewers, own, info } = props;
  return (
    <Popover position="top-start" shadow="md" withArrow trapFocus returnFocus>
      <Popover.Target>
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          c="var(--mantine-color-text)"
          leftSection={<IconEye size={14} aria-hidden />}
          style={{ flex: "none" }}
        >
          {t.button(viewers.length)}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t.title} tabIndex={0}>
        <Text size="sm" fw={600}>{t.title}</Text>
        <ul className={classes["shares"]}>
          {viewers.map((viewer) => {
            const known = info?.viewers.find((each) => each.viewer_id === viewer.viewer_id);
            const who = viewer.viewer_id === own ? t.you : viewer.shared ? t.byLink : t.somebody;
            const rest = [
              viewer.mode === "write" ? t.write : t.read,
              known?.address,
              known && t.since(new Date(known.attached_at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })),
            ];
            return (
              <li key={viewer.viewer_id}>
                <Text size="sm"><b>{who}</b>, {rest.filter(Boolean).join(", ")}</Text>
              </li>
            );
          })}
        </ul>
      </Popover.Dropdown>
    </Popover>
  );
}

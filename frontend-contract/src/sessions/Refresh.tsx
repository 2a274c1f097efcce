// The button that asks anew. While it does it turns, and is not disabled: that would take the
// focus from whoever stands on it, at every look of the page at the server.

import { ActionIcon, Tooltip } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useStrings } from "../hooks/strings.js";
import classes from "./Refresh.module.css";

/** What the button needs. */
interface Props {
  busy: boolean;
  /** Side of the picture in it, in pixels. */
  size?: number;
  onRefresh(): void;
}

/** Asks anew. */
export function Refresh({ busy, size = 16, onRefresh }: Props) {
  const t = useStrings();
  return (
    <Tooltip label={t.common.refresh}>
      <ActionIcon
        variant="subtle" color="gray" aria-label={t.common.refresh} aria-busy={busy}
        data-busy={busy || undefined} className={classes["refresh"] ?? ""} onClick={onRefresh}
      >
        <IconRefresh size={size} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}

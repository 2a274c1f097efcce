// Whether the server answers, and how fast.

import { Tooltip } from "@mantine/core";
import { age } from "../hooks/age.js";
import { useNow } from "../hooks/now.js";
import { useStanding } from "../hooks/presence.js";
import { useHealth } from "../hooks/service.js";
import { useStrings } from "../hooks/strings.js";
import classes from "./Page.module.css";

/** A light with the time an answer takes. */
export function Health() {
  const t = useStrings();
  const now = useNow();
  const { data, isError, dataUpdatedAt } = useHealth();
  const { kind } = useStanding();
  const state = isError || kind === "away" ? "away" : data && kind === "here" ? "ok" : "checking";
  const text = {
    away: t.shell.health.away,
    ok: t.shell.health.ok(data?.latency ?? 0),
    checking: t.shell.health.checking,
  }[state];
  const checked = dataUpdatedAt > 0 ? t.shell.health.checked(age(t, Math.max(0, now - dataUpdatedAt))) : "";
  return (
    <Tooltip label={`${text}${checked && ` · ${checked}`}`}>
      <span className={classes["health"]} data-state={state} role="status" aria-label={text} tabIndex={0}>
        <span aria-hidden>
          {state === "ok" ? t.shell.health.okShort(data?.latency ?? 0) : text}
        </span>
      </span>
    </Tooltip>
  );
}

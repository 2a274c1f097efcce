// A session as a card: what it is, whether it lives, how long it still has.

import { ActionIcon, Badge, Button, Group, Loader, Menu, Progress, Text, Tooltip, UnstyledButton } from "@mantine/core";
import {
  IconDots, IconFolder, IconPencil, IconPlugConnectedX, IconRefreshDot, IconTerminal2,
} from "@tabler/icons-react";
import { useState } from "react";
import type { Session } from "../client/models.js";
import { duration } from "../hooks/age.js";
import { useDragged } from "../hooks/dragged.js";
import { useNow } from "../hooks/now.js";
import { expiresSoon, lifetimeMs, remainingMs } from "../hooks/sessions.js";
import { useStrings } from "../hooks/strings.js";
import { useLeaving } from "./leaving.js";
import { addressOf, nameOf } from "./names.js";
import classes from "./SessionCard.module.css";

/** What a card needs. */
interface Props {
  session: Session;
  /** When the server said all this. */
  receivedAt: number;
  chosen: boolean;
  /** Whether the server is away, so that nothing here may be true any more. */
  stale: boolean;
  keepingAlive: boolean;
  onOpen(): void;
  onKeepAlive(): void;
  onRename(): void;
}

/** A session as a card. */
export function SessionCard(props: Props) {
  const { session, chosen, stale } = props;
  const t = useStrings();
  const now = useNow();
  const leaving = useLeaving();
  const name = nameOf(session);
  const deadline = leaving.deadlines.get(session.session_id);
  const remaining = remainingMs(session, props.receivedAt, now);
  const soon = expiresSoon(session, remaining);
  const dragged = useDragged();
  const [over, setOver] = useState(false);
  const takes = dragged !== null && dragged.sessionId !== session.session_id && session.is_active && deadline === undefined;
  const state = stale ? "stale" : session.is_active ? "live" : "lost";
  return (
    <article
      className={classes["card"]}
      data-chosen={chosen || undefined}
      data-stale={stale || undefined}
      data-drop={(takes && over) || undefined}
      aria-label={name}
      onDragOver={(event) => {
        if (!takes) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = event.metaKey ? "move" : "copy";
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={(event) => {
        setOver(false);
        if (!takes) return;
        event.preventDefault();
        dragged.toSession(session);
      }}
    >
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <span className={classes["kind"]} data-type={session.type} aria-hidden>
          {session.type === "ssh" ? <IconTerminal2 size={18} /> : <IconFolder size={18} />}
        </span>
        <div className={classes["names"]}>
          <UnstyledButton
            className={classes["open"]}
            title={name}
            onClick={props.onOpen}
            aria-current={chosen ? "true" : undefined}
          >
            {name}
          </UnstyledButton>
          <Text size="xs" c="dimmed" truncate="end" title={addressOf(session)}>{addressOf(session)}</Text>
        </div>
        <Menu position="bottom-end" withinPortal shadow="md">
          <Menu.Target>
            <ActionIcon
              className={classes["above"]}
              variant="subtle"
              color="gray"
              aria-label={t.sessions.actions(name)}
            >
              <IconDots size={16} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconRefreshDot size={16} aria-hidden />} onClick={props.onKeepAlive}>
              {t.sessions.keepAlive}
            </Menu.Item>
            <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={props.onRename}>
              {t.sessions.rename}…
            </Menu.Item>
            <Menu.Divider />
            <Menu.Item
              c="var(--mantine-color-error)"
              leftSection={<IconPlugConnectedX size={16} aria-hidden />}
              onClick={() => leaving.disconnect(session)}
            >
              {t.sessions.disconnect}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </Group>
      {takes && over && <Text size="xs" mt={6} role="status">{t.files.moving.dropOn(name)}</Text>}
      {deadline === undefined ? (
        <>
          <Group gap={6} mt={8} wrap="nowrap" justify="space-between">
            <Group gap={6} wrap="nowrap">
              <Badge size="sm" variant="default" radius="sm">{session.type.toUpperCase()}</Badge>
              <span className={classes["state"]} data-state={state}>{t.sessions.state[state]}</span>
            </Group>
            <Tooltip label={t.sessions.keepAlive}>
              <UnstyledButton
                className={`${classes["time"]} ${classes["above"]}`}
                data-soon={soon || undefined}
                onClick={props.onKeepAlive}
                disabled={props.keepingAlive}
                aria-label={`${remaining > 0 ? t.sessions.expiresIn(duration(remaining)) : t.sessions.expired}. ${t.sessions.keepAlive}`}
              >
                {remaining > 0 ? duration(remaining) : t.sessions.expired}
                <IconRefreshDot size={14} aria-hidden />
              </UnstyledButton>
            </Tooltip>
          </Group>
          <Progress
            value={Math.min(100, (100 * remaining) / lifetimeMs(session))}
            size={3}
            mt={6}
            color={soon ? "orange" : "indigo"}
            aria-hidden
          />
          {soon && remaining > 0 && !stale && (
            <Group gap="xs" mt={8} wrap="nowrap" justify="space-between" className={classes["above"]}>
              <Text size="sm" className={classes["soon"] ?? ""}>{t.sessions.soon}</Text>
              <Button size="compact-sm" variant="light" onClick={props.onKeepAlive} loading={props.keepingAlive}>
                {t.sessions.keepAlive}
              </Button>
            </Group>
          )}
        </>
      ) : (
        <Group gap="xs" mt={8} wrap="nowrap" justify="space-between" className={classes["above"]}>
          <Text size="sm" role="status">
            {deadline === null ? t.sessions.leavingNow : t.sessions.leavingIn(Math.max(0, Math.ceil((deadline - now) / 1000)))}
          </Text>
          {deadline === null ? <Loader size="xs" aria-hidden /> : (
            <Button size="compact-sm" variant="light" onClick={() => leaving.undo(session)}>
              {t.common.undo}
            </Button>
          )}
        </Group>
      )}
    </article>
  );
}

// One session: its tabs. A tab is loaded when it is first shown and then stays, so that a
// transfer or a terminal goes on behind another tab.

import { ActionIcon, Alert, Badge, Button, Group, Tabs, Text, Title } from "@mantine/core";
import { IconArrowLeft, IconFolder, IconPlayerPlay, IconPlugConnectedX, IconTerminal2 } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import type { Session } from "../client/models.js";
import { useLocation, type Tab } from "../hooks/location.js";
import { useStrings } from "../hooks/strings.js";
import { Boundary } from "./Boundary.js";
import { useLeaving } from "./leaving.js";
import { addressOf, nameOf } from "./names.js";
import { PANELS, tabsOf } from "./panels.js";
import classes from "./SessionView.module.css";

const ICONS = { files: IconFolder, terminal: IconTerminal2, commands: IconPlayerPlay };

/** A session with its tabs. */
export function SessionView({ session, here, onReconnect }: {
  session: Session;
  /** Whether it is where the person is, and not only held for what is not saved in it. */
  here: boolean;
  onReconnect(): void;
}) {
  const t = useStrings();
  const leaving = useLeaving();
  const { tab, go } = useLocation();
  const tabs = tabsOf(session.type);
  const shown = tabs.includes(tab) ? tab : "files";
  const [visited, setVisited] = useState<ReadonlySet<Tab>>(new Set([shown]));
  useEffect(() => {
    setVisited((old) => (old.has(shown) ? old : new Set([...old, shown])));
  }, [shown]);

  return (
    <Tabs
      className={classes["view"] ?? ""}
      value={shown}
      onChange={(value) => value && go({ tab: value as Tab })}
      // A terminal takes the focus when it is shown: arrows go past it, Enter goes in.
      activateTabWithKeyboard={false}
      keepMounted
      // As `Activity`, the other way, the effects of a hidden tab end.
      keepMountedMode="display-none"
    >
      <Group className={classes["head"] ?? ""} wrap="nowrap" gap="sm">
        <ActionIcon
          className={classes["back"] ?? ""}
          variant="subtle"
          color="gray"
          aria-label={t.sessions.back}
          onClick={() => go({ sessionId: null })}
        >
          <IconArrowLeft size={18} aria-hidden />
        </ActionIcon>
        <div className={classes["names"]}>
          <Title order={2} size="h5" className={classes["title"] ?? ""} title={nameOf(session)}>{nameOf(session)}</Title>
          <Text size="xs" c="dimmed" truncate="end" title={addressOf(session)}>{addressOf(session)}</Text>
        </div>
        <Badge variant="default" radius="sm" className={classes["kind"] ?? ""}>{session.type.toUpperCase()}</Badge>
      </Group>
      <Tabs.List aria-label={t.sessions.tabs.label} px="sm">
        {tabs.map((each) => {
          const Icon = ICONS[each];
          return (
            <Tabs.Tab key={each} value={each} leftSection={<Icon size={16} aria-hidden />}>
              {t.sessions.tabs[each]}
            </Tabs.Tab>
          );
        })}
      </Tabs.List>
      {!session.is_active && (
        <Alert color="red" m="sm" title={t.sessions.lost(nameOf(session))} icon={<IconPlugConnectedX aria-hidden />}>
          <Text size="sm">{t.sessions.lostAdvice}</Text>
          <Group gap="xs" mt="xs">
            <Button size="compact-sm" onClick={onReconnect}>{t.sessions.reconnect}</Button>
            <Button size="compact-sm" variant="default" onClick={() => leaving.disconnect(session)}>
              {t.sessions.disconnect}
            </Button>
          </Group>
        </Alert>
      )}
      {tabs.map((each) => {
        const Panel = PANELS[each];
        return (
          <Tabs.Panel key={each} value={each} className={classes["panel"] ?? ""}>
            {visited.has(each) && (
              <Boundary>
                <Panel session={session} visible={here && each === shown} />
              </Boundary>
            )}
          </Tabs.Panel>
        );
      })}
    </Tabs>
  );
}

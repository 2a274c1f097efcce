// One session: its tabs. A tab is loaded when it is first shown and then stays, so that a
// transfer or a terminal goes on behind another tab.

import { Loader, Stack, Tabs } from "@mantine/core";
import { Suspense, useEffect, useState } from "react";
import type { Session } from "../client/models.js";
import { useLocation, type Tab } from "../hooks/location.js";
import { useStrings } from "../hooks/strings.js";
import { PANELS, tabsOf } from "./panels.js";

/** A session with its tabs. */
export function SessionView({ session }: { session: Session }) {
  const t = useStrings();
  const { tab, go } = useLocation();
  const tabs = tabsOf(session.type);
  const shown = tabs.includes(tab) ? tab : "files";
  const [visited, setVisited] = useState<ReadonlySet<Tab>>(new Set([shown]));
  useEffect(() => {
    setVisited((old) => (old.has(shown) ? old : new Set([...old, shown])));
  }, [shown]);

  return (
    <Tabs value={shown} onChange={(value) => value && go({ tab: value as Tab })} keepMounted>
      <Tabs.List aria-label={t.sessions.tabs.label}>
        {tabs.map((each) => (
          <Tabs.Tab key={each} value={each}>{t.sessions.tabs[each]}</Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map((each) => {
        const Panel = PANELS[each];
        return (
          <Tabs.Panel key={each} value={each} pt="sm">
            {visited.has(each) && (
              <Suspense fallback={<Stack align="center" p="xl"><Loader aria-label={t.common.loading} /></Stack>}>
                <Panel session={session} visible={each === shown} />
              </Suspense>
            )}
          </Tabs.Panel>
        );
      })}
    </Tabs>
  );
}

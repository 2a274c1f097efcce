// The page around the component: title, health, version, colour scheme, log.

import { AppShell, Group, Title } from "@mantine/core";
import { Providers } from "../Providers.js";
import { useStrings } from "../hooks/strings.js";
import { Manager } from "../sessions/Manager.js";

/** The whole page. */
export function Page() {
  return (
    <Providers deepLinks>
      <Shell />
    </Providers>
  );
}

function Shell() {
  const t = useStrings();
  return (
    <AppShell header={{ height: 52 }} padding="md">
      <AppShell.Header>
        <Group h="100%" px="md">
          <Title order={1} size="h4">{t.shell.title}</Title>
        </Group>
      </AppShell.Header>
      <AppShell.Main>
        <Manager />
      </AppShell.Main>
    </AppShell>
  );
}

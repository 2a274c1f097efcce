// Light, dark, or as the system says.

import { ActionIcon, Menu, Tooltip, useMantineColorScheme } from "@mantine/core";
import { IconCheck, IconDeviceDesktop, IconMoon, IconSun } from "@tabler/icons-react";
import { useStrings } from "../hooks/strings.js";

const ICONS = { light: IconSun, dark: IconMoon, auto: IconDeviceDesktop };

/** The choice of the colour scheme. */
export function SchemeMenu() {
  const t = useStrings();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const Current = ICONS[colorScheme];
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <Tooltip label={t.shell.theme.label}>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t.shell.theme.label}>
            <Current size={20} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        {(["light", "dark", "auto"] as const).map((scheme) => {
          const Icon = ICONS[scheme];
          return (
            <Menu.Item
              key={scheme}
              role="menuitemradio"
              aria-checked={scheme === colorScheme}
              leftSection={<Icon size={16} aria-hidden />}
              rightSection={scheme === colorScheme ? <IconCheck size={14} aria-hidden /> : null}
              onClick={() => setColorScheme(scheme)}
            >
              {t.shell.theme[scheme]}
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}

// What stands where nothing is: what it is, what to do, and the buttons for it.

import { Group, Stack, Text, Title } from "@mantine/core";
import type { Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";

/** The place of what is not there. `order` is the level of its heading; its children are the ways on. */
export function Nothing(props: { icon: Icon; order?: 2 | 3; title: string; text?: string; children?: ReactNode }) {
  const { icon: Picture, order = 3 } = props;
  return (
    <Stack align="center" justify="center" gap="xs" mih={240} p="xl" ta="center">
      <Picture size={44} stroke={1.2} aria-hidden color="var(--mantine-color-dimmed)" />
      <Title order={order} size="h4">{props.title}</Title>
      {props.text && <Text c="dimmed" maw={460}>{props.text}</Text>}
      {props.children && <Group justify="center" gap="xs" mt="xs">{props.children}</Group>}
    </Stack>
  );
}

// What is shown in place of rows: that they are coming, that there are none, or why not.

import { Alert, Button, Center, Group, Skeleton, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconFolderOff, IconFolderOpen, IconSearchOff } from "@tabler/icons-react";
import { ApiError, detailOf } from "../client/error.js";
import { timeOfDay } from "../hooks/age.js";
import { useStrings } from "../hooks/strings.js";
import classes from "./Files.module.css";
import type { Listing } from "./listing/store.js";
import { shown } from "./names.js";

/** Rows that are on their way. */
export function Waiting() {
  const t = useStrings();
  return (
    <div role="status" aria-label={t.files.loading} className={classes["skeletons"]}>
      {[46, 62, 38, 55, 70, 42, 58, 35].map((width) => (
        <Skeleton key={width} height={14} width={`${width}%`} radius="sm" />
      ))}
    </div>
  );
}

/** No rows: why, and what next. */
export function Empty(props: {
  filter: string;
  hiddenCount: number;
  onClearFilter(): void;
  onShowHidden(): void;
  onUpload(): void;
  onNewFolder(): void;
}) {
  const t = useStrings();
  const words = t.files.empty;
  const [Icon, title, text] =
    props.filter ? [IconSearchOff, words.filterTitle, words.filterText(props.filter)]
    : props.hiddenCount > 0 ? [IconFolderOff, words.hiddenTitle, words.hiddenText(props.hiddenCount)]
    : [IconFolderOpen, words.title, words.text];
  return (
    <Center className={classes["state"] ?? ""} role="status">
      <Stack align="center" gap="xs" maw={420}>
        <Icon size={40} stroke={1.2} aria-hidden className={classes["stateIcon"]} />
        <Text fw={600}>{title}</Text>
        <Text size="sm" c="dimmed" ta="center" style={{ overflowWrap: "anywhere" }}>{text}</Text>
        <Group gap="xs" mt={4}>
          {props.filter ? <Button size="compact-sm" variant="default" onClick={props.onClearFilter}>{t.files.clearFilter}</Button>
          : props.hiddenCount > 0 ? <Button size="compact-sm" variant="default" onClick={props.onShowHidden}>{words.showHidden}</Button>
          : (
            <>
              <Button size="compact-sm" variant="default" onClick={props.onUpload}>{t.files.upload} {t.files.uploadFiles}</Button>
              <Button size="compact-sm" variant="default" onClick={props.onNewFolder}>{t.files.act.newFolder}</Button>
            </>
          )}
        </Group>
      </Stack>
    </Center>
  );
}

/** A folder that cannot be shown: why, and what next. */
export function Failed(props: { listing: Listing; onRetry(): void; onUp(): void; onHome(): void }) {
  const t = useStrings();
  const words = t.files.failed;
  const { error, path } = props.listing;
  const code = error instanceof ApiError ? error.code : undefined;
  const advice = code !== undefined && Object.hasOwn(words.advice, code)
    ? words.advice[code as keyof typeof words.advice] : words.advice.other;
  return (
    <Center className={classes["state"] ?? ""}>
      <Stack align="center" gap="xs" maw={480} role="alert">
        <IconAlertTriangle size={40} stroke={1.2} aria-hidden className={classes["failedIcon"]} />
        <Text fw={600}>{words.title}</Text>
        {path !== null && <Text size="sm" ff="monospace" style={{ overflowWrap: "anywhere" }}><bdi>{shown(path)}</bdi></Text>}
        <Text size="sm" ta="center" style={{ overflowWrap: "anywhere" }}>{detailOf(error)}</Text>
        <Text size="sm" c="dimmed" ta="center">{advice}</Text>
        <Group gap="xs" mt={4} justify="center">
          <Button size="compact-sm" onClick={props.onRetry}>{t.common.retry}</Button>
          {path !== null && path !== "/" && (
            <Button size="compact-sm" variant="default" onClick={props.onUp}>{words.up}</Button>
          )}
          <Button size="compact-sm" variant="default" onClick={props.onHome}>{words.home}</Button>
        </Group>
      </Stack>
    </Center>
  );
}

/** Rows that may not be true any more, said so. */
export function Stale({ listing, onRetry }: { listing: Listing; onRetry(): void }) {
  const t = useStrings();
  if (!listing.error || listing.updatedAt === null) return null;
  return (
    <Alert color="yellow" variant="light" py={6} role="alert" title={t.files.stale.title(timeOfDay(listing.updatedAt))}>
      <Group gap="sm" justify="space-between">
        <Text size="sm">{listing.complete ? t.files.stale.text : t.files.stale.part} {detailOf(listing.error)}</Text>
        <Button size="compact-xs" variant="default" onClick={onRetry}>{t.common.retry}</Button>
      </Group>
    </Alert>
  );
}

// Moves or copies entries to another folder.

import { Button, Checkbox, Group, Progress, Stack, Text, TextInput } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useLog } from "../../hooks/log.js";
import { useStrings } from "../../hooks/strings.js";
import type { FilesApi } from "../api.js";
import type { Row } from "../listing/rows.js";
import { fromEditable, isUnusual, join, resolve, shown, toEditable } from "../names.js";
import { Dialog, Failure } from "./Dialog.js";
import { eachOf, type Failed } from "./each.js";

/** What the dialog needs. */
interface Props {
  api: FilesApi;
  how: "move" | "copy";
  rows: readonly Row[];
  directory: string;
  onClose(): void;
  /** Something may have changed. */
  onChanged(): void;
}

/** The dialog. */
export function PlaceDialog({ api, how, rows, directory, onClose, onChanged }: Props) {
  const t = useStrings();
  const log = useLog();
  const unusual = isUnusual(directory);
  const [typed, setTyped] = useState(() => toEditable(directory === "/" ? "/" : `${directory}/`));
  const [replace, setReplace] = useState(false);
  const [at, setAt] = useState<number | null>(null);
  const [failed, setFailed] = useState<Failed | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const to = resolve(directory, fromEditable(typed, unusual));
  const same = to === directory;
  const start = async () => {
    const controller = new AbortController();
    running.current = controller;
    setFailed(null);
    const result = await eachOf(rows, controller.signal, setAt, async ({ entry }) => {
      const target = join(to, entry.name);
      const from = entry.path as string;
      if (how === "move") {
        await api.rename(from, target, replace);
        return null;
      }
      return api.copy({ from, to: target, recursive: entry.type === "directory", overwrite: replace }, controller.signal);
    });
    if (controller.signal.aborted) return;
    setAt(null);
    if (result.done > 0) {
      const text = how === "move" ? t.files.done.moved(result.done, shown(to)) : t.files.done.copied(result.done, shown(to));
      log.done(text, { sessionId: api.sessionId });
    }
    onChanged();
    if (result.failed) {
      setFailed(result.failed);
      log.failed(t.files.notDone.some(result.failed.count, rows.length), result.failed.error, { sessionId: api.sessionId, quiet: true });
    } else onClose();
  };

  const one = rows.length === 1 ? rows[0] : undefined;
  const title = how === "move" ? t.files.place.moveTitle(rows.length) : t.files.place.copyTitle(rows.length);
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!same && at === null) void start();
        }}
      >
        <Stack>
          {one && <Text size="sm" c="dimmed" truncate title={shown(one.entry.name)}>{shown(one.entry.name)}</Text>}
          {failed && (
            <Failure
              title={`${shown(failed.name)}: ${t.files.notDone.some(failed.count, Math.max(rows.length, failed.count))}`}
              error={failed.error}
            />
          )}
          <TextInput
            label={t.files.place.label}
            description={t.files.place.hint}
            value={typed}
            onChange={({ currentTarget }) => setTyped(currentTarget.value)}
            error={same && typed !== toEditable(directory === "/" ? "/" : `${directory}/`) ? t.files.place.same : undefined}
            onFocus={({ currentTarget }) => currentTarget.setSelectionRange(typed.length, typed.length)}
            data-autofocus
            autoComplete="off"
            spellCheck={false}
          />
          <Checkbox
            label={t.files.place.replace}
            checked={replace}
            onChange={({ currentTarget }) => setReplace(currentTarget.checked)}
          />
          {at !== null && (
            <div role="status">
              <Progress value={(at / rows.length) * 100} striped animated aria-label={title} />
              <Text size="xs" c="dimmed" mt={4}>{t.files.place.progress(at, rows.length)}</Text>
            </div>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>{t.common.cancel}</Button>
            <Button type="submit" disabled={same} loading={at !== null}>
              {how === "move" ? t.files.place.move : t.files.place.copy}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

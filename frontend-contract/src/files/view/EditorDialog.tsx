// Edits a small text. It is saved only over what was read: a file that changed meanwhile is a
// question. Bytes this could not give back unchanged are not edited at all.

import { Alert, Badge, Button, Center, Group, Loader, Stack, Text } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState, type KeyboardEvent } from "react";
import { ApiError } from "../../client/error.js";
import { keys } from "../../hooks/keys.js";
import { useUnsaved } from "../../hooks/leaving.js";
import { useLog } from "../../hooks/log.js";
import { useStrings } from "../../hooks/strings.js";
import type { Content, FilesApi } from "../api.js";
import { Dialog, Failure } from "../dialogs/Dialog.js";
import { formatSize } from "../format.js";
import { shown } from "../names.js";
import { lineEnds, textOf, withLineEnds, type LineEnds } from "./kinds.js";
import classes from "./View.module.css";

/** Bytes of the largest file that is edited. */
const MOST = 2 * 1024 * 1024;

/** What the dialog needs. */
interface Props {
  api: FilesApi;
  name: string;
  path: string;
  onClose(): void;
  onSaved(): void;
}

/** The dialog. */
export function EditorDialog(props: Props) {
  const { api, name, path } = props;
  const t = useStrings();
  const words = t.files.editor;
  const dirty = useRef(false);
  const setDirty = useCallback((is: boolean) => {
    dirty.current = is;
  }, []);
  const [asking, setAsking] = useState(false);
  // What is edited: an answer that comes later, because the server was away or wanted another
  // token, must not put away what was typed since.
  const [opened, setOpened] = useState<{ content: Content; at: number } | null>(null);
  const file = useQuery({
    queryKey: keys.session(api.sessionId, "edit", path),
    queryFn: ({ signal }) => api.read(path, MOST + 1, signal),
    enabled: opened === null,
    gcTime: 0,
    retry: false,
  });
  if (opened === null && file.data) setOpened({ content: file.data, at: file.dataUpdatedAt });
  const reload = async () => {
    const { isSuccess, data, dataUpdatedAt } = await file.refetch();
    if (isSuccess) setOpened({ content: data, at: dataUpdatedAt });
  };
  const text = opened && textOf(opened.content.bytes, false);
  const ends = text === null ? "lf" : lineEnds(text);
  const refusal =
    !opened ? null
    : opened.content.bytes.length > MOST ? words.tooLarge(formatSize(MOST))
    : text === null ? words.binary
    : ends === "mixed" ? words.mixed
    : null;
  const close = () => (dirty.current ? setAsking(true) : props.onClose());
  return (
    <Dialog title={<bdi>{words.title(shown(name))}</bdi>} onClose={close} size="70rem" closeOnClickOutside={false}>
      {asking && (
        <Alert color="yellow" title={words.discard} role="alertdialog" aria-label={words.discard} mb="sm">
          <Text size="sm">{words.discardText}</Text>
          <Group gap="xs" mt="xs">
            <Button size="compact-sm" color="red.9" onClick={props.onClose}>{words.discardYes}</Button>
            <Button size="compact-sm" variant="default" onClick={() => setAsking(false)} autoFocus>{words.keep}</Button>
          </Group>
        </Alert>
      )}
      {file.error && <Failure title={t.files.preview.failed} error={file.error} />}
      {!opened ? !file.error && <Center mih={200}><Loader size="sm" role="status" aria-label={words.loading} /></Center>
      : refusal !== null ? <Text size="sm">{refusal}</Text>
      : (
        <Editor
          {...props}
          key={opened.at}
          // A text area has LF alone.
          initial={(text as string).replaceAll("\r\n", "\n")}
          ends={ends}
          tag={opened.content.tag}
          reloading={file.isFetching}
          onDirty={setDirty}
          onReload={() => void reload()}
          onClose={close}
        />
      )}
    </Dialog>
  );
}

interface EditorProps extends Props {
  initial: string;
  ends: LineEnds;
  tag: string | null;
  reloading: boolean;
  onDirty(dirty: boolean): void;
  onReload(): void;
}

function Editor({ api, name, path, initial, ends, tag: firstTag, reloading, onDirty, onReload, onClose, onSaved }: EditorProps) {
  const t = useStrings();
  const words = t.files.editor;
  const log = useLog();
  const [text, setText] = useState(initial);
  const [saved, setSaved] = useState(initial);
  const [tag, setTag] = useState(firstTag);
  const [place, setPlace] = useState({ line: 1, column: 1 });
  const area = useRef<HTMLTextAreaElement>(null);
  const changed = text !== saved;
  useEffect(() => {
    onDirty(changed);
  }, [changed, onDirty]);
  useUnsaved(api.sessionId, changed);

  const save = useMutation({
    mutationFn: async (force: boolean) => {
      const content = text;
      const body = new Blob([withLineEnds(content, ends)]);
      await api.write(path, body, force || tag === null ? "any" : { tag });
      // Not known, the next save is taken for a conflict: one question too many, and not one too few.
      return { content, tag: await api.tag(path).catch(() => tag) };
    },
    onSuccess: ({ content, tag: now }) => {
      setSaved(content);
      setTag(now);
      log.done(t.files.done.saved(shown(name)), { sessionId: api.sessionId, quiet: true });
      onSaved();
    },
  });
  const conflict = save.error instanceof ApiError && save.error.status === 412;
  const start = () => {
    if (changed && !save.isPending) save.mutate(false);
  };

  const atKey = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      start();
    }
  };
  const look = () => {
    const before = area.current?.value.slice(0, area.current.selectionStart) ?? "";
    setPlace({ line: before.split("\n").length, column: before.length - before.lastIndexOf("\n") });
  };

  return (
    <Stack gap="sm">
      {conflict ? (
        <Alert color="yellow" role="alert" title={words.conflict}>
          <Text size="sm">{words.conflictText}</Text>
          <Group gap="xs" mt="xs">
            <Button size="compact-sm" variant="default" onClick={() => save.reset()}>{words.keep}</Button>
            <Button size="compact-sm" variant="default" loading={reloading} onClick={onReload}>{words.reload}</Button>
            <Button size="compact-sm" color="red.9" onClick={() => save.mutate(true)}>{words.overwrite}</Button>
          </Group>
        </Alert>
      ) : save.error ? <Failure title={words.failed} error={save.error} /> : null}
      {firstTag === null && <Text size="xs" c="dimmed">{words.blind}</Text>}
      <textarea
        ref={area}
        className={classes["editor"]}
        aria-label={words.content(shown(name))}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={atKey}
        onSelect={look}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
        wrap="off"
        data-autofocus
      />
      <Group justify="space-between">
        <Group gap="sm">
          <Text size="xs" c="dimmed">{words.place(place.line, place.column)}</Text>
          <Badge variant="default" size="sm" radius="sm">{words.lines[ends === "crlf" ? "crlf" : "lf"]}</Badge>
          <Text size="xs" c="dimmed" role="status">
            {save.isPending ? words.saving : changed ? words.changed : save.isSuccess ? words.saved : ""}
          </Text>
        </Group>
        <Group gap="xs">
          <Button variant="default" onClick={onClose}>{t.common.close}</Button>
          <Button onClick={start} loading={save.isPending} disabled={!changed}>{words.save}</Button>
        </Group>
      </Group>
    </Stack>
  );
}

// Asks for the folder that entries are to go to, in their own session or in another.

import { Button, Checkbox, Group, Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { keys } from "../../hooks/keys.js";
import { useClient } from "../../hooks/server.js";
import { useStrings } from "../../hooks/strings.js";
import { FilesApi } from "../api.js";
import { Dialog, Failure } from "../dialogs/Dialog.js";
import { fromEditable, isUnusual, join, resolve, shown, toEditable } from "../names.js";
import { refusal, type Bundle, type How } from "./bundle.js";
import type { Destination } from "./moves.js";

/** What is asked. */
export interface Placing {
  bundle: Bundle;
  /** The session they go to. */
  to: Omit<Destination, "path">;
  /** Whether they go or are copied; null leaves that to the person. */
  how: How | null;
}

/** The dialog. */
export function PlaceDialog(props: Placing & { onClose(): void; onSend(how: How, bundle: Bundle, to: Destination): void }) {
  const { bundle, to, onClose } = props;
  const t = useStrings();
  const { place, moving: { send, refused } } = t.files;
  const client = useClient();
  const [api] = useState(() => new FilesApi(client, to.sessionId));
  const [typed, setTyped] = useState<string | null>(null);
  const [how, setHow] = useState<How>(props.how ?? "copy");
  const [makes, setMakes] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<{ missing: string } | { error: unknown } | null>(null);
  const isOwn = to.sessionId === bundle.sessionId;
  const home = useQuery({
    queryKey: keys.session(api.sessionId, "home"),
    queryFn: async ({ signal }) =>
      (await api.list({ path: undefined, limit: 1, cursor: undefined }, signal)).path,
    enabled: !isOwn,
    staleTime: Infinity,
    retry: false,
  });
  const start = isOwn ? join(bundle.directory, "") : home.data;
  const text = typed ?? toEditable(start ?? "");
  const path = resolve(start ?? "/", fromEditable(text.trim(), isUnusual(start ?? "")));
  const why = refusal(bundle, { sessionId: to.sessionId, path }, how);
  const isMissing = problem !== null && "missing" in problem && problem.missing === path;

  const submit = async () => {
    setBusy(true);
    setProblem(null);
    try {
      if (isMissing && makes) await api.makeDirectory(path, true);
      else if ((await api.find(path)) === null) {
        setProblem({ missing: path });
        return;
      }
      props.onSend(how, bundle, { ...to, path });
    } catch (error) {
      setProblem({ error });
    } finally {
      setBusy(false);
    }
  };
  const count = bundle.items.length;
  const title = !isOwn ? send.title(count, to.sessionName) : how === "move" ? place.moveTitle(count) : place.copyTitle(count);
  const [one] = bundle.items;
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy && !why && text.trim()) void submit();
        }}
      >
        <Stack>
          {one && count === 1 && <Text size="sm" c="dimmed" truncate title={shown(one.name)}>{shown(one.name)}</Text>}
          {home.error && <Failure title={send.noHome} error={home.error} />}
          {problem && "error" in problem && <Failure error={problem.error} />}
          <TextInput
            label={isOwn ? place.label : send.folder(to.sessionName)}
            description={isOwn ? place.hint : send.hint}
            value={text}
            placeholder={start === undefined && home.isPending ? t.common.loading : undefined}
            error={isMissing ? send.missing : typed !== null && why ? refused[why] : undefined}
            onChange={({ currentTarget }) => setTyped(currentTarget.value)}
            onFocus={({ currentTarget }) => {
              // A path is gone on with, to begin with.
              if (typed === null) currentTarget.setSelectionRange(text.length, text.length);
            }}
            data-autofocus
            autoComplete="off"
            spellCheck={false}
          />
          {isMissing && (
            <Checkbox label={send.make} checked={makes} onChange={({ currentTarget }) => setMakes(currentTarget.checked)} />
          )}
          {props.how === null && (
            <Checkbox
              label={send.remove}
              description={how === "move" ? send.removeText : undefined}
              checked={how === "move"}
              onChange={({ currentTarget }) => setHow(currentTarget.checked ? "move" : "copy")}
            />
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>{t.common.cancel}</Button>
            <Button type="submit" loading={busy} disabled={!text.trim() || why !== null}>{how === "move" ? place.move : place.copy}</Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

// Asks for the folder in another session that entries are to go to.

import { Button, Checkbox, Group, Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Session } from "../../client/models.js";
import { keys } from "../../hooks/keys.js";
import { useClient } from "../../hooks/server.js";
import { useStrings } from "../../hooks/strings.js";
import { nameOf } from "../../sessions/names.js";
import { FilesApi } from "../api.js";
import { Dialog, Failure } from "../dialogs/Dialog.js";
import { fromEditable, isUnusual, resolve, shown, toEditable } from "../names.js";
import type { Bundle, How } from "./bundle.js";
import type { Destination } from "./moves.js";

/** What the dialog needs. */
interface Props {
  bundle: Bundle;
  /** The session they go to. */
  session: Session;
  onClose(): void;
  onSend(how: How, to: Destination): void;
}

/** The dialog. */
export function SendDialog({ bundle, session, onClose, onSend }: Props) {
  const t = useStrings();
  const words = t.files.moving.send;
  const client = useClient();
  const [api] = useState(() => new FilesApi(client, session.session_id));
  const [typed, setTyped] = useState<string | null>(null);
  const [removes, setRemoves] = useState(false);
  const [makes, setMakes] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<{ missing: string } | { error: unknown } | null>(null);
  const home = useQuery({
    queryKey: keys.session(api.sessionId, "home"),
    queryFn: async ({ signal }) =>
      (await api.list({ path: undefined, limit: 1, cursor: undefined }, signal)).path,
    staleTime: Infinity,
    retry: false,
  });
  const start = home.data ?? "/";
  const text = typed ?? (home.data === undefined ? "" : toEditable(home.data));
  const path = resolve(start, fromEditable(text.trim(), isUnusual(start)));
  const isMissing = problem !== null && "missing" in problem && problem.missing === path;

  const send = async () => {
    setBusy(true);
    setProblem(null);
    try {
      if (isMissing && makes) await api.makeDirectory(path, true);
      else if ((await api.find(path)) === null) {
        setProblem({ missing: path });
        return;
      }
      onSend(removes ? "move" : "copy", { sessionId: api.sessionId, sessionName: nameOf(session), path });
    } catch (error) {
      setProblem({ error });
    } finally {
      setBusy(false);
    }
  };
  const one = bundle.items.length === 1 ? bundle.items[0] : undefined;
  return (
    <Dialog title={words.title(bundle.items.length, nameOf(session))} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy && text.trim()) void send();
        }}
      >
        <Stack>
          {one && <Text size="sm" c="dimmed" truncate>{shown(one.name)}</Text>}
          {home.error && <Failure title={words.noHome} error={home.error} />}
          {problem && "error" in problem && <Failure error={problem.error} />}
          <TextInput
            label={words.folder(nameOf(session))}
            description={words.hint}
            value={text}
            placeholder={home.isPending ? t.common.loading : undefined}
            error={isMissing ? words.missing : undefined}
            onChange={({ currentTarget }) => setTyped(currentTarget.value)}
            data-autofocus
            autoComplete="off"
            spellCheck={false}
          />
          {isMissing && (
            <Checkbox label={words.make} checked={makes} onChange={({ currentTarget }) => setMakes(currentTarget.checked)} />
          )}
          <Checkbox
            label={words.remove}
            description={removes ? words.removeText : undefined}
            checked={removes}
            onChange={({ currentTarget }) => setRemoves(currentTarget.checked)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>{t.common.cancel}</Button>
            <Button type="submit" loading={busy} disabled={!text.trim()}>{removes ? t.files.place.move : t.files.place.copy}</Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

// Gives a session another name.

import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ok } from "../client/client.js";
import { detailOf } from "../client/error.js";
import type { Session } from "../client/models.js";
import { keys } from "../hooks/keys.js";
import { useLog } from "../hooks/log.js";
import { useClient } from "../hooks/server.js";
import { useStrings } from "../hooks/strings.js";
import { nameOf } from "./names.js";

/** Most characters the server takes. */
const LONGEST = 200;

/** The dialog; `session` is null while it is closed. */
export function RenameDialog({ session, onClose }: { session: Session | null; onClose(): void }) {
  const t = useStrings();
  return (
    <Modal
      opened={session !== null}
      onClose={onClose}
      title={t.sessions.renameTitle}
      closeButtonProps={{ "aria-label": t.common.close }}
    >
      {session && <RenameForm session={session} onClose={onClose} />}
    </Modal>
  );
}

function RenameForm({ session, onClose }: { session: Session; onClose(): void }) {
  const t = useStrings();
  const client = useClient();
  const queries = useQueryClient();
  const log = useLog();
  const [name, setName] = useState(nameOf(session));
  const rename = useMutation({
    mutationFn: (sessionName: string) =>
      ok(client.http.PATCH("/connections/{session_id}", {
        params: { path: { session_id: session.session_id } },
        body: { sessionName },
      })),
    onSuccess: async (renamed) => {
      log.done(t.sessions.renamed(nameOf(renamed)), { sessionId: session.session_id, quiet: true });
      await queries.invalidateQueries({ queryKey: keys.sessions });
      onClose();
    },
  });
  const problem = name.trim() ? undefined : t.sessions.nameEmpty;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!problem) rename.mutate(name.trim());
      }}
    >
      <Stack>
        <TextInput
          label={t.sessions.name}
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          error={problem ?? (rename.error ? `${t.sessions.renameFailed}: ${detailOf(rename.error)}` : undefined)}
          maxLength={LONGEST}
          data-autofocus
          autoComplete="off"
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>{t.common.cancel}</Button>
          <Button type="submit" loading={rename.isPending}>{t.common.save}</Button>
        </Group>
      </Stack>
    </form>
  );
}

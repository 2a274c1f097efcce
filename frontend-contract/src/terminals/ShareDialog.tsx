// Links by which others watch a terminal.

import { Alert, Button, Group, Loader, Modal, Select, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ok } from "../client/client.js";
import { detailOf } from "../client/error.js";
import type { Session, TerminalInfo } from "../client/models.js";
import { copyText } from "../hooks/clipboard.js";
import { keys } from "../hooks/keys.js";
import { useLog } from "../hooks/log.js";
import { useClient } from "../hooks/server.js";
import { useStrings } from "../hooks/strings.js";
import { shareLink } from "./link.js";
import { MONO } from "./mono.js";
import classes from "./Terminals.module.css";

/** The dialog. */
export function ShareDialog(props: { session: Session; terminal: TerminalInfo; onClose(): void }) {
  const t = useStrings();
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={t.terminals.share.title(props.terminal.name)}
      closeButtonProps={{ "aria-label": t.common.close }}
    >
      <Shares {...props} />
    </Modal>
  );
}

function Shares({ session, terminal }: { session: Session; terminal: TerminalInfo }) {
  const all = useStrings();
  const t = all.terminals.share;
  const client = useClient();
  const log = useLog();
  const queries = useQueryClient();
  const { session_id: sessionId } = session;
  const [seconds, setSeconds] = useState("3600");
  const path = { session_id: sessionId, terminal_id: terminal.terminal_id };
  const queryKey = keys.session(sessionId, "shares", terminal.terminal_id);
  const list = useQuery({
    queryKey,
    queryFn: async ({ signal }) =>
      (await ok(client.http.GET("/connections/{session_id}/terminals/{terminal_id}/shares", { params: { path }, signal }))).shares,
  });
  const create = useMutation({
    mutationFn: () => ok(client.http.POST("/connections/{session_id}/terminals/{terminal_id}/shares", {
      params: { path }, body: { expires_in: Number(seconds) },
    })),
    onSuccess: () => queries.invalidateQueries({ queryKey }),
  });
  const revoke = useMutation({
    mutationFn: (share: string) =>
      ok(client.http.DELETE("/connections/{session_id}/terminals/{terminal_id}/shares/{share_id}", {
        params: { path: { ...path, share_id: share } },
      })),
    onSuccess: (_, share) => {
      if (create.data?.share_id === share) create.reset();
      log.done(t.revoked, { sessionId });
    },
    onError: (error) => log.failed(t.revokeFailed, error, { sessionId }),
    onSettled: () => queries.invalidateQueries({ queryKey }),
  });
  const link = create.data && shareLink(client.baseUrl, create.data.share);
  return (
    <Stack>
      <Text size="sm">{t.text}</Text>
      <Group align="flex-end" wrap="nowrap">
        <Select
          label={t.expires}
          style={{ flex: 1 }}
          value={seconds}
          allowDeselect={false}
          data={Object.entries(t.times).map(([value, label]) => ({ value, label }))}
          onChange={(value) => value && setSeconds(value)}
        />
        <Button loading={create.isPending} onClick={() => create.mutate()}>{t.create}</Button>
      </Group>
      {create.error && <Alert color="red" title={t.failed} role="alert">{detailOf(create.error)}</Alert>}
      {link && (
        <Group align="flex-end" wrap="nowrap">
          <TextInput
            label={t.link}
            description={t.once}
            style={{ flex: 1 }}
            value={link}
            readOnly
            styles={MONO}
            onFocus={({ currentTarget }) => currentTarget.select()}
          />
          <Button
            variant="default"
            onClick={async () => {
              if (await copyText(link)) log.done(t.copied, { sessionId });
              else log.note(all.common.copyFailed, { sessionId });
            }}
          >
            {t.copy}
          </Button>
        </Group>
      )}
      <div>
        <Title order={3} size="h6">{t.list}</Title>
        {list.isPending && <Loader size="sm" mt="xs" role="status" aria-label={all.common.loading} />}
        {list.error && (
          <Group gap="xs" mt="xs">
            <Text size="sm">{t.listFailed}: {detailOf(list.error)}</Text>
            <Button size="compact-sm" variant="default" onClick={() => void list.refetch()}>{all.common.retry}</Button>
          </Group>
        )}
        {list.data?.length === 0 && <Text size="sm" c="dimmed">{t.none}</Text>}
        <ul className={classes["shares"]}>
          {list.data?.map((share) => {
            const until = new Date(share.expires_at).toLocaleString();
            return (
              <li key={share.share_id}>
                <Text size="sm">{t.until(until)}</Text>
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={t.revokeNamed(until)}
                  loading={revoke.isPending && revoke.variables === share.share_id}
                  onClick={() => revoke.mutate(share.share_id)}
                >
                  {t.revoke}
                </Button>
              </li>
            );
          })}
        </ul>
      </div>
    </Stack>
  );
}

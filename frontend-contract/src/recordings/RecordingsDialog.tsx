// The recordings on the server: the list, or one of them played.

import { Button, Group, Modal, Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useState } from "react";
import { detailOf } from "../client/error.js";
import type { Recording } from "../client/models.js";
import { useLog } from "../hooks/log.js";
import { useClient } from "../hooks/server.js";
import { useStrings } from "../hooks/strings.js";
import { download, useDelete, useRecordings } from "./api.js";
import { Player } from "./Player.js";
import { RecordingList } from "./RecordingList.js";

/** The dialog. */
export default function RecordingsDialog({ onClose }: { onClose(): void }) {
  const all = useStrings();
  const t = all.recordings;
  const client = useClient();
  const log = useLog();
  const query = useRecordings();
  const narrow = useMediaQuery("(max-width: 47.99em)") ?? false;
  const [playedId, setPlayed] = useState<string | null>(null);
  const [deleting, setDeleting] = useState<Recording | null>(null);
  const played = query.data?.recordings.find((each) => each.recording_id === playedId) ?? null;

  const get = (recording: Recording) => {
    download(client, recording).catch((error: unknown) => log.failed(t.downloadFailed(recording.title), error));
  };
  const actions = { onDownload: get, onDelete: setDeleting };

  return (
    <Modal
      opened
      onClose={onClose}
      title={played ? played.title : t.title}
      size="60rem"
      fullScreen={narrow}
      // The question over it is the one that is answered.
      closeOnEscape={deleting === null}
      closeButtonProps={{ "aria-label": all.common.close }}
    >
      {played
        ? <Player key={played.recording_id} recording={played} onBack={() => setPlayed(null)} {...actions} />
        : <RecordingList query={query} onPlay={(recording) => setPlayed(recording.recording_id)} {...actions} />}
      {deleting && <DeleteDialog recording={deleting} onClose={() => setDeleting(null)} onDeleted={() => setPlayed(null)} />}
    </Modal>
  );
}

/** Asks whether to delete a recording. */
function DeleteDialog(props: { recording: Recording; onClose(): void; onDeleted(): void }) {
  const all = useStrings();
  const t = all.recordings;
  const { recording, onClose, onDeleted } = props;
  const remove = useDelete();
  return (
    <Modal opened onClose={onClose} title={t.deleteTitle(recording.title)} closeButtonProps={{ "aria-label": all.common.close }}>
      <Text size="sm">{recording.state === "running" ? t.deleteRunning : t.deleteText}</Text>
      {remove.error && <Text size="sm" c="var(--mantine-color-error)" role="alert" mt="xs">{t.deleteFailed(recording.title)}: {detailOf(remove.error)}</Text>}
      <Group justify="flex-end" mt="md">
        <Button variant="default" data-autofocus onClick={onClose}>{all.common.cancel}</Button>
        <Button
          color="red.9"
          loading={remove.isPending}
          onClick={() => remove.mutate(recording, {
            onSuccess: () => {
              onDeleted();
              onClose();
            },
          })}
        >
          {t.deleteNow}
        </Button>
      </Group>
    </Modal>
  );
}

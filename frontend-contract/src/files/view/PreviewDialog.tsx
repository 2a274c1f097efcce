// Shows the beginning of a text, or a picture. Nothing is run: text is text, a picture is drawn
// from a blob of its type.

import { Button, Center, Group, Loader, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { keys } from "../../hooks/keys.js";
import { useStrings } from "../../hooks/strings.js";
import type { FilesApi } from "../api.js";
import { Dialog, Failure } from "../dialogs/Dialog.js";
import { formatSize } from "../format.js";
import type { Row } from "../listing/rows.js";
import { shown } from "../names.js";
import { isPicture, latinOf, pictureType, textOf } from "./kinds.js";
import classes from "./View.module.css";

/** Bytes of a text that are shown. */
const TEXT_BYTES = 256 * 1024;
/** Bytes of the largest picture. */
const PICTURE_BYTES = 20 * 1024 * 1024;

/** What the dialog needs. */
interface Props {
  api: FilesApi;
  row: Row;
  onClose(): void;
  onEdit(row: Row): void;
  onDownload(row: Row): void;
}

/** The dialog. */
export function PreviewDialog({ api, row, onClose, onEdit, onDownload }: Props) {
  const t = useStrings();
  const words = t.files.preview;
  const { name } = row.entry;
  const picture = isPicture(name);
  const path = row.entry.path as string;
  const most = picture ? PICTURE_BYTES + 1 : TEXT_BYTES;
  const file = useQuery({
    queryKey: keys.session(api.sessionId, "preview", path),
    queryFn: ({ signal }) => api.read(path, most, signal),
    enabled: row.entry.type !== "other",
    gcTime: 0,
    retry: false,
  });
  const cut = file.data !== undefined && file.data.size !== null && file.data.size > file.data.bytes.length;
  const text = file.data && !picture ? (textOf(file.data.bytes, cut) ?? latinOf(file.data.bytes)) : null;

  return (
    <Dialog title={<bdi>{shown(name)}</bdi>} onClose={onClose} size="xl">
      <Stack gap="sm">
        {row.entry.type === "other" ? <Text size="sm">{words.other}</Text>
        : file.error ? <Failure title={words.failed} error={file.error} />
        : !file.data ? (
          <Center mih={160}><Loader size="sm" role="status" aria-label={words.loading} /></Center>
        ) : picture ? (
          file.data.bytes.length > PICTURE_BYTES
            ? <Text size="sm">{words.tooLarge}</Text>
            : <Picture bytes={file.data.bytes} name={name} />
        ) : file.data.bytes.length === 0 ? <Text size="sm" c="dimmed">{words.empty}</Text>
        : text === null ? (
          <div>
            <Text size="sm" fw={600}>{words.binary}</Text>
            <Text size="sm" c="dimmed">{words.binaryText}</Text>
          </div>
        ) : (
          <pre className={classes["text"]} tabIndex={0} role="region" aria-label={words.content(shown(name))}>{text}</pre>
        )}
        {cut && text !== null && file.data && (
          <Text size="xs" c="dimmed">{words.first(formatSize(file.data.bytes.length), formatSize(file.data.size ?? 0))}</Text>
        )}
        <Group justify="flex-end">
          {!picture && row.entry.type !== "other" && (
            <Button variant="default" onClick={() => onEdit(row)}>{t.files.act.edit}</Button>
          )}
          {row.entry.type !== "other" && (
            <Button variant="default" onClick={() => onDownload(row)}>{t.files.act.download}</Button>
          )}
          <Button onClick={onClose} data-autofocus>{t.common.close}</Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

function Picture({ bytes, name }: { bytes: Uint8Array<ArrayBuffer>; name: string }) {
  const t = useStrings();
  const [url, setUrl] = useState<string | null>(null);
  const [broken, setBroken] = useState(false);
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([bytes], { type: pictureType(name) }));
    setUrl(made);
    setBroken(false);
    return () => URL.revokeObjectURL(made);
  }, [bytes, name]);
  if (broken) return <Text size="sm">{t.files.preview.broken}</Text>;
  return (
    <div className={classes["picture"]}>
      {url && <img src={url} alt={t.files.preview.image(shown(name))} onError={() => setBroken(true)} />}
    </div>
  );
}

// Asks for a name: of a new folder, file or link, or another one for what there is.

import { Button, Checkbox, Group, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { ApiError } from "../../client/error.js";
import { useLog } from "../../hooks/log.js";
import { useStrings } from "../../hooks/strings.js";
import type { FilesApi } from "../api.js";
import { fromEditable, isUnusual, join, nameProblem, shown, toEditable } from "../names.js";
import { Dialog, Failure } from "./Dialog.js";

/** What a name is asked for. */
export type NameKind = "folder" | "file" | "link" | "rename";

/** What the dialog needs. */
interface Props {
  api: FilesApi;
  kind: NameKind;
  directory: string;
  /** The name there is, when it is to be another. */
  name?: string | undefined;
  onClose(): void;
  /** Told of the name there is now. */
  onDone(name: string): void;
}

/** The dialog. */
export function NameDialog({ api, kind, directory, name: old = "", onClose, onDone }: Props) {
  const t = useStrings();
  const log = useLog();
  const unusual = isUnusual(old);
  const [typed, setTyped] = useState(() => toEditable(old));
  const [target, setTarget] = useState("");
  const [replace, setReplace] = useState(false);
  const [tried, setTried] = useState(false);
  const first = useRef(true);
  const name = fromEditable(typed, unusual);

  const save = useMutation({
    mutationFn: async () => {
      const path = join(directory, name);
      if (kind === "folder") await api.makeDirectory(path);
      else if (kind === "file") await api.write(path, new Blob([]), "new").catch(alreadyThere);
      else if (kind === "link") await api.symlink(target, path);
      else await api.rename(join(directory, old), path, replace);
    },
    onSuccess: () => {
      const text = kind === "rename" ? t.files.done.renamed(shown(old), shown(name)) : t.files.done[kind](shown(name));
      log.done(text, { sessionId: api.sessionId, quiet: true });
      onDone(name);
    },
  });
  const exists = save.error instanceof ApiError && save.error.code === "already_exists";
  const problem = nameProblem(name);
  const wrong = problem && (tried || problem !== "empty") ? t.files.name.wrong[problem] : undefined;
  const targetWrong = kind === "link" && tried && target === "" ? t.files.name.targetEmpty : undefined;

  return (
    <Dialog title={t.files.name.titles[kind]} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (problem || (kind === "link" && target === "")) return;
          if (kind === "rename" && name === old) onClose();
          else save.mutate();
        }}
      >
        <Stack>
          {save.error && <Failure error={save.error} />}
          <TextInput
            label={t.files.name.label}
            description={unusual ? t.files.name.unusual : undefined}
            value={typed}
            onChange={({ currentTarget }) => setTyped(currentTarget.value)}
            onFocus={({ currentTarget }) => {
              // The ending mostly stays.
              const dot = kind === "rename" && first.current ? typed.lastIndexOf(".") : -1;
              if (first.current) currentTarget.setSelectionRange(0, dot > 0 ? dot : typed.length);
              first.current = false;
            }}
            error={wrong}
            data-autofocus
            autoComplete="off"
            spellCheck={false}
          />
          {kind === "link" && (
            <TextInput
              label={t.files.name.target}
              description={t.files.name.targetHint}
              value={target}
              onChange={({ currentTarget }) => setTarget(currentTarget.value)}
              error={targetWrong}
              autoComplete="off"
              spellCheck={false}
            />
          )}
          {kind === "rename" && exists && (
            <Checkbox
              label={t.files.name.replace}
              checked={replace}
              onChange={({ currentTarget }) => setReplace(currentTarget.checked)}
            />
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>{t.common.cancel}</Button>
            <Button type="submit" loading={save.isPending}>
              {kind === "rename" ? t.files.name.rename : t.files.name.create}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

/** A new file that is there already is refused as a condition that failed. */
function alreadyThere(error: unknown): never {
  if (error instanceof ApiError && error.status === 412) {
    throw new ApiError(409, error.detail, "already_exists", error.body);
  }
  throw error;
}

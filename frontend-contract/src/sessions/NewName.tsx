// Asks for another name of something that has one.

import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { detailOf } from "../client/error.js";
import { useStrings } from "../hooks/strings.js";

/** The dialog. `onRename` throws when the name is refused, and the dialog says why. */
export function NewName(props: {
  title: string;
  name: string;
  /** Most characters the server takes. */
  longest: number;
  /** Said before the server's words when it refuses. */
  failed: string;
  onClose(): void;
  onRename(name: string): Promise<unknown>;
}) {
  const t = useStrings();
  const { onClose } = props;
  const [name, setName] = useState(props.name);
  const rename = useMutation({ mutationFn: props.onRename, onSuccess: onClose });
  const problem = name.trim() ? undefined : t.common.nameEmpty;
  return (
    <Modal opened onClose={onClose} title={props.title} closeButtonProps={{ "aria-label": t.common.close }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!problem && !rename.isPending) rename.mutate(name.trim());
        }}
      >
        <Stack>
          <TextInput
            label={t.common.name}
            value={name}
            onChange={({ currentTarget: { value } }) => setName(value)}
            error={problem ?? (rename.error ? `${props.failed}: ${detailOf(rename.error)}` : undefined)}
            maxLength={props.longest}
            data-autofocus
            autoComplete="off"
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>{t.common.cancel}</Button>
            <Button type="submit" loading={rename.isPending}>{t.common.save}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

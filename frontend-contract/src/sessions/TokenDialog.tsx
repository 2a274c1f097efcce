// Asks for the access token when the server wants one.

import { Alert, Button, getDefaultZIndex, Group, Modal, PasswordInput, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useServer } from "../hooks/server.js";
import { useStrings } from "../hooks/strings.js";

/** The dialog; closed while the server wants no token. */
export function TokenDialog() {
  const t = useStrings();
  const { tokenWanted } = useServer();
  return (
    <Modal
      opened={tokenWanted !== "no"}
      // Above every other dialog, whichever of them was opened last.
      zIndex={getDefaultZIndex("modal") + 1}
      // Without a token nothing can be done here.
      onClose={() => undefined}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      title={t.shell.token.title}
    >
      <TokenForm refused={tokenWanted === "refused"} />
    </Modal>
  );
}

function TokenForm({ refused }: { refused: boolean }) {
  const t = useStrings();
  const { setToken } = useServer();
  const [token, setTyped] = useState("");
  const [submitted, setSubmitted] = useState(false);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setSubmitted(true);
        if (token.trim()) setToken(token.trim());
      }}
    >
      <Stack gap="sm">
        {refused
          ? <Alert color="red" role="alert">{t.shell.token.refused}</Alert>
          : <Text size="sm">{t.shell.token.missing}</Text>}
        <PasswordInput
          label={t.shell.token.label}
          description={t.shell.token.hint}
          value={token}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
          error={submitted && !token.trim() ? t.shell.token.empty : undefined}
          autoComplete="off"
          data-autofocus
          visibilityToggleButtonProps={{ "aria-label": t.shell.token.show }}
        />
        <Text size="xs" c="dimmed">{t.shell.token.where}</Text>
        <Group justify="flex-end">
          <Button type="submit">{t.shell.token.submit}</Button>
        </Group>
      </Stack>
    </form>
  );
}

// How somebody logs in over SSH: password, key file on the server, or pasted key.

import { Button, FileButton, Group, Input, PasswordInput, SegmentedControl, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useId, useState } from "react";
import { useStrings } from "../../hooks/strings.js";
import type { FieldsProps } from "./ConnectDialog.js";
import type { Method } from "./form.js";
import { inspectKey } from "./key.js";

/** No key file is near this; another file was chosen by mistake. */
const LARGEST_KEY = 64 * 1024;

/** The fields of an SSH login. */
export function SshFields({ form, set, bind, disabled }: FieldsProps) {
  const t = useStrings();
  const methodId = useId();
  const [unusable, setUnusable] = useState<string | null>(null);
  const key = bind("keyText");
  const read = async (file: File | null) => {
    if (!file) return;
    const text = file.size > LARGEST_KEY ? null : await file.text().catch(() => undefined);
    setUnusable(text === null ? t.connect.keyFileLarge : text === undefined ? t.connect.keyFileUnreadable : null);
    if (typeof text === "string") set({ keyText: text });
  };
  return (
    <Stack gap="sm">
      <div>
        <Input.Label component="div" id={methodId} mb={4}>{t.connect.method}</Input.Label>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-labelledby={methodId}
          disabled={disabled}
          value={form.method}
          onChange={(method) => set({ method: method as Method })}
          data={(["password", "keyPath", "keyText"] as const).map((value) => ({
            value, label: t.connect.methods[value],
          }))}
        />
      </div>
      {form.method === "password" && (
        <PasswordInput
          {...bind("password")}
          label={t.connect.password}
          required
          autoComplete="off"
          visibilityToggleButtonProps={{ "aria-label": t.connect.showPassword }}
        />
      )}
      {form.method === "keyPath" && (
        <TextInput
          {...bind("keyPath")}
          label={t.connect.keyPath}
          description={t.connect.keyPathHint}
          placeholder="~/.ssh/id_ed25519"
          required
          autoComplete="off"
          spellCheck={false}
          styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
        />
      )}
      {form.method === "keyText" && (
        <>
          <Textarea
            {...key}
            onChange={(event) => {
              setUnusable(null);
              key.onChange(event);
            }}
            error={unusable ?? key.error}
            label={t.connect.keyText}
            description={t.connect.keyTextHint}
            placeholder="-----BEGIN OPENSSH PRIVATE KEY-----"
            required
            autosize
            minRows={4}
            maxRows={8}
            autoComplete="off"
            spellCheck={false}
            styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 12 } }}
          />
          <Group gap="xs">
            <FileButton onChange={(file) => void read(file)}>
              {(props) => (
                <Button {...props} variant="default" size="xs" disabled={disabled}>{t.connect.keyFile}</Button>
              )}
            </FileButton>
            {inspectKey(form.keyText) === "encrypted" && (
              <Text size="sm" c="dimmed" role="status">{t.connect.keyEncrypted}</Text>
            )}
          </Group>
        </>
      )}
      {form.method !== "password" && (
        <PasswordInput
          {...bind("passphrase")}
          label={t.connect.passphrase}
          description={t.connect.passphraseHint}
          autoComplete="off"
          visibilityToggleButtonProps={{ "aria-label": t.connect.showPassphrase }}
        />
      )}
    </Stack>
  );
}

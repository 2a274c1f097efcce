// How somebody logs in over FTP, and how the connection is secured.

import { Button, Group, Input, PasswordInput, SegmentedControl, Stack, Text } from "@mantine/core";
import { useId } from "react";
import { useStrings } from "../../hooks/strings.js";
import type { FieldsProps } from "./ConnectDialog.js";
import type { Security } from "./form.js";

/** The fields of an FTP login. */
export function FtpFields({ form, set, bind, disabled }: FieldsProps) {
  const t = useStrings();
  const { error } = bind("security");
  const securityId = useId();
  return (
    <Stack gap="sm">
      <div>
        <PasswordInput
          {...bind("password")}
          label={t.connect.password}
          required
          autoComplete="off"
          visibilityToggleButtonProps={{ "aria-label": t.connect.showPassword }}
        />
        <Group justify="flex-end" mt={4}>
          <Button
            variant="subtle"
            size="compact-xs"
            disabled={disabled}
            onClick={() => set({ username: "anonymous", password: "anonymous@" })}
          >
            {t.connect.anonymous}
          </Button>
        </Group>
      </div>
      <div>
        <Input.Label component="div" id={securityId} mb={4}>{t.connect.security}</Input.Label>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-labelledby={securityId}
          disabled={disabled}
          value={form.security}
          onChange={(security) => set({ security: security as Security })}
          data={(["none", "explicit", "implicit"] as const).map((value) => ({
            value, label: t.connect.securities[value],
          }))}
        />
        {(error || form.security === "none") && (
          <Text size="xs" c={error ? "error" : "dimmed"} mt={6}>{t.connect.plainWarning}</Text>
        )}
      </div>
    </Stack>
  );
}

// What most people leave alone.

import { Button, Collapse, NativeSelect, SimpleGrid, TextInput } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useId, useState } from "react";
import { useStrings } from "../../hooks/strings.js";
import type { FieldsProps } from "./ConnectDialog.js";
import type { Field, Form } from "./form.js";

const OPTIONS: readonly Field[] = ["timeout", "charset", "account", "virtualHost", "maxConnections"];

/** The fields that have a good value of their own. */
export function MoreOptions({ form, set, bind, disabled }: FieldsProps) {
  const t = useStrings();
  const [wanted, setWanted] = useState(false);
  const id = useId();
  // What is wrong is never hidden.
  const opened = wanted || OPTIONS.some((field) => bind(field).error);
  const preset = `${form.username.trim() || t.connect.username}@${form.host.trim() || t.connect.host}`;
  return (
    <div>
      <TextInput
        {...bind("sessionName")}
        label={t.connect.name}
        placeholder={t.connect.nameHint(preset)}
        maxLength={200}
        autoComplete="off"
        mb="xs"
      />
      <Button
        variant="subtle"
        size="compact-sm"
        aria-expanded={opened}
        aria-controls={id}
        leftSection={opened ? <IconChevronDown size={14} aria-hidden /> : <IconChevronRight size={14} aria-hidden />}
        onClick={() => setWanted(!opened)}
      >
        {opened ? t.connect.less : t.connect.more}
      </Button>
      <Collapse expanded={opened} id={id}>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" pt="xs">
          <TextInput {...bind("timeout")} label={t.connect.timeout} placeholder="30" inputMode="numeric" />
          {form.protocol === "ssh" ? (
            <NativeSelect
              label={t.connect.engine}
              disabled={disabled}
              value={form.engine}
              onChange={({ currentTarget }) => set({ engine: currentTarget.value as Form["engine"] })}
              data={Object.entries(t.connect.engines).map(([value, label]) => ({ value, label }))}
            />
          ) : (
            <>
              <NativeSelect
                label={t.connect.dataMode}
                description={form.dataMode === "active" ? t.connect.dataModeHint : undefined}
                disabled={disabled}
                value={form.dataMode}
                onChange={({ currentTarget }) => set({ dataMode: currentTarget.value as Form["dataMode"] })}
                data={Object.entries(t.connect.dataModes).map(([value, label]) => ({ value, label }))}
              />
              <TextInput {...bind("charset")} label={t.connect.charset} placeholder="utf-8" spellCheck={false} />
              <TextInput {...bind("maxConnections")} label={t.connect.maxConnections} placeholder="8" inputMode="numeric" />
              <TextInput {...bind("virtualHost")} label={t.connect.virtualHost} spellCheck={false} />
              <TextInput {...bind("account")} label={t.connect.account} autoComplete="off" />
            </>
          )}
        </SimpleGrid>
      </Collapse>
    </div>
  );
}

// The dialog that opens a session. What is typed here lives as long as the dialog does.

import { Alert, Button, Group, Modal, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useId, useRef, useState, type FormEvent } from "react";
import { ok } from "../../client/client.js";
import { ApiError, detailOf } from "../../client/error.js";
import { duration } from "../../hooks/age.js";
import { keys } from "../../hooks/keys.js";
import { useLocation } from "../../hooks/location.js";
import { useLog } from "../../hooks/log.js";
import { useNow } from "../../hooks/now.js";
import { useServer } from "../../hooks/server.js";
import { useStrings } from "../../hooks/strings.js";
import classes from "./ConnectDialog.module.css";
import { adviceFor } from "./advice.js";
import { addressFields, defaultPort, problemsOf, requestOf, type Field, type Form } from "./form.js";
import { FtpFields } from "./FtpFields.js";
import { MoreOptions } from "./MoreOptions.js";
import { SshFields } from "./SshFields.js";

/** What a group of fields works with. */
export interface FieldsProps {
  form: Form;
  /** Takes what was typed. */
  set(change: Partial<Form>): void;
  /** The properties a field's input shares with all others: its value, problem, and events. */
  bind(field: Field): {
    value: string;
    error: string | boolean;
    "aria-invalid": true | undefined;
    onChange(event: { currentTarget: { value: string } }): void;
    onBlur(): void;
    disabled: boolean;
  };
  disabled: boolean;
}

/** Asks for a connection; `initial` is what is filled in. */
export function ConnectDialog(props: { initial: Form; onClose(): void }) {
  const t = useStrings();
  const { tokenWanted } = useServer();
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={t.connect.title}
      size="lg"
      closeButtonProps={{ "aria-label": t.common.close }}
      // A half-filled form is not lost to a slip of the mouse, nor to a key pressed while the
      // server asks for a token above it.
      closeOnClickOutside={false}
      closeOnEscape={tokenWanted === "no"}
    >
      <ConnectForm {...props} />
    </Modal>
  );
}

function ConnectForm({ initial, onClose }: { initial: Form; onClose(): void }) {
  const t = useStrings();
  const { client, tokenWanted } = useServer();
  const queries = useQueryClient();
  const log = useLog();
  const { go } = useLocation();
  const [form, setForm] = useState(initial);
  const [touched, setTouched] = useState<ReadonlySet<Field>>(new Set());
  const [submitted, setSubmitted] = useState(false);
  const [refused, setRefused] = useState<{ error: unknown; form: Form } | null>(null);
  const [begun, setBegun] = useState<number | null>(null);
  const attempt = useRef<AbortController>(null);
  const element = useRef<HTMLFormElement>(null);
  const errorId = useId();
  const message = useRef<HTMLDivElement>(null);

  // Closing the dialog gives the attempt up: the server stops connecting when nobody waits.
  useEffect(() => () => attempt.current?.abort(), []);

  // On with the attempt that a token was missing for. After the effects of this change: the
  // dialog for the token, which closes in one of them, leaves alone what has the focus by then.
  useEffect(() => {
    if (tokenWanted !== "no" || !attempt.current) return;
    queueMicrotask(() => element.current?.querySelector<HTMLElement>("[type=submit]")?.focus());
  }, [tokenWanted]);

  useEffect(() => {
    if (!refused || begun !== null) return;
    message.current?.scrollIntoView({ block: "nearest" });
    // What had the focus was disabled meanwhile: on with what is marked, or with another try.
    const { current: form } = element;
    const next = form?.querySelector<HTMLElement>("[aria-invalid=true]") ?? form?.querySelector<HTMLElement>("[type=submit]");
    next?.focus({ preventScroll: true });
  }, [refused, begun]);

  const problems = problemsOf(form, t);
  // An answer that never came says nothing of the host.
  const answered = refused?.error instanceof ApiError && !refused.error.isAway ? refused.error : {};
  const advice = refused ? adviceFor(answered) : null;
  const busy = begun !== null;
  const target = form.host.trim() || t.connect.host;

  const set = (change: Partial<Form>) => setForm((old) => ({ ...old, ...change }));
  const bind: FieldsProps["bind"] = (field) => {
    const value = form[field];
    // Shown as one types; what is merely missing only once the field was left or sent.
    const shown = submitted || touched.has(field) ? problems[field] : value.trim() && problems[field];
    // The words stand below; the field is only marked, until it is changed.
    const marked = advice?.field === field && refused?.form[field] === value;
    const error = shown || marked;
    return {
      value,
      error,
      // Not every input of Mantine says it by itself.
      "aria-invalid": error ? true : undefined,
      onChange: ({ currentTarget }) => set({ [field]: currentTarget.value }),
      onBlur: () => setTouched((old) => (value ? new Set([...old, field]) : old)),
      disabled: busy,
    };
  };

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setSubmitted(true);
    setRefused(null);
    if (Object.keys(problems).length > 0) {
      // After the marks are drawn.
      requestAnimationFrame(() =>
        element.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
      return;
    }
    const abort = new AbortController();
    attempt.current = abort;
    setBegun(Date.now());
    try {
      const request = requestOf(form);
      const { session_id } = request.protocol === "ssh"
        ? await ok(client.http.POST("/connections/ssh", { body: request.body, signal: abort.signal }))
        : await ok(client.http.POST("/connections/ftp", { body: request.body, signal: abort.signal }));
      await queries.invalidateQueries({ queryKey: keys.sessions });
      log.done(t.sessions.connectedTo(form.sessionName.trim() || `${form.username.trim()}@${target}`), {
        sessionId: session_id,
      });
      go({ sessionId: session_id });
      onClose();
    } catch (error) {
      if (abort.signal.aborted) {
        log.note(t.connect.cancelled, { quiet: true, detail: target });
      } else {
        // The dialog for the token says it, above this one, which waits as it was filled in.
        if (!(error instanceof ApiError && error.wantsToken)) setRefused({ error, form });
        log.failed(t.connect.failed(target), error, { quiet: true });
      }
    } finally {
      setBegun(null);
    }
  };

  const fields: FieldsProps = { form, set, bind, disabled: busy };
  return (
    <form ref={element} onSubmit={(event) => void submit(event)} noValidate aria-describedby={errorId}>
      <Stack gap="sm">
        <SegmentedControl
          fullWidth
          aria-label={t.connect.protocol}
          disabled={busy}
          value={form.protocol}
          onChange={(protocol) => {
            set({ protocol: protocol as Form["protocol"] });
            setRefused(null);
          }}
          data={[
            { value: "ssh", label: t.connect.ssh },
            { value: "ftp", label: t.connect.ftp },
          ]}
        />
        <Group grow align="flex-start" preventGrowOverflow={false} wrap="nowrap">
          <TextInput
            {...bind("host")}
            onChange={({ currentTarget: { value } }) => set(addressFields(value) ?? { host: value })}
            label={t.connect.host}
            placeholder="server.example.org"
            description={t.connect.hostHint}
            inputWrapperOrder={["label", "input", "description", "error"]}
            required
            data-autofocus
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            miw={0}
            flex={1}
          />
          <TextInput
            {...bind("port")}
            label={t.connect.port}
            placeholder={String(defaultPort(form))}
            inputMode="numeric"
            autoComplete="off"
            maw={110}
          />
        </Group>
        <TextInput
          {...bind("username")}
          label={t.connect.username}
          required
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
        />
        {form.protocol === "ssh" ? <SshFields {...fields} /> : <FtpFields {...fields} />}
        <MoreOptions {...fields} />
        <div id={errorId} aria-live="assertive" ref={message}>
          {refused && advice && (
            <Alert
              color={advice.refusal === "hostChanged" || advice.refusal === "hostRevoked" ? "red" : "orange"}
              icon={<IconAlertTriangle aria-hidden />}
              title={t.connect.failed(refused.form.host.trim())}
            >
              <Text size="sm">{t.connect.advice[advice.refusal]}</Text>
              <Text size="sm" mt="xs" ff="monospace" style={{ overflowWrap: "anywhere" }}>
                {detailOf(refused.error)}
              </Text>
            </Alert>
          )}
        </div>
        <Group justify="flex-end" className={classes["foot"] ?? ""}>
          {busy && <Progress target={target} begun={begun} />}
          <Button variant="default" onClick={busy ? () => attempt.current?.abort() : onClose}>
            {t.common.cancel}
          </Button>
          <Button type="submit" loading={busy}>{t.connect.connect}</Button>
        </Group>
      </Stack>
    </form>
  );
}

function Progress({ target, begun }: { target: string; begun: number }) {
  const t = useStrings();
  const now = useNow();
  return (
    <Text size="sm" c="dimmed" role="status" mr="auto">
      {t.connect.connecting(target, duration(Math.max(0, now - begun)))}
    </Text>
  );
}

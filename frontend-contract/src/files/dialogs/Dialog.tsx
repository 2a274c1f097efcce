// What the dialogs of the file browser have in common.

import { Alert, Modal, Text, type ModalProps } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { ApiError, detailOf } from "../../client/error.js";
import { useStrings } from "../../hooks/strings.js";

/** A dialog; who opens it takes the focus back to the list. */
export function Dialog(props: { title: ReactNode; onClose(): void; children: ReactNode } & Omit<ModalProps, "opened">) {
  const t = useStrings();
  return (
    <Modal opened returnFocus={false} closeButtonProps={{ "aria-label": t.common.close }} {...props}>
      {props.children}
    </Modal>
  );
}

/** What went wrong, in the server's words, and what to do. */
export function Failure({ title, error }: { title?: string; error: unknown }) {
  const t = useStrings();
  const code = error instanceof ApiError ? error.code : undefined;
  const advice = code !== undefined && Object.hasOwn(t.files.advice, code)
    ? t.files.advice[code as keyof typeof t.files.advice] : null;
  return (
    <Alert color="red" variant="light" role="alert" title={title ?? t.common.failed} icon={<IconAlertTriangle size={18} aria-hidden />}>
      <Text size="sm" style={{ overflowWrap: "anywhere" }}>{detailOf(error)}</Text>
      {advice && <Text size="sm" mt={4}>{advice}</Text>}
    </Alert>
  );
}

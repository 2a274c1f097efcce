// Keeps a part that breaks from taking the page with it.

import { Alert, Button, Group, Modal, Text } from "@mantine/core";
import { Component, type ReactNode } from "react";
import { detailOf } from "../client/error.js";
import { StringsContext } from "../hooks/strings.js";

/** What {@link Boundary} is given. */
interface Props {
  children: ReactNode;
  /** Closes what is shown over the page; without it the part has a place of its own in the page. */
  onClose?: () => void;
}

/** Shows what went wrong below it, and ways on. */
export class Boundary extends Component<Props, { error: unknown }> {
  static override contextType = StringsContext;
  declare context: React.ContextType<typeof StringsContext>;
  override state: { error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    const { children, onClose } = this.props;
    if (this.state.error === null) return children;
    const t = this.context;
    const said = (
      <Alert color="red" m="sm" title={t.shell.crashed} role="alert">
        <Text size="sm" ff="monospace" style={{ overflowWrap: "anywhere" }}>{detailOf(this.state.error)}</Text>
        <Group gap="xs" mt="xs">
          <Button size="compact-sm" variant="default" onClick={() => this.setState({ error: null })}>{t.common.retry}</Button>
          <Button size="compact-sm" variant="default" onClick={() => window.location.reload()}>{t.shell.reload}</Button>
        </Group>
      </Alert>
    );
    return onClose ? (
      <Modal opened onClose={onClose} title={t.common.failed} closeButtonProps={{ "aria-label": t.common.close }}>{said}</Modal>
    ) : said;
  }
}

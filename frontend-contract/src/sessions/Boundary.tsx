// Keeps a part that breaks from taking the page with it.

import { Alert, Button, Text } from "@mantine/core";
import { Component, type ReactNode } from "react";
import { detailOf } from "../client/error.js";
import { StringsContext } from "../hooks/strings.js";

/** Shows what went wrong below it, and a way on. */
export class Boundary extends Component<{ children: ReactNode }, { error: unknown }> {
  static override contextType = StringsContext;
  declare context: React.ContextType<typeof StringsContext>;
  override state: { error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    if (this.state.error === null) return this.props.children;
    const t = this.context;
    return (
      <Alert color="red" m="sm" title={t.shell.crashed} role="alert">
        <Text size="sm" ff="monospace">{detailOf(this.state.error)}</Text>
        <Button mt="xs" size="compact-sm" variant="default" onClick={() => window.location.reload()}>
          {t.shell.reload}
        </Button>
      </Alert>
    );
  }
}

// A terminal somebody shares, by itself: neither sessions nor anything else of the server.

import { Text, Title } from "@mantine/core";
import { useMemo } from "react";
import { useStrings } from "../hooks/strings.js";
import { useLooks } from "./look.js";
import classes from "./Terminals.module.css";
import { TerminalView } from "./TerminalView.js";

/** The terminal of a link. */
export default function SharePage({ token }: { token: string }) {
  const t = useStrings().terminals;
  const looks = useLooks();
  const target = useMemo(() => ({ share: token }), [token]);
  return (
    <div className={classes["shared"]}>
      <div className={classes["sharedHead"]}>
        <Title order={2} size="h5">{t.shared.title}</Title>
        <Text size="sm" c="dimmed">{t.shared.text}</Text>
      </div>
      <div className={classes["panel"]}>
        <TerminalView target={target} name={t.shared.title} info={null} looks={looks} visible />
      </div>
    </div>
  );
}

// The sessions on one side, the chosen one on the other; on a narrow screen one at a time.

import { Box, Button } from "@mantine/core";
import { useSessions } from "../hooks/sessions.js";
import { useLocation } from "../hooks/location.js";
import { SessionView } from "./SessionView.js";

/** The manager without anything around it. */
export function Manager() {
  const { data: sessions = [] } = useSessions();
  const { sessionId, go } = useLocation();
  const chosen = sessions.find((session) => session.session_id === sessionId);
  return (
    <Box>
      {sessions.map((session) => (
        <Button key={session.session_id} variant="default" onClick={() => go({ sessionId: session.session_id })}>
          {session.session_name}
        </Button>
      ))}
      {chosen && <SessionView key={chosen.session_id} session={chosen} />}
    </Box>
  );
}

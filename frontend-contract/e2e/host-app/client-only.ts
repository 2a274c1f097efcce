// A program without React that asks the server.

import { createClient, ok } from "@connection-manager/frontend/client";

const client = createClient({ baseUrl: "http://localhost:8000" });
const { sessions } = await ok(client.http.GET("/connections"));
export const names: readonly (string | null | undefined)[] = sessions.map((session) => String(session.session_name));

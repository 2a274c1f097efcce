// Whether the server is there, how fast it answers, and which version it is.

import { useQuery } from "@tanstack/react-query";
import { ok } from "../client/client.js";
import { keys } from "./keys.js";
import { useClient } from "./server.js";

const REFRESH = 10_000;
/** While the server is away: soon enough that nobody reloads the page by hand. */
const REFRESH_AWAY = 3_000;
const PATIENCE = 5_000;

/** The server's health. `data.latency` is milliseconds there and back. */
export function useHealth() {
  const client = useClient();
  return useQuery({
    queryKey: keys.health,
    queryFn: async ({ signal }) => {
      const begun = performance.now();
      const limit = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]);
      const { status } = await ok(client.http.GET("/health", { signal: limit }));
      return { status, latency: Math.round(performance.now() - begun) };
    },
    retry: false,
    refetchInterval: (query) => (query.state.status === "error" ? REFRESH_AWAY : REFRESH),
    refetchIntervalInBackground: false,
    refetchOnWindowFocus: "always",
  });
}

/** What the service is. */
export function useService() {
  const client = useClient();
  return useQuery({
    queryKey: keys.service,
    queryFn: ({ signal }) =>
      ok(client.http.GET("/", { signal, headers: { Accept: "application/json" } })),
    staleTime: Infinity,
  });
}

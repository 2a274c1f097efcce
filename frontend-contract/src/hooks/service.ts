// Whether the server is there, how fast it answers, and which version it is.

import { useQuery } from "@tanstack/react-query";
import { ok } from "../client/client.js";
import { keys } from "./keys.js";
import { useStanding } from "./presence.js";
import { useClient } from "./server.js";

/** A page at rest notices within this time that the server is away. */
const REFRESH = 5_000;
const PATIENCE = 5_000;

/** The server's health. `data.latency` is milliseconds there and back. */
export function useHealth() {
  const client = useClient();
  const away = useStanding().kind === "away";
  return useQuery({
    queryKey: keys.health,
    queryFn: async ({ signal }) => {
      const begun = performance.now();
      const limit = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]);
      const { status } = await ok(client.http.GET("/health", { signal: limit }));
      return { status, latency: Math.round(performance.now() - begun) };
    },
    retry: false,
    refetchInterval: away ? false : REFRESH,
    refetchIntervalInBackground: false,
    refetchOnWindowFocus: "always",
  });
}

/** What runs there: program, version, limits. */
export function useAbout() {
  const client = useClient();
  return useQuery({
    queryKey: keys.about,
    queryFn: ({ signal }) => ok(client.http.GET("/about", { signal })),
    staleTime: Infinity,
  });
}

// The server the page talks to: its client, its access token, and whether it wants one.

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import {
  createContext, useCallback, useContext, useEffect, useMemo, useRef, useState, type ReactNode,
} from "react";
import { ApiError } from "../client/error.js";
import { createClient, ok, type Client } from "../client/client.js";
import { endAllOf } from "./ending.js";
import { Presence, watchBrowser } from "./presence.js";
import { tokenStore } from "./token.js";

/** A server and how the page stands with it. */
export interface Server {
  /** The way to it. */
  client: Client;
  /** Whether it is there. */
  presence: Presence;
  /** Whether it waits for an access token, and whether one was refused. */
  tokenWanted: "no" | "missing" | "refused";
  /** Takes a token for this browser session and asks everything anew; null forgets it. */
  setToken(token: string | null): void;
}

/** How long a look at the server may take, in milliseconds. */
const LOOK = 3_000;

const Context = createContext<Server | null>(null);

/** The server. Only below a {@link ServerProvider}. */
export function useServer(): Server {
  const server = useContext(Context);
  if (!server) throw new Error("useServer needs a ServerProvider above it");
  return server;
}

/** The client of the server. */
export function useClient(): Client {
  return useServer().client;
}

/** The address of the server that sent this page, also below a path of a reverse proxy. */
function ownBaseUrl(): string {
  return new URL(".", document.baseURI).href.replace(/\/+$/, "");
}

function queryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // An answer of the server is an answer; only its absence is worth another try.
        retry: (count, error) => count < 2 && error instanceof ApiError && error.isAway,
        retryDelay: 500,
        // What is worth asking anew when the person comes back says so: a walk through a tree is not.
        refetchOnWindowFocus: false,
        // The banner says that the server is away; requests go on to find out when it is back.
        networkMode: "always",
      },
      // What one of these said is kept as long as somebody shows it.
      mutations: { retry: false, networkMode: "always", gcTime: 0 },
    },
  });
}

/** An address as a page may write it, relative to its own, as sockets and links need it. */
function absolute(address: string): string {
  return typeof document === "undefined" ? address : new URL(address, document.baseURI).href.replace(/\/+$/, "");
}

/** Puts a server and the cache of its answers below it. Another server begins anew. */
export function ServerProvider(props: { baseUrl?: string | undefined; children: ReactNode }) {
  const baseUrl = props.baseUrl === undefined ? ownBaseUrl() : absolute(props.baseUrl);
  return <OneServer key={baseUrl} baseUrl={baseUrl}>{props.children}</OneServer>;
}

function OneServer({ baseUrl, children }: { baseUrl: string; children: ReactNode }) {
  const [tokenWanted, setTokenWanted] = useState<Server["tokenWanted"]>("no");
  const [queries] = useState(queryClient);
  const tokens = useMemo(() => tokenStore(baseUrl), [baseUrl]);
  const { client, presence } = useMemo(() => {
    const presence: Presence = new Presence({
      // Not the health: a page of another origin may not read it.
      look: () => ok(client.http.GET("/connections", { signal: AbortSignal.timeout(LOOK) })),
      // What is on the screen is from before: asked for anew, all of it.
      back: () => void queries.invalidateQueries(),
    });
    const client = createClient({
      baseUrl,
      token: tokens.get,
      onTokenWanted: () => setTokenWanted(tokens.get() === null ? "missing" : "refused"),
      onHeard: () => presence.heard(),
      onDoubt: () => presence.doubt(),
    });
    return { client, presence };
  }, [baseUrl, tokens, queries]);
  const setToken = useCallback((token: string | null) => {
    tokens.set(token);
    setTokenWanted("no");
    void queries.resetQueries();
  }, [tokens, queries]);
  const server = useMemo(
    () => ({ client, presence, tokenWanted, setToken }),
    [client, presence, tokenWanted, setToken],
  );

  const mounted = useRef(false);
  useEffect(() => {
    mounted.current = true;
    return () => {
      mounted.current = false;
      // Once what is below let go of it: until then each query would wait to be forgotten by a
      // timer of its own. Strict mode comes back before that.
      queueMicrotask(() => {
        if (mounted.current) return;
        queries.clear();
        endAllOf(client);
      });
    };
  }, [queries, client]);
  useEffect(() => watchBrowser(presence), [presence]);
  return (
    <QueryClientProvider client={queries}>
      <Context value={server}>{children}</Context>
    </QueryClientProvider>
  );
}

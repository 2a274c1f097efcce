// A reverse proxy in front of the server, with a path prefix if asked. With `page` it answers
// for the page itself from that directory, so that journeys run on a page that is built but
// not yet in the binary; the server's Content-Security-Policy is then sent by the proxy.

import { createReadStream, existsSync } from "node:fs";
import { createServer, request, type IncomingMessage, type Server } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { extname, join, normalize } from "node:path";

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
  ".json": "application/json",
};

/** The policy `connection-http/src/page/` sends with the page. */
export const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
  + "img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self'; connect-src 'self'; "
  + "worker-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The page of this run for {@link startProxy}: that in dist/page with `CM_E2E_PAGE=dist`, else the server's own. */
export const ownPage: { page?: string } =
  process.env["CM_E2E_PAGE"] === "dist" ? { page: join(import.meta.dirname, "../../dist/page") } : {};

/** A running proxy. */
export interface Proxy {
  /** Its address with the prefix, without a slash at its end. */
  url: string;
  /** Cuts the WebSockets that are open, as a network would; with `away`, new ones as well. */
  cut(away?: boolean): void;
  /** Holds back what the server sends over the WebSockets that are open; `false` lets it go on. */
  stall(stalled: boolean): void;
  stop(): Promise<void>;
}

/** Starts a proxy before the server at `to`. */
export async function startProxy(
  to: string,
  options: { prefix?: string; page?: string } = {},
): Promise<Proxy> {
  const prefix = options.prefix ?? "";
  const target = new URL(to);
  const sockets = new Set<Socket>();
  /** Where the server's side of each WebSocket leads. */
  const towards = new Map<Socket, Socket>();

  const inner = (message: IncomingMessage): string | null => {
    const path = message.url ?? "/";
    if (!prefix) return path;
    return path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : null;
  };

  const server: Server = createServer((incoming, outgoing) => {
    const path = inner(incoming);
    if (path === null) {
      outgoing.writeHead(404).end();
      return;
    }
    const file = options.page && pageFile(options.page, path, incoming);
    if (file) {
      outgoing.writeHead(200, {
        "Content-Type": TYPES[extname(file)] ?? "application/octet-stream",
        "Content-Security-Policy": POLICY,
        "Cache-Control": "no-cache",
      });
      if (incoming.method === "HEAD") outgoing.end();
      else createReadStream(file).pipe(outgoing);
      return;
    }
    const headers = { ...incoming.headers, host: target.host };
    // The browser is of one origin with the proxy, and so the server is to see it.
    if (headers.origin) headers.origin = target.origin;
    const passed = request(
      { host: target.hostname, port: target.port, path, method: incoming.method, headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
        // A server that goes away in the middle of an answer is seen to.
        answer.on("close", () => answer.complete || outgoing.destroy());
      },
    );
    passed.on("error", () => {
      if (!outgoing.headersSent) outgoing.writeHead(502);
      outgoing.end();
    });
    outgoing.on("close", () => passed.destroy());
    incoming.pipe(passed);
  });

  let isAway = false;
  server.on("upgrade", (incoming, socket: Socket, head: Buffer) => {
    if (isAway) {
      socket.destroy();
      return;
    }
    const path = inner(incoming);
    if (path === null) {
      socket.destroy();
      return;
    }
    const upstream = connect(Number(target.port), target.hostname, () => {
      const headers = { ...incoming.headers, host: target.host };
      if (headers.origin) headers.origin = target.origin;
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}`);
      upstream.write(`GET ${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
      upstream.write(head);
      upstream.pipe(socket);
      socket.pipe(upstream);
      towards.set(upstream, socket);
      upstream.on("close", () => towards.delete(upstream));
    });
    for (const [one, other] of [[socket, upstream], [upstream, socket]] as const) {
      sockets.add(one);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${prefix}`,
    cut(away = false) {
      isAway = away;
      for (const socket of sockets) socket.destroy();
    },
    stall(stalled) {
      for (const [upstream, socket] of towards) {
        if (stalled) {
          upstream.unpipe(socket);
          upstream.pause();
        } else {
          upstream.pipe(socket);
        }
      }
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The file of the page a request is for, if it is for one. */
function pageFile(directory: string, path: string, incoming: IncomingMessage): string | null {
  if (incoming.method !== "GET" && incoming.method !== "HEAD") return null;
  const { pathname } = new URL(path, "http://local");
  if (pathname === "/") {
    return incoming.headers.accept?.includes("text/html") ? join(directory, "index.html") : null;
  }
  const file = normalize(join(directory, pathname));
  return file.startsWith(directory) && extname(file) && existsSync(file) ? file : null;
}

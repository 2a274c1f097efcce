// Files of a directory, served as they are, for pages that are not the server's own.

import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
};

/** A running site. */
export interface Site {
  port: number;
  stop(): Promise<void>;
}

/** Serves a directory. */
export async function serveSite(directory: string): Promise<Site> {
  const server = createServer((request, answer) => {
    const { pathname } = new URL(request.url ?? "/", "http://local");
    const file = normalize(join(directory, pathname.endsWith("/") ? `${pathname}index.html` : pathname));
    if (!file.startsWith(directory) || !existsSync(file) || !statSync(file).isFile()) {
      answer.writeHead(404).end();
      return;
    }
    answer.writeHead(200, { "Content-Type": TYPES[extname(file)] ?? "application/octet-stream" });
    createReadStream(file).pipe(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

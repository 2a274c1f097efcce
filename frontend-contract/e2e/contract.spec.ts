// Every answer of the contract, by the real server, against examples/. With CM_EXAMPLES=1 the
// examples are written anew; without, each answer must have the form of its example.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { chownSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "./support/test.js";

const directory = join(import.meta.dirname, "../examples");
const ID = "0b0f6e0a-6f0e-4a43-8a3f-0f4f8f1c2d3e";

interface Example {
  request: { method: string; path: string; body?: unknown };
  status: number;
  body: unknown;
}

/** Keys and types, without values; a list is what its first element is. */
function form(value: unknown): unknown {
  if (Array.isArray(value)) return value.length > 0 ? [form(value[0])] : [];
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).sort().map(([key, each]) => [key, form(each)]));
  }
  return value === null ? "null" : typeof value;
}

test("each route of the contract answers in the form of its example", async ({ manager, servers }) => {
  const { ssh } = servers;
  writeFileSync(join(ssh.home, "notes.txt"), "hello\n");
  chownSync(join(ssh.home, "notes.txt"), ssh.uid, ssh.uid);
  let id = "";
  const answers = new Map<string, Example>();

  /** What differs from run to run gives way to what everybody may see. */
  const tidy = (text: string) => text
    .replaceAll(id || "\0", ID)
    .replaceAll(ssh.password, "…")
    .replaceAll(ssh.home, "/home/ann")
    .replaceAll(encodeURIComponent(ssh.home), "/home/ann")
    .replaceAll(`"${ssh.user}"`, '"ann"')
    .replaceAll(new RegExp(`(?<=port["a-z ]*:? ?)${ssh.port}`, "g"), "22")
    .replaceAll("127.0.0.1", "server.example.org")
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/g, "2024-01-31T12:00:00")
    .replaceAll(/\/tmp\/[\w./-]*notes\.txt/g, "/tmp/notes.txt");

  const ask = async (name: string, method: string, path: string, body?: unknown): Promise<unknown> => {
    const answer = await fetch(`${manager.url}${path}`, {
      method,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const json: unknown = await answer.json();
    if (name === "connect-ssh") id = (json as { session_id: string }).session_id;
    const request = { method, path, ...(body !== undefined && { body }) };
    const example = { request, status: answer.status, body: json };
    answers.set(name, JSON.parse(tidy(JSON.stringify(example))) as Example);
    return json;
  };

  const login = { host: "127.0.0.1", port: ssh.port, username: ssh.user };
  await ask("health", "GET", "/health");
  await ask("service", "GET", "/");
  await ask("connect-ssh-refused", "POST", "/connections/ssh", { ...login, password: "wrong" });
  await ask("connect-body-missing", "POST", "/connections/ssh", {});
  await ask("connect-ssh", "POST", "/connections/ssh", { ...login, password: ssh.password, sessionName: "build host" });
  await ask("list-sessions", "GET", "/connections");
  await ask("get-session", "GET", `/connections/${id}`);
  await ask("list-files", "GET", `/connections/${id}/files?path=${encodeURIComponent(ssh.home)}`);
  await ask("list-files-missing", "GET", `/connections/${id}/files?path=/nowhere`);
  const local = join("/tmp", `cm-e2e-${process.pid}-notes.txt`);
  await ask("download", "POST", `/connections/${id}/download`, { remotePath: `${ssh.home}/notes.txt`, localPath: local });
  await ask("upload", "POST", `/connections/${id}/upload`, { localPath: local, remotePath: `${ssh.home}/copy.txt` });
  await ask("upload-missing", "POST", `/connections/${id}/upload`, { localPath: `${local}.not.there.notes.txt`, remotePath: "/x" });
  await ask("execute", "POST", `/connections/${id}/execute`, { command: "echo hello", timeout: 30 });
  await ask("execute-missing", "POST", `/connections/${id}/execute`, {});
  rmSync(local, { force: true });
  await ask("rename-session", "PATCH", `/connections/${id}`, { sessionName: "build host" });
  await ask("cleanup", "POST", "/connections/cleanup");
  await ask("disconnect", "DELETE", `/connections/${id}`);
  await ask("disconnect-unknown", "DELETE", `/connections/${id}`);
  await ask("list-files-expired", "GET", `/connections/${id}/files`);
  const ftp = servers.ftp;
  const opened = (await (await fetch(`${manager.url}/connections/ftp`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ host: ftp.host, port: ftp.port, username: ftp.user, password: ftp.password }),
  })).json()) as { session_id: string };
  answers.set("connect-ftp", {
    request: {
      method: "POST",
      path: "/connections/ftp",
      body: { host: "ftp.example.org", username: "ann", password: "…", useTLS: true },
    },
    status: 200,
    body: { session_id: opened.session_id.replace(/.+/, ID) },
  });

  if (process.env["CM_EXAMPLES"]) {
    await mkdir(directory, { recursive: true });
    for (const [name, example] of answers) {
      await writeFile(join(directory, `${name}.json`), `${JSON.stringify(example, null, 2)}\n`);
    }
  }
  for (const [name, answer] of answers) {
    const example = JSON.parse(await readFile(join(directory, `${name}.json`), "utf8")) as Example;
    expect(answer.status, name).toBe(example.status);
    expect(form(answer.body), name).toEqual(form(example.body));
  }
});

// The programs of the build as the journeys need them: the server under test, and the SSH and
// FTP servers it connects to. Each ends with its handle.

import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";

const repository = join(import.meta.dirname, "../../..");
const target = process.env["CARGO_TARGET_DIR"] ?? join(repository, "target");

/** A program of the build; `CM_PROFILE` says which build. */
function program(name: string): string {
  return join(target, process.env["CM_PROFILE"] ?? "debug", name);
}

/** Ends a process and waits for its end. */
async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  await ended;
}

/** The next line, or an error with what the process said when it ends before. */
function nextLine(lines: Interface, child: ChildProcess, said: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const ended = () => reject(new Error(`the process ended (${child.spawnargs.join(" ")}):\n${said()}`));
    child.once("exit", ended);
    child.once("error", reject);
    lines.once("line", (line) => {
      child.off("exit", ended);
      resolve(line);
    });
  });
}

/** An account on one of the servers. */
export interface Account {
  host: string;
  port: number;
  user: string;
  password: string;
  /** Its home directory on this machine; `/` of the FTP servers. */
  home: string;
  uid: number;
}

/** How to reach the servers. */
export interface Accounts {
  ssh: Account & {
    key: string;
    keyText: string;
    lockedKeyText: string;
    passphrase: string;
    strangerKeyText: string;
  };
  ftp: Account;
  ftpsExplicit: Account;
  ftpsImplicit: Account;
  vsftpd: Account;
  vsftpdExplicit: Account;
}

/** The SSH and FTP servers. */
export interface RemoteServers extends Accounts {
  /** Makes the sshd do something; see `browser-servers.rs`. */
  ask(what: "change-host-key" | "cut" | "pause" | "resume"): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the SSH and FTP servers. */
export async function startRemoteServers(): Promise<RemoteServers> {
  const child = spawn(program("browser-servers"), { stdio: ["pipe", "pipe", "pipe"] });
  let said = "";
  child.stderr.on("data", (data: Buffer) => (said += data.toString()));
  const lines = createInterface(child.stdout);
  const accounts = JSON.parse(await nextLine(lines, child, () => said)) as Accounts;
  return {
    ...accounts,
    async ask(what) {
      child.stdin.write(`${what}\n`);
      await nextLine(lines, child, () => said);
    },
    async stop() {
      child.stdin.end();
      await end(child, "SIGTERM");
    },
  };
}

/** The server under test. */
export interface ManagerProcess {
  /** Its address, without a slash at its end. */
  url: string;
  /** What it logged. */
  log(): string;
  /**
   * Ends it; `restart` starts it again on the same port, with the same memory of servers, and
   * with changes of its environment if there are some.
   */
  stop(): Promise<void>;
  restart(changed?: Record<string, string>): Promise<void>;
  /** Ends it without a chance to finish anything, as a crash would. */
  kill(): Promise<void>;
  /** Ends it and removes what it kept. */
  remove(): Promise<void>;
}

/** Starts the server under test with these flags and environment; `{config}` is its own directory. */
export async function startManager(
  flags: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<ManagerProcess> {
  const config = await mkdtemp(join(tmpdir(), "connection-manager-e2e-"));
  let said = "";
  let child: ChildProcess;
  const start = async (port: string, changed: Record<string, string> = {}): Promise<string> => {
    child = spawn(
      program("connection-manager"),
      ["--port", port, "--config-dir", config, ...flags.map((flag) => flag.replace("{config}", config))],
      { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env, ...changed } },
    );
    child.stderr?.on("data", (data: Buffer) => (said += data.toString()));
    const lines = createInterface(child.stdout as NodeJS.ReadableStream);
    const line = await nextLine(lines, child, () => said);
    const url = /http:\/\/\S+/.exec(line)?.[0];
    if (!url) throw new Error(`the server did not say where it listens: ${line}\n${said}`);
    return url;
  };
  const url = await start("0");
  return {
    url,
    log: () => said,
    stop: () => end(child, "SIGTERM"),
    kill: () => end(child, "SIGKILL"),
    async restart(changed) {
      await end(child, "SIGTERM");
      await start(new URL(url).port, changed);
    },
    async remove() {
      await end(child, "SIGTERM");
      await rm(config, { recursive: true, force: true });
    },
  };
}

// What the connect dialog asks, what is wrong with it, and the request it becomes. No React.

import type { FtpConnect, Session, SshConnect } from "../../client/models.js";
import type { Strings } from "../../strings.js";
import { inspectKey } from "./key.js";

/** How somebody logs in over SSH. */
export type Method = "password" | "keyPath" | "keyText";
/** How an FTP connection is secured. */
export type Security = "none" | "explicit" | "implicit";

/** The fields of the dialog, as typed. */
export interface Form {
  protocol: Session["type"];
  host: string;
  port: string;
  username: string;
  sessionName: string;
  timeout: string;
  password: string;
  method: Method;
  keyPath: string;
  keyText: string;
  passphrase: string;
  engine: "" | "russh" | "libssh2";
  security: Security;
  dataMode: "passive" | "active";
  charset: string;
  account: string;
  virtualHost: string;
  maxConnections: string;
}

/** A field of the dialog. */
export type Field = keyof Form;
/** What is wrong, by field. */
export type Problems = Partial<Record<Field, string>>;

/** An empty dialog. */
export const EMPTY: Form = {
  protocol: "ssh", host: "", port: "", username: "", sessionName: "", timeout: "",
  password: "", method: "password", keyPath: "", keyText: "", passphrase: "", engine: "",
  security: "none", dataMode: "passive", charset: "", account: "", virtualHost: "",
  maxConnections: "",
};

/** The port a connection has when none is typed. */
export function defaultPort(form: Pick<Form, "protocol" | "security">): number {
  if (form.protocol === "ssh") return 22;
  return form.security === "implicit" ? 990 : 21;
}

/** What is wrong with the form; empty when it can be sent. */
export function problemsOf(form: Form, t: Strings): Problems {
  const words = t.connect.wrong;
  const found: Problems = {};
  const host = hostProblem(form.host.trim(), words);
  if (host) found.host = host;
  if (form.port.trim() && !whole(form.port, 1, 65_535)) found.port = words.port;
  if (!form.username.trim()) found.username = words.username;
  if (form.timeout.trim() && !whole(form.timeout, 1, 3600)) found.timeout = words.timeout;
  if (form.protocol === "ftp") {
    if (!form.password) found.password = words.passwordFtp;
    if (form.maxConnections.trim() && !whole(form.maxConnections, 1, 64)) {
      found.maxConnections = words.maxConnections;
    }
    if (/[\s/@]/.test(form.virtualHost.trim())) found.virtualHost = words.virtualHost;
    return found;
  }
  if (form.method === "password" && !form.password) found.password = words.password;
  if (form.method === "keyPath") {
    const path = form.keyPath.trim();
    if (!path) found.keyPath = words.keyPathEmpty;
    else if (!/^(~\/.|\/)/.test(path)) found.keyPath = words.keyPath;
    else if (path.endsWith(".pub")) found.keyPath = words.keyPublic;
  }
  if (form.method === "keyText") {
    const key = inspectKey(form.keyText);
    if (key === "empty") found.keyText = words.keyTextEmpty;
    if (key === "public") found.keyText = words.keyPublic;
    if (key === "unknown") found.keyText = words.keyText;
    if (key === "encrypted" && !form.passphrase) found.passphrase = words.passphrase;
  }
  return found;
}

function hostProblem(host: string, words: Strings["connect"]["wrong"]): string | undefined {
  if (!host) return words.hostEmpty;
  if (host.includes("://")) return words.hostUrl;
  if (host.includes("@")) return words.hostUser;
  if (host.includes("[") || /^[^:]+:\d*$/.test(host)) return words.hostPort;
  if (/[\s/\\]/.test(host)) return words.host;
  return undefined;
}

function whole(text: string, least: number, most: number): boolean {
  const number = Number(text.trim());
  return /^\d+$/.test(text.trim()) && number >= least && number <= most;
}

/** The request a form without problems stands for. */
export function requestOf(
  form: Form,
): { protocol: "ssh"; body: SshConnect } | { protocol: "ftp"; body: FtpConnect } {
  const common = {
    host: form.host.trim(),
    username: form.username.trim(),
    port: Number(form.port.trim() || defaultPort(form)),
    ...(form.sessionName.trim() && { sessionName: form.sessionName.trim() }),
    ...(form.timeout.trim() && { timeout: Number(form.timeout.trim()) }),
  };
  if (form.protocol === "ssh") {
    const engine = form.engine ? { engine: form.engine } : {};
    const passphrase = form.passphrase ? { passphrase: form.passphrase } : {};
    switch (form.method) {
      case "password":
        return { protocol: "ssh", body: { ...common, ...engine, password: form.password } };
      case "keyPath":
        return {
          protocol: "ssh",
          body: { ...common, ...engine, ...passphrase, keyPath: form.keyPath.trim() },
        };
      case "keyText":
        return {
          protocol: "ssh",
          body: { ...common, ...engine, ...passphrase, privateKey: `${form.keyText.trim()}\n` },
        };
    }
  }
  return {
    protocol: "ftp",
    body: {
      ...common,
      password: form.password,
      ...(form.security !== "none" && { useTLS: true, tlsMode: form.security }),
      ...(form.dataMode !== "passive" && { dataMode: form.dataMode }),
      ...(form.charset.trim() && { charset: form.charset.trim() }),
      ...(form.account && { account: form.account }),
      ...(form.virtualHost.trim() && { virtualHost: form.virtualHost.trim() }),
      ...(form.maxConnections.trim() && { maxConnections: Number(form.maxConnections.trim()) }),
    },
  };
}

const SCHEMES: Record<string, Partial<Form>> = {
  "ssh:": { protocol: "ssh" },
  "sftp:": { protocol: "ssh" },
  "ftp:": { protocol: "ftp", security: "none" },
  "ftpes:": { protocol: "ftp", security: "explicit" },
  "ftps:": { protocol: "ftp", security: "implicit" },
};

/**
 * The fields an address such as `sftp://ann@host:2222` says; null when it is none. A password
 * in it is not taken: it is on the screen, in the clipboard and in histories already.
 */
export function addressFields(text: string): Partial<Form> | null {
  // The browser's parser knows ports and users of web addresses only.
  const match = /^([a-z]+:)\/\/(.*)$/i.exec(text.trim());
  const scheme = SCHEMES[match?.[1]?.toLowerCase() ?? ""];
  if (!match || !scheme) return null;
  try {
    const url = new URL(`http://${match[2]}`);
    return {
      ...scheme,
      host: url.hostname.replace(/^\[|\]$/g, ""),
      port: url.port || (/:80(\/|$)/.test(match[2] ?? "") ? "80" : ""),
      ...(url.username && { username: decodeURIComponent(url.username) }),
    };
  } catch {
    return null;
  }
}

/** A form to connect again to where a session was; secrets are typed anew. */
export function formOf(session: Session): Form {
  return {
    ...EMPTY,
    protocol: session.type,
    host: session.host,
    port: session.port === defaultPort({ protocol: session.type, security: "none" }) ? "" : String(session.port),
    username: session.username,
    sessionName: session.session_name === `${session.username}@${session.host}` ? "" : session.session_name ?? "",
    security: session.type === "ftp" && session.port === 990 ? "implicit" : "none",
  };
}

import { describe, expect, it } from "vitest";
import { en } from "../../strings.js";
import { addressFields, defaultPort, EMPTY, formOf, problemsOf, requestOf, type Form } from "./form.js";

const filled: Form = { ...EMPTY, host: "h", username: "u", password: "p" };
const wrong = (change: Partial<Form>) => Object.keys(problemsOf({ ...filled, ...change }, en)).sort();

describe("what is wrong with a form", () => {
  it("is nothing when the least is there", () => {
    expect(wrong({})).toEqual([]);
    expect(wrong({ protocol: "ftp" })).toEqual([]);
    expect(wrong({ method: "keyPath", password: "", keyPath: "~/.ssh/id" })).toEqual([]);
    expect(wrong({ host: "fe80::1", port: " 22 ", timeout: "3600" })).toEqual([]);
  });

  it.each<[Partial<Form>, string]>([
    [{ host: " " }, "host"], [{ host: "a b" }, "host"], [{ host: "[::1]" }, "host"],
    [{ host: "h:22" }, "host"], [{ host: "u@h" }, "host"], [{ host: "http://h" }, "host"],
    [{ port: "0" }, "port"], [{ port: "65536" }, "port"], [{ port: "2.5" }, "port"], [{ port: "ssh" }, "port"],
    [{ username: " " }, "username"], [{ password: "" }, "password"],
    [{ protocol: "ftp", password: "" }, "password"],
    [{ timeout: "0" }, "timeout"], [{ timeout: "3601" }, "timeout"],
    [{ protocol: "ftp", maxConnections: "65" }, "maxConnections"],
    [{ protocol: "ftp", virtualHost: "a/b" }, "virtualHost"],
    [{ method: "keyPath", keyPath: "" }, "keyPath"], [{ method: "keyPath", keyPath: "id" }, "keyPath"],
    [{ method: "keyPath", keyPath: "~/.ssh/id.pub" }, "keyPath"],
    [{ method: "keyText", keyText: "" }, "keyText"], [{ method: "keyText", keyText: "x" }, "keyText"],
  ])("%o is wrong in %s", (change, field) => {
    expect(wrong(change)).toEqual([field]);
  });

  it("asks for the passphrase of a key that is encrypted", () => {
    const keyText = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----";
    expect(wrong({ method: "keyText", keyText })).toEqual(["passphrase"]);
    expect(wrong({ method: "keyText", keyText, passphrase: "x" })).toEqual([]);
  });
});

describe("the request of a form", () => {
  it("has what its way to log in needs and no other secret", () => {
    const all: Form = { ...filled, keyPath: "/k", keyText: "KEY", passphrase: "pp", account: "a" };
    expect(requestOf(all)).toEqual({ protocol: "ssh", body: { host: "h", username: "u", port: 22, password: "p" } });
    expect(requestOf({ ...all, method: "keyPath" }).body).toEqual(
      { host: "h", username: "u", port: 22, keyPath: "/k", passphrase: "pp" });
    expect(requestOf({ ...all, method: "keyText" }).body).toEqual(
      { host: "h", username: "u", port: 22, privateKey: "KEY\n", passphrase: "pp" });
  });

  it("says of FTP what differs from the usual", () => {
    const ftp: Form = { ...filled, protocol: "ftp" };
    expect(requestOf(ftp).body).toEqual({ host: "h", username: "u", port: 21, password: "p" });
    expect(requestOf({
      ...ftp, security: "implicit", dataMode: "active", charset: "shift_jis", account: "a",
      virtualHost: "v", maxConnections: "2", timeout: "5", sessionName: " n ",
    }).body).toEqual({
      host: "h", username: "u", port: 990, password: "p", useTLS: true, tlsMode: "implicit",
      dataMode: "active", charset: "shift_jis", account: "a", virtualHost: "v", maxConnections: 2,
      timeout: 5, sessionName: "n",
    });
  });
});

it("takes an address apart, without its password", () => {
  expect(addressFields("sftp://ann:secret@h.example:2222/dir")).toEqual(
    { protocol: "ssh", host: "h.example", port: "2222", username: "ann" });
  expect(addressFields("ftps://[::1]:80")).toEqual(
    { protocol: "ftp", security: "implicit", host: "::1", port: "80" });
  expect(addressFields("http://h")).toBeNull();
  expect(addressFields("h")).toBeNull();
});

it("connects again to where a session was", () => {
  const session = {
    session_id: "x", type: "ftp", host: "h", port: 990, username: "u", session_name: "u@h", connected_at: "",
    expires_at: "", last_activity: "", is_active: false, time_remaining_seconds: 1,
  } as const;
  const form = formOf(session);
  expect(form).toMatchObject({ protocol: "ftp", security: "implicit", port: "990", sessionName: "", password: "" });
  expect(defaultPort(form)).toBe(990);
});

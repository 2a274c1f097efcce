//! The names of what went wrong, which a program reads where a person reads the text.

use connection_tests::manager::{Login, Manager, SshWorld, text, unique};
use connection_tests::{HostKeys, KeyFormat, KeyKind, Sshd, TcpServer, on_both_engines};
use serde_json::json;
use std::fs;

on_both_engines![
    the_way_to_the_server,
    a_server_that_is_not_who_it_was,
    keys_and_passphrases,
    logins,
    what_the_server_does_not_have,
    fields,
    operations,
];

fn the_way_to_the_server(world: &SshWorld, engine: &str) {
    let connect_within = |seconds: u8, host: &str, port: u16| {
        let login = Login::ssh(&world.sshd, engine).with("host", host);
        let login = login.with("port", port).with("timeout", seconds);
        world.manager.connect_ssh(&login)
    };
    let connect = |host: &str, port| connect_within(60, host, port);
    connect("no-such-host.invalid", 22).is_named("host_not_found", "");
    // Of the addresses that are reserved for no one, the system knows no way to this one.
    connect("255.255.255.255", 22).is_named("unreachable", "");
    for server in [TcpServer::unreachable(), TcpServer::silent()] {
        connect_within(1, server.host(), server.port()).is_named("timed_out", "");
    }
    for (server, code) in [
        (TcpServer::refuses(), "connection_refused"),
        (TcpServer::http(), "not_ssh"),
        (TcpServer::says("220 ready\r\n".repeat(99)), "not_ssh"),
        (TcpServer::endless_banner(), "not_ssh"),
        (TcpServer::closes(), "connection_lost"),
        (TcpServer::resets(), "connection_lost"),
    ] {
        connect(server.host(), server.port()).is_named(code, "");
    }
}

fn a_server_that_is_not_who_it_was(world: &SshWorld, engine: &str) {
    let sshd = Sshd::start();
    let login = Login::ssh(&sshd, engine);
    let strict = Manager::builder().flag("--trust", "strict").start();
    strict.connect_ssh(&login).is_named("host_unknown", "");
    let known = strict.config_dir().join("known_hosts");
    fs::create_dir_all(strict.config_dir()).unwrap();
    let revoked = |line: &str| format!("@revoked {line}\n");
    let lines: String = sshd.known_hosts().lines().map(revoked).collect();
    fs::write(&known, lines).unwrap();
    strict.connect_ssh(&login).is_named("host_revoked", "");
    fs::write(&known, [0xff, 0xfe, 0x00]).unwrap();
    strict.connect_ssh(&login).is_named("trust_store", "");
    world.manager.connect_ssh(&login).ok();
    sshd.restart_with(HostKeys::usual());
    world
        .manager
        .connect_ssh(&login)
        .is_named("host_changed", "");
}

fn keys_and_passphrases(world: &SshWorld, engine: &str) {
    let (manager, sshd) = (&world.manager, &world.sshd);
    let directory = manager.local(&unique());
    fs::create_dir(&directory).unwrap();
    fs::write(directory.join("text"), "this is no key").unwrap();
    let locked = sshd.add_key(KeyKind::Ed25519, KeyFormat::OpenSsh, Some("open sesame"));
    let by_path = |path: &str| Login::key(sshd, engine).with("keyPath", path);
    let by_text = |key: &str| {
        Login::key(sshd, engine)
            .without("keyPath")
            .with("privateKey", key)
    };
    for (login, code, field) in [
        (
            by_path(text(&directory.join("none"))),
            "key_unreadable",
            "keyPath",
        ),
        (by_path("relative"), "key_unreadable", "keyPath"),
        (by_path(text(&directory)), "key_unreadable", "keyPath"),
        (
            by_path(text(&directory.join("text"))),
            "key_invalid",
            "keyPath",
        ),
        (by_path("/etc/hostname"), "outside_local_roots", "keyPath"),
        (by_text("this is no key"), "key_invalid", "privateKey"),
        (
            by_path(text(locked.path())),
            "passphrase_required",
            "passphrase",
        ),
        (
            by_text(&locked.private_text()),
            "passphrase_required",
            "passphrase",
        ),
        (
            by_path(text(locked.path())).with("passphrase", "open barley"),
            "passphrase_wrong",
            "passphrase",
        ),
    ] {
        manager.connect_ssh(&login).is_named(code, field);
    }
}

fn logins(world: &SshWorld, engine: &str) {
    let wrong = Login::ssh(&world.sshd, engine).with("password", "wrong");
    world
        .manager
        .connect_ssh(&wrong)
        .is_named("authentication_failed", "");
    let impatient = Sshd::builder().line("MaxAuthTries 1").start();
    let wrong = Login::ssh(&impatient, engine).with("password", "wrong");
    world
        .manager
        .connect_ssh(&wrong)
        .is_named("too_many_attempts", "");
    let full = Manager::builder().flag("--max-sessions", "1").start();
    full.ssh(&world.sshd, engine);
    let login = Login::ssh(&world.sshd, engine);
    full.connect_ssh(&login).is_named("session_limit", "");
}

fn what_the_server_does_not_have(world: &SshWorld, engine: &str) {
    let sshd = Sshd::builder().no_sftp().start();
    world
        .manager
        .connect_ssh(&Login::ssh(&sshd, engine))
        .is_named("no_sftp", "");
    let old = Sshd::builder().line("Ciphers 3des-cbc").start();
    let login = Login::ssh(&old, engine);
    world
        .manager
        .connect_ssh(&login)
        .is_named("no_common_algorithm", "");
}

fn fields(world: &SshWorld, engine: &str) {
    let usual = || Login::ssh(&world.sshd, engine);
    for (login, field) in [
        (usual().without("host"), "host"),
        (usual().with("username", ""), "username"),
        (usual().with("host", 7), "host"),
        (usual().with("host", "a\u{7}b"), "host"),
        (usual().without("password"), "password"),
        (usual().with("port", 0), "port"),
        (usual().with("timeout", -1), "timeout"),
        (usual().with("engine", "putty"), "engine"),
        (
            usual().with("keyPath", "/k").with("privateKey", "x"),
            "privateKey",
        ),
    ] {
        world
            .manager
            .connect_ssh(&login)
            .is_named("invalid_input", field);
    }
}

fn operations(world: &SshWorld, engine: &str) {
    let (manager, sshd) = (&world.manager, &world.sshd);
    let id = manager.ssh(sshd, engine);
    let here = sshd.write_file(&unique(), "x");
    manager.list(&id, "/no/such").is_named("not_found", "");
    manager
        .list(&id, text(&here))
        .is_named("not_a_directory", "");
    let (missing, local) = (manager.local("missing"), manager.local("here"));
    manager
        .download(&id, "/no/such", &local)
        .is_named("not_found", "");
    manager
        .download(&id, text(&here), &missing.join("x"))
        .is_named("local_not_found", "");
    manager
        .upload(&id, &missing, "/tmp/x")
        .is_named("local_not_found", "");
    manager
        .upload(&id, std::path::Path::new("/etc/hostname"), "/tmp/x")
        .is_named("outside_local_roots", "");
    let path = |route: &str| format!("/connections/{id}/{route}");
    manager
        .post(&path("execute"), &json!({}))
        .is_named("invalid_input", "command");
    let half = json!({ "localPath": "/tmp/x" });
    manager
        .post(&path("upload"), &half)
        .is_named("invalid_input", "remotePath");
    manager.close(&id).ok();
    manager.list(&id, "/").is_named("session_not_found", "");
    manager.close(&id).is_named("session_not_found", "");
}

#[test]
fn before_a_route_and_beside_the_contract() {
    // Not told to the harness, whose client would send it with every request.
    let manager = Manager::builder()
        .env("CONNECTION_MANAGER_TOKEN", "s3cret")
        .start();
    let ssh = "/connections/ssh";
    let list = "/connections";
    let json = "application/json";
    for (method, path, token, header, body, status, code) in [
        ("GET", list, "", ("", ""), "", 401, "token_required"),
        ("GET", list, "other", ("", ""), "", 401, "token_invalid"),
        (
            "POST",
            ssh,
            "s3cret",
            ("content-type", "text/plain"),
            "x",
            415,
            "unsupported_media_type",
        ),
        (
            "POST",
            ssh,
            "s3cret",
            ("content-type", json),
            "{",
            400,
            "invalid_json",
        ),
        (
            "POST",
            ssh,
            "s3cret",
            ("content-type", json),
            "{}",
            400,
            "invalid_input",
        ),
        (
            "PUT",
            list,
            "s3cret",
            ("", ""),
            "",
            405,
            "method_not_allowed",
        ),
        (
            "GET",
            "/connections/x/y/z",
            "s3cret",
            ("", ""),
            "",
            404,
            "not_found",
        ),
        (
            "POST",
            ssh,
            "s3cret",
            ("origin", "https://evil.example"),
            "",
            403,
            "origin_not_allowed",
        ),
        (
            "GET",
            list,
            "s3cret",
            ("host", "evil.example"),
            "",
            403,
            "host_not_allowed",
        ),
    ] {
        let answer = manager.send(method, path, |mut request| {
            if !token.is_empty() {
                request = request.bearer_auth(token);
            }
            if !header.0.is_empty() {
                request = request.header(header.0, header.1);
            }
            request.body(body)
        });
        assert_eq!(answer.status, status, "{code}: {}", answer.text);
        answer.is_named(code, "");
    }
    // A page of an allowed origin may read them, and the body of other routes says the same.
    let answer = manager.send("GET", "/connections/x/entries", |request| {
        let request = request.bearer_auth("s3cret");
        request.header("origin", "http://localhost:3000")
    });
    let exposed = answer.header("access-control-expose-headers");
    assert!(exposed.contains("X-Error-Code") && exposed.contains("X-Error-Field"));
    assert_eq!(answer.header("x-error-code"), "session_not_found");
    assert_eq!(answer.json()["code"], "session_not_found");
}

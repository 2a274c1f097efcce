//! Decisions 13 to 25, and what goes beyond them.

use super::{SOON, files, printed_config};
use connection_tests::manager::{ENGINES, Login, Manager, keys};
use connection_tests::{
    FtpServer, HostKeys, KeyFormat, KeyKind, Pyftpdlib, Sshd, Tls, Vsftpd, eventually,
};
use serde_json::json;
use std::fs;

#[test]
fn d13_expired_sessions_are_closed_without_anyone_asking() {
    let manager = Manager::builder().flag("--session-timeout", "0.5").start();
    let (sshd, ftp) = (Sshd::start(), Vsftpd::start());
    for engine in ENGINES {
        manager.ssh(&sshd, engine);
    }
    manager.ftp(&ftp);
    eventually(SOON, "every connection is closed", || {
        sshd.connections() == 0 && ftp.open_sockets() == 0
    });
}

#[test]
fn d14_the_limit_is_checked_before_connecting() {
    let manager = Manager::builder().flag("--max-sessions", "1").start();
    let (sshd, ftp) = (Sshd::start(), Vsftpd::start());
    manager.ssh(&sshd, "russh");
    // A server that is not even there makes no difference.
    let body = json!({"host": "no-such-host.invalid", "username": "u", "password": "p"});
    for path in ["/connections/ssh", "/connections/ftp"] {
        manager
            .post(path, &body)
            .fails(400, "Maximum sessions (1) reached");
    }
    let full = manager.connect_ftp(&Login::ftp(&ftp));
    full.fails(400, "Maximum sessions (1) reached");
    assert_eq!((sshd.connections(), ftp.open_sockets()), (1, 0));
}

#[test]
fn d15_a_local_file_is_replaced_whole_or_not_at_all() {
    let (manager, sshd) = (Manager::start(), Sshd::start());
    let id = manager.ssh(&sshd, "russh");
    let folder = manager.local("down");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("old"), "precious").unwrap();
    for name in ["old", "new"] {
        manager
            .download(&id, "/no/such", &folder.join(name))
            .detail(500);
    }
    assert_eq!(fs::read(folder.join("old")).unwrap(), b"precious");
    let names: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .flatten()
        .map(|e| e.file_name())
        .collect();
    assert_eq!(names, ["old"]);
}

#[test]
fn d16_both_streams_are_read_and_standard_input_ends() {
    let (manager, sshd) = (Manager::start(), Sshd::start());
    for engine in ENGINES {
        let id = manager.ssh(&sshd, engine);
        let command = "head -c 3000000 /dev/zero | tr '\\0' e >&2; cat; echo out";
        let output = manager.execute(&id, command).ok();
        assert_eq!(
            output["output"].as_str().unwrap().len(),
            3_000_005,
            "{engine}"
        );
    }
    assert!(!printed_config(&Manager::builder()).contains("exec_timeout"));
}

#[test]
fn d17_keys_below_home_of_every_format_and_under_the_password() {
    let sshd = Sshd::builder().key_only().start();
    let home = tempfile::tempdir().unwrap();
    fs::create_dir(home.path().join(".ssh")).unwrap();
    let manager = Manager::builder().home(home).start();
    let put = |name: &str, kind, format, passphrase| {
        let key = sshd.add_key(kind, format, passphrase);
        fs::copy(key.path(), manager.home().join(".ssh").join(name)).unwrap();
    };
    put("id_ed25519", KeyKind::Ed25519, KeyFormat::OpenSsh, None);
    put("id_rsa", KeyKind::Rsa, KeyFormat::Pkcs8, None);
    put("id_ecdsa", KeyKind::EcdsaP256, KeyFormat::Pem, None);
    put(
        "locked",
        KeyKind::Ed25519,
        KeyFormat::OpenSsh,
        Some("open sesame"),
    );
    for engine in ENGINES {
        let login =
            |name: &str| Login::key(&sshd, engine).with("keyPath", format!("~/.ssh/{name}"));
        for name in ["id_ed25519", "id_rsa", "id_ecdsa"] {
            manager.connect_ssh(&login(name)).ok();
        }
        for field in ["password", "passphrase"] {
            manager
                .connect_ssh(&login("locked").with(field, "open sesame"))
                .ok();
            let wrong = manager.connect_ssh(&login("locked").with(field, "wrong"));
            wrong.fails(
                400,
                "Connection error: Could not load private key from ~/.ssh/locked",
            );
        }
    }
}

#[test]
fn d18_a_number_where_a_text_belongs_is_refused() {
    let (manager, sshd, ftp) = (Manager::start(), Sshd::start(), Vsftpd::start());
    let body = json!({"host": "x", "username": "y", "keyPath": 3});
    manager.post("/connections/ssh", &body).detail(400);
    manager.get("/health").ok();
    let port = Login::ssh(&sshd, "russh").with("port", sshd.port().to_string());
    let id = manager.connect_ssh(&port).ok()["session_id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(manager.listed(&id).unwrap()["port"], sshd.port());
    let port = Login::ftp(&ftp).with("port", ftp.port().to_string());
    let id = manager.connect_ftp(&port).ok()["session_id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(manager.listed(&id).unwrap()["port"], ftp.port());
}

#[test]
fn d19_a_nul_is_refused_before_it_is_sent() {
    let (manager, sshd) = (Manager::start(), Sshd::start());
    for engine in ENGINES {
        let id = manager.ssh(&sshd, engine);
        manager
            .list(&id, "/a\0b")
            .fails_with(500, "Failed to list files: ");
        manager
            .execute(&id, "a\0b")
            .fails_with(500, "Command execution failed: ");
        manager.list(&id, "/").ok();
        assert_eq!(manager.execute(&id, "echo x").ok()["output"], "x");
    }
}

#[test]
fn d20_only_this_machine_and_only_known_pages() {
    let manager = Manager::start();
    assert!(manager.addr().ip().is_loopback());
    manager.get("/console").detail(404);
    let origin = |origin: &str| {
        let answer = manager.send("GET", "/connections", |r| r.header("origin", origin));
        answer.header("access-control-allow-origin").to_owned()
    };
    assert_eq!(origin("http://localhost:3000"), "http://localhost:3000");
    assert_eq!(origin("https://evil.example"), "");
    // Every address is refused without a token.
    let home = tempfile::tempdir().unwrap();
    let open = Manager::builder().flag("--host", "0.0.0.0");
    let output = open.command(home.path()).output().unwrap();
    assert!(!output.status.success());
    assert!(
        String::from_utf8_lossy(&output.stderr).contains("token"),
        "{output:?}"
    );
    // A page that makes its own name resolve to this machine is told by the name.
    let rebound = manager.send("GET", "/connections", |r| r.header("host", "evil.example"));
    rebound.detail(403);
}

#[test]
fn d21_one_policy_for_keys_and_certificates() {
    let (sshd, ftp) = (
        Sshd::start(),
        Pyftpdlib::builder().tls(Tls::Required).start(),
    );
    let (ssh_login, ftp_login) = (Login::ssh(&sshd, "russh"), Login::ftp(&ftp));
    let strict = Manager::builder().flag("--trust", "strict").start();
    strict
        .connect_ssh(&ssh_login)
        .fails_with(400, "SSH connection failed: ");
    strict
        .connect_ftp(&ftp_login)
        .fails_with(400, "FTP connection failed: ");
    let manager = Manager::start();
    manager.connect_ssh(&ssh_login).ok();
    manager.connect_ftp(&ftp_login).ok();
    sshd.restart_with(HostKeys::usual());
    ftp.restart_with_new_cert();
    manager
        .connect_ssh(&ssh_login)
        .fails_with(400, "SSH connection failed: ");
    manager
        .connect_ftp(&ftp_login)
        .fails_with(400, "FTP connection failed: ");
}

#[test]
fn d22_a_listing_that_fails_leaves_the_session_in_step() {
    let (manager, ftp) = (Manager::start(), Vsftpd::start());
    ftp.write_file("d/a", "x");
    let id = manager.ftp(&ftp);
    for bad in ["/no-such", "/d/a/b", "/caf\u{f7ff}"] {
        let answer = manager.list(&id, bad);
        assert!(
            answer.status == 500 || answer.status == 200,
            "{}",
            answer.text
        );
        let body = manager.list(&id, "/d").ok();
        assert_eq!(files(&body)[0]["name"], "a");
        manager.download(&id, "/d/a", &manager.local("down")).ok();
    }
}

#[test]
fn d23_a_dead_connection_is_not_active() {
    for engine in ENGINES {
        let (manager, sshd) = (Manager::start(), Sshd::start());
        let id = manager.ssh(&sshd, engine);
        assert_eq!(manager.listed(&id).unwrap()["is_active"], true);
        sshd.kill();
        eventually(SOON, "is_active is false", || {
            manager
                .listed(&id)
                .is_some_and(|session| session["is_active"] == false)
        });
    }
    let (manager, ftp) = (Manager::start(), Vsftpd::start());
    let id = manager.ftp(&ftp);
    ftp.kill();
    eventually(SOON, "is_active is false", || {
        // An FTP connection says that it is gone when it is used.
        manager.list(&id, "/").detail(500);
        manager
            .listed(&id)
            .is_some_and(|session| session["is_active"] == false)
    });
}

#[test]
fn d24_the_statuses_are_those_of_the_old_code() {
    let (manager, sshd) = (Manager::start(), Sshd::start());
    let id = manager.ssh(&sshd, "russh");
    let wrong = manager.connect_ssh(&Login::ssh(&sshd, "russh").with("password", "wrong"));
    let statuses = [
        wrong.status,
        manager.list("nobody", "/").status,
        manager.close("nobody").status,
        manager.upload(&id, &manager.local("missing"), "/x").status,
        manager.list(&id, "/no/such").status,
        manager.execute("nobody", "true").status,
    ];
    assert_eq!(statuses, [400, 401, 404, 404, 500, 401]);
}

#[test]
fn d25_one_session_can_be_looked_at_and_that_is_no_use_of_it() {
    let manager = Manager::builder().flag("--session-timeout", "3").start();
    let sshd = Sshd::start();
    let id = manager.ssh(&sshd, "russh");
    let path = format!("/connections/{id}");
    let session = manager.get(&path).ok();
    assert_eq!(keys(&session).len(), 11);
    assert_eq!(session["session_id"], id);
    eventually(SOON, "looking does not keep it", || {
        manager.get(&path).status == 401
    });
    manager
        .get(&path)
        .fails(401, "Session expired or not found");
}

// What goes beyond the decisions above.

#[test]
fn s4_the_clients_timeout_is_accepted_and_ignored() {
    let (manager, sshd) = (Manager::start(), Sshd::start());
    let id = manager.ssh(&sshd, "russh");
    let route = format!("/connections/{id}/execute");
    for timeout in [json!(1), json!("soon"), json!(null), json!(-5), json!({})] {
        let body = json!({"command": "echo x", "timeout": timeout});
        assert_eq!(manager.post(&route, &body).ok(), json!({"output": "x"}));
    }
}

#[test]
fn s4_keys_nobody_knows_are_ignored() {
    let (manager, sshd) = (Manager::start(), Sshd::start());
    let login = Login::ssh(&sshd, "russh")
        .with("colour", "green")
        .with("type", "ssh");
    assert_eq!(keys(&manager.connect_ssh(&login).ok()), ["session_id"]);
}

//! The same through the HTTP API: what a person sees, and that the session goes on.

use super::server;
use connection_tests::ScriptedFtp;
use connection_tests::manager::{Answer, Manager, Shared};
use connection_tests::servers::ftp::scripted::{GREETING, Step, say, send};
use serde_json::json;

static MANAGER: Shared<Manager> =
    Shared::new(|| Manager::builder().flag("--max-sessions", "500").start());

fn open(manager: &Manager, server: &ScriptedFtp, timeout: f64) -> Answer {
    let login = json!({
        "host": server.host(), "port": server.port(), "username": "ann", "password": "secret",
        "timeout": timeout,
    });
    manager.post("/connections/ftp", &login)
}

fn session(manager: &Manager, server: &ScriptedFtp) -> String {
    let answer = open(manager, server, 10.0).ok();
    answer["session_id"].as_str().unwrap().to_owned()
}

#[test]
fn a_door_that_does_not_open() {
    let manager = MANAGER.get();
    for (steps, detail) in [
        (vec![say("421 full\r\n"), Step::Close], "421 full"),
        (vec![say("554 go away\r\n"), Step::Close], "554 go away"),
        (vec![Step::Hang], "timed out"),
        (vec![say("220-half\r\n"), Step::Hang], "timed out"),
        (
            vec![say("HTTP/1.1 400\r\n"), Step::Close],
            "the server's answer is not an FTP reply",
        ),
        (vec![Step::Close], ""),
    ] {
        let server = server().on(GREETING, steps).start();
        let want = format!("FTP connection failed: {detail}");
        let clock = if detail == "timed out" { 1.0 } else { 30.0 };
        open(&manager, &server, clock).fails(400, &want);
    }
}

#[test]
fn one_failure_is_one_failure() {
    let manager = MANAGER.get();
    let begun = || vec![say("150 here\r\n"), Step::Take, send("hel"), Step::EndData];
    for (verb, steps, detail) in [
        (
            "RETR",
            [begun(), vec![say("426 cut\r\n")]].concat(),
            "426 cut",
        ),
        ("RETR", vec![say("450 busy\r\n")], "450 busy"),
        (
            "EPSV",
            vec![say("229 here (|||0|)\r\n")],
            "the server named port 0",
        ),
        (
            "RETR",
            [begun(), vec![say("421 bye\r\n"), Step::Close]].concat(),
            "421 bye",
        ),
    ] {
        let server = server().once(verb, steps).start();
        let id = session(&manager, &server);
        let local = manager.local(&connection_tests::manager::unique());
        let want = format!("Download failed: {detail}");
        manager.download(&id, "/a.txt", &local).fails(500, &want);
        assert!(!local.exists(), "half a file is no file");
        manager.download(&id, "/a.txt", &local).ok();
        assert_eq!(std::fs::read(&local).unwrap(), b"hello");
        assert_eq!(manager.listed(&id).unwrap()["is_active"], true);
        manager.close(&id).ok();
    }
}

#[test]
fn replies_too_many_shift_nothing() {
    let manager = MANAGER.get();
    for stray in [
        "200 stray\r\n",
        "250 stray\r\n",
        "226 stray\r\n",
        "550 stray\r\n",
    ] {
        for verb in ["CWD", "MLSD", "RETR", "NOOP"] {
            let server = server().once(verb, [Step::Usual, say(stray)]).start();
            let id = session(&manager, &server);
            let _ = manager.list(&id, "/");
            let local = manager.local(&connection_tests::manager::unique());
            let _ = manager.download(&id, "/b.txt", &local);
            let files = manager.list(&id, "/").ok();
            assert_eq!(
                files["files"].as_array().unwrap().len(),
                2,
                "{verb} {stray:?}"
            );
            assert_eq!(files["files"][0]["size"], 5);
            manager.download(&id, "/b.txt", &local).ok();
            assert_eq!(
                std::fs::read(&local).unwrap(),
                b"world!",
                "{verb} {stray:?}"
            );
            manager.list(&id, "/none").detail(500);
            manager.close(&id).ok();
        }
    }
}

#[test]
fn a_server_that_said_farewell_is_reached_anew() {
    let manager = MANAGER.get();
    let server = server().start();
    let id = session(&manager, &server);
    for _ in 0..3 {
        server.interject("421 idle for too long\r\n");
        let files = manager.list(&id, "/").ok();
        assert_eq!(files["files"].as_array().unwrap().len(), 2);
    }
    assert_eq!(manager.listed(&id).unwrap()["is_active"], true);
}

#[test]
fn a_server_that_is_gone_is_not_active() {
    let manager = MANAGER.get();
    let server = server().start();
    let id = session(&manager, &server);
    drop(server);
    manager.list(&id, "/").detail(500);
    assert_eq!(manager.listed(&id).unwrap()["is_active"], false);
}

#[test]
fn a_listing_without_an_end_stays_flat() {
    let manager = Manager::start();
    let server = server().on("MLSD", super::listings::endless()).start();
    let id = session(&manager, &server);
    let route = format!("/connections/{id}/entries?path=/&limit=10000");
    let mut part = manager.get(&route).ok();
    let first = resident(&manager);
    let mut seen = 0;
    while seen < 300_000 {
        seen += part["entries"].as_array().unwrap().len();
        let cursor = part["next_cursor"].as_str().unwrap();
        part = manager.get(&format!("{route}&cursor={cursor}")).ok();
    }
    let grown = resident(&manager).saturating_sub(first);
    assert!(grown < 48 << 10, "{grown} KiB more after 300,000 entries");
    manager.close(&id).ok();
    connection_tests::eventually(super::SOON, "the server is left alone", || {
        server.open() == 0
    });
}

/// Resident memory of our server in KiB, as the kernel counts it.
fn resident(manager: &Manager) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", manager.pid())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    line.unwrap()
        .split_whitespace()
        .nth(1)
        .unwrap()
        .parse()
        .unwrap()
}

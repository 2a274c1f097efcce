//! Through the program: opened, recorded and downloaded by its API, and what becomes of a
//! recording when the program or the disk comes to an end.

use crate::Played;
use connection_tests::manager::{ENGINES, Manager, ManagerBuilder};
use connection_tests::{Sshd, eventually, eventually_value};
use serde_json::{Value, json};
use std::process::Command;
use std::time::Duration;

/// How long something that is sure to happen may take on a busy machine.
const SOON: Duration = Duration::from_secs(60);

/// Opens a terminal of a new session, recorded; returns the session and the terminal.
#[track_caller]
fn record(manager: &Manager, sshd: &Sshd, engine: &str, command: &str) -> (String, Value) {
    let session = manager.ssh(sshd, engine);
    let body = json!({"cols": 80, "rows": 24, "name": "build", "command": command, "record": true});
    let terminal = manager.post(&format!("/connections/{session}/terminals"), &body);
    (session, terminal.ok())
}

#[track_caller]
fn path(terminal: &Value) -> String {
    let id = terminal["recording_id"].as_str();
    format!("/recordings/{}", id.expect("a recording"))
}

/// Waits until the recording is no longer being written.
#[track_caller]
fn ended(manager: &Manager, path: &str) -> Value {
    eventually_value(
        SOON,
        "the recording ends",
        || manager.get(path).ok(),
        |recording| recording["state"] != "running",
    )
}

#[track_caller]
fn play(manager: &Manager, path: &str) -> Played {
    let file = manager.get(&format!("{path}/content"));
    assert_eq!(file.status, 200, "{}", file.text);
    Played::new(&file.text)
}

fn recording_into(dir: &tempfile::TempDir) -> ManagerBuilder {
    Manager::builder().flag("--recording-dir", dir.path().join("r"))
}

#[test]
fn opened_with_a_recording_and_downloaded() {
    let (sshd, dir) = (Sshd::start(), tempfile::tempdir().unwrap());
    let manager = recording_into(&dir).start();
    for engine in ENGINES {
        let command = "printf '\\033[1mgr\\303\\274n\\033[0m\\n'; stty size; exit 3";
        let (session, terminal) = record(&manager, &sshd, engine, command);
        let path = path(&terminal);
        let recording = ended(&manager, &path);
        assert_eq!(recording["state"], "complete", "{recording}");
        assert_eq!(recording["terminal_name"], "build");
        assert_eq!(recording["username"], sshd.user());
        let played = play(&manager, &path);
        assert_eq!(played.screen.screen().contents().trim_end(), "grün\n24 80");
        let listed = manager.get("/recordings").ok();
        assert_eq!(listed["recordings"][0], recording);
        // One that was not asked for is not recorded.
        let body = json!({"cols": 80, "rows": 24, "command": "true"});
        let other = manager.post(&format!("/connections/{session}/terminals"), &body);
        assert_eq!(other.ok().get("recording_id"), None);
        manager.delete(&path).ok();
    }
}

#[test]
fn asking_where_there_are_none_is_refused() {
    let (sshd, dir) = (Sshd::start(), tempfile::tempdir().unwrap());
    let never = recording_into(&dir).flag("--record", "never").start();
    for manager in [Manager::start(), never] {
        let session = manager.ssh(&sshd, "russh");
        let terminals = format!("/connections/{session}/terminals");
        let refused = manager.post(&terminals, &json!({"cols": 80, "rows": 24, "record": true}));
        assert_eq!(refused.status, 501, "{}", refused.text);
        assert_eq!(refused.json()["code"], "unsupported");
        assert_eq!(manager.get(&terminals).ok()["terminals"], json!([]));
    }
}

#[test]
fn a_killed_server_leaves_what_it_flushed() {
    let (sshd, dir) = (Sshd::start(), tempfile::tempdir().unwrap());
    let manager = recording_into(&dir).start();
    let count = "i=0; while :; do i=$((i+1)); echo $i; sleep 0.01; done";
    let (_, terminal) = record(&manager, &sshd, "russh", count);
    let path = path(&terminal);
    eventually(SOON, "it counts to 50", || {
        play(&manager, &path).text("o").contains("\n50\r\n")
    });
    let seen = manager.get(&format!("{path}/content")).text;
    let killed = Command::new("kill")
        .args(["-KILL", &manager.pid().to_string()])
        .status();
    assert!(killed.unwrap().success());
    assert!(!manager.ended(SOON).expect("it ends").success());

    let manager = recording_into(&dir).start();
    let recording = manager.get(&path).ok();
    assert_eq!(recording["state"], "unfinished", "{recording}");
    let whole = manager.get(&format!("{path}/content")).text;
    assert!(whole.starts_with(&seen));
    let shown = Played::new(&whole).text("o");
    let counted: String = (1..10_000).map(|n| format!("{n}\r\n")).collect();
    assert!(counted.starts_with(&shown), "{shown}");
    manager.delete(&path).ok();
}

#[test]
fn a_server_that_stops_closes_its_recordings() {
    let (sshd, dir) = (Sshd::start(), tempfile::tempdir().unwrap());
    let manager = recording_into(&dir).start();
    let (session, terminal) = record(&manager, &sshd, "russh", "echo hello; exec sleep 1000");
    let shown = format!(
        "/connections/{session}/terminals/{}",
        terminal["terminal_id"].as_str().unwrap()
    );
    eventually(SOON, "it says hello", || {
        manager.get(&shown).ok()["end"].as_u64() == Some(7)
    });
    manager.terminate();
    assert!(manager.ended(SOON).expect("it ends").success());
    let manager = recording_into(&dir).start();
    let path = path(&terminal);
    let recording = manager.get(&path).ok();
    assert_eq!(recording["state"], "complete", "{recording}");
    assert_eq!(play(&manager, &path).text("o"), "hello\r\n");
}

#[test]
fn a_full_disk_ends_the_recording_and_not_the_terminal() {
    let (sshd, dir) = (Sshd::start(), tempfile::tempdir().unwrap());
    // Files end at 300 KiB, and the program hears of it as of a full disk.
    let limited = "trap '' XFSZ; ulimit -f 600; exec \"$0\" \"$@\"";
    let manager = recording_into(&dir)
        .wrapped_in(&["sh", "-c", limited])
        .start();
    for engine in ENGINES {
        let flood = "stty raw; seq 1 200000; exec sleep 1000";
        let (session, terminal) = record(&manager, &sshd, engine, flood);
        let path = path(&terminal);
        let recording = ended(&manager, &path);
        assert_eq!(recording["state"], "failed", "{recording}");
        let error = recording["error"].as_str().unwrap();
        assert!(error.contains("File too large"), "{error}");
        let id = terminal["terminal_id"].as_str().unwrap();
        let shown = format!("/connections/{session}/terminals/{id}");
        let bytes: u64 = (1..=200_000)
            .map(|n: u64| n.to_string().len() as u64 + 1)
            .sum();
        let terminal = eventually_value(
            SOON,
            "the terminal shows the rest",
            || manager.get(&shown).ok(),
            |terminal| terminal["end"].as_u64() == Some(bytes),
        );
        assert_eq!(terminal["running"], true);
        let played = play(&manager, &path).text("o");
        assert!(played.starts_with("1\n2\n3\n") && played.len() > 100_000);
        eventually(SOON, "the log has it", || {
            let log = manager.log();
            log.contains("a recording ended: it cannot be written")
        });
        manager.close(&session).ok();
    }
}

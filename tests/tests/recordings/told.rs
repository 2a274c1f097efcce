//! What the viewers of a terminal are told of its recording, and the limit on all of them.

use crate::Played;
use connection_tests::manager::{ENGINES, Manager};
use connection_tests::{Sshd, TerminalSocket, eventually_value};
use serde_json::{Value, json};
use std::time::Duration;

/// How long something that is sure to happen may take on a busy machine.
const SOON: Duration = Duration::from_secs(60);

/// Waits for a line, and then floods and goes on.
const FLOOD: &str = "stty raw -echo; read -r go; seq 1 100000; echo af''ter; exec sleep 1000";

fn recorded(manager: &Manager, session: &str, command: &str) -> TerminalSocket {
    let fields = json!({ "cols": 80, "rows": 24, "command": command, "record": true });
    TerminalSocket::open_with(manager, session, fields)
}

fn terminal(manager: &Manager, session: &str, id: &str) -> Value {
    manager
        .get(&format!("/connections/{session}/terminals/{id}"))
        .ok()
}

fn watch_by_a_link(manager: &Manager, session: &str, id: &str) -> TerminalSocket {
    let path = format!("/connections/{session}/terminals/{id}/shares");
    let share = manager.post(&path, &json!({})).ok();
    TerminalSocket::watch(manager, share["share"].as_str().unwrap())
}

#[test]
fn where_all_together_reach_their_limit_recording_ends_and_everybody_is_told() {
    const TOTAL: u64 = 200_000;
    for engine in ENGINES {
        let (sshd, dir) = (Sshd::start(), tempfile::tempdir().unwrap());
        let manager = Manager::builder()
            .flag("--recording-dir", dir.path().join("r"))
            .flag("--recording-total-size", TOTAL.to_string())
            .start();
        let session = manager.ssh(&sshd, engine);
        let fill = "stty raw -echo; read -r go; seq 1 10000; exec cat";
        let mut writer = recorded(&manager, &session, fill);
        let id = writer.terminal_id();
        let mut guest = watch_by_a_link(&manager, &session, &id);
        for viewer in [&writer, &guest] {
            assert_eq!(viewer.opened()["recording"], "running", "{engine}");
        }
        writer.send("\n");
        writer.until("\n10000\n");
        // The last of the room goes in small pieces, so that hardly any is left.
        let about = |frame: &Value| frame["type"] == "recording";
        let line = "x".repeat(1000) + "\n";
        while !writer.frames().iter().any(about) {
            writer.send(&line);
            writer.until(&line);
        }
        let told = json!({"type": "recording", "state": "total_limit"});
        assert!(writer.frames().contains(&told), "{:?}", writer.frames());
        assert_eq!(guest.until_frame("recording"), told);
        // The terminal goes on, for who comes later too.
        writer.send("after\n");
        writer.until("after");
        let late = TerminalSocket::attach(&manager, &session, &id, "");
        assert_eq!(late.opened()["recording"], "total_limit");
        let info = terminal(&manager, &session, &id);
        assert_eq!(
            (&info["running"], &info["recording"]),
            (&json!(true), &json!("total_limit"))
        );

        let path = format!("/recordings/{}", info["recording_id"].as_str().unwrap());
        let recording = manager.get(&path).ok();
        assert_eq!(recording["state"], "total_limit", "{recording}");
        assert!(recording["size"].as_u64().unwrap() <= TOTAL, "{recording}");
        let played = Played::new(&manager.get(&format!("{path}/content")).text);
        let (_, code, last) = played.events.last().unwrap();
        assert_eq!(code, "m");
        assert!(last.contains("200000 bytes for all recordings"), "{last}");
        assert!(played.text("o").contains("1\n2\n3\n"));

        // None begins, and nothing was deleted for one.
        let terminals = format!("/connections/{session}/terminals");
        let order =
            |record: bool| json!({"cols": 80, "rows": 24, "command": "cat", "record": record});
        let refused = manager.post(&terminals, &order(true));
        assert_eq!(refused.status, 507, "{}", refused.text);
        assert_eq!(refused.json()["code"], "quota_exceeded");
        assert!(refused.text.contains("200000 bytes"), "{}", refused.text);
        assert_eq!(
            manager
                .post(&terminals, &order(false))
                .ok()
                .get("recording"),
            None
        );
        let listed = manager.get("/recordings").ok();
        assert_eq!(listed["recordings"], json!([recording]));
        assert_eq!(
            (&listed["policy"], &listed["input"]),
            (&json!("on-request"), &json!(false))
        );

        manager.delete(&path).ok();
        assert_eq!(
            manager.post(&terminals, &order(true)).ok()["recording"],
            "running"
        );
    }
}

#[test]
fn who_looks_at_a_terminal_knows_what_became_of_its_recording() {
    let (sshd, dir) = (Sshd::start(), tempfile::tempdir().unwrap());
    // Files end at 300 KiB, and the program hears of it as of a full disk.
    let limited = "trap '' XFSZ; ulimit -f 600; exec \"$0\" \"$@\"";
    let manager = Manager::builder()
        .flag("--recording-dir", dir.path().join("r"))
        .wrapped_in(&["sh", "-c", limited])
        .start();
    let session = manager.ssh(&sshd, ENGINES[0]);
    let plain = TerminalSocket::open(&manager, &session, 80, 24);
    assert_eq!(plain.opened()["recording"], Value::Null);

    let mut full = recorded(&manager, &session, FLOOD);
    full.send("\n");
    let told = full.until_frame("recording");
    // Not why, which may name what only the owner should know.
    assert_eq!(told, json!({"type": "recording", "state": "failed"}));
    full.until("after");

    let mut deleted = recorded(&manager, &session, "cat");
    let info = terminal(&manager, &session, &deleted.terminal_id());
    let path = format!("/recordings/{}", info["recording_id"].as_str().unwrap());
    manager.delete(&path).ok();
    assert_eq!(deleted.until_frame("recording")["state"], "deleted");
    deleted.send("still\n");
    deleted.until("still");

    let mut short = recorded(&manager, &session, "read -r go; exit 3");
    let id = short.terminal_id();
    short.send("\n");
    assert_eq!(short.until_frame("exit")["status"], 3);
    let told = |frame: &Value| frame["type"] == "recording";
    assert!(
        !short.frames().iter().any(told),
        "it ended with its terminal"
    );
    let info = eventually_value(
        SOON,
        "it is written",
        || terminal(&manager, &session, &id),
        |info| info["recording"] != "running",
    );
    assert_eq!(info["recording"], "complete");
    let late = TerminalSocket::attach(&manager, &session, &id, "");
    assert_eq!(late.opened()["recording"], "complete");
}

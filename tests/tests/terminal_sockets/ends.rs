//! How a socket ends.

use connection_tests::manager::{ENGINES, Manager, SshWorld};
use connection_tests::wait::PATIENCE;
use connection_tests::{ChaosProxy, Sshd, TerminalSocket, eventually, on_both_engines};
use serde_json::json;
use std::time::{Duration, Instant};
use tokio_tungstenite::tungstenite::Message;

on_both_engines!(
    closing_says_why,
    a_lost_connection_says_so,
    a_terminal_that_cannot_be_opened_says_why,
);

fn reason(code: u16, reason: &str) -> (u16, String) {
    (code, reason.to_owned())
}

fn closing_says_why(world: &SshWorld, engine: &str) {
    let manager = &world.manager;
    let session = manager.ssh(&world.sshd, engine);
    let mut closed = TerminalSocket::open(manager, &session, 80, 24);
    let mut other = TerminalSocket::open(manager, &session, 80, 24);
    let path = format!("/connections/{session}/terminals/{}", closed.terminal_id());
    manager.delete(&path).ok();
    assert_eq!(closed.closed(), reason(4002, "closed"));
    assert_eq!(manager.get(&path).status, 404);
    other.send("echo st''ill\n");
    other.until("still");
    manager.close(&session).ok();
    assert_eq!(other.closed(), reason(4001, "session_closed"));
}

fn a_lost_connection_says_so(world: &SshWorld, engine: &str) {
    let proxy = ChaosProxy::start(world.sshd.addr());
    let login = connection_tests::manager::Login::ssh(&world.sshd, engine)
        .with("host", proxy.host())
        .with("port", proxy.port());
    let session = world.manager.connect_ssh(&login).ok();
    let session = session["session_id"].as_str().unwrap();
    let mut terminal = TerminalSocket::open(&world.manager, session, 80, 24);
    terminal.send("echo he''re\n");
    terminal.until("here");
    proxy.reset();
    assert_eq!(terminal.closed(), reason(4005, "connection_lost"));
}

fn a_terminal_that_cannot_be_opened_says_why(world: &SshWorld, engine: &str) {
    let session = world.manager.ssh(&world.sshd, engine);
    let path = format!("/ws/terminal/{session}");
    for fields in [
        json!({ "cols": 0, "rows": 24 }),
        json!({ "cols": 80, "rows": 201 }),
        json!({ "cols": 80, "rows": 24, "term": "a b" }),
        json!({ "cols": 80, "rows": 24, "name": "a\nb" }),
        json!({ "cols": 80, "rows": 24, "env": { "A=": "b" } }),
        json!({ "cols": 80, "rows": 24, "command": "a\u{0}b" }),
    ] {
        let mut socket = TerminalSocket::connect(&world.manager, &path);
        socket.order(fields.clone());
        assert_eq!(
            socket.until_frame("error")["code"],
            "invalid_input",
            "{fields}"
        );
        assert_eq!(socket.closed(), reason(4004, "not_opened"), "{fields}");
    }
    let terminals = world
        .manager
        .get(&format!("/connections/{session}/terminals"));
    assert_eq!(terminals.ok()["terminals"], json!([]));
}

#[test]
fn what_is_no_protocol_is_refused() {
    let (manager, sshd) = (Manager::start(), Sshd::start());
    let session = manager.ssh(&sshd, ENGINES[0]);
    let path = format!("/ws/terminal/{session}");
    let connect = || TerminalSocket::connect(&manager, &path);
    for first in [
        Message::binary(b"ls\n".to_vec()),
        Message::text("open"),
        Message::text(r#"{"type":"opens","cols":80,"rows":24}"#),
        Message::text(r#"{"type":"open","cols":80}"#),
        Message::text(r#"{"type":"open","cols":"80","rows":24}"#),
        Message::text(r#"{"type":"open","cols":4294967377,"rows":24}"#),
        Message::text(r#"{"type":"resize","cols":80,"rows":24}"#),
    ] {
        let mut socket = connect();
        socket.send_message(first.clone());
        assert_eq!(socket.closed(), reason(1002, "protocol"), "{first:?}");
    }
    for next in [
        "",
        "{}",
        "[1]",
        r#"{"type":"open","cols":80,"rows":24}"#,
        r#"{"type":"ack"}"#,
    ] {
        let mut socket = TerminalSocket::open(&manager, &session, 80, 24);
        socket.send_message(Message::text(next));
        assert_eq!(socket.closed(), reason(1002, "protocol"), "{next:?}");
    }
    let mut socket = TerminalSocket::open(&manager, &session, 80, 24);
    let id = socket.terminal_id();
    let _ = socket.try_send(Message::binary(vec![b' '; 64 * 1024 + 1]));
    assert_eq!(socket.closed(), reason(1009, "too_large"));
    // Nothing of it was typed, and the terminal is none the worse.
    let mut again = TerminalSocket::attach(&manager, &session, &id, "");
    again.send("echo st''ill\n");
    again.until("still");
    assert!(!again.text().contains("     "), "{}", again.text());
}

#[test]
fn a_stop_closes_every_socket_and_every_shell_in_time() {
    // Nobody has to be waited for.
    let drain = Duration::from_secs(60);
    let manager = Manager::builder()
        .flag("--drain-timeout", drain.as_secs().to_string())
        .start();
    let sshd = Sshd::start();
    let mut sockets = Vec::new();
    for engine in ENGINES {
        let session = manager.ssh(&sshd, engine);
        for _ in 0..3 {
            sockets.push(TerminalSocket::open(&manager, &session, 80, 24));
        }
        // One that has not said what it wants.
        sockets.push(TerminalSocket::connect(
            &manager,
            &format!("/ws/terminal/{session}"),
        ));
        // One in a flood that it does not read.
        let fields = json!({ "cols": 80, "rows": 24, "command": "yes" });
        sockets.push(TerminalSocket::open_with(&manager, &session, fields));
    }
    let begun = Instant::now();
    manager.terminate();
    for socket in &mut sockets {
        assert_eq!(socket.closed(), reason(1001, "shutting_down"));
    }
    let status = manager.ended(PATIENCE).expect("it ends");
    assert!(status.success() && begun.elapsed() < drain / 2);
    eventually(PATIENCE, "no connection is left", || {
        sshd.connections() == 0
    });
}

#[test]
fn nobody_attached_for_long_enough_ends_a_terminal() {
    let manager = Manager::builder().flag("--terminal-timeout", "0.5").start();
    let sshd = Sshd::start();
    let session = manager.ssh(&sshd, ENGINES[0]);
    let mut kept = TerminalSocket::open(&manager, &session, 80, 24);
    let left = TerminalSocket::open(&manager, &session, 80, 24);
    let path = format!("/connections/{session}/terminals/{}", left.terminal_id());
    left.cut();
    eventually(PATIENCE, "the terminal is gone", || {
        manager.get(&path).status == 404
    });
    // Who is attached keeps his, however quiet.
    kept.send("echo st''ill\n");
    kept.until("still");
}

//! Terminals over WebSockets in trouble, through the real program, both engines and a real
//! sshd: networks that cut, clients that stall or talk nonsense, and many at once.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test's helpers fail the test, as the test itself does"
)]

mod crowd;
mod cuts;
mod flood;
mod hostile;
mod raw;
mod several;

use connection_tests::TerminalSocket;
use connection_tests::manager::Manager;
use serde_json::{Value, json};
use std::time::Duration;

/// How long something that is sure to happen may take on a busy machine.
const SOON: Duration = Duration::from_secs(60);

/// Says that it is there and gives every byte back.
const ECHO: &str = "stty raw -echo; printf ready; exec cat";

/// A new terminal with this command.
#[track_caller]
fn run(manager: &Manager, session: &str, command: &str) -> TerminalSocket {
    let fields = json!({ "cols": 80, "rows": 24, "command": command });
    TerminalSocket::open_with(manager, session, fields)
}

/// A new terminal that gives every byte back.
#[track_caller]
fn echo(manager: &Manager, session: &str) -> TerminalSocket {
    let mut terminal = run(manager, session, ECHO);
    terminal.until("ready");
    terminal
}

/// What the server tells of a terminal.
#[track_caller]
fn info(manager: &Manager, session: &str, terminal: &str) -> Value {
    let path = format!("/connections/{session}/terminals/{terminal}");
    manager.get(&path).ok()
}

/// Offset after the last byte a terminal showed.
#[track_caller]
fn end(manager: &Manager, session: &str, terminal: &str) -> u64 {
    info(manager, session, terminal)["end"].as_u64().unwrap()
}

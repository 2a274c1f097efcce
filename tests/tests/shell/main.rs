//! The command-line client `connection-manager shell` on a real sshd: at a terminal, in a
//! pipe, and over a network that breaks.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test's helpers fail the test, as the test itself does"
)]

mod person;

use connection_tests::manager::{ENGINES, Manager, SshWorld, program};
use connection_tests::{ChaosProxy, Direction, Sshd, eventually, on_both_engines};
use std::io::Write;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

/// How long something that is sure to happen may take on a busy machine.
const SOON: Duration = Duration::from_secs(60);

on_both_engines!(
    a_pipe_is_typed_and_ends_with_the_remote_exit_code,
    cuts_lose_and_repeat_no_byte,
);

fn client(url: &str, args: &[&str]) -> Command {
    let mut command = Command::new(program());
    command
        .arg("shell")
        .args(["--url", url])
        .args(args)
        .env_clear()
        .env("TERM", "vt220")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn run(url: &str, args: &[&str]) -> Output {
    client(url, args).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// What it says when it fails.
#[track_caller]
fn failure(url: &str, args: &[&str]) -> String {
    let output = run(url, args);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(255), "{args:?}: {said}");
    assert_eq!(text(&output.stdout), "", "{args:?}");
    let said = said.strip_prefix("connection-manager: ");
    said.unwrap_or_else(|| panic!("{args:?}: {output:?}"))
        .trim()
        .to_owned()
}

fn a_pipe_is_typed_and_ends_with_the_remote_exit_code(world: &SshWorld, engine: &str) {
    let session = world.manager.ssh(&world.sshd, engine);
    let base = world.manager.base();
    let args = [&*session, "--command", "exec sh"];
    let mut child = client(base, &args).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin
        .write_all(b"echo $((6 * 7))-$TERM\n(exit 9)\n")
        .unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let shown = text(&output.stdout);
    assert!(shown.contains("42-vt220\r\n"), "{output:?}");
    // The end of the input ended the shell, with the code of its last command.
    assert_eq!(output.status.code(), Some(9), "{output:?}");
    assert_eq!(text(&output.stderr), "");
    for (command, code) in [("exit 3", 3), ("kill -KILL $$", 137), ("true", 0)] {
        let output = run(base, &[&session, "--command", command]);
        assert_eq!(output.status.code(), Some(code), "{output:?}");
    }
}

fn cuts_lose_and_repeat_no_byte(world: &SshWorld, engine: &str) {
    const LINES: usize = 6000;
    let proxy = ChaosProxy::start(world.manager.addr());
    let session = world.manager.ssh(&world.sshd, engine);
    let url = format!("http://{}", proxy.addr());
    let count = format!(
        "stty -opost; n=0; while [ $n -lt {LINES} ]; do n=$((n+1)); echo line $n; \
         [ $((n % 500)) -eq 0 ] && sleep 0.1; done; exit 5"
    );
    let child = client(&url, &[&session, "--command", &count])
        .spawn()
        .unwrap();
    let reader = std::thread::spawn(move || child.wait_with_output().unwrap());
    for cut in 1..=3 {
        let passed = proxy.passed(Direction::ToClient);
        eventually(SOON, "bytes come", || {
            proxy.passed(Direction::ToClient) > passed + 7001 || reader.is_finished()
        });
        if cut % 2 == 0 {
            proxy.cut();
        } else {
            proxy.reset();
        }
        proxy.resume();
    }
    let output = reader.join().unwrap();
    assert_eq!(output.status.code(), Some(5), "{}", text(&output.stderr));
    let wanted: String = (1..=LINES).map(|n| format!("line {n}\n")).collect();
    let shown = text(&output.stdout);
    if shown != wanted {
        let at = shown.bytes().zip(wanted.bytes()).position(|(a, b)| a != b);
        panic!(
            "other bytes from {at:?}: {} of {}",
            shown.len(),
            wanted.len()
        );
    }
    let said = text(&output.stderr);
    let notices = said.matches("attaching again").count();
    assert!(notices >= 1, "{said}");
    assert_eq!(said.lines().count(), notices, "one line each: {said}");
}

#[test]
fn what_is_wrong_is_said() {
    let (manager, sshd) = (Manager::builder().token("a-token").start(), Sshd::start());
    let session = manager.ssh(&sshd, ENGINES[0]);
    let base = manager.base();
    assert!(failure("http://127.0.0.1:1", &[&session]).starts_with("no server at 127.0.0.1:1"));
    assert!(failure("https://a", &[&session]).contains("https"));
    let refused = failure(base, &[&session]);
    assert!(
        refused.starts_with("An access token is required (--token-file"),
        "{refused}"
    );
    let file = manager.local("token");
    std::fs::write(&file, "a-token\n").unwrap();
    let file = file.to_str().unwrap();
    let with = |args: &[&str]| {
        let mut all = vec!["--token-file", file];
        all.extend(args);
        failure(base, &all)
    };
    assert_eq!(with(&["no-such"]), "there is no session no-such");
    assert_eq!(
        with(&[&session, "--terminal", "0"]),
        "there is no terminal 0"
    );
    assert!(with(&[&session, "--name", "a\nb"]).starts_with("a name is 1 to 100"));
    std::fs::write(file, "another").unwrap();
    assert!(with(&[&session]).starts_with("The access token is not valid"));
    // The environment's token does as well.
    let output = client(base, &[&session, "--command", "exit 4"])
        .env("CONNECTION_MANAGER_TOKEN", "a-token")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(4), "{output:?}");
    // Something else listens there.
    let url = format!("http://{}", sshd.addr());
    let said = failure(&url, &[&session]);
    let known = ["is no connection-manager", "the server broke off"];
    assert!(known.iter().any(|text| said.contains(text)), "{said}");
}

#[test]
fn a_session_is_named_by_its_name_or_the_beginning_of_its_id() {
    let (manager, sshd) = (Manager::start(), Sshd::start());
    let login = connection_tests::manager::Login::ssh(&sshd, ENGINES[0]);
    let login = login.with("sessionName", "web server");
    let session = manager.connect_ssh(&login).ok()["session_id"].clone();
    let session = session.as_str().unwrap();
    for name in [session, &session[..6], "web server"] {
        let output = run(manager.base(), &[name, "--command", "exit 6"]);
        assert_eq!(output.status.code(), Some(6), "{name}: {output:?}");
    }
    // The same name twice is none.
    manager.connect_ssh(&login).ok();
    let said = failure(manager.base(), &["web server"]);
    assert_eq!(said, "web server is more than one session");
}

#[test]
fn the_servers_end_is_told() {
    let (manager, sshd) = (Manager::start(), Sshd::start());
    let session = manager.ssh(&sshd, ENGINES[0]);
    let child = client(manager.base(), &[&session, "--command", "sleep 600"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let terminals = format!("/connections/{session}/terminals");
    eventually(SOON, "it is attached", || {
        let list = manager.get(&terminals).ok();
        list["terminals"][0]["viewers"]
            .as_array()
            .is_some_and(|v| v.len() == 1)
    });
    let listed = run(manager.base(), &[&session, "--list"]);
    let line = text(&listed.stdout);
    assert!(
        line.contains("80x24") && line.contains("1 attached"),
        "{line}"
    );
    manager.close(&session).ok();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(255));
    assert_eq!(
        text(&output.stderr),
        "connection-manager: the session was closed\n"
    );
}

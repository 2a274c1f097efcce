//! The program's end: bounded, whatever hangs at the other ends.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test's helpers fail the test, as the test itself does"
)]

use connection_tests::manager::{ENGINES, Manager};
use connection_tests::wait::PATIENCE;
use connection_tests::{Pyftpdlib, Sshd, TerminalSocket, eventually};
use serde_json::json;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// The drain time the tests give the program, in seconds.
const DRAIN: u64 = 2;

/// After the drain time the program is gone within this, as it promises; see `ending.rs` of
/// connection-http.
const LAST: Duration = Duration::from_secs(5);

/// What a test machine under load may add.
const SLACK: Duration = Duration::from_secs(20);

/// Sends a request and leaves its answer where it is; the stream keeps it in flight.
fn begin(manager: &Manager, head: &str, body: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(manager.addr()).unwrap();
    let host = manager.addr();
    let request = format!("{head} HTTP/1.1\r\nHost: {host}\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    stream.write_all(body).unwrap();
    stream
}

fn post(manager: &Manager, path: &str, body: &serde_json::Value) -> TcpStream {
    let body = body.to_string();
    let rest = format!(
        "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    begin(manager, &format!("POST {path}"), rest.as_bytes())
}

/// Requests the program has begun and not answered.
fn under_way(manager: &Manager, marker: &str) -> bool {
    manager.log().contains(marker)
}

/// Sends so much of an upload that it is under way: the rest never comes.
fn upload(manager: &Manager, session: &str, path: &str) -> TcpStream {
    let head = format!("PUT /connections/{session}/content?path={path}");
    let length = 1 << 30;
    let headers =
        format!("Content-Type: application/octet-stream\r\nContent-Length: {length}\r\n\r\n");
    let mut stream = begin(manager, &head, headers.as_bytes());
    stream.write_all(&vec![b'x'; 64 * 1024]).unwrap();
    stream
}

#[test]
fn it_ends_in_time_with_everything_in_flight_and_every_server_stopped() {
    let manager = Manager::builder()
        .flag("--drain-timeout", DRAIN.to_string())
        .start();
    let (sshd, ftp) = (Sshd::start(), Pyftpdlib::start());
    ftp.write_file("large", vec![0; 8 << 20]);
    let mut held = Vec::new();
    let mut terminals = Vec::new();
    for engine in ENGINES {
        let id = manager.ssh(&sshd, engine);
        terminals.push(TerminalSocket::open(&manager, &id, 80, 24));
        // One in a flood that nobody reads.
        let flood = json!({ "cols": 80, "rows": 24, "command": "yes" });
        terminals.push(TerminalSocket::open_with(&manager, &id, flood));
        let home = sshd.home().display().to_string();
        held.push(upload(&manager, &id, &format!("{home}/half-{engine}")));
        let sleep = json!({ "command": format!("touch {home}/runs-{engine}; sleep 600") });
        held.push(post(
            &manager,
            &format!("/connections/{id}/execute"),
            &sleep,
        ));
        eventually(PATIENCE, "the command runs", || {
            sshd.home().join(format!("runs-{engine}")).exists()
        });
    }
    let id = manager.ftp(&ftp);
    held.push(upload(&manager, &id, "/half"));
    // A download that nobody reads, and a client that never ends its request.
    held.push(begin(
        &manager,
        &format!("GET /connections/{id}/content?path=/large"),
        b"\r\n",
    ));
    held.push(begin(&manager, "GET /connections", b"X-Half: a request"));
    let listing = manager.list(&id, "/");
    assert_eq!(listing.status, 200, "it works until then");
    sshd.pause();
    ftp.pause();
    // And what was asked for when they had stopped already.
    held.push(begin(
        &manager,
        &format!("GET /connections/{id}/files?path=/"),
        b"\r\n",
    ));

    let begun = Instant::now();
    manager.terminate();
    let limit = Duration::from_secs(DRAIN) + LAST + SLACK;
    let ended = manager.ended(limit);
    let log = manager.log();
    sshd.resume();
    ftp.resume();
    let status = ended.unwrap_or_else(|| panic!("it runs after {limit:?}\n{log}"));
    assert!(
        status.success(),
        "an end within its time is a good one: {status:?}\n{log}"
    );
    assert!(
        begun.elapsed() >= Duration::from_secs(DRAIN),
        "requests got their time\n{log}"
    );
    assert!(
        log.contains("cutting requests that did not end in time"),
        "{log}"
    );
    assert!(log.contains("stopped"), "{log}");
    drop((held, terminals));
}

#[test]
fn a_second_signal_ends_it_at_once_and_says_what_was_cut() {
    let manager = Manager::builder().flag("--drain-timeout", "60").start();
    let sshd = Sshd::start();
    let id = manager.ssh(&sshd, "libssh2");
    let mark = sshd.home().join("runs");
    let sleep = json!({ "command": format!("touch {}; sleep 600", mark.display()) });
    let mut held = post(&manager, &format!("/connections/{id}/execute"), &sleep);
    eventually(PATIENCE, "the command runs", || mark.exists());
    manager.terminate();
    eventually(PATIENCE, "it is told", || under_way(&manager, "stopping"));
    assert!(
        manager.ended(Duration::from_millis(300)).is_none(),
        "the command has its time"
    );
    let begun = Instant::now();
    manager.terminate();
    let status = manager.ended(SLACK).expect("it ends at once");
    assert!(begun.elapsed() < SLACK);
    assert_eq!(status.code(), Some(1), "cut short is no success");
    let log = manager.log();
    assert!(
        log.contains("the end is cut short") && log.contains("a second signal"),
        "{log}"
    );
    let mut rest = Vec::new();
    // Cut, with or without a reset.
    let _ = held.read_to_end(&mut rest);
    assert!(rest.is_empty(), "{}", String::from_utf8_lossy(&rest));
}

/// The log goes to a pipe that nobody empties: every thread that has something to say hangs.
#[test]
fn a_log_that_nobody_reads_keeps_nothing_from_ending() {
    use std::process::{Command, Stdio};
    let home = tempfile::tempdir().unwrap();
    let mut child = Command::new(connection_tests::manager::program())
        .args([
            "--port",
            "0",
            "--log-level",
            "trace",
            "--drain-timeout",
            "1",
        ])
        .env_clear()
        .env("HOME", home.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut out = std::io::BufReader::new(child.stdout.take().unwrap());
    std::io::BufRead::read_line(&mut out, &mut line).unwrap();
    let address = line.trim().rsplit("http://").next().unwrap().to_owned();
    // Each request writes lines; the pipe takes 64 KiB of them.
    let mut streams = Vec::new();
    for _ in 0..2000 {
        let Ok(mut stream) = TcpStream::connect(&address) else {
            break;
        };
        stream
            .set_read_timeout(Some(Duration::from_millis(500)))
            .unwrap();
        stream
            .set_write_timeout(Some(Duration::from_millis(500)))
            .unwrap();
        let path = "x".repeat(400);
        let request = format!("GET /{path} HTTP/1.1\r\nHost: {address}\r\n\r\n");
        let answered = stream.write_all(request.as_bytes()).is_ok()
            && matches!(stream.read(&mut [0; 256]), Ok(1..));
        streams.push(stream);
        if !answered {
            break;
        }
    }
    assert!(streams.len() < 2000, "the pipe is full");
    let pid = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &pid])
            .status()
            .unwrap()
            .success()
    );
    let limit = Duration::from_secs(1) + LAST + SLACK;
    let ended = connection_tests::wait::poll(limit, || child.try_wait().unwrap());
    if ended.is_none() {
        let _ = child.kill();
        let _ = child.wait();
        panic!("it runs after {limit:?}");
    }
}

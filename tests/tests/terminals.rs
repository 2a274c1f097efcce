//! Terminals of a session: they keep it alive, end with it, and find room beside the rest.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test's helpers fail the test, as the test itself does"
)]

use connection_core::exec::{ExecRequest, ExitStatus};
use connection_core::secret::Secret;
use connection_core::session::{Owner, SessionStore, StoreConfig};
use connection_core::target::{FtpTarget, SshEngine};
use connection_core::terminal::{TerminalEvent, TerminalRequest};
use connection_core::trust::{TrustPolicy, TrustStore};
use connection_core::{ErrorKind, Result};
use connection_tests::{Pyftpdlib, Sshd};
use std::time::{Duration, Instant};

/// How long something that is sure to happen may take on a busy machine.
const SOON: Duration = Duration::from_secs(60);

fn store(idle_timeout: Duration) -> SessionStore {
    let config = StoreConfig {
        idle_timeout,
        ..StoreConfig::default()
    };
    SessionStore::new(config, TrustStore::in_memory(TrustPolicy::AcceptNew))
}

fn me() -> Owner {
    Owner::new("test")
}

async fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + SOON;
    while !holds() {
        assert!(Instant::now() < end, "not within {SOON:?}: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Tasks of this test.
fn tasks() -> usize {
    tokio::runtime::Handle::current()
        .metrics()
        .num_alive_tasks()
}

async fn end_of(output: &mut connection_core::ssh::TerminalOutput) -> Result<ExitStatus> {
    let reading = async {
        loop {
            match output.next().await? {
                Some(TerminalEvent::Exit(status)) => return Ok(status),
                Some(_) => {}
                None => panic!("no end was told"),
            }
        }
    };
    tokio::time::timeout(SOON, reading).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_terminal_keeps_its_session() {
    let idle = Duration::from_secs(2);
    for engine in SshEngine::ALL {
        let (sshd, store) = (Sshd::start(), store(idle));
        let id = store.open_ssh(&me(), &sshd.target(engine), None).await;
        let id = id.unwrap();
        let session = store.get(&me(), id).unwrap();
        let request = TerminalRequest::default().command("cat");
        let mut terminal = session.open_terminal(request).await.unwrap();
        drop(session);
        let begun = Instant::now();
        while begun.elapsed() < idle * 2 {
            assert_eq!(store.info(&me(), id).unwrap().remaining, idle, "{engine:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        // Its end is the last activity, although both halves are still held.
        terminal.input.write("\x04").await.unwrap();
        let status = end_of(&mut terminal.output).await.unwrap();
        assert_eq!(status, ExitStatus::Code(0));
        eventually("it expires", || store.info(&me(), id).is_err()).await;
        eventually("no connection is left", || sshd.connections() == 0).await;
        store.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_the_session_ends_its_terminals() {
    for engine in SshEngine::ALL {
        let (sshd, store) = (Sshd::start(), store(Duration::from_secs(60)));
        let before = tasks();
        let id = store.open_ssh(&me(), &sshd.target(engine), None).await;
        let id = id.unwrap();
        let session = store.get(&me(), id).unwrap();
        // One that is quiet, and one that is flooded and never looked at.
        let request = |command: &str| TerminalRequest::default().command(command);
        let mut quiet = session.open_terminal(request("cat")).await.unwrap();
        let flood = "stty raw -echo; head -c 1048576 /dev/zero; echo > flooded; yes";
        let flooded = session.open_terminal(request(flood)).await.unwrap();
        let file = sshd.home().join("flooded");
        eventually("it floods", || file.exists()).await;
        let begun = Instant::now();
        store.close(&me(), id).await.unwrap();
        assert!(begun.elapsed() < Duration::from_secs(1), "{engine:?}");
        let error = end_of(&mut quiet.output).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionLost, "{engine:?}");
        let error = quiet.input.write("x").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionLost, "{engine:?}");
        let late = session.open_terminal(TerminalRequest::default()).await;
        assert_eq!(late.err().unwrap().kind(), ErrorKind::ConnectionLost);
        eventually("no connection is left", || sshd.connections() == 0).await;
        // Also where a terminal is still held.
        eventually("no task is left", || tasks() <= before).await;
        drop(flooded);
        store.shutdown().await;
    }
}

/// Where the server allows few channels, a terminal finds room as a command does.
#[tokio::test(flavor = "multi_thread")]
async fn terminals_find_room_where_channels_are_few() {
    for engine in SshEngine::ALL {
        let sshd = Sshd::builder().max_sessions(2).start();
        let store = store(Duration::from_secs(60));
        let id = store.open_ssh(&me(), &sshd.target(engine), None).await;
        let session = store.get(&me(), id.unwrap()).unwrap();
        let mut open = Vec::new();
        for n in 0..3 {
            let request = TerminalRequest::new(80 + n, 24).command("stty size; exec cat");
            let terminal = session.open_terminal(request).await;
            open.push(terminal.unwrap_or_else(|e| panic!("{engine:?} {n}: {e:?}")));
        }
        let output = session.exec(ExecRequest::new("echo beside")).await.unwrap();
        assert_eq!(output.stdout, b"beside\n");
        for (n, terminal) in open.iter_mut().enumerate() {
            terminal.input.write("\x04").await.unwrap();
            let mut said = Vec::new();
            let status = loop {
                match terminal.output.next().await.unwrap() {
                    Some(TerminalEvent::Data(data)) => said.extend_from_slice(&data),
                    Some(TerminalEvent::Exit(status)) => break status,
                    other => panic!("{other:?}"),
                }
            };
            let size = format!("24 {}\r\n", 80 + n);
            assert_eq!(String::from_utf8(said).unwrap(), size, "{engine:?}");
            assert_eq!(status, ExitStatus::Code(0));
        }
        store.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ftp_has_none() {
    let (ftp, store) = (Pyftpdlib::start(), store(Duration::from_secs(60)));
    let password = Secret::from(ftp.password());
    let target = FtpTarget::new(ftp.host(), ftp.user(), password).unwrap();
    let target = target.port(ftp.port());
    let id = store.open_ftp(&me(), &target, None).await.unwrap();
    let session = store.get(&me(), id).unwrap();
    let error = session.open_terminal(TerminalRequest::default()).await;
    assert_eq!(error.err().unwrap().kind(), ErrorKind::WrongSessionType);
    drop(session);
    store.shutdown().await;
}

//! Commands that are given up are ended on the server, on both engines.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test's helpers fail the test, as the test itself does"
)]

use connection_core::ErrorKind;
use connection_core::exec::{ExecRequest, ExitStatus};
use connection_core::session::{ActiveSession, Owner, SessionStore, StoreConfig};
use connection_core::target::SshEngine;
use connection_core::trust::{TrustPolicy, TrustStore};
use connection_tests::Sshd;
use std::path::Path;
use std::time::{Duration, Instant};

/// How long something that is sure to happen may take on a busy machine.
const SOON: Duration = Duration::from_secs(60);

/// A session on a server of its own.
struct World {
    sshd: Sshd,
    store: SessionStore,
    session: ActiveSession,
}

impl World {
    async fn new(engine: SshEngine) -> Self {
        let sshd = Sshd::start();
        let store = SessionStore::new(
            StoreConfig::default(),
            TrustStore::in_memory(TrustPolicy::AcceptNew),
        );
        let owner = Owner::new("test");
        let id = store
            .open_ssh(&owner, &sshd.target(engine), None)
            .await
            .unwrap();
        let session = store.get(&owner, id).unwrap();
        Self {
            sshd,
            store,
            session,
        }
    }

    /// The session is none the worse for what happened, and ends cleanly.
    async fn end(self) {
        let echo = self.session.exec(ExecRequest::new("echo alive")).await;
        assert_eq!(echo.unwrap().stdout, b"alive\n");
        drop(self.session);
        self.store.shutdown().await;
        eventually("no connection is left", || self.sshd.connections() == 0).await;
    }
}

/// A number of seconds that no other process on this machine sleeps.
fn nap() -> String {
    format!("600.{}", uuid::Uuid::new_v4().as_u128())
}

/// How many processes have this among their arguments, on the server as here: it runs on
/// this machine.
fn processes(argument: &str) -> usize {
    let has = |pid: &Path| {
        let line = std::fs::read(pid.join("cmdline")).unwrap_or_default();
        line.split(|b| *b == 0).any(|a| a == argument.as_bytes())
    };
    let all = std::fs::read_dir("/proc").unwrap();
    all.flatten().filter(|entry| has(&entry.path())).count()
}

async fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + SOON;
    while !holds() {
        assert!(Instant::now() < end, "not within {SOON:?}: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

macro_rules! on_both_engines {
    ($($test:ident),* $(,)?) => {
        mod russh {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() { super::$test(super::SshEngine::Russh).await; })*
        }
        mod libssh2 {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() { super::$test(super::SshEngine::Libssh2).await; })*
        }
    };
}

on_both_engines![
    a_dropped_command_is_ended,
    a_command_past_its_time_is_ended,
    a_command_that_writes_too_much_is_ended,
    commands_dropped_at_any_moment_leave_nothing,
    how_a_command_ended_is_told,
];

async fn a_dropped_command_is_ended(engine: SshEngine) {
    let world = World::new(engine).await;
    let nap = nap();
    {
        let running = world
            .session
            .exec(ExecRequest::new(format!("exec sleep {nap}")));
        tokio::pin!(running);
        let begun = eventually("the command runs", || processes(&nap) > 0);
        tokio::select! {
            ended = &mut running => panic!("{ended:?}"),
            () = begun => {}
        }
    }
    eventually("the process is gone", || processes(&nap) == 0).await;
    world.end().await;
}

async fn a_command_past_its_time_is_ended(engine: SshEngine) {
    let world = World::new(engine).await;
    let nap = nap();
    let limit = Some(Duration::from_millis(700));
    let request = ExecRequest::new(format!("echo begun; exec sleep {nap}")).timeout(limit);
    let begun = Instant::now();
    let error = world.session.exec(request).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TimedOut);
    assert!(begun.elapsed() < SOON);
    eventually("the process is gone", || processes(&nap) == 0).await;
    world.end().await;
}

async fn a_command_that_writes_too_much_is_ended(engine: SshEngine) {
    let world = World::new(engine).await;
    let word = format!("y{}", nap());
    let request = ExecRequest::new(format!("exec yes {word}")).output_limit(3_000_000);
    let output = world.session.exec(request).await.unwrap();
    assert!(output.truncated);
    assert_eq!(output.stdout.len(), 3_000_000);
    assert!(output.stdout.starts_with(word.as_bytes()));
    assert_eq!(output.status, ExitStatus::Signal("KILL".to_owned()));
    eventually("the process is gone", || processes(&word) == 0).await;

    // Exactly the limit is not too much, and both streams count.
    let request = ExecRequest::new("printf abc; printf de >&2").output_limit(5);
    let output = world.session.exec(request).await.unwrap();
    assert!(!output.truncated);
    assert_eq!(
        (&*output.stdout, &*output.stderr),
        (&b"abc"[..], &b"de"[..])
    );
    let request = ExecRequest::new("printf abc; printf de >&2").output_limit(4);
    assert!(world.session.exec(request).await.unwrap().truncated);
    world.end().await;
}

/// Given up while the channel is opened, while the command is asked for, or later.
async fn commands_dropped_at_any_moment_leave_nothing(engine: SshEngine) {
    let world = World::new(engine).await;
    let nap = nap();
    for wait in (0..60).map(|n| Duration::from_micros(n * 250)) {
        let running = world
            .session
            .exec(ExecRequest::new(format!("exec sleep {nap}")));
        assert!(tokio::time::timeout(wait, running).await.is_err());
    }
    // More than ten at once would have been refused: none of them holds its channel.
    let all = (0..10).map(|_| world.session.exec(ExecRequest::new("true")));
    for ended in futures::future::join_all(all).await {
        assert_eq!(ended.unwrap().status, ExitStatus::Code(0));
    }
    eventually("the processes are gone", || processes(&nap) == 0).await;
    world.end().await;
}

async fn how_a_command_ended_is_told(engine: SshEngine) {
    let world = World::new(engine).await;
    for (command, status) in [
        ("exit 0", ExitStatus::Code(0)),
        ("exit 3", ExitStatus::Code(3)),
        ("kill -TERM $$", ExitStatus::Signal("TERM".to_owned())),
    ] {
        let output = world.session.exec(ExecRequest::new(command)).await.unwrap();
        assert_eq!(output.status, status, "{command}");
        assert!(!output.truncated);
    }
    let error = world.session.exec(ExecRequest::new("a\0b")).await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::InvalidInput);
    world.end().await;
}

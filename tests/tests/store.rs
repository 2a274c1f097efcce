//! The session store with real servers behind it: limit, expiry, owners, closing, shutdown.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test's helpers fail the test, as the test itself does"
)]

use connection_core::exec::ExecRequest;
use connection_core::path::RemotePath;
use connection_core::secret::Secret;
use connection_core::session::{
    Owner, SessionEvent, SessionId, SessionKind, SessionStore, StoreConfig,
};
use connection_core::target::{
    FtpTarget, PrivateKeySource, SshCredentials, SshEngine, SshTarget, Timeouts,
};
use connection_core::trust::{TrustPolicy, TrustStore};
use connection_core::{ErrorKind, Result};
use connection_tests::{Pyftpdlib, Service, Sshd, TcpServer};
use std::time::{Duration, Instant};
use tokio::sync::broadcast::Receiver;

/// How long something that is sure to happen may take on a busy machine.
const SOON: Duration = Duration::from_secs(60);

fn store(max_sessions: usize, idle_timeout: Duration) -> SessionStore {
    SessionStore::new(
        StoreConfig {
            max_sessions,
            idle_timeout,
            ..StoreConfig::default()
        },
        TrustStore::in_memory(TrustPolicy::AcceptNew),
    )
}

fn roomy() -> SessionStore {
    store(20, Duration::from_secs(1800))
}

fn me() -> Owner {
    Owner::new("me")
}

fn ssh(sshd: &Sshd, engine: SshEngine) -> SshTarget {
    let credentials = SshCredentials {
        key: Some(PrivateKeySource::File(sshd.key().path().to_owned())),
        ..SshCredentials::default()
    };
    SshTarget::new(sshd.host(), sshd.user(), credentials)
        .unwrap()
        .port(sshd.port())
        .engine(engine)
}

fn ftp(server: &Service) -> FtpTarget {
    FtpTarget::new(
        server.host(),
        server.user(),
        Secret::from(server.password()),
    )
    .unwrap()
    .port(server.port())
}

/// A peer that accepts and never says a word.
fn silent(server: &TcpServer) -> SshTarget {
    let credentials = SshCredentials {
        password: Some(Secret::from("p")),
        ..SshCredentials::default()
    };
    SshTarget::new("127.0.0.1", "u", credentials)
        .unwrap()
        .port(server.addr().port())
        .timeouts(Timeouts {
            connect: Duration::from_secs(60),
            ..Timeouts::default()
        })
}

async fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + SOON;
    while !holds() {
        assert!(Instant::now() < end, "not within {SOON:?}: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn kind<T>(result: Result<T>) -> ErrorKind {
    result.err().expect("an error").kind()
}

#[derive(Debug, PartialEq, Eq)]
enum Happened {
    Opened(SessionId),
    Closed(SessionId),
    Expired(SessionId),
}

async fn event(events: &mut Receiver<SessionEvent>) -> Happened {
    let event = tokio::time::timeout(SOON, events.recv()).await;
    match event.expect("an event in time").expect("none is missed") {
        SessionEvent::Opened(info) => Happened::Opened(info.id),
        SessionEvent::Closed(id, _) => Happened::Closed(id),
        SessionEvent::Expired(id, _) => Happened::Expired(id),
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
    the_place_is_taken_while_connecting_and_given_back,
    idle_sessions_expire_by_themselves,
    a_session_in_use_does_not_expire,
    a_shutdown_closes_all_and_leaves_no_connection,
    a_shutdown_cuts_a_connecting_short,
    closing_takes_under_a_second_whatever_the_server_does,
    a_killed_server_shows,
    closing_ends_what_runs,
];

async fn the_place_is_taken_while_connecting_and_given_back(engine: SshEngine) {
    let (sshd, store) = (Sshd::start(), store(1, Duration::from_secs(1800)));
    let good = ssh(&sshd, engine);

    // Taken while connecting, given back when that is given up.
    let server = TcpServer::silent();
    let slow = silent(&server).engine(engine);
    let opening = {
        let (store, slow) = (store.clone(), slow.clone());
        tokio::spawn(async move { store.open_ssh(&me(), &slow, None).await })
    };
    eventually("it connects", || server.accepted() > 0).await;
    assert_eq!(
        kind(store.open_ssh(&me(), &good, None).await),
        ErrorKind::LimitReached
    );
    assert!(
        !sshd.log().contains("Connection from"),
        "refused before connecting"
    );
    opening.abort();
    assert!(opening.await.unwrap_err().is_cancelled());

    // Given back by a failure.
    let wrong = SshCredentials {
        password: Some(Secret::from("wrong")),
        ..SshCredentials::default()
    };
    let wrong = SshTarget::new(sshd.host(), sshd.user(), wrong)
        .unwrap()
        .port(sshd.port())
        .engine(engine);
    for _ in 0..2 {
        assert_eq!(
            kind(store.open_ssh(&me(), &wrong, None).await),
            ErrorKind::AuthenticationFailed
        );
    }

    // Given back by a close.
    for _ in 0..2 {
        let id = store.open_ssh(&me(), &good, None).await.unwrap();
        assert_eq!(
            kind(store.open_ssh(&me(), &good, None).await),
            ErrorKind::LimitReached
        );
        store.close(&me(), id).await.unwrap();
        assert_eq!(
            kind(store.close(&me(), id).await),
            ErrorKind::SessionNotFound
        );
    }
    store.shutdown().await;
}

async fn idle_sessions_expire_by_themselves(engine: SshEngine) {
    let sshd = Sshd::start();
    let store = store(1, Duration::from_secs(3));
    let mut events = store.subscribe();
    let id = store
        .open_ssh(&me(), &ssh(&sshd, engine), None)
        .await
        .unwrap();
    assert_eq!(event(&mut events).await, Happened::Opened(id));
    assert_eq!(event(&mut events).await, Happened::Expired(id));
    assert_eq!(kind(store.get(&me(), id)), ErrorKind::SessionNotFound);
    assert_eq!(kind(store.info(&me(), id)), ErrorKind::SessionNotFound);
    assert_eq!(
        kind(store.close(&me(), id).await),
        ErrorKind::SessionNotFound
    );
    assert!(store.list(&me()).is_empty());

    // Its place is free at once.
    let id = store
        .open_ssh(&me(), &ssh(&sshd, engine), None)
        .await
        .unwrap();
    assert_eq!(event(&mut events).await, Happened::Opened(id));
    store.close(&me(), id).await.unwrap();
    assert_eq!(event(&mut events).await, Happened::Closed(id));
    eventually("no connection is left", || sshd.connections() == 0).await;
    assert!(events.is_empty(), "one end each");
    store.shutdown().await;
}

async fn a_session_in_use_does_not_expire(engine: SshEngine) {
    let sshd = Sshd::start();
    let idle = Duration::from_secs(2);
    let store = store(1, idle);
    let id = store
        .open_ssh(&me(), &ssh(&sshd, engine), None)
        .await
        .unwrap();
    let session = store.get(&me(), id).unwrap();
    let begun = Instant::now();
    while begun.elapsed() < idle * 2 {
        assert_eq!(
            kind(store.open_ssh(&me(), &ssh(&sshd, engine), None).await),
            ErrorKind::LimitReached
        );
        assert_eq!(store.cleanup(&me()), 0);
        assert_eq!(
            store.info(&me(), id).unwrap().remaining,
            idle,
            "work is activity"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    session.fs().home().await.unwrap();
    drop(session);
    assert!(store.get(&me(), id).is_ok(), "its end counts as activity");
    store.shutdown().await;
}

async fn a_shutdown_closes_all_and_leaves_no_connection(engine: SshEngine) {
    let (sshd, pyftpdlib, store) = (Sshd::start(), Pyftpdlib::start(), roomy());
    let mut events = store.subscribe();
    for _ in 0..3 {
        store
            .open_ssh(&me(), &ssh(&sshd, engine), None)
            .await
            .unwrap();
    }
    store
        .open_ftp(&Owner::new("other"), &ftp(&pyftpdlib), None)
        .await
        .unwrap();
    let begun = Instant::now();
    store.shutdown().await;
    assert!(
        begun.elapsed() < Duration::from_secs(3),
        "{:?}",
        begun.elapsed()
    );
    assert!(store.list(&me()).is_empty());
    for _ in 0..4 {
        assert!(matches!(event(&mut events).await, Happened::Opened(_)));
    }
    for _ in 0..4 {
        assert!(matches!(event(&mut events).await, Happened::Closed(_)));
    }
    eventually("no SSH connection is left", || sshd.connections() == 0).await;
    eventually("no FTP connection is left", || {
        pyftpdlib.open_sockets() == 0
    })
    .await;
    assert_eq!(
        kind(store.open_ssh(&me(), &ssh(&sshd, engine), None).await),
        ErrorKind::Cancelled
    );
    store.shutdown().await;
}

async fn a_shutdown_cuts_a_connecting_short(engine: SshEngine) {
    let (server, store) = (TcpServer::silent(), roomy());
    let target = silent(&server).engine(engine);
    let opening = {
        let store = store.clone();
        tokio::spawn(async move { store.open_ssh(&me(), &target, None).await })
    };
    eventually("it connects", || server.accepted() > 0).await;
    let begun = Instant::now();
    store.shutdown().await;
    assert!(
        begun.elapsed() < Duration::from_secs(3),
        "{:?}",
        begun.elapsed()
    );
    let outcome = tokio::time::timeout(Duration::from_secs(3), opening).await;
    assert_eq!(
        kind(outcome.expect("cut short").unwrap()),
        ErrorKind::Cancelled
    );
    eventually("no connection is left", || server.open_sockets() == 0).await;
}

async fn closing_takes_under_a_second_whatever_the_server_does(engine: SshEngine) {
    let (sshd, pyftpdlib, store) = (Sshd::start(), Pyftpdlib::start(), roomy());
    let over_ssh = store
        .open_ssh(&me(), &ssh(&sshd, engine), None)
        .await
        .unwrap();
    let over_ftp = store.open_ftp(&me(), &ftp(&pyftpdlib), None).await.unwrap();
    sshd.pause();
    pyftpdlib.pause();
    for id in [over_ssh, over_ftp] {
        // An operation that will get no answer is under way.
        let session = store.get(&me(), id).unwrap();
        let asking = tokio::spawn(async move { session.fs().stat(&RemotePath::root()).await });
        let begun = Instant::now();
        store.close(&me(), id).await.unwrap();
        assert!(
            begun.elapsed() < Duration::from_secs(1),
            "{:?}",
            begun.elapsed()
        );
        let asked = tokio::time::timeout(Duration::from_secs(1), asking).await;
        asked
            .expect("what was under way ends")
            .unwrap()
            .unwrap_err();
    }
    sshd.resume();
    pyftpdlib.resume();
    eventually("no SSH connection is left", || sshd.connections() == 0).await;
    eventually("no FTP connection is left", || {
        pyftpdlib.open_sockets() == 0
    })
    .await;
    store.shutdown().await;
}

async fn a_killed_server_shows(engine: SshEngine) {
    let (sshd, store) = (Sshd::start(), roomy());
    let id = store
        .open_ssh(&me(), &ssh(&sshd, engine), None)
        .await
        .unwrap();
    assert!(store.info(&me(), id).unwrap().is_alive);
    sshd.kill();
    eventually("its session is dead", || {
        !store.info(&me(), id).unwrap().is_alive
    })
    .await;
    let session = store.get(&me(), id).unwrap();
    assert_eq!(
        kind(session.fs().stat(&RemotePath::root()).await),
        ErrorKind::ConnectionLost
    );
    drop(session);
    store.close(&me(), id).await.unwrap();
    store.shutdown().await;
}

async fn closing_ends_what_runs(engine: SshEngine) {
    let (sshd, store) = (Sshd::start(), roomy());
    let id = store
        .open_ssh(&me(), &ssh(&sshd, engine), None)
        .await
        .unwrap();
    let session = store.get(&me(), id).unwrap();
    let running = tokio::spawn(async move {
        session
            .exec(ExecRequest::new("echo > started; sleep 600"))
            .await
    });
    let started = sshd.home().join("started");
    eventually("the command runs", || started.exists()).await;
    // Nobody waits for the close, and it happens all the same.
    let owner = me();
    let closing = tokio::time::timeout(Duration::ZERO, store.close(&owner, id));
    drop(closing.await);
    let ended = tokio::time::timeout(SOON, running)
        .await
        .expect("the command ends");
    assert!(ended.unwrap().is_err());
    eventually("no connection is left", || sshd.connections() == 0).await;
    assert!(store.list(&me()).is_empty());
    store.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sessions_are_listed_in_the_order_they_were_opened_also_while_busy() {
    let (sshd, pyftpdlib, store) = (Sshd::start(), Pyftpdlib::start(), roomy());
    let mut opened = Vec::new();
    for engine in SshEngine::ALL.into_iter().cycle().take(4) {
        let label = Some(format!("number {}", opened.len()));
        let target = ssh(&sshd, engine);
        opened.push(store.open_ssh(&me(), &target, label).await.unwrap());
    }
    opened.push(store.open_ftp(&me(), &ftp(&pyftpdlib), None).await.unwrap());
    let busy = store.get(&me(), opened[1]).unwrap();
    let command = tokio::spawn(async move {
        busy.exec(ExecRequest::new("echo > busy; sleep 600").timeout(Some(SOON)))
            .await
    });
    let mark = sshd.home().join("busy");
    eventually("the command runs", || mark.exists()).await;
    let begun = Instant::now();
    let listed = store.list(&me());
    assert!(begun.elapsed() < Duration::from_millis(500));
    let ids: Vec<SessionId> = listed.iter().map(|info| info.id).collect();
    assert_eq!(ids, opened);
    assert_eq!(listed[0].label.as_deref(), Some("number 0"));
    assert_eq!(listed[0].port, sshd.port());
    assert_eq!(listed[4].kind, SessionKind::Ftp);
    command.abort();
    store.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_sessions_of_another_owner_are_not_there() {
    let (pyftpdlib, store) = (Pyftpdlib::start(), roomy());
    let id = store.open_ftp(&me(), &ftp(&pyftpdlib), None).await.unwrap();
    let other = Owner::new("other");
    let unknown = SessionId::parse("00000000-0000-4000-8000-000000000000").unwrap();
    let texts = |id| {
        [
            store.get(&other, id).err().unwrap().to_string(),
            store.info(&other, id).err().unwrap().to_string(),
        ]
    };
    assert_eq!(texts(id), texts(unknown));
    assert_eq!(
        store.close(&other, id).await.unwrap_err().to_string(),
        store.close(&other, unknown).await.unwrap_err().to_string()
    );
    assert!(store.list(&other).is_empty());
    assert!(store.get(&me(), id).is_ok(), "and is none the worse for it");
    store.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cleanup_counts_the_owners_expired_sessions() {
    let (pyftpdlib, store) = (Pyftpdlib::start(), store(20, Duration::from_millis(400)));
    let mut events = store.subscribe();
    let mine = store.open_ftp(&me(), &ftp(&pyftpdlib), None).await.unwrap();
    assert_eq!(event(&mut events).await, Happened::Opened(mine));
    let mut cleaned = 0;
    eventually("it expires", || {
        cleaned += store.cleanup(&me());
        assert_eq!(store.cleanup(&Owner::new("other")), 0);
        store.list(&me()).is_empty()
    })
    .await;
    // The background sweep may have been first.
    assert!(cleaned <= 1);
    assert_eq!(event(&mut events).await, Happened::Expired(mine));
    eventually("no connection is left", || pyftpdlib.open_sockets() == 0).await;
    assert!(events.is_empty());
    store.shutdown().await;
}

//! Servers that refuse further logins, each in its own way, while the first one works.

use super::scripted::{Scripted, Then, say};
use super::*;
use connection_core::ErrorKind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Lists at once from so many tasks, and once more; all of it works.
async fn all_work(connection: &FtpConnection, tasks: usize) {
    let all = (0..tasks).map(|_| {
        let fs = connection.fs();
        tokio::spawn(async move { list(&*fs, "/").await.map(|entries| entries.len()) })
    });
    for outcome in within(SOON, futures::future::join_all(all)).await {
        assert_eq!(outcome.unwrap().unwrap(), 1);
    }
    list(&*connection.fs(), "/").await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_way_to_refuse_is_understood_and_asked_for_once() {
    type Refusal = fn(&str) -> Then;
    let ways: [(&str, Refusal); 5] = [
        ("421 at the greeting", |line| match line {
            "GREETING" => Then::Say("421 Too many connections\r\n".to_owned()),
            _ => Then::Close,
        }),
        ("closed after accept", |_| Then::Close),
        ("530 after PASS", |line| match line.split(' ').next() {
            Some("PASS") => say("530 Too many users"),
            _ => Then::Usual,
        }),
        ("530 after USER", |line| match line.split(' ').next() {
            Some("USER") => say("530 Maximum login limit has been reached"),
            _ => Then::Usual,
        }),
        ("421 after PASS", |line| match line.split(' ').next() {
            Some("PASS") => say("421 Maximum number of connections exceeded"),
            _ => Then::Usual,
        }),
    ];
    for (name, refuse) in ways {
        let server = Scripted::start(move |talk, line| match talk.number {
            0 | 1 => Then::Usual,
            _ => refuse(line),
        });
        let connection = connected(&server.target()).await;
        all_work(&connection, 12).await;
        assert_eq!(server.seen().connections(), 3, "{name}: one was refused");
        let now = connection.connections();
        assert_eq!((now.allowed, now.open), (Some(2), 2), "{name}");
        assert!(connection.is_alive(), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_port_that_is_closed_to_further_connections_is_no_failure() {
    use connection_tests::{ChaosProxy, Pyftpdlib};
    let server = Pyftpdlib::start();
    server.write_file("file", "x");
    let proxy = ChaosProxy::start(server.addr());
    let through = target(&server).port(proxy.port());
    let connection = connected(&through).await;
    list(&*connection.fs(), "/").await.unwrap();
    proxy.refuse();
    all_work(&connection, 6).await;
    assert_eq!(connection.connections().allowed, Some(1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_changed_meanwhile_does_not_lock_the_account() {
    let changed = Arc::new(AtomicBool::new(false));
    let (now, cut) = (changed.clone(), Arc::new(AtomicBool::new(false)));
    let cutting = cut.clone();
    let server = Scripted::start(move |_, line| {
        if cutting.load(Ordering::SeqCst)
            && !line.starts_with("USER")
            && !line.starts_with("PASS")
            && line != "GREETING"
        {
            return Then::Close;
        }
        match line.split(' ').next() {
            Some("PASS") if now.load(Ordering::SeqCst) => say("530 Login incorrect."),
            _ => Then::Usual,
        }
    });
    let connection = connected(&server.target()).await;
    changed.store(true, Ordering::SeqCst);
    // The one that is logged in goes on; the password is offered once more, not again.
    for _ in 0..3 {
        all_work(&connection, 10).await;
    }
    assert_eq!(server.seen().count("PASS"), 2);
    // Without any, an operation says what is wrong, and those behind it do not ask again.
    cut.store(true, Ordering::SeqCst);
    let mut errors = Vec::new();
    for _ in 0..10 {
        errors.push(list(&*connection.fs(), "/").await.unwrap_err());
    }
    for error in errors.iter().skip(1) {
        assert_eq!(
            (error.kind(), error.message()),
            (ErrorKind::AuthenticationFailed, "530 Login incorrect.")
        );
        assert!(error.context("retry_after_secs").is_some() || errors[0].kind() != error.kind());
    }
    let offered = server.seen().count("PASS");
    assert!(offered <= 4, "{offered} times: {errors:?}");
}

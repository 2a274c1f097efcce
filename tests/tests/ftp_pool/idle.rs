//! Connections the server closed while nobody used them.

use super::scripted::{Scripted, Then, say};
use super::*;
use connection_core::ErrorKind;
use connection_tests::{ProFtpd, Pyftpdlib, Vsftpd};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_closes_idle_connections_is_not_noticed() {
    let servers: [Box<dyn FtpServer>; 4] = [
        Box::new(Vsftpd::builder().line("idle_session_timeout=3").start()),
        Box::new(Pyftpdlib::builder().idle_timeout(3).start()),
        Box::new(ProFtpd::builder().line("TimeoutIdle 3").start()),
        Box::new(
            Vsftpd::builder()
                .tls(Tls::Required)
                .line("idle_session_timeout=3")
                .start(),
        ),
    ];
    // Side by side, since each waits for its server's clock.
    futures::future::join_all(servers.iter().map(|server| left_idle(&**server))).await;
}

async fn left_idle(server: &dyn FtpServer) {
    server.write_file("file", noise(100_000));
    let connection = connected(&target(server)).await;
    let fs = connection.fs();
    for round in 0..3 {
        // Several, so that more than one stale connection lies in wait.
        let all = (0..3).map(|_| get(&*fs, "/file"));
        for outcome in futures::future::join_all(all).await {
            assert_eq!(outcome.unwrap().len(), 100_000);
        }
        until("the server closes them", || ours(server.port()) == 0).await;
        let name = server.name();
        match round {
            0 => fs.create_dir(&path("/made")).await.unwrap(),
            1 => put(&*fs, "/put", b"x").await.unwrap(),
            _ => assert_eq!(list(&*fs, "/").await.unwrap().len(), 3, "{name}"),
        }
        assert!(connection.is_alive());
    }
    assert_eq!(connection.connections().allowed, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_cut_by_a_restart_are_replaced() {
    let servers: [Box<dyn FtpServer>; 2] =
        [Box::new(Vsftpd::start()), Box::new(Pyftpdlib::start())];
    for server in &servers {
        server.write_file("file", noise(100_000));
        let connection = connected(&target(&**server)).await;
        let fs = connection.fs();
        for _ in 0..2 {
            let all = (0..4).map(|_| get(&*fs, "/file"));
            futures::future::join_all(all).await;
            server.restart();
            assert_eq!(fs.stat(&path("/file")).await.unwrap().size, Some(100_000));
        }
    }
}

/// A server whose connections die on their first `MKD`, the last of them excepted.
async fn making(first: fn() -> Then) -> (connection_core::Result<()>, usize, usize) {
    let done = Arc::new(AtomicUsize::new(0));
    let count = done.clone();
    let server = Scripted::start(move |_, line| {
        if line.starts_with("MKD") && count.fetch_add(1, Ordering::SeqCst) == 0 {
            return first();
        }
        Then::Usual
    });
    let connection = connected(&server.target()).await;
    let made = connection.fs().create_dir(&path("/d")).await;
    list(&*connection.fs(), "/").await.unwrap();
    (
        made,
        server.seen().count("MKD"),
        server.seen().connections(),
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_server_may_have_done_is_not_done_twice() {
    // Closed without a word: nobody knows.
    let (made, times, connections) = making(|| Then::Close).await;
    let error = made.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionLost, "{error:?}");
    assert_eq!((times, connections), (1, 2));
    // 421 says that it was not taken.
    let (made, times, connections) = making(|| say("421 Timeout.")).await;
    made.unwrap();
    assert_eq!((times, connections), (2, 2));
}

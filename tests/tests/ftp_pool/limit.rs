//! How many connections a session has: never more than it may, and no more than the server
//! allows, on real servers.

use super::*;
use connection_core::ErrorKind;
use connection_tests::{ProFtpd, PureFtpd, Pyftpdlib, Vsftpd};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Twelve downloads, listings and looks at once; the most connections seen meanwhile.
async fn crowd(server: &dyn FtpServer, connection: &FtpConnection) -> usize {
    let entries = list(&*connection.fs(), "/").await.unwrap().len() as u64;
    let (over, highest) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicUsize::new(0)),
    );
    let watch = std::thread::spawn({
        let (over, highest, port) = (over.clone(), highest.clone(), server.port());
        move || {
            while !over.load(Ordering::Acquire) {
                highest.fetch_max(ours(port), Ordering::AcqRel);
            }
        }
    });
    let all = (0..12).map(|n| {
        let fs = connection.fs();
        tokio::spawn(async move {
            match n % 3 {
                0 => list(&*fs, "/").await.map(|entries| entries.len() as u64),
                1 => get(&*fs, "/file").await.map(|data| data.len() as u64),
                _ => fs.stat(&path("/file")).await.map(|seen| seen.size.unwrap()),
            }
        })
    });
    for (n, outcome) in within(SOON * 3, futures::future::join_all(all))
        .await
        .into_iter()
        .enumerate()
    {
        let expected = if n % 3 == 0 { entries } else { 300_000 };
        assert_eq!(outcome.unwrap().unwrap(), expected, "{}", server.name());
    }
    over.store(true, Ordering::Release);
    watch.join().unwrap();
    highest.load(Ordering::Acquire)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_has_as_many_connections_as_it_may_and_not_one_more() {
    let servers: [Box<dyn FtpServer>; 2] =
        [Box::new(Vsftpd::start()), Box::new(Pyftpdlib::start())];
    for server in &servers {
        server.write_file("file", noise(300_000));
        server.write_file("long", noise(LONG));
        for limit in [1, 3] {
            let target = target(&**server).connections(most(limit));
            let connection = connected(&target).await;
            let seen = crowd(&**server, &connection).await;
            assert!((1..=limit).contains(&seen), "{}: {seen}", server.name());
            let now = connection.connections();
            assert_eq!((now.limit, now.allowed), (limit, None));
            assert!(
                now.open <= limit && now.busy == 0 && now.waiting == 0,
                "{now:?}"
            );
            // As many as it may where they are needed: downloads nobody reads, and a look.
            let fs = connection.fs();
            let mut stalled = Vec::new();
            for _ in 1..limit {
                stalled.push(fs.open_read(&path("/long"), 0).await.unwrap());
            }
            for _ in 0..3 {
                assert_eq!(
                    fs.stat(&path("/long")).await.unwrap().size,
                    Some(LONG as u64)
                );
            }
            assert_eq!(ours(server.port()), limit, "{}", server.name());
            connection.close().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_server_allows_is_learned_from_one_refusal() {
    // 421 at the greeting, but for ProFTPD: 530 after the password.
    let servers: [Box<dyn FtpServer>; 4] = [
        Box::new(Vsftpd::builder().line("max_per_ip=2").start()),
        Box::new(Pyftpdlib::builder().max_connections(2).start()),
        Box::new(PureFtpd::builder().arg("--maxclientsperip=2").start()),
        Box::new(ProFtpd::builder().line("MaxClientsPerUser 2").start()),
    ];
    for server in &servers {
        server.write_file("file", noise(300_000));
        let connection = connected(&target(&**server)).await;
        for _ in 0..2 {
            crowd(&**server, &connection).await;
        }
        let now = connection.connections();
        assert_eq!(
            (now.limit, now.allowed, now.open),
            (8, Some(2), 2),
            "{}\n{}",
            server.name(),
            server.log()
        );
        assert!(connection.is_alive());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_connection_does_one_thing_at_a_time_and_nobody_waits_for_ever() {
    let server = Pyftpdlib::builder().max_connections(1).start();
    server.write_file("file", noise(LONG));
    let connection = connected(&target(&server).timeouts(quick())).await;
    let fs = connection.fs();
    let mut reader = fs.open_read(&path("/file"), 0).await.unwrap();
    let mut length = reader.next_chunk().await.unwrap().unwrap().len();
    let file = path("/file");
    let both = async { (list(&*fs, "/").await, fs.stat(&file).await) };
    let (listed, seen) = within(SOON, both).await;
    for error in [listed.err().unwrap(), seen.err().unwrap()] {
        assert_eq!(error.kind(), ErrorKind::LimitReached, "{error:?}");
        assert_eq!(
            (error.message(), error.context("connections")),
            ("the only connection the server allows is in use", Some("1"))
        );
    }
    while let Some(chunk) = reader.next_chunk().await.unwrap() {
        length += chunk.len();
    }
    assert_eq!(length, LONG);
    assert_eq!(list(&*fs, "/").await.unwrap().len(), 1);
    assert_eq!(connection.connections().allowed, Some(1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_given_up_makes_room_at_once_where_only_one_is_allowed() {
    let servers: [Box<dyn FtpServer>; 4] = [
        Box::new(Vsftpd::builder().line("max_per_ip=1").start()),
        Box::new(Pyftpdlib::builder().max_connections(1).start()),
        Box::new(PureFtpd::builder().arg("--maxclientsperip=1").start()),
        Box::new(ProFtpd::builder().line("MaxClientsPerUser 1").start()),
    ];
    for server in &servers {
        server.write_file("file", noise(LONG));
        let connection = connected(&target(&**server)).await;
        let fs = connection.fs();
        for round in 0..5 {
            let mut reader = fs.open_read(&path("/file"), 0).await.unwrap();
            reader.next_chunk().await.unwrap().unwrap();
            drop(reader);
            let seen = within(SOON, fs.stat(&path("/file"))).await;
            let seen = seen.unwrap_or_else(|error| {
                panic!("{} {round}: {error:?}\n{}", server.name(), server.log())
            });
            assert_eq!(seen.size, Some(LONG as u64));
        }
        // The thread of what was given up last may still be on its way out.
        until("one is left", || connection.connections().open == 1).await;
    }
}

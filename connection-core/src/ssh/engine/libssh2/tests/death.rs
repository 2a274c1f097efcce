//! Ends: closed, killed, silent.

use super::sshd::{Sshd, exec, owner_threads, run_alone, start, wait_until};
use crate::error::ErrorKind;
use crate::ssh::engine::ChannelKind;
use crate::target::Timeouts;
use bytes::Bytes;
use std::time::{Duration, Instant};

fn threads() -> usize {
    owner_threads().len()
}

fn descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").unwrap().count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_server_ends_every_wait() {
    let server = Sshd::start("");
    let link = server.link().await;
    let mut reading = start(&link, "sleep 30").await;
    let mut writing = start(&link, "sleep 30").await;
    let read = tokio::spawn(async move { reading.receiver.next().await });
    let write = tokio::spawn(async move {
        loop {
            if let Err(error) = writing.sender.write(Bytes::from(vec![0; 500_000])).await {
                return error;
            }
        }
    });
    let closed = tokio::spawn({
        let link = link.clone();
        async move { link.closed().await }
    });
    server.signal_sessions("KILL");
    let began = Instant::now();
    assert_eq!(
        read.await.unwrap().unwrap_err().kind(),
        ErrorKind::ConnectionLost
    );
    assert_eq!(write.await.unwrap().kind(), ErrorKind::ConnectionLost);
    closed.await.unwrap();
    assert!(!link.is_alive());
    let error = link.open(ChannelKind::Session).await.err().unwrap();
    assert_eq!(error.kind(), ErrorKind::ConnectionLost);
    assert!(began.elapsed() < Duration::from_secs(30));
    link.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_server_is_dead_after_three_keepalives() {
    let server = Sshd::start("");
    let timeouts = Timeouts {
        keepalive: Some(Duration::from_secs(1)),
        ..Timeouts::default()
    };
    // Both with a channel and without one, and with an answer due.
    let with_channel = server.link_with(timeouts).await;
    let mut channel = start(&with_channel, "cat").await;
    let bare = server.link_with(timeouts).await;
    let busy = server.link_with(timeouts).await;
    // Alive much longer than three keepalives, because it answers.
    let deadline = tokio::time::Instant::now() + Duration::from_secs(5);
    tokio::time::sleep_until(deadline).await;
    assert!(with_channel.is_alive() && bare.is_alive() && busy.is_alive());
    server.signal_sessions("STOP");
    let began = Instant::now();
    let (opened, next, (), ()) = tokio::join!(
        busy.open(ChannelKind::Session),
        channel.receiver.next(),
        bare.closed(),
        with_channel.closed()
    );
    assert_eq!(opened.err().unwrap().kind(), ErrorKind::ConnectionLost);
    assert_eq!(next.unwrap_err().kind(), ErrorKind::ConnectionLost);
    let took = began.elapsed();
    assert!(took < Duration::from_secs(30), "{took:?}");
    assert!(took > Duration::from_millis(1700), "{took:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_keepalive_an_unanswered_open_has_its_own_clock() {
    let server = Sshd::start("");
    let timeouts = Timeouts {
        keepalive: None,
        no_progress: Duration::from_millis(500),
        ..Timeouts::default()
    };
    let link = server.link_with(timeouts).await;
    server.signal_sessions("STOP");
    let error = link.open(ChannelKind::Session).await.err().unwrap();
    assert_eq!(error.kind(), ErrorKind::ConnectionLost);
    assert!(!link.is_alive());
}

#[test]
fn closing_leaves_no_thread_and_no_descriptor() {
    run_alone("death::counted_alone");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by closing_leaves_no_thread_and_no_descriptor"]
async fn counted_alone() {
    let server = Sshd::start("");
    let first = server.link().await;
    assert_eq!(exec(&first, "echo warm").await.out, b"warm\n");
    first.close().await;
    assert!(wait_until(Duration::from_secs(60), || threads() == 0));
    let before = descriptors();

    // Healthy, stopped, and killed servers; closed with work in progress.
    for how in ["", "STOP", "KILL"] {
        let server = Sshd::start("");
        let link = server.link().await;
        let reading = start(&link, "cat /dev/zero").await;
        let mut writing = start(&link, "sleep 30").await;
        let writer = tokio::spawn(async move {
            while writing
                .sender
                .write(Bytes::from(vec![0; 500_000]))
                .await
                .is_ok()
            {}
            // Held over the end of the link.
            writing
        });
        assert_eq!(threads(), 1);
        if !how.is_empty() {
            server.signal_sessions(how);
        }
        let opening = tokio::spawn({
            let link = link.clone();
            async move { link.open(ChannelKind::Session).await.is_err() }
        });
        if how == "STOP" {
            // The socket fills up before the close.
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
        let began = Instant::now();
        link.close().await;
        let took = began.elapsed();
        assert!(took < Duration::from_secs(1), "{how}: {took:?}");
        assert!(!link.is_alive());
        // The link and its channels are still held here.
        assert!(
            wait_until(Duration::from_secs(60), || threads() == 0
                && descriptors() == before),
            "{how}: {} threads, {} descriptors, {before} before",
            threads(),
            descriptors()
        );
        let _ = opening.await.unwrap();
        drop(writer.await.unwrap());
        drop(reading);
        link.close().await;
    }

    // Dropped instead of closed.
    for how in ["", "STOP"] {
        let server = Sshd::start("");
        let link = server.link().await;
        let channel = start(&link, "cat /dev/zero").await;
        if !how.is_empty() {
            server.signal_sessions(how);
        }
        drop(link);
        assert!(
            wait_until(Duration::from_secs(60), || threads() == 0
                && descriptors() == before),
            "{how}: {} threads, {} descriptors, {before} before",
            threads(),
            descriptors()
        );
        drop(channel);
    }

    // A login that is given up.
    let handshaken = server.handshake(Timeouts::default()).await;
    drop(handshaken);
    let stream = server.stream().await;
    drop(
        tokio::time::timeout(
            Duration::from_millis(1),
            super::super::connect(
                stream,
                crate::ssh::engine::ConnectSpec {
                    timeouts: Timeouts::default(),
                    host_key: std::sync::Arc::new(super::sshd::Keys::default()),
                    rekey_bytes: 1 << 30,
                },
            ),
        )
        .await,
    );
    assert!(wait_until(Duration::from_secs(60), || threads() == 0
        && descriptors() == before));
}

//! A client that takes nothing: what it costs, and whom it slows.

use crate::ground::{Ground, SOON, connect, echo, end, eventually, flood, rest};
use connection_core::exec::ExecRequest;
use connection_core::target::SshEngine;
use connection_core::tunnel::{MAX_PILED, TunnelKind};
use connection_tests::Sshd;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// A command beside everything else.
async fn beside(ground: &Ground) {
    let session = ground.session();
    let output = session.exec(ExecRequest::new("echo beside")).await.unwrap();
    assert_eq!(output.stdout, b"beside\n");
}

/// What the system may hold in sockets, on the way from the flood to a client.
const IN_SOCKETS: u64 = 40 * 1024 * 1024;

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_takes_nothing_is_bounded_and_slows_nobody() {
    let sshd = Sshd::start();
    for engine in SshEngine::ALL {
        let ground = Ground::on(&sshd, engine).await;
        let (port, sent) = flood().await;
        let echo = echo().await;
        let quick = ground.open(TunnelKind::Local(end(echo))).await;
        let mut quick = connect(&quick).await;
        for kind in [TunnelKind::Local(end(port)), TunnelKind::Remote(end(port))] {
            // A remote tunnel is flooded the other way: its client reads from the server.
            let remote = matches!(kind, TunnelKind::Remote(_));
            let tunnel = ground.open(kind).await;
            let before = sent.load(Ordering::Relaxed);
            let mut stalled = connect(&tunnel).await;
            // It stops taking once what may be kept is full.
            let mut last = u64::MAX;
            let started = Instant::now();
            let mut since = started;
            let came = |last| last != u64::MAX && last > 1024 * 1024;
            while !came(last) || since.elapsed() < Duration::from_millis(500) {
                assert!(
                    started.elapsed() < SOON,
                    "{engine:?}: the flood never came: {last}"
                );
                let begun = Instant::now();
                quick.write_all(b"x").await.unwrap();
                quick.read_exact(&mut [0; 1]).await.unwrap();
                beside(&ground).await;
                assert!(begun.elapsed() < SOON / 2, "{engine:?}");
                let now = sent.load(Ordering::Relaxed) - before;
                assert!(now < MAX_PILED as u64 * 3 + IN_SOCKETS, "{engine:?}: {now}");
                if now != last {
                    (last, since) = (now, Instant::now());
                }
            }
            let ends = engine == SshEngine::Russh && !remote;
            if ends {
                // The server cannot be held back: the connection was ended, and its client
                // does not take that for the end of its data.
                eventually("it is ended", || ground.info(&tunnel).connections == 0).await;
                let error = ground.info(&tunnel).last_error.unwrap();
                assert!(
                    error.contains("takes less than the server sends"),
                    "{error}"
                );
                assert!(rest(&mut stalled).await.is_err(), "{engine:?}");
            } else {
                // The other end waits, and goes on as soon as the client does.
                assert_eq!(ground.info(&tunnel).connections, 1, "{engine:?}");
                let mut piece = vec![0; 1024 * 1024];
                for _ in 0..32 {
                    stalled.read_exact(&mut piece).await.unwrap();
                    assert!(piece.iter().all(|byte| *byte == b'y'));
                }
            }
            ground.session().close_tunnel(tunnel.id).await.unwrap();
        }
        ground.store.shutdown().await;
    }
}

/// The other direction: the far end takes nothing, and the client is made to wait.
#[tokio::test(flavor = "multi_thread")]
async fn an_end_that_takes_nothing_holds_its_client_back() {
    let sshd = Sshd::start();
    for engine in SshEngine::ALL {
        let ground = Ground::on(&sshd, engine).await;
        let deaf = crate::ground::server("127.0.0.1", |stream| async move {
            std::future::pending::<()>().await;
            drop(stream);
        })
        .await;
        let tunnel = ground.open(TunnelKind::Local(end(deaf))).await;
        let mut client = connect(&tunnel).await;
        let piece = vec![7; 64 * 1024];
        let mut sent = 0_u64;
        while let Ok(taken) =
            tokio::time::timeout(Duration::from_millis(500), client.write(&piece)).await
        {
            sent += taken.unwrap() as u64;
            assert!(sent < IN_SOCKETS, "{engine:?}: nobody waits");
        }
        beside(&ground).await;
        assert_eq!(ground.info(&tunnel).connections, 1);
        ground.store.shutdown().await;
    }
}

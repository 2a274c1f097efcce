//! The end of tunnels: by their owner, with their session, with the server.

use crate::ground::{Ground, connect, echo, end, eventually, flood, me, rest, tasks};
use connection_core::ErrorKind;
use connection_core::target::SshEngine;
use connection_core::tunnel::{TunnelKind, TunnelRequest};
use connection_tests::Sshd;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const AT_ONCE: Duration = Duration::from_secs(1);

/// Opens one tunnel of each kind and a connection through each.
async fn busy(ground: &Ground, echo: u16) -> (Vec<u16>, Vec<TcpStream>) {
    let (mut ports, mut streams) = (Vec::new(), Vec::new());
    for kind in [
        TunnelKind::Local(end(echo)),
        TunnelKind::Remote(end(echo)),
        TunnelKind::Dynamic,
    ] {
        let tunnel = ground.open(kind).await;
        let mut stream = connect(&tunnel).await;
        if tunnel.kind != TunnelKind::Dynamic {
            stream.write_all(b"x").await.unwrap();
            stream.read_exact(&mut [0; 1]).await.unwrap();
        }
        ports.push(tunnel.listens_on.port);
        streams.push(stream);
    }
    (ports, streams)
}

async fn nobody_listens(ports: &[u16]) {
    for port in ports {
        eventually("nobody listens", || {
            std::net::TcpStream::connect(("127.0.0.1", *port)).is_err()
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_the_session_ends_everything_at_once() {
    let sshd = Sshd::start();
    for engine in SshEngine::ALL {
        let ground = Ground::on(&sshd, engine).await;
        let echo = echo().await;
        let before = tasks();
        let (ports, mut streams) = busy(&ground, echo).await;
        let session = ground.session();
        let begun = Instant::now();
        ground.store.close(&me(), ground.id).await.unwrap();
        assert!(
            begun.elapsed() < AT_ONCE,
            "{engine:?} {:?}",
            begun.elapsed()
        );
        for stream in &mut streams {
            let end = rest(stream).await;
            assert!(end.map_or(true, |got| got.is_empty()));
        }
        nobody_listens(&ports).await;
        // Also for one who still holds the session.
        let late = TunnelRequest::new(TunnelKind::Dynamic);
        let error = session.open_tunnel(late).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Cancelled);
        drop(streams);
        eventually("no task is left", || tasks() <= before).await;
        eventually("no connection is left", || sshd.connections() == 0).await;
        ground.store.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_a_tunnel_ends_it_and_nothing_else() {
    let sshd = Sshd::start();
    for engine in SshEngine::ALL {
        let ground = Ground::on(&sshd, engine).await;
        let (port, _) = flood().await;
        let echo = echo().await;
        let other = ground.open(TunnelKind::Local(end(echo))).await;
        let mut going_on = connect(&other).await;
        for kind in [TunnelKind::Local(end(port)), TunnelKind::Remote(end(port))] {
            // One that is flooded, and read.
            let remote = matches!(kind, TunnelKind::Remote(_));
            let tunnel = ground.open(kind).await;
            let mut stream = connect(&tunnel).await;
            stream.read_exact(&mut [0; 100_000]).await.unwrap();
            let begun = Instant::now();
            ground.session().close_tunnel(tunnel.id).await.unwrap();
            assert!(begun.elapsed() < AT_ONCE, "{engine:?}");
            // Cut off: what came is not taken for everything. SSH has no word for that, so
            // beyond the server it is an end like any other.
            let cut = rest(&mut stream).await;
            assert!(cut.is_err() || remote, "{engine:?}");
            nobody_listens(&[tunnel.listens_on.port]).await;
            going_on.write_all(b"x").await.unwrap();
            going_on.read_exact(&mut [0; 1]).await.unwrap();
        }
        assert_eq!(ground.session().tunnels().unwrap().len(), 1);
        ground.store.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_server_dies_its_tunnels_end_and_say_why() {
    for engine in SshEngine::ALL {
        let sshd = Sshd::start();
        let ground = Ground::on(&sshd, engine).await;
        let echo = echo().await;
        let (ports, mut streams) = busy(&ground, echo).await;
        sshd.kill();
        sshd.kill_connections();
        for stream in &mut streams {
            let end = rest(stream).await;
            assert!(end.map_or(true, |got| got.is_empty()));
        }
        nobody_listens(&ports).await;
        eventually("all are told as closed", || {
            let tunnels = ground.session().tunnels().unwrap();
            tunnels.len() == 3
                && tunnels
                    .iter()
                    .all(|t| !t.is_open && t.connections == 0 && t.last_error.is_some())
        })
        .await;
        let late = TunnelRequest::new(TunnelKind::Remote(end(1)));
        let error = ground.session().open_tunnel(late).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionLost, "{engine:?}");
        ground.store.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_keeps_its_session_and_an_idle_tunnel_does_not() {
    let idle = Duration::from_secs(1);
    let sshd = Sshd::start();
    for engine in SshEngine::ALL {
        let echo = echo().await;
        for remote in [false, true] {
            let ground = Ground::idle(&sshd, engine, idle).await;
            let kind = match remote {
                false => TunnelKind::Local(end(echo)),
                true => TunnelKind::Remote(end(echo)),
            };
            let tunnel = ground.open(kind).await;
            let mut stream = connect(&tunnel).await;
            stream.write_all(b"x").await.unwrap();
            stream.read_exact(&mut [0; 1]).await.unwrap();
            let begun = Instant::now();
            while begun.elapsed() < idle * 2 {
                let info = ground.store.info(&me(), ground.id).unwrap();
                assert_eq!(info.remaining, idle, "{engine:?}");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            drop(stream);
            eventually("it expires with its tunnel", || {
                ground.store.info(&me(), ground.id).is_err()
            })
            .await;
            nobody_listens(&[tunnel.listens_on.port]).await;
            ground.store.shutdown().await;
        }
    }
}

/// A program that lets go of everything leaves no listener behind.
#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_is_dropped_takes_its_tunnels_along() {
    let sshd = Sshd::start();
    for engine in SshEngine::ALL {
        let ground = Ground::on(&sshd, engine).await;
        let here = ground.open(TunnelKind::Dynamic).await;
        let there = ground.open(TunnelKind::Remote(end(1))).await;
        drop(ground);
        nobody_listens(&[here.listens_on.port, there.listens_on.port]).await;
        eventually("no connection is left", || sshd.connections() == 0).await;
    }
}

//! Bytes through each kind of tunnel.

use crate::ground::{Ground, connect, echo, end, greeter, pattern, rest, server};
use connection_core::target::SshEngine;
use connection_core::tunnel::{TunnelInfo, TunnelKind};
use connection_tests::Sshd;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const BULK: usize = 10 * 1024 * 1024;

/// Sends and receives at once, and ends what it sends.
async fn exchange(mut stream: TcpStream, data: &[u8]) -> Vec<u8> {
    let (mut from, mut to) = stream.split();
    let mut back = Vec::new();
    let sending = async {
        to.write_all(data).await.unwrap();
        to.shutdown().await.unwrap();
    };
    let both = async {
        tokio::join!(sending, from.read_to_end(&mut back))
            .1
            .unwrap()
    };
    tokio::time::timeout(Duration::from_secs(60), both)
        .await
        .unwrap();
    back
}

/// A connection through the tunnel to the echo server, whatever the kind.
async fn reach(tunnel: &TunnelInfo, echo: u16) -> TcpStream {
    let mut stream = connect(tunnel).await;
    if tunnel.kind == TunnelKind::Dynamic {
        let mut request = vec![5, 1, 0, 5, 1, 0, 1, 127, 0, 0, 1];
        request.extend_from_slice(&echo.to_be_bytes());
        stream.write_all(&request).await.unwrap();
        let mut reply = [0; 12];
        stream.read_exact(&mut reply).await.unwrap();
        assert_eq!(reply[..4], [5, 0, 5, 0]);
    }
    stream
}

#[tokio::test(flavor = "multi_thread")]
async fn each_kind_carries_10_mib_both_ways() {
    let sshd = Sshd::start();
    let data = pattern(BULK);
    for engine in SshEngine::ALL {
        let ground = Ground::on(&sshd, engine).await;
        let echo = echo().await;
        for kind in [
            TunnelKind::Local(end(echo)),
            TunnelKind::Dynamic,
            TunnelKind::Remote(end(echo)),
        ] {
            let tunnel = ground.open(kind).await;
            assert_ne!(tunnel.listens_on.port, 0, "a free port is chosen and told");
            let back = exchange(reach(&tunnel, echo).await, &data).await;
            assert!(back == data, "{engine:?} {}", tunnel.kind.name());
            crate::ground::eventually("it is counted as over", || {
                ground.info(&tunnel).connections == 0
            })
            .await;
            let info = ground.info(&tunnel);
            assert_eq!(info.connections_total, 1);
            assert_eq!(info.connections_refused, 0);
            assert_eq!(info.bytes_sent, BULK as u64, "{engine:?}");
            assert_eq!(info.bytes_received, BULK as u64, "{engine:?}");
            assert_eq!(info.last_error, None, "{engine:?}");
        }
        assert_eq!(ground.session().tunnels().unwrap().len(), 3);
        ground.store.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_connections_side_by_side() {
    let sshd = Sshd::start();
    for engine in SshEngine::ALL {
        let ground = Ground::on(&sshd, engine).await;
        let echo = echo().await;
        for kind in [TunnelKind::Local(end(echo)), TunnelKind::Remote(end(echo))] {
            let tunnel = ground.open(kind).await;
            let work = (0..40).map(|n| {
                let tunnel = &tunnel;
                async move {
                    let data = pattern(50_000 + n * 1000);
                    let back = exchange(connect(tunnel).await, &data).await;
                    assert!(back == data, "{n}");
                }
            });
            futures::future::join_all(work).await;
            assert_eq!(ground.info(&tunnel).connections_total, 40, "{engine:?}");
        }
        ground.store.shutdown().await;
    }
}

/// A client that says all it has and then waits for the answer, as `nc -N` does.
#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_one_direction_leaves_the_other_open() {
    let sshd = Sshd::start();
    for engine in SshEngine::ALL {
        let ground = Ground::on(&sshd, engine).await;
        // It answers only once it has seen the end of the question.
        let asked = server("127.0.0.1", |mut stream| async move {
            let mut question = Vec::new();
            stream.read_to_end(&mut question).await.unwrap();
            let answer = format!("{} bytes", question.len());
            stream.write_all(answer.as_bytes()).await.unwrap();
        })
        .await;
        // It ends its side first and goes on listening.
        let (said, mut heard) = tokio::sync::mpsc::unbounded_channel();
        let first = server("127.0.0.1", move |mut stream| {
            let said = said.clone();
            async move {
                stream.write_all(b"go on").await.unwrap();
                stream.shutdown().await.unwrap();
                let mut all = Vec::new();
                stream.read_to_end(&mut all).await.unwrap();
                said.send(all).unwrap();
            }
        })
        .await;
        for remote in [false, true] {
            let kind = |port| match remote {
                false => TunnelKind::Local(end(port)),
                true => TunnelKind::Remote(end(port)),
            };
            let tunnel = ground.open(kind(asked)).await;
            let mut stream = connect(&tunnel).await;
            stream.write_all(&[7; 3000]).await.unwrap();
            stream.shutdown().await.unwrap();
            assert_eq!(
                rest(&mut stream).await.unwrap(),
                b"3000 bytes",
                "{engine:?}"
            );

            let tunnel = ground.open(kind(first)).await;
            let mut stream = connect(&tunnel).await;
            assert_eq!(rest(&mut stream).await.unwrap(), b"go on", "{engine:?}");
            stream.write_all(b"as told").await.unwrap();
            drop(stream);
            let told = tokio::time::timeout(crate::ground::SOON, heard.recv());
            assert_eq!(told.await.unwrap().unwrap(), b"as told", "{engine:?}");
        }
        ground.store.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_speaks_first_is_heard() {
    let sshd = Sshd::start();
    for engine in SshEngine::ALL {
        let ground = Ground::on(&sshd, engine).await;
        let greeter = greeter("127.0.0.1").await;
        for kind in [
            TunnelKind::Local(end(greeter)),
            TunnelKind::Remote(end(greeter)),
        ] {
            let tunnel = ground.open(kind).await;
            let mut stream = connect(&tunnel).await;
            assert_eq!(rest(&mut stream).await.unwrap(), b"220 welcome\r\n");
        }
        ground.store.shutdown().await;
    }
}

/// A connection whose bytes a program carries itself.
#[tokio::test(flavor = "multi_thread")]
async fn a_program_can_hold_a_connection_itself() {
    let sshd = Sshd::start();
    for engine in SshEngine::ALL {
        let ground = Ground::on(&sshd, engine).await;
        let echo = echo().await;
        let session = ground.session();
        let connection = session.connect_tunnel(&end(echo)).await.unwrap();
        let (mut input, mut output) = (connection.input, connection.output);
        let data = pattern(300_000);
        let sending = async {
            for piece in data.chunks(7000) {
                input.write(piece.to_vec()).await.unwrap();
            }
            input.eof().await.unwrap();
        };
        let mut back = Vec::new();
        let receiving = async {
            while let Some(piece) = output.next().await.unwrap() {
                back.extend_from_slice(&piece);
            }
        };
        tokio::join!(sending, receiving);
        assert!(back == data, "{engine:?}");
        ground.store.shutdown().await;
    }
}

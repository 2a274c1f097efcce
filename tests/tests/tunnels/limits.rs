//! The limits of tunnels and connections.

use crate::ground::{Ground, connect, echo, end, eventually, rest};
use connection_core::ErrorKind;
use connection_core::target::SshEngine;
use connection_core::tunnel::{MAX_TUNNELS, TunnelKind, TunnelRequest};
use connection_tests::Sshd;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[tokio::test(flavor = "multi_thread")]
async fn connections_past_the_limit_are_turned_away_and_others_go_on() {
    let sshd = Sshd::start();
    for engine in SshEngine::ALL {
        let ground = Ground::on(&sshd, engine).await;
        let echo = echo().await;
        for kind in [TunnelKind::Local(end(echo)), TunnelKind::Remote(end(echo))] {
            let mut request = TunnelRequest::new(kind);
            request.max_connections = 2;
            let tunnel = ground.session().open_tunnel(request).await.unwrap();
            let mut open = Vec::new();
            for _ in 0..2 {
                let mut stream = connect(&tunnel).await;
                stream.write_all(b"x").await.unwrap();
                stream.read_exact(&mut [0; 1]).await.unwrap();
                open.push(stream);
            }
            assert_eq!(ground.info(&tunnel).connections, 2);
            // It may be turned away before its client knows that it is connected.
            let at = ("127.0.0.1", tunnel.listens_on.port);
            if let Ok(mut third) = TcpStream::connect(at).await {
                let refused = rest(&mut third).await;
                assert!(refused.map_or(true, |got| got.is_empty()), "{engine:?}");
            }
            eventually("it is counted", || {
                ground.info(&tunnel).connections_refused == 1
            })
            .await;
            let error = ground.info(&tunnel).last_error.unwrap();
            assert!(error.contains("2 connections are open"), "{error}");
            // Those there are go on, and one that ends makes room.
            for stream in &mut open {
                stream.write_all(b"y").await.unwrap();
                stream.read_exact(&mut [0; 1]).await.unwrap();
            }
            drop(open.pop());
            eventually("there is room", || ground.info(&tunnel).connections == 1).await;
            let mut next = connect(&tunnel).await;
            next.write_all(b"z").await.unwrap();
            next.read_exact(&mut [0; 1]).await.unwrap();
            ground.session().close_tunnel(tunnel.id).await.unwrap();
        }
        ground.store.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_has_so_many_tunnels_and_no_more() {
    let sshd = Sshd::start();
    let ground = Ground::on(&sshd, SshEngine::default()).await;
    let session = ground.session();
    let mut last = None;
    for _ in 0..MAX_TUNNELS {
        last = Some(ground.open(TunnelKind::Dynamic).await);
    }
    let one_more = || TunnelRequest::new(TunnelKind::Dynamic);
    let error = session.open_tunnel(one_more()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::LimitReached);
    let last = last.unwrap();
    session.close_tunnel(last.id).await.unwrap();
    for gone in [
        session.tunnel(last.id).err(),
        session.close_tunnel(last.id).await.err(),
    ] {
        assert_eq!(gone.unwrap().kind(), ErrorKind::NotFound);
    }
    session.open_tunnel(one_more()).await.unwrap();
    // Another session has its own, and knows nothing of these.
    let other = Ground::on(&sshd, SshEngine::default()).await;
    let tunnel = other.open(TunnelKind::Dynamic).await;
    let foreign = session.tunnel(tunnel.id).unwrap_err();
    assert_eq!(foreign.kind(), ErrorKind::NotFound);
    drop(session);
    ground.store.shutdown().await;
    other.store.shutdown().await;
}

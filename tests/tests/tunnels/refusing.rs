//! What is refused when a tunnel is opened.

use crate::ground::{Ground, echo, end, me};
use connection_core::ErrorKind;
use connection_core::exec::ExecRequest;
use connection_core::secret::Secret;
use connection_core::session::{SessionStore, StoreConfig};
use connection_core::target::SshEngine;
use connection_core::target::{SshCredentials, SshTarget};
use connection_core::trust::{TrustPolicy, TrustStore};
use connection_core::tunnel::{Endpoint, Reach, TunnelKind, TunnelRequest};
use connection_tests::{AsyncSsh, Sshd};

#[tokio::test(flavor = "multi_thread")]
async fn a_port_in_use_is_told_here_and_there() {
    let sshd = Sshd::start();
    for engine in SshEngine::ALL {
        let ground = Ground::on(&sshd, engine).await;
        let taken = echo().await;
        let mut here = TunnelRequest::new(TunnelKind::Dynamic);
        here.bind_port = taken;
        let error = ground.session().open_tunnel(here).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AlreadyExists);
        assert!(error.message().contains(&taken.to_string()), "{error}");

        let mut there = TunnelRequest::new(TunnelKind::Remote(end(1)));
        there.bind_port = taken;
        let error = ground
            .session()
            .open_tunnel(there.clone())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ChannelRefused, "{engine:?}");
        assert!(error.message().contains("in use"), "{error}");
        assert!(error.message().contains(&taken.to_string()), "{error}");
        assert!(ground.session().tunnels().unwrap().is_empty());

        // The refusal is no other request's answer.
        there.bind_port = 0;
        let first = ground.session().open_tunnel(there.clone()).await.unwrap();
        // Closed, the same port can be had again at once.
        ground.session().close_tunnel(first.id).await.unwrap();
        there.bind_port = first.listens_on.port;
        let again = ground.session().open_tunnel(there).await.unwrap();
        assert_eq!(again.listens_on, first.listens_on, "{engine:?}");
        ground.store.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_lets_nobody_listen_says_no() {
    let sshd = Sshd::builder().line("AllowTcpForwarding local").start();
    for engine in SshEngine::ALL {
        let ground = Ground::on(&sshd, engine).await;
        let request = TunnelRequest::new(TunnelKind::Remote(end(1)));
        let error = ground.session().open_tunnel(request).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ChannelRefused, "{engine:?}");
        assert!(error.message().contains("may not forward"), "{error}");
        ground.store.shutdown().await;
    }
}

/// Nobody makes this machine listen to the world, or dial into its network.
#[tokio::test(flavor = "multi_thread")]
async fn this_machine_listens_and_dials_on_loopback_alone() {
    let sshd = Sshd::start();
    let ground = Ground::on(&sshd, SshEngine::default()).await;
    let session = ground.session();
    for bind in ["0.0.0.0", "::", "10.0.0.1", "::ffff:0.0.0.0"] {
        let mut request = TunnelRequest::new(TunnelKind::Dynamic);
        request.bind_host = bind.to_owned();
        let error = session.open_tunnel(request).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{bind}");
    }
    for host in [
        "169.254.169.254",
        "10.0.0.1",
        "0.0.0.0",
        "::",
        "::ffff:10.0.0.1",
    ] {
        let to = Endpoint::new(host, 80).unwrap();
        let request = TunnelRequest::new(TunnelKind::Remote(to));
        let error = session.open_tunnel(request).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::PermissionDenied, "{host}");
    }
    // By its name, and in forms a resolver takes for an address.
    for host in ["localhost", "::1", "127.1", "2130706433"] {
        let to = Endpoint::new(host, 80).unwrap();
        session
            .open_tunnel(TunnelRequest::new(TunnelKind::Remote(to)))
            .await
            .unwrap_or_else(|e| panic!("{host}: {e:?}"));
    }
    let to = Endpoint::new("2852039166", 80).unwrap();
    let request = TunnelRequest::new(TunnelKind::Remote(to));
    let error = session.open_tunnel(request).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied, "169.254.169.254");
    // Unless it is allowed.
    let mut request = TunnelRequest::new(TunnelKind::Dynamic);
    (request.bind_host, request.reach) = ("0.0.0.0".to_owned(), Reach::Any);
    let tunnel = session.open_tunnel(request).await.unwrap();
    assert_eq!(tunnel.listens_on.host, "0.0.0.0");
    drop(session);
    ground.store.shutdown().await;
}

/// A server opens no channel here that nobody asked for, not even beside one that was.
#[tokio::test(flavor = "multi_thread")]
async fn a_channel_nobody_asked_for_is_refused() {
    let server = AsyncSsh::start();
    for engine in SshEngine::ALL {
        let trust = TrustStore::in_memory(TrustPolicy::AcceptNew);
        let store = SessionStore::new(StoreConfig::default(), trust);
        let login = SshCredentials {
            password: Some(Secret::from(server.password())),
            ..SshCredentials::default()
        };
        let target = SshTarget::new(server.host(), server.user(), login).unwrap();
        let target = target.port(server.port()).engine(engine);
        let id = store.open_ssh(&me(), &target, None).await.unwrap();
        let session = store.get(&me(), id).unwrap();
        for kind in ["forwarded-tcpip", "x11", "agent"] {
            let request = ExecRequest::new(format!("open-unasked {kind}"));
            let output = session.exec(request).await.unwrap();
            let said = String::from_utf8(output.stdout).unwrap();
            assert!(said.starts_with("refused"), "{engine:?} {kind}: {said}");
        }
        drop(session);
        store.shutdown().await;
    }
}

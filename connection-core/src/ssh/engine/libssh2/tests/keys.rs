//! Handshake, trust and login.

use super::sshd::{Keys, Sshd, exec, keygen, user, wait_until};
use crate::error::ErrorKind;
use crate::secret::Secret;
use crate::ssh::engine::libssh2::connect;
use crate::ssh::engine::{AuthMethod, AuthReply, ConnectSpec};
use crate::target::Timeouts;
use std::sync::Arc;
use std::time::{Duration, Instant};

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_key_logs_in() {
    let server = Sshd::start("");
    let kinds = [
        ("ed25519", ""),
        ("ecdsa", "256"),
        ("ecdsa", "384"),
        ("ecdsa", "521"),
        ("rsa", "2048"),
        ("rsa", "3072"),
    ];
    let mut authorized = String::new();
    for (kind, bits) in kinds {
        let path = server.path(&format!("{kind}{bits}"));
        keygen(&path, kind, bits);
        authorized += &std::fs::read_to_string(path.with_extension("pub")).unwrap();
    }
    std::fs::write(server.path("authorized_keys"), authorized).unwrap();
    for (kind, bits) in kinds {
        let mut handshaken = server.handshake(Timeouts::default()).await;
        let reply = handshaken
            .authenticate(
                &user(),
                AuthMethod::PublicKey(&server.key(&format!("{kind}{bits}"))),
            )
            .await
            .unwrap();
        assert_eq!(reply, AuthReply::Success, "{kind} {bits}: {}", server.log());
        let link = handshaken.into_link();
        assert_eq!(exec(&link, "echo hello").await.out, b"hello\n");
        link.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_negotiated_is_told() {
    let server = Sshd::start("");
    let link = server.link().await;
    let negotiated = link.negotiated();
    assert_eq!(negotiated.engine, "libssh2");
    assert!(negotiated.server_version.starts_with("SSH-2.0-OpenSSH"));
    assert_eq!(negotiated.cipher, "chacha20-poly1305@openssh.com");
    assert_eq!(negotiated.mac, "");
    assert_eq!(negotiated.host_key, "ssh-ed25519");
    assert!(!negotiated.key_exchange.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_host_key_gets_no_credential() {
    let server = Sshd::start("");
    let keys = Arc::new(Keys {
        refuse: true,
        ..Keys::default()
    });
    let spec = ConnectSpec {
        timeouts: Timeouts::default(),
        host_key: keys.clone(),
        rekey_bytes: 1 << 30,
    };
    let error = connect(server.stream().await, spec).await.err().unwrap();
    assert_eq!(error.kind(), ErrorKind::HostChanged);
    let seen = keys.seen.lock().unwrap().clone();
    assert_eq!(seen.len(), 1);
    assert!(seen[0].starts_with(b"\0\0\0\x0bssh-ed25519"));
    assert!(wait_until(Duration::from_secs(60), || {
        server.log().contains("Connection closed by")
    }));
    let log = server.log();
    assert!(!log.contains("userauth-request"), "{log}");
    assert!(!log.contains("Failed "), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wished_host_key_comes_first() {
    let server = Sshd::start("");
    for (kind, bits, name) in [
        ("ecdsa", "256", "ecdsa-sha2-nistp256"),
        ("rsa", "2048", "rsa-sha2-512"),
    ] {
        let path = server.path(&format!("host_{kind}"));
        keygen(&path, kind, bits);
        let second = Sshd::start(&format!("HostKey {}", path.display()));
        let keys = Arc::new(Keys {
            wish: vec!["nonsense".to_owned(), name.to_owned()],
            ..Keys::default()
        });
        let spec = ConnectSpec {
            timeouts: Timeouts::default(),
            host_key: keys.clone(),
            rekey_bytes: 1 << 30,
        };
        let handshaken = connect(second.stream().await, spec).await.unwrap();
        assert_eq!(handshaken.into_link().negotiated().host_key, name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_name_the_methods_that_may_go_on() {
    let server = Sshd::start("PasswordAuthentication yes");
    keygen(&server.path("stranger"), "ed25519", "");
    let mut handshaken = server.handshake(Timeouts::default()).await;
    let mut methods_seen = Vec::new();
    for method in [
        AuthMethod::None,
        AuthMethod::PublicKey(&server.key("stranger")),
        AuthMethod::Password(&Secret::from("wrong \u{00e9}")),
    ] {
        methods_seen.push(handshaken.authenticate(&user(), method).await.unwrap());
    }
    for seen in methods_seen {
        let AuthReply::Failure { remaining, partial } = &seen else {
            panic!("{seen:?}");
        };
        assert!(remaining.contains(&"publickey".to_owned()), "{remaining:?}");
        assert!(!partial);
    }
    let garbage = Secret::from("not a key");
    let error = handshaken
        .authenticate(&user(), AuthMethod::PublicKey(&garbage))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::KeyInvalid);
    let reply = handshaken
        .authenticate(&user(), AuthMethod::PublicKey(&server.key("user")))
        .await
        .unwrap();
    assert_eq!(reply, AuthReply::Success);
}

#[tokio::test(flavor = "multi_thread")]
async fn half_of_a_login_is_partial() {
    let server =
        Sshd::start("PasswordAuthentication yes\nAuthenticationMethods publickey,password");
    let mut handshaken = server.handshake(Timeouts::default()).await;
    let reply = handshaken
        .authenticate(&user(), AuthMethod::PublicKey(&server.key("user")))
        .await
        .unwrap();
    let expected = AuthReply::Failure {
        remaining: vec!["password".to_owned()],
        partial: true,
    };
    assert_eq!(reply, expected, "{}", server.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_refusals_are_still_a_refusal() {
    let server = Sshd::start("PasswordAuthentication yes\nMaxAuthTries 2");
    let mut handshaken = server.handshake(Timeouts::default()).await;
    let wrong = Secret::from("wrong");
    let reply = handshaken
        .authenticate(&user(), AuthMethod::Password(&wrong))
        .await
        .unwrap();
    assert!(matches!(reply, AuthReply::Failure { partial: false, .. }));
    let error = handshaken
        .authenticate(&user(), AuthMethod::Password(&wrong))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionLost);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_server_costs_the_connect_clock_and_no_more() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let stream = tokio::net::TcpStream::connect(listener.local_addr().unwrap())
        .await
        .unwrap();
    let spec = ConnectSpec {
        timeouts: Timeouts {
            connect: Duration::from_millis(200),
            ..Timeouts::default()
        },
        host_key: Arc::new(Keys::default()),
        rekey_bytes: 1 << 30,
    };
    let began = Instant::now();
    let error = connect(stream, spec).await.err().unwrap();
    assert_eq!(error.kind(), ErrorKind::TimedOut);
    assert!(began.elapsed() < Duration::from_secs(10));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_does_not_speak_ssh_is_an_error() {
    use std::io::Write;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            let _ = stream.write_all(b"220 ftp.example ready\r\n\0\0\0\0");
        }
    });
    let spec = ConnectSpec {
        timeouts: Timeouts::default(),
        host_key: Arc::new(Keys::default()),
        rekey_bytes: 1 << 30,
    };
    let stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let error = connect(stream, spec).await.err().unwrap();
    assert!(
        matches!(
            error.kind(),
            ErrorKind::Protocol | ErrorKind::ConnectionLost
        ),
        "{error:?}"
    );
}

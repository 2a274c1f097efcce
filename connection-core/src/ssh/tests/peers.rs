//! Peers that are no SSH server, or a strange one.

use super::connect;
use crate::error::{Error, ErrorKind};
use crate::secret::Secret;
use crate::ssh::READ_BANNER;
use crate::ssh::test_sshd::{ENGINES, eventually, sockets_to};
use crate::target::{SshCredentials, SshEngine, SshTarget, Timeouts};
use std::io::{Read, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A peer on a port of its own that does one thing to each connection.
pub(super) fn peer(act: impl Fn(std::net::TcpStream) + Send + 'static) -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        while let Ok((stream, _)) = listener.accept() {
            act(stream);
        }
    });
    port
}

async fn failure(port: u16, engine: SshEngine, connect_clock: Duration) -> Error {
    let credentials = SshCredentials {
        password: Some(Secret::from("secret-pw")),
        ..SshCredentials::default()
    };
    let target = SshTarget::new("127.0.0.1", "u", credentials)
        .unwrap()
        .port(port)
        .engine(engine)
        .timeouts(Timeouts {
            connect: connect_clock,
            ..Timeouts::default()
        });
    let error = connect(&target).await.err().unwrap();
    assert!(eventually(|| sockets_to(port) == 0), "{error:?}");
    error
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peer_that_is_no_ssh_server_is_told_apart() {
    let held = Arc::new(Mutex::new(Vec::new()));
    let silent = peer({
        let held = held.clone();
        move |stream| held.lock().unwrap().push(stream)
    });
    let http = peer(|mut stream| {
        let mut request = [0; 256];
        let _ = stream.read(&mut request);
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
    });
    let closing = peer(drop);
    let resetting = peer(|stream| {
        let mut one = [0; 1];
        let _ = (&stream).read(&mut one);
        let _ = socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO));
    });
    let endless = peer(
        |mut stream| {
            while stream.write_all(b"welcome to the machine\r\n").is_ok() {}
        },
    );
    let old = peer(|mut stream| {
        let _ = stream.write_all(b"SSH-1.5-old\r\n");
        let _ = stream.read(&mut [0; 256]);
    });
    let stuck = peer({
        let held = held.clone();
        move |mut stream| {
            let _ = stream.write_all(b"hello\r\nSSH-2.0-stuck\r\n");
            held.lock().unwrap().push(stream);
        }
    });
    let long = Duration::from_secs(60);
    for &engine in ENGINES {
        let error = failure(silent, engine, Duration::from_millis(300)).await;
        assert_eq!(error.kind(), ErrorKind::TimedOut, "{error:?}");
        assert_eq!(error.operation(), READ_BANNER);

        for port in [http, closing, resetting, endless, old] {
            let error = failure(port, engine, long).await;
            assert_eq!(error.kind(), ErrorKind::Protocol, "{error:?}");
            assert_eq!(error.operation(), READ_BANNER);
            let message = error.message();
            assert!(
                message.starts_with("Error reading SSH protocol banner"),
                "{message}"
            );
            if port == resetting {
                assert!(
                    message.ends_with(" [Errno 104] Connection reset by peer"),
                    "{error:?}"
                );
            }
            if port == http {
                assert_eq!(error.context("peer_said"), Some("HTTP/1.1 400 Bad Request"));
            }
        }

        let error = failure(stuck, engine, Duration::from_secs(2)).await;
        assert_eq!(error.kind(), ErrorKind::TimedOut, "{error:?}");
        assert_ne!(error.operation(), READ_BANNER);
    }
}

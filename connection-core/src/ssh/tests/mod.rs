//! Connections against a real server, on every engine.

mod busy;
mod channels;
mod commands;
mod links;
mod peers;
mod rekey;
mod screen;
mod soak;
mod stripes;
mod terminals;

use super::SshConnection;
use super::engine::HostKeyCheck;
use super::test_sshd::{ENGINES, Sshd, eventually, pid_from, sockets_to};
use crate::error::{Error, ErrorKind, Result};
use crate::exec::ExecRequest;
use crate::secret::Secret;
use crate::target::{PrivateKeySource, SshCredentials, SshEngine, SshTarget, Timeouts};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

#[derive(Default)]
struct Trusting(Mutex<Vec<Vec<u8>>>);

impl HostKeyCheck for Trusting {
    fn preferred_algorithms(&self) -> Vec<String> {
        Vec::new()
    }

    fn check(&self, key: &[u8]) -> Result<()> {
        self.0.lock().unwrap().push(key.to_vec());
        Ok(())
    }
}

struct Refusing;

impl HostKeyCheck for Refusing {
    fn preferred_algorithms(&self) -> Vec<String> {
        vec!["ssh-ed25519".to_owned()]
    }

    fn check(&self, _: &[u8]) -> Result<()> {
        Err(Error::new(ErrorKind::HostChanged, "check host key", "it changed").with("type", "x"))
    }
}

async fn connect(target: &SshTarget) -> Result<SshConnection> {
    SshConnection::connect_checked(target, Arc::new(Trusting::default())).await
}

async fn connected(sshd: &Sshd, engine: SshEngine) -> Arc<SshConnection> {
    match connect(&sshd.target(engine)).await {
        Ok(connection) => Arc::new(connection),
        Err(error) => panic!("{engine:?}: {error:?}\n{}", sshd.log()),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_logs_in_and_what_was_agreed_is_known() {
    let sshd = Sshd::start("");
    for &engine in ENGINES {
        let trust = Arc::new(Trusting::default());
        let connection = SshConnection::connect_checked(&sshd.target(engine), trust.clone())
            .await
            .unwrap();
        let agreed = connection.negotiated();
        assert_eq!(agreed.engine, engine.name());
        assert!(agreed.server_version.starts_with("SSH-2.0-OpenSSH_"));
        assert_eq!(agreed.host_key, "ssh-ed25519");
        assert!(!agreed.key_exchange.is_empty() && !agreed.cipher.is_empty());
        assert!(connection.is_alive());
        let seen = trust.0.lock().unwrap().clone();
        let public = std::fs::read_to_string(sshd.directory.path().join("host.pub")).unwrap();
        let encoded = public.split(' ').nth(1).unwrap();
        use base64::Engine as _;
        let expected = base64::engine::general_purpose::STANDARD
            .decode(encoded)
            .unwrap();
        assert_eq!(
            seen,
            [expected],
            "asked once, with the key as it is on the wire"
        );
        connection.close().await;
        assert!(!connection.is_alive());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_server_sees_no_credential() {
    for &engine in ENGINES {
        let sshd = Sshd::start("");
        let error = SshConnection::connect_checked(&sshd.target(engine), Arc::new(Refusing))
            .await
            .err()
            .unwrap();
        assert_eq!(error.kind(), ErrorKind::HostChanged, "{error:?}");
        assert_eq!(error.context("type"), Some("x"), "the check's own error");
        assert!(eventually(|| sshd.log().contains("Connection closed by")
            || sshd.log().contains("Connection reset by")
            || sshd.log().contains("Received disconnect")));
        let log = sshd.log();
        assert!(!log.contains("userauth-request"), "{log}");
        assert!(eventually(|| sockets_to(sshd.port) == 0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rsa_and_wrong_keys_and_wrong_passwords() {
    let sshd = Sshd::start("PasswordAuthentication yes\nKbdInteractiveAuthentication yes");
    let keys = sshd.directory.path();
    for (name, kind) in [("rsa", "rsa"), ("ecdsa", "ecdsa"), ("other", "ed25519")] {
        let made = std::process::Command::new("ssh-keygen")
            .args(["-q", "-t", kind, "-N", "", "-f"])
            .arg(keys.join(name))
            .status()
            .unwrap();
        assert!(made.success());
    }
    let known = ["user.pub", "rsa.pub", "ecdsa.pub"]
        .map(|n| std::fs::read_to_string(keys.join(n)).unwrap())
        .concat();
    std::fs::write(keys.join("user.pub"), known).unwrap();
    let with_key = |name: &str| SshCredentials {
        key: Some(PrivateKeySource::Memory(Secret::from(
            std::fs::read_to_string(keys.join(name)).unwrap(),
        ))),
        password: Some(Secret::from("secret-pw")),
        ..SshCredentials::default()
    };
    for &engine in ENGINES {
        for name in ["rsa", "ecdsa"] {
            let target = sshd.target_with(engine, with_key(name));
            let connection = connect(&target).await.unwrap();
            connection.close().await;
        }
        let error = connect(&sshd.target_with(engine, with_key("other")))
            .await
            .err()
            .unwrap();
        assert_eq!(error.kind(), ErrorKind::AuthenticationFailed, "{error:?}");
        assert_eq!(
            error.message(),
            "Authentication failed - check username/password/key"
        );
        assert_eq!(error.context("tried"), Some("publickey"));

        let password = SshCredentials {
            password: Some(Secret::from("secret-pw")),
            ..SshCredentials::default()
        };
        let error = connect(&sshd.target_with(engine, password))
            .await
            .err()
            .unwrap();
        assert_eq!(error.kind(), ErrorKind::AuthenticationFailed, "{error:?}");
        assert!(error.context("tried").unwrap().starts_with("none,password"));
        assert!(!format!("{error:?}").contains("secret-pw"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_server_ends_every_wait() {
    for &engine in ENGINES {
        let sshd = Sshd::start("");
        let connection = connected(&sshd, engine).await;
        let file = sshd.directory.path().join("pid");
        let running = tokio::spawn({
            let command = format!("echo $$ > {}; exec sleep 600", file.display());
            let (connection, request) = (connection.clone(), ExecRequest::new(command));
            async move { connection.exec(request).await }
        });
        pid_from(&file).await;
        let started = Instant::now();
        sshd.signal_sessions("KILL");
        let error = running.await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionLost, "{error:?}");
        connection.closed().await;
        assert!(!connection.is_alive());
        assert!(started.elapsed() < Duration::from_secs(30));
        let error = connection.exec(ExecRequest::new("true")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionLost);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_server_is_noticed_by_its_silence() {
    for &engine in ENGINES {
        let sshd = Sshd::start("");
        let target = sshd.target(engine).timeouts(Timeouts {
            keepalive: Some(Duration::from_secs(1)),
            ..Timeouts::default()
        });
        let connection = Arc::new(connect(&target).await.unwrap());
        let slept = connection.exec(ExecRequest::new("sleep 5; echo up"));
        assert_eq!(
            slept.await.unwrap().stdout,
            b"up\n",
            "a quiet server is not dead"
        );
        let file = sshd.directory.path().join("pid");
        let running = tokio::spawn({
            let command = format!("echo $$ > {}; exec sleep 600", file.display());
            let (connection, request) = (connection.clone(), ExecRequest::new(command));
            async move { connection.exec(request).await }
        });
        pid_from(&file).await;
        sshd.signal_sessions("STOP");
        let frozen = Instant::now();
        let error = running.await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionLost, "{error:?}");
        assert!(frozen.elapsed() < Duration::from_secs(30));
        assert!(!connection.is_alive());
        assert!(eventually(|| sockets_to(sshd.port) == 0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_waits_for_no_server() {
    for &engine in ENGINES {
        for busy in [false, true] {
            let sshd = Sshd::start("");
            let connection = connected(&sshd, engine).await;
            let file = sshd.directory.path().join("pid");
            let command = format!("echo $$ > {}; exec cat /dev/zero", file.display());
            let request = ExecRequest::new(command).output_limit(u64::MAX);
            let running = busy.then(|| {
                let connection = connection.clone();
                tokio::spawn(async move { connection.exec(request).await.map(|_| ()) })
            });
            if busy {
                pid_from(&file).await;
            }
            sshd.signal_sessions("STOP");
            let started = Instant::now();
            connection.close().await;
            assert!(
                started.elapsed() < Duration::from_secs(1),
                "{:?}",
                started.elapsed()
            );
            assert!(!connection.is_alive());
            if let Some(running) = running {
                let error = running.await.unwrap().unwrap_err();
                assert_eq!(error.kind(), ErrorKind::ConnectionLost, "{error:?}");
            }
            assert_eq!(sockets_to(sshd.port), 0, "{engine:?} busy: {busy}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_connection_leaves_nothing() {
    let sshd = Sshd::start("");
    for &engine in ENGINES {
        let connection = connected(&sshd, engine).await;
        assert!(sockets_to(sshd.port) > 0);
        drop(connection);
        assert!(eventually(|| sockets_to(sshd.port) == 0), "{engine:?}");

        let target = sshd.target(engine);
        for wait in [0, 1, 5, 20, 50] {
            let connecting = connect(&target);
            let _ = tokio::time::timeout(Duration::from_millis(wait), connecting).await;
            assert!(
                eventually(|| sockets_to(sshd.port) == 0),
                "{engine:?} {wait}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_sessions_fails_as_a_whole() {
    let sshd = Sshd::start("MaxSessions 0");
    for &engine in ENGINES {
        let error = connect(&sshd.target(engine)).await.err().unwrap();
        assert_eq!(error.kind(), ErrorKind::ChannelRefused, "{error:?}");
    }
}

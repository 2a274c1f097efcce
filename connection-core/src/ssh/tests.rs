//! Connections and commands against a real server, on every engine.

use super::engine::{ChannelEvent, ChannelRequest, HostKeyCheck};
use super::test_sshd::{ENGINES, Sshd, eventually, pid_from, runs, sockets_to};
use super::{READ_BANNER, SshConnection};
use crate::error::{Error, ErrorKind, Result};
use crate::exec::{ExecRequest, ExitStatus};
use crate::secret::Secret;
use crate::ssh::engine::ChannelKind;
use crate::target::{PrivateKeySource, SshCredentials, SshEngine, SshTarget, Timeouts};
use bytes::Bytes;
use std::io::{Read, Write};
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
async fn both_outputs_are_drained_side_by_side() {
    let sshd = Sshd::start("");
    const SIZE: usize = 8 * 1024 * 1024;
    for &engine in ENGINES {
        let connection = connected(&sshd, engine).await;
        let command = format!(
            "head -c {SIZE} /dev/zero | tr '\\0' a & \
             head -c {SIZE} /dev/zero | tr '\\0' b >&2; wait"
        );
        let output = connection.exec(ExecRequest::new(command)).await.unwrap();
        assert_eq!(output.status, ExitStatus::Code(0));
        assert!(!output.truncated);
        assert!(output.stdout == vec![b'a'; SIZE], "{}", output.stdout.len());
        assert!(output.stderr == vec![b'b'; SIZE], "{}", output.stderr.len());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_says_how_it_ended() {
    let sshd = Sshd::start("");
    for &engine in ENGINES {
        let connection = connected(&sshd, engine).await;
        let run = |command: &str| {
            let connection = connection.clone();
            let request = ExecRequest::new(command);
            async move { connection.exec(request).await.unwrap() }
        };
        assert_eq!(run("exit 7").await.status, ExitStatus::Code(7));
        assert_eq!(run("true").await.status, ExitStatus::Code(0));
        let killed = run("kill -9 $$").await.status;
        assert_eq!(killed, ExitStatus::Signal("KILL".to_owned()));
        let term = run("kill $$").await.status;
        assert_eq!(term, ExitStatus::Signal("TERM".to_owned()));
        let cat = run("cat; echo over").await;
        assert_eq!(cat.stdout, b"over\n", "nothing comes on standard input");
        let bytes = run("printf '\\377\\000x'").await;
        assert_eq!(bytes.stdout, b"\xff\0x");

        let error = connection.exec(ExecRequest::new("a\0b")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert_eq!(run("echo well").await.stdout, b"well\n");
    }
}

/// OpenSSH allows ten channels; the eleventh command waits for one of the ten.
#[tokio::test(flavor = "multi_thread")]
async fn twenty_commands_at_once() {
    let sshd = Sshd::start("");
    for &engine in ENGINES {
        let connection = connected(&sshd, engine).await;
        for round in 0..3 {
            let mut commands = tokio::task::JoinSet::new();
            for n in 0..20 {
                let connection = connection.clone();
                commands.spawn(async move {
                    let request = ExecRequest::new(format!("echo {n}; echo e{n} >&2; exit {n}"));
                    (n, connection.exec(request).await)
                });
            }
            while let Some(done) = commands.join_next().await {
                let (n, output) = done.unwrap();
                let output = output.unwrap_or_else(|e| panic!("{engine:?} {round} {n}: {e:?}"));
                assert_eq!(output.stdout, format!("{n}\n").into_bytes());
                assert_eq!(output.stderr, format!("e{n}\n").into_bytes());
                assert_eq!(output.status, ExitStatus::Code(n));
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_room_for_a_command_it_is_refused() {
    let sshd = Sshd::start("MaxSessions 1");
    for &engine in ENGINES {
        let connection = connected(&sshd, engine).await;
        let both = tokio::join!(
            connection.exec(ExecRequest::new("true")),
            connection.exec(ExecRequest::new("true"))
        );
        for outcome in [both.0, both.1] {
            assert_eq!(outcome.unwrap_err().kind(), ErrorKind::ChannelRefused);
        }
        assert!(connection.is_alive());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_given_up_is_ended_on_the_server() {
    let sshd = Sshd::start("");
    for &engine in ENGINES {
        let connection = connected(&sshd, engine).await;
        let file = |name: &str| sshd.directory.path().join(format!("{name}-{engine:?}"));
        let command = |name: &str| format!("echo $$ > {}; exec sleep 600", file(name).display());

        let running = tokio::spawn({
            let (connection, request) = (connection.clone(), ExecRequest::new(command("dropped")));
            async move { connection.exec(request).await }
        });
        let pid = pid_from(&file("dropped")).await;
        assert!(runs(pid));
        running.abort();
        assert!(eventually(|| !runs(pid)), "dropped: {}", sshd.log());

        let request = ExecRequest::new(command("late")).timeout(Some(Duration::from_secs(2)));
        let error = connection.exec(request).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TimedOut);
        let pid = pid_from(&file("late")).await;
        assert!(eventually(|| !runs(pid)), "timed out");

        let limit = 3 * 1024 * 1024 + 5;
        let loud = format!("echo $$ > {}; exec yes", file("loud").display());
        let request = ExecRequest::new(loud).output_limit(limit);
        let output = connection.exec(request).await.unwrap();
        assert!(output.truncated);
        assert_eq!(output.stdout.len() as u64, limit);
        assert!(output.stdout.starts_with(b"y\ny\n"));
        assert_eq!(output.status, ExitStatus::Signal("KILL".to_owned()));
        let pid = pid_from(&file("loud")).await;
        assert!(eventually(|| !runs(pid)), "too loud");

        let output = connection
            .exec(ExecRequest::new("echo fine"))
            .await
            .unwrap();
        assert_eq!(output.stdout, b"fine\n");
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
        assert!(started.elapsed() < Duration::from_secs(2));
        let error = connection.exec(ExecRequest::new("true")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionLost);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_server_is_noticed_by_its_silence() {
    for &engine in ENGINES {
        let sshd = Sshd::start("");
        let target = sshd.target(engine).timeouts(Timeouts {
            keepalive: Some(Duration::from_millis(300)),
            ..Timeouts::default()
        });
        let connection = Arc::new(connect(&target).await.unwrap());
        let slept = connection.exec(ExecRequest::new("sleep 2; echo up"));
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
        assert!(frozen.elapsed() < Duration::from_secs(4));
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
async fn a_server_without_files_fails_as_a_whole() {
    let sshd = Sshd::start("Subsystem sftp /nonexistent/sftp-server");
    let config = sshd.directory.path().join("config");
    drop(config);
    for &engine in ENGINES {
        // The configuration's second `Subsystem sftp` would be refused by sshd, so the
        // account is confined to a command instead.
        let confined = Sshd::start("MaxSessions 0");
        let error = connect(&confined.target(engine)).await.err().unwrap();
        assert_eq!(error.kind(), ErrorKind::ChannelRefused, "{error:?}");
    }
}

/// A peer on a port of its own that does one thing to each connection.
fn peer(act: impl Fn(std::net::TcpStream) + Send + 'static) -> u16 {
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
    let long = Duration::from_secs(10);
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

        let error = failure(stuck, engine, Duration::from_millis(300)).await;
        assert_eq!(error.kind(), ErrorKind::TimedOut, "{error:?}");
        assert_ne!(error.operation(), READ_BANNER);
    }
}

/// A write that is given up keeps its place: no window is lost, and no byte is torn.
#[tokio::test(flavor = "multi_thread")]
async fn a_channel_carries_both_ways_however_its_writes_are_cut() {
    let sshd = Sshd::start("");
    for &engine in ENGINES {
        let connection = connected(&sshd, engine).await;
        let mut channel = connection.open_channel(ChannelKind::Session).await.unwrap();
        let command = ChannelRequest::Exec(b"sleep 0.5; wc -c".to_vec());
        channel.sender.request(command).await.unwrap();
        const CHUNK: usize = 1024 * 1024;
        // The server reads nothing yet, so its window runs out and writes are cut.
        let mut cut = 0;
        for _ in 0..12 {
            let data = Bytes::from(vec![b'x'; CHUNK]);
            let write = channel.sender.write(data);
            cut += usize::from(
                tokio::time::timeout(Duration::from_millis(20), write)
                    .await
                    .is_err(),
            );
        }
        assert!(cut > 0, "the window never ran out");
        channel.sender.eof().await.unwrap();
        let mut counted = Vec::new();
        let mut ended = None;
        while let Some(event) = channel.receiver.next().await.unwrap() {
            match event {
                ChannelEvent::Data(data) => counted.extend_from_slice(&data),
                ChannelEvent::ExitStatus(code) => ended = Some(code),
                _ => {}
            }
        }
        assert_eq!(ended, Some(0));
        let text = String::from_utf8(counted).unwrap();
        assert_eq!(text.trim(), (12 * CHUNK).to_string());
        assert!(channel.receiver.next().await.unwrap().is_none());
        assert!(
            channel
                .sender
                .write(Bytes::from_static(b"x"))
                .await
                .is_err()
        );
    }
}

/// A tunnel reaches what listens, and says so when nothing does.
#[tokio::test(flavor = "multi_thread")]
async fn a_tunnel_carries_bytes() {
    let sshd = Sshd::start("");
    let echo = peer(|mut stream| {
        let mut text = [0; 5];
        if stream.read_exact(&mut text).is_ok() {
            let _ = stream.write_all(&text);
        }
    });
    for &engine in ENGINES {
        let connection = connected(&sshd, engine).await;
        let to = |port| ChannelKind::DirectTcpip {
            host: "127.0.0.1".to_owned(),
            port,
        };
        let mut channel = connection.open_channel(to(echo)).await.unwrap();
        channel
            .sender
            .write(Bytes::from_static(b"hello"))
            .await
            .unwrap();
        let mut back = Vec::new();
        while let Some(event) = channel.receiver.next().await.unwrap() {
            if let ChannelEvent::Data(data) = event {
                back.extend_from_slice(&data);
            }
        }
        assert_eq!(back, b"hello");
        let nothing = super::test_sshd::free_port();
        let error = connection.open_channel(to(nothing)).await.err().unwrap();
        assert_eq!(error.kind(), ErrorKind::ChannelRefused, "{error:?}");
        assert!(connection.is_alive());
    }
}

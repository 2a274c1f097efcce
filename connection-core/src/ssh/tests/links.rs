//! Further links to a real server: commands beside files whatever the server allows, and
//! what happens to the links in the end.

use super::{Trusting, connect, connected};
use crate::error::{Error, ErrorKind, Result};
use crate::exec::{ExecRequest, ExitStatus};
use crate::fs::{WriteMode, WriteOptions};
use crate::path::RemotePath;
use crate::ssh::SshConnection;
use crate::ssh::engine::{ChannelKind, HostKeyCheck};
use crate::ssh::test_sshd::{ENGINES, Sshd, eventually, pid_from, sockets_to};
use crate::target::{LinkLimits, PrivateKeySource, SshCredentials};
use bytes::Bytes;
use std::os::unix::ffi::OsStrExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

fn logins(sshd: &Sshd) -> usize {
    sshd.log().matches("Accepted publickey").count()
}

fn path(sshd: &Sshd, name: &str) -> RemotePath {
    let path = sshd.directory.path().join(name);
    RemotePath::parse(path.as_os_str().as_bytes(), &RemotePath::root()).unwrap()
}

async fn echo(connection: &SshConnection, text: &str) -> Result<()> {
    let output = connection.exec(ExecRequest::new(format!("echo {text}")));
    let output = output.await?;
    assert_eq!(output.stdout, format!("{text}\n").into_bytes());
    assert_eq!(output.status, ExitStatus::Code(0));
    Ok(())
}

/// Writes a file and reads it back, and lists beside it.
async fn files(connection: &SshConnection, sshd: &Sshd) {
    let fs = connection.fs();
    let file = path(sshd, "transfer");
    let data = Bytes::from(vec![7; 16 * 1024 * 1024]);
    let options = WriteOptions {
        mode: WriteMode::Truncate,
        permissions: None,
    };
    let mut writer = fs.open_write(&file, options).await.unwrap();
    writer.write(data.clone()).await.unwrap();
    writer.finish().await.unwrap();
    let mut reader = fs.open_read(&file, 0).await.unwrap();
    let mut length = 0;
    while let Some(chunk) = reader.next_chunk().await.unwrap() {
        length += chunk.len();
        let pages = fs.list(&path(sshd, ".")).await.unwrap();
        assert!(pages.collect(1000).await.unwrap().len() >= 5);
    }
    assert_eq!(length, data.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn thirty_commands_beside_files_whatever_the_server_allows() {
    for allowed in [1, 2, 10] {
        let sshd = Sshd::start(&format!("MaxSessions {allowed}"));
        for &engine in ENGINES {
            let connection = connected(&sshd, engine).await;
            let mut commands = JoinSet::new();
            for n in 0..30 {
                let connection = connection.clone();
                commands.spawn(async move {
                    let request = ExecRequest::new(format!("echo {n}; exit {n}"));
                    (n, connection.exec(request).await)
                });
            }
            let beside = files(&connection, &sshd);
            let (results, ()) = tokio::join!(commands.join_all(), beside);
            for (n, output) in results {
                let output = output.unwrap_or_else(|e| panic!("{engine:?} {allowed} {n}: {e:?}"));
                assert_eq!(output.stdout, format!("{n}\n").into_bytes());
                assert_eq!(output.status, ExitStatus::Code(n));
            }
            assert!((1..=4).contains(&connection.links()));
            connection.close().await;
            assert_eq!((connection.links(), sockets_to(sshd.port)), (0, 0));
            assert!(eventually(|| sshd.sessions() == 0), "{}", sshd.log());
        }
    }
}

/// Five channels a link, one of them for files: nine at once need two links, and no more.
#[tokio::test(flavor = "multi_thread")]
async fn many_that_find_no_room_have_one_link_opened() {
    let sshd = Sshd::start("MaxSessions 5");
    for &engine in ENGINES {
        let before = logins(&sshd);
        let connection = connected(&sshd, engine).await;
        let together = sshd.directory.path().join(engine.name());
        std::fs::create_dir(&together).unwrap();
        let mut commands = JoinSet::new();
        for n in 0..9 {
            let connection = connection.clone();
            // Each ends once all nine have begun.
            let command = format!(
                "touch {0}/{n}; while [ $(ls {0} | wc -l) -lt 9 ]; do sleep 0.02; done",
                together.display()
            );
            let request = ExecRequest::new(command).timeout(Some(Duration::from_secs(30)));
            commands.spawn(async move { connection.exec(request).await });
        }
        for output in commands.join_all().await {
            assert_eq!(output.unwrap().status, ExitStatus::Code(0));
        }
        assert_eq!(connection.links(), 2);
        assert_eq!(logins(&sshd) - before, 2, "{}", sshd.log());
        connection.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_cannot_be_repeated_is_tried_once_more_and_no_oftener() {
    for allowed in [1, 3] {
        for &engine in ENGINES {
            let sshd = Sshd::start(&format!("MaxSessions {allowed}"));
            let connection = connected(&sshd, engine).await;
            let key = sshd.directory.path().join("user.pub");
            std::fs::remove_file(key).unwrap();
            for _ in 0..3 {
                let commands = (0..6).map(|_| {
                    let request = ExecRequest::new("sleep 0.15; echo well");
                    connection.exec(request)
                });
                for output in futures::future::join_all(commands).await {
                    if allowed == 1 {
                        let error = output.unwrap_err();
                        assert_eq!(error.kind(), ErrorKind::ChannelRefused, "{error:?}");
                        let reason = error.context("further_link").unwrap();
                        assert!(reason.contains("Authentication failed"), "{reason}");
                    } else {
                        assert_eq!(output.unwrap().stdout, b"well\n");
                    }
                }
            }
            files(&connection, &sshd).await;
            assert!(connection.is_alive() && connection.links() == 1);
            assert_eq!(logins(&sshd), 1);
            let connections = sshd.log().matches("Connection from 127.0.0.1").count();
            // The wait for the server to listen makes one as well.
            assert!(connections <= 3, "{connections}\n{}", sshd.log());
            connection.close().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_takes_no_more_connections_is_served_by_the_one_there_is() {
    for allowed in [1, 3] {
        for &engine in ENGINES {
            let mut sshd = Sshd::start(&format!("MaxSessions {allowed}"));
            let connection = connected(&sshd, engine).await;
            sshd.stop_listening();
            let commands = (0..6).map(|_| {
                let request = ExecRequest::new("sleep 0.15; echo well");
                connection.exec(request)
            });
            for output in futures::future::join_all(commands).await {
                if allowed == 1 {
                    let error = output.unwrap_err();
                    assert_eq!(error.kind(), ErrorKind::ChannelRefused, "{error:?}");
                    let words = error.message();
                    assert!(words.contains("no further link: connect: "), "{words}");
                } else {
                    assert_eq!(output.unwrap().stdout, b"well\n");
                }
            }
            files(&connection, &sshd).await;
            assert!(connection.is_alive() && connection.links() == 1);
            connection.close().await;
            assert!(eventually(|| sockets_to(sshd.port) == 0));
        }
    }
}

/// Trusts a server once.
#[derive(Default)]
struct Once(AtomicUsize);

impl HostKeyCheck for Once {
    fn preferred_algorithms(&self) -> Vec<String> {
        Vec::new()
    }

    fn check(&self, _: &[u8]) -> Result<()> {
        match self.0.fetch_add(1, Ordering::SeqCst) {
            0 => Ok(()),
            _ => Err(Error::new(ErrorKind::HostChanged, "check", "it changed")),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_not_trusted_any_more_gets_no_second_login() {
    let sshd = Sshd::start("MaxSessions 1");
    for &engine in ENGINES {
        let before = logins(&sshd);
        let check = Arc::new(Once::default());
        let target = sshd.target(engine);
        let connection = SshConnection::connect_checked(&target, check.clone());
        let connection = connection.await.unwrap();
        for _ in 0..3 {
            let error = echo(&connection, "x").await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::ChannelRefused);
            let reason = error.context("further_link").unwrap();
            assert!(reason.contains("it changed"), "{reason}");
        }
        assert_eq!(check.0.load(Ordering::SeqCst), 2);
        assert_eq!(logins(&sshd) - before, 1);
        files(&connection, &sshd).await;
        connection.close().await;
    }
}

/// The key's file may be gone by the time of the second login.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_loaded_once() {
    let sshd = Sshd::start("MaxSessions 1");
    for &engine in ENGINES {
        let copy = sshd.directory.path().join("copy");
        std::fs::copy(sshd.directory.path().join("user"), &copy).unwrap();
        let credentials = SshCredentials {
            key: Some(PrivateKeySource::File(copy.clone())),
            ..SshCredentials::default()
        };
        let connection = connect(&sshd.target_with(engine, credentials))
            .await
            .unwrap();
        std::fs::remove_file(copy).unwrap();
        echo(&connection, "well").await.unwrap();
        assert_eq!(connection.links(), 2);
        connection.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_link_goes_and_comes_again() {
    let sshd = Sshd::start("MaxSessions 1");
    for &engine in ENGINES {
        let limits = LinkLimits {
            idle: Duration::from_millis(200),
            ..LinkLimits::default()
        };
        let connection = connect(&sshd.target(engine).links(limits)).await.unwrap();
        for _ in 0..2 {
            let request = ExecRequest::new("sleep 0.6; echo well");
            let output = connection.exec(request).await.unwrap();
            assert_eq!(output.stdout, b"well\n", "a link in use is not idle");
            assert!(eventually(|| connection.links() == 1));
            assert!(eventually(|| sshd.sessions() == 1), "{}", sshd.log());
        }
        files(&connection, &sshd).await;
        connection.close().await;
        assert!(eventually(|| sshd.sessions() == 0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_dies_ends_what_ran_on_it_and_nothing_else() {
    let sshd = Sshd::start("MaxSessions 1");
    for &engine in ENGINES {
        let connection = connected(&sshd, engine).await;
        let file = sshd.directory.path().join(format!("pid-{engine:?}"));
        let running = tokio::spawn({
            // The parent of the command's shell serves its link.
            let command = format!("echo $PPID > {}; exec sleep 600", file.display());
            let (connection, request) = (connection.clone(), ExecRequest::new(command));
            async move { connection.exec(request).await }
        });
        let server = pid_from(&file).await;
        let killed = std::process::Command::new("kill")
            .args(["-KILL", &server.to_string()])
            .status();
        assert!(killed.unwrap().success());
        let error = running.await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionLost, "{error:?}");
        assert!(connection.is_alive());
        files(&connection, &sshd).await;
        echo(&connection, "on another link").await.unwrap();
        connection.close().await;
        assert!(eventually(|| sockets_to(sshd.port) == 0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_links_close_within_a_second_and_no_server_is_waited_for() {
    for &engine in ENGINES {
        for frozen in [false, true] {
            let sshd = Sshd::start("MaxSessions 1");
            let connection = connected(&sshd, engine).await;
            let kept = connection.open_channel(ChannelKind::Session).await.unwrap();
            let second = connection.open_channel(ChannelKind::Session).await.unwrap();
            assert_eq!(connection.links(), 3);
            if frozen {
                sshd.signal_sessions("STOP");
            }
            let started = Instant::now();
            connection.close().await;
            assert!(started.elapsed() < Duration::from_secs(1));
            assert_eq!(sockets_to(sshd.port), 0, "{engine:?} frozen: {frozen}");
            let error = echo(&connection, "x").await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::ConnectionLost, "{error:?}");
            assert_eq!(connection.links(), 0);
            drop((kept, second));
        }
    }
}

/// Dropped whenever: before a link is opened, while it is, and when it is there.
#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_connection_leaves_no_link() {
    let sshd = Sshd::start("MaxSessions 1");
    for &engine in ENGINES {
        for wait in [0, 2, 10, 30, 100, 400] {
            let connection = connected(&sshd, engine).await;
            let running = connection.exec(ExecRequest::new("sleep 600"));
            let _ = tokio::time::timeout(Duration::from_millis(wait), running).await;
            drop(connection);
            assert!(
                eventually(|| sockets_to(sshd.port) == 0),
                "{engine:?} {wait}"
            );
        }
        assert!(eventually(|| sshd.sessions() == 0), "{}", sshd.log());
    }
}

/// One link is what it always was: commands wait for each other.
#[tokio::test(flavor = "multi_thread")]
async fn one_link_can_be_made_the_limit() {
    let sshd = Sshd::start("MaxSessions 2");
    for &engine in ENGINES {
        let limits = LinkLimits {
            max: 1,
            ..LinkLimits::default()
        };
        let check = Arc::new(Trusting::default());
        let target = sshd.target(engine).links(limits);
        let connection = SshConnection::connect_checked(&target, check)
            .await
            .unwrap();
        let all = (0..5).map(|n| {
            let connection = &connection;
            async move { echo(connection, &n.to_string()).await }
        });
        for outcome in futures::future::join_all(all).await {
            outcome.unwrap();
        }
        assert_eq!(connection.links(), 1);
        connection.close().await;
    }
}

//! One file over several channels of a real server, at the end of a long line.

use super::connect;
use crate::error::ErrorKind;
use crate::exec::ExecRequest;
use crate::fs::{FileWriter, WriteMode, WriteOptions};
use crate::path::RemotePath;
use crate::ssh::SshConnection;
use crate::ssh::sftp::tests::support::delay_line;
use crate::ssh::test_sshd::{ENGINES, Sshd, eventually};
use crate::target::SshEngine;
use bytes::{Bytes, BytesMut};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};

/// Each way.
const FAR: Duration = Duration::from_millis(40);

const PIECE: usize = 1 << 20;

/// More bytes than any file needs to get its further channels.
const ENOUGH: usize = 400 << 20;

/// Bytes that take one channel longer than it takes to open the file on others.
const IN_USE: usize = 48 << 20;

const NEW: WriteOptions = WriteOptions {
    mode: WriteMode::CreateNew,
    permissions: None,
};

/// A port from which it is far to another one.
async fn far_from(port: u16) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let near = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            let (from_client, to_client) = client.into_split();
            let (from_server, to_server) = server.into_split();
            tokio::spawn(delay_line(from_client, to_server, FAR, |_| {}));
            tokio::spawn(delay_line(from_server, to_client, FAR, |_| {}));
        }
    });
    near
}

fn pattern(at: usize) -> Bytes {
    let first = at as u64 / 8;
    let mut bytes = BytesMut::with_capacity(PIECE);
    for number in first..first + PIECE as u64 / 8 {
        bytes.extend_from_slice(&number.to_le_bytes());
    }
    bytes.freeze()
}

/// A connection to a server that is far away.
struct World {
    sshd: Sshd,
    connection: Arc<SshConnection>,
}

impl World {
    async fn new(engine: SshEngine, sessions: usize) -> Self {
        let sshd = Sshd::start(&format!("MaxSessions {sessions}"));
        let target = sshd.target(engine).port(far_from(sshd.port).await);
        let connection = match connect(&target).await {
            Ok(connection) => Arc::new(connection),
            Err(error) => panic!("{engine:?}: {error:?}\n{}", sshd.log()),
        };
        Self { sshd, connection }
    }

    fn local(&self, name: &str) -> PathBuf {
        self.sshd.directory.path().join(name)
    }

    fn path(&self, name: &str) -> RemotePath {
        let path = self.local(name);
        RemotePath::parse(path.as_os_str().as_bytes(), &RemotePath::root()).unwrap()
    }

    fn channels(&self) -> usize {
        self.sshd.file_servers().len()
    }

    /// Writes a new file until the server has so many channels for it and they are in use,
    /// and says how many bytes it has.
    async fn written_by(&self, name: &str, wanted: usize) -> (Box<dyn FileWriter>, usize) {
        let fs = self.connection.fs();
        let mut file = fs.open_write(&self.path(name), NEW).await.unwrap();
        let (mut at, mut left) = (0, IN_USE);
        while left > 0 {
            assert!(at < ENOUGH, "{}", self.sshd.log());
            file.write(pattern(at)).await.unwrap();
            at += PIECE;
            if left < IN_USE || self.channels() == wanted {
                left -= PIECE;
            }
        }
        (file, at)
    }

    async fn echo(&self) {
        let output = self.connection.exec(ExecRequest::new("echo well")).await;
        assert_eq!(output.unwrap().stdout, b"well\n");
    }
}

fn check(file: &Path, length: usize) {
    let content = std::fs::read(file).unwrap();
    assert_eq!(content.len(), length);
    for (number, piece) in content.chunks(PIECE).enumerate() {
        assert!(piece == pattern(number * PIECE), "piece {number}");
    }
}

/// The first channel, and of the others what is left beside a command and a terminal.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_takes_as_many_channels_as_are_not_needed_otherwise() {
    for (sessions, channels) in [(10, 4), (4, 2), (2, 1), (1, 1)] {
        for &engine in ENGINES {
            let world = World::new(engine, sessions).await;
            let (mut file, mut at) = world.written_by("f", channels).await;
            tokio::join!(world.echo(), world.echo());
            let links = if sessions > 2 { 1..=1 } else { 1..=3 };
            assert!(links.contains(&world.connection.links()), "{sessions}");
            for _ in 0..8 {
                file.write(pattern(at)).await.unwrap();
                at += PIECE;
            }
            assert_eq!(world.channels(), channels, "{engine:?} {sessions}");
            file.finish().await.unwrap();
            check(&world.local("f"), at);
            // They go with it: all that the server allows is there for commands.
            assert!(eventually(|| world.channels() == 1));
            world.connection.close().await;
            assert!(eventually(|| world.sshd.sessions() == 0));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_process_that_dies_fails_its_file_and_nothing_else() {
    for &engine in ENGINES {
        let world = World::new(engine, 10).await;
        let first = world.sshd.file_servers();
        let (mut file, mut at) = world.written_by("f", 4).await;
        let mut servers = world.sshd.file_servers().into_iter();
        let victim = servers.find(|pid| !first.contains(pid)).unwrap();
        let killed = std::process::Command::new("kill")
            .args(["-KILL", &victim.to_string()])
            .status();
        assert!(killed.unwrap().success());
        let error = loop {
            assert!(at < 2 * ENOUGH);
            if let Err(error) = file.write(pattern(at)).await {
                break error;
            }
            at += PIECE;
        };
        assert_eq!(error.kind(), ErrorKind::ConnectionLost, "{error:?}");
        let settled = file.settled().unwrap() as usize;
        let content = std::fs::read(world.local("f")).unwrap();
        assert!(settled > 0 && content.len() >= settled);
        for (number, piece) in content[..settled].chunks(PIECE).enumerate() {
            let right = pattern(number * PIECE);
            assert!(*piece == right[..piece.len()], "piece {number}");
        }
        let error = file.finish().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionLost, "{error:?}");
        world.echo().await;
        assert!(world.connection.is_alive());
        let fs = world.connection.fs();
        fs.remove_file(&world.path("f")).await.unwrap();
        let (file, at) = world.written_by("g", 4).await;
        file.finish().await.unwrap();
        check(&world.local("g"), at);
        world.connection.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_given_up_frees_its_channels_and_one_that_may_be_gone_on_with_takes_none() {
    for &engine in ENGINES {
        let world = World::new(engine, 10).await;
        let (file, _) = world.written_by("f", 4).await;
        file.abort().await;
        assert!(eventually(|| world.channels() == 1));

        // Its size says where to go on, whatever becomes of the connection: one channel.
        let (fs, path) = (world.connection.fs(), world.path("f"));
        let mut at = 0;
        for end in [32 << 20, 40 << 20] {
            let mode = match at {
                0 => WriteMode::Truncate,
                at => WriteMode::At(at as u64),
            };
            let permissions = None;
            let options = WriteOptions { mode, permissions };
            let mut file = fs.open_write(&path, options).await.unwrap();
            while at < end {
                file.write(pattern(at)).await.unwrap();
                at += PIECE;
                assert_eq!(world.channels(), 1);
            }
            file.finish().await.unwrap();
            check(&world.local("f"), at);
        }
        world.connection.close().await;
    }
}

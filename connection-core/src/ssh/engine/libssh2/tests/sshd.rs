//! A real sshd on loopback for one test, stopped when dropped.

use crate::error::Result;
use crate::secret::Secret;
use crate::ssh::engine::{
    AuthMethod, AuthReply, ChannelEvent, ChannelKind, ChannelRequest, ConnectSpec, Handshaken,
    HostKeyCheck, Link,
};
use crate::target::Timeouts;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::net::TcpStream;

pub(super) struct Sshd {
    child: Child,
    pub(super) port: u16,
    directory: tempfile::TempDir,
}

/// A key pair made by ssh-keygen.
pub(super) fn keygen(path: &Path, kind: &str, bits: &str) {
    let mut command = Command::new("ssh-keygen");
    command.args(["-q", "-N", "", "-t", kind, "-f"]).arg(path);
    if !bits.is_empty() {
        command.args(["-b", bits]);
    }
    assert!(command.status().unwrap().success());
}

pub(super) fn user() -> String {
    let output = Command::new("id").arg("-un").output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

impl Sshd {
    pub(super) fn start(extra: &str) -> Self {
        if user() == "root" {
            std::fs::create_dir_all("/run/sshd").unwrap();
        }
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name);
        keygen(&at("host"), "ed25519", "");
        keygen(&at("user"), "ed25519", "");
        std::fs::copy(at("user.pub"), at("authorized_keys")).unwrap();
        let (child, port) = loop {
            let port = crate::test_ports::free();
            let config = format!(
                "{extra}\nListenAddress 127.0.0.1:{port}\nHostKey {host}\nAuthorizedKeysFile {keys}\n\
                 PidFile none\nUsePAM no\nStrictModes no\nPermitRootLogin yes\n\
                 MaxSessions 100\nSetEnv HOME={home}\nLogLevel DEBUG1\nSubsystem sftp internal-sftp\n",
                host = at("host").display(),
                keys = at("authorized_keys").display(),
                // The account's own shell files are no part of a test.
                home = directory.path().display(),
            );
            std::fs::write(at("config"), config).unwrap();
            let mut child = Command::new("/usr/sbin/sshd")
                .args(["-D", "-f"])
                .arg(at("config"))
                // Not to standard error: a command's child would log there as well.
                .arg("-E")
                .arg(at("log"))
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            let listens = wait_until(Duration::from_secs(60), || {
                std::fs::read_to_string(at("log")).is_ok_and(|l| l.contains("Server listening"))
                    || child.try_wait().unwrap().is_some()
            });
            assert!(listens, "sshd does not start");
            if child.try_wait().unwrap().is_none() {
                break (child, port);
            }
            let log = std::fs::read_to_string(at("log")).unwrap();
            assert!(log.contains("in use"), "{log}");
        };
        Self {
            child,
            port,
            directory,
        }
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(super) fn log(&self) -> String {
        std::fs::read_to_string(self.path("log")).unwrap()
    }

    /// The process that serves our connection, a child of the listener (and its child).
    pub(super) fn session_pids(&self) -> Vec<i32> {
        let mut pids = vec![self.child.id() as i32];
        let mut index = 0;
        while let Some(pid) = pids.get(index) {
            let path = format!("/proc/{pid}/task/{pid}/children");
            let text = std::fs::read_to_string(path).unwrap_or_default();
            pids.extend(
                text.split_whitespace()
                    .filter_map(|p| p.parse::<i32>().ok()),
            );
            index += 1;
        }
        pids.remove(0);
        pids
    }

    pub(super) fn signal_sessions(&self, name: &str) {
        for pid in self.session_pids() {
            let _ = Command::new("kill")
                .args(["-s", name, &pid.to_string()])
                .stderr(Stdio::null())
                .status();
        }
    }

    pub(super) async fn stream(&self) -> TcpStream {
        TcpStream::connect(("127.0.0.1", self.port)).await.unwrap()
    }

    pub(super) async fn handshake(&self, timeouts: Timeouts) -> Box<dyn Handshaken> {
        let spec = ConnectSpec {
            timeouts,
            host_key: Arc::new(Keys::default()),
            rekey_bytes: 1 << 30,
        };
        super::super::connect(self.stream().await, spec)
            .await
            .unwrap()
    }

    pub(super) fn key(&self, name: &str) -> Secret {
        Secret::from(std::fs::read(self.path(name)).unwrap())
    }

    pub(super) async fn link_with(&self, timeouts: Timeouts) -> Arc<dyn Link> {
        let mut handshaken = self.handshake(timeouts).await;
        let reply = handshaken
            .authenticate(&user(), AuthMethod::PublicKey(&self.key("user")))
            .await
            .unwrap();
        assert_eq!(reply, AuthReply::Success, "{}", self.log());
        handshaken.into_link()
    }

    pub(super) async fn link(&self) -> Arc<dyn Link> {
        self.link_with(Timeouts::default()).await
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        self.signal_sessions("CONT");
        self.signal_sessions("KILL");
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Accepts, unless told otherwise, and keeps what it saw.
#[derive(Default)]
pub(super) struct Keys {
    pub(super) refuse: bool,
    pub(super) wish: Vec<String>,
    pub(super) seen: Mutex<Vec<Vec<u8>>>,
}

impl HostKeyCheck for Keys {
    fn preferred_algorithms(&self) -> Vec<String> {
        self.wish.clone()
    }

    fn check(&self, public_key: &[u8]) -> Result<()> {
        self.seen.lock().unwrap().push(public_key.to_vec());
        if self.refuse {
            return Err(crate::error::Error::new(
                crate::error::ErrorKind::HostChanged,
                "check host key",
                "not the one on record",
            ));
        }
        Ok(())
    }
}

pub(super) fn wait_until(limit: Duration, mut condition: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + limit;
    while Instant::now() < deadline {
        if condition() {
            return true;
        }
        std::thread::yield_now();
        std::thread::sleep(Duration::from_millis(2));
    }
    condition()
}

/// What a command did.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Ran {
    pub(super) out: Vec<u8>,
    pub(super) err: Vec<u8>,
    pub(super) status: Option<u32>,
    pub(super) signal: Option<String>,
    pub(super) eof: bool,
}

pub(super) async fn start(link: &Arc<dyn Link>, command: &str) -> crate::ssh::engine::Channel {
    let mut channel = link.open(ChannelKind::Session).await.unwrap();
    channel
        .sender
        .request(ChannelRequest::Exec(command.as_bytes().to_vec()))
        .await
        .unwrap();
    channel
}

pub(super) async fn finish(channel: &mut crate::ssh::engine::Channel) -> Result<Ran> {
    let mut ran = Ran::default();
    while let Some(event) = channel.receiver.next().await? {
        match event {
            ChannelEvent::Data(data) => ran.out.extend_from_slice(&data),
            ChannelEvent::Stderr(data) => ran.err.extend_from_slice(&data),
            ChannelEvent::Eof => ran.eof = true,
            ChannelEvent::ExitStatus(code) => ran.status = Some(code),
            ChannelEvent::ExitSignal(name) => ran.signal = Some(name),
        }
    }
    Ok(ran)
}

pub(super) async fn exec(link: &Arc<dyn Link>, command: &str) -> Ran {
    let mut channel = start(link, command).await;
    finish(&mut channel).await.unwrap()
}

/// Runs an ignored test alone in a process, so that what it counts is its own.
pub(super) fn run_alone(test: &str) {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "--ignored", "--nocapture"])
        .arg(format!("ssh::engine::libssh2::tests::{test}"))
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && text.contains("1 passed"),
        "{text}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// The owner threads of this process, as paths below `/proc`.
pub(super) fn owner_threads() -> Vec<PathBuf> {
    std::fs::read_dir("/proc/self/task")
        .unwrap()
        .map(|t| t.unwrap().path())
        .filter(|t| {
            std::fs::read_to_string(t.join("comm")).is_ok_and(|n| n.trim() == "ssh-libssh2")
        })
        .collect()
}

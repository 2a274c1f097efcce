//! A real `sshd` of its own for a test, on a port and in a directory of its own.

use crate::secret::Secret;
use crate::target::{PrivateKeySource, SshCredentials, SshEngine, SshTarget, Timeouts};
use std::collections::HashSet;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Engines that every test of this module runs on.
pub(crate) const ENGINES: &[SshEngine] = &SshEngine::ALL;

/// A running server; it and everything it started end with it.
pub(crate) struct Sshd {
    pub(crate) directory: tempfile::TempDir,
    pub(crate) port: u16,
    server: Child,
}

impl Sshd {
    /// Starts a server with these lines added to its configuration.
    pub(crate) fn start(extra: &str) -> Self {
        // The free port may be taken by another test before sshd binds it.
        (0..5)
            .find_map(|_| Self::try_start(extra))
            .expect("sshd starts; is openssh-server installed?")
    }

    fn try_start(extra: &str) -> Option<Self> {
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name).display().to_string();
        for name in ["host", "user"] {
            let made = Command::new("ssh-keygen")
                .args(["-q", "-t", "ed25519", "-N", "", "-f", &at(name)])
                .status()
                .unwrap();
            assert!(made.success());
        }
        // Where sshd confines itself when root runs it.
        let _ = std::fs::create_dir_all("/run/sshd");
        let port = crate::test_ports::free();
        let config = format!(
            "ListenAddress 127.0.0.1:{port}\nHostKey {}\nAuthorizedKeysFile {}\nPidFile none\n\
             UsePAM no\nStrictModes no\nPermitRootLogin yes\nLogLevel DEBUG1\n\
             SetEnv HOME={}\n{extra}\nSubsystem sftp internal-sftp\n",
            at("host"),
            at("user.pub"),
            // The shell's own start-up files may do anything, for any length of time.
            at("")
        );
        std::fs::write(at("config"), config).unwrap();
        let log = std::fs::File::create(at("log")).unwrap();
        let server = Command::new("/usr/sbin/sshd")
            .args(["-D", "-E", &at("log"), "-f", &at("config")])
            .stdin(Stdio::null())
            .stderr(log)
            .spawn()
            .ok()?;
        let mut sshd = Self {
            directory,
            port,
            server,
        };
        // Its own word: a connection could lead to another server that got the port first.
        let up = eventually(|| {
            sshd.log().contains("Server listening") || sshd.server.try_wait().unwrap().is_some()
        });
        (up && sshd.server.try_wait().unwrap().is_none()).then_some(sshd)
    }

    /// A login with the key the server knows.
    pub(crate) fn target(&self, engine: SshEngine) -> SshTarget {
        let key = std::fs::read_to_string(self.directory.path().join("user")).unwrap();
        self.target_with(
            engine,
            SshCredentials {
                key: Some(PrivateKeySource::Memory(Secret::from(key))),
                ..SshCredentials::default()
            },
        )
    }

    pub(crate) fn target_with(&self, engine: SshEngine, credentials: SshCredentials) -> SshTarget {
        SshTarget::new("127.0.0.1", &user(), credentials)
            .unwrap()
            .port(self.port)
            .engine(engine)
            .timeouts(Timeouts {
                connect: Duration::from_secs(60),
                ..Timeouts::default()
            })
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.directory.path().join("log")).unwrap_or_default()
    }

    /// Takes no more connections; those there are live on, and end with their clients.
    pub(crate) fn stop_listening(&mut self) {
        self.server.kill().unwrap();
        self.server.wait().unwrap();
    }

    /// Connections the server serves: one process each.
    pub(crate) fn sessions(&self) -> usize {
        children(self.server.id()).len()
    }

    /// Processes that serve files: one for each SFTP channel.
    pub(crate) fn file_servers(&self) -> Vec<u32> {
        let serves = |pid: &u32| {
            let command = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            String::from_utf8_lossy(&command).contains("internal-sftp")
        };
        descendants(self.server.id())
            .into_iter()
            .filter(serves)
            .collect()
    }

    /// Sends a signal to everything the server started, and not to itself.
    pub(crate) fn signal_sessions(&self, signal: &str) {
        for pid in descendants(self.server.id()) {
            signal_process(pid, signal);
        }
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        let children = descendants(self.server.id());
        let _ = self.server.kill();
        let _ = self.server.wait();
        for pid in children {
            signal_process(pid, "KILL");
        }
    }
}

fn signal_process(pid: u32, signal: &str) {
    let _ = Command::new("kill")
        .args([format!("-{signal}"), pid.to_string()])
        .stderr(Stdio::null())
        .status();
}

/// The account the tests run under.
pub(crate) fn user() -> String {
    let output = Command::new("id").arg("-un").output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Polls a condition for a minute, which only keeps a test from hanging.
pub(crate) fn eventually(mut condition: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + Duration::from_secs(60);
    while Instant::now() < deadline {
        if condition() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    condition()
}

/// Sockets of this process that are connected to the port.
pub(crate) fn sockets_to(port: u16) -> usize {
    let table = std::fs::read_to_string("/proc/self/net/tcp").unwrap();
    let remote = format!(":{port:04X}");
    let inodes: HashSet<String> = table
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>())
        .filter(|fields| fields.get(2).is_some_and(|r| r.ends_with(&remote)))
        .filter_map(|fields| fields.get(9).map(|inode| format!("socket:[{inode}]")))
        .collect();
    std::fs::read_dir("/proc/self/fd")
        .unwrap()
        .filter_map(|entry| std::fs::read_link(entry.ok()?.path()).ok())
        .filter(|link| inodes.contains(&link.display().to_string()))
        .count()
}

/// Waits for a file that a remote command writes its process id to.
pub(crate) async fn pid_from(path: &Path) -> u32 {
    let path = path.to_owned();
    tokio::task::spawn_blocking(move || {
        let mut pid = None;
        eventually(|| {
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            pid = text.ends_with('\n').then(|| text.trim().parse().unwrap());
            pid.is_some()
        });
        pid.expect("the command starts")
    })
    .await
    .unwrap()
}

fn parents() -> Vec<(u32, u32)> {
    let mut parents = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let Some(pid) = entry
            .file_name()
            .to_str()
            .and_then(|n| n.parse::<u32>().ok())
        else {
            continue;
        };
        let stat = std::fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        let parent = stat
            .rsplit_once(") ")
            .and_then(|(_, rest)| rest.split(' ').nth(1)?.parse::<u32>().ok());
        parents.extend(parent.map(|parent| (pid, parent)));
    }
    parents
}

fn children(root: u32) -> Vec<u32> {
    let parents = parents().into_iter();
    parents
        .filter(|(_, parent)| *parent == root)
        .map(|(child, _)| child)
        .collect()
}

fn descendants(root: u32) -> Vec<u32> {
    let parents = parents();
    let mut found = vec![root];
    let mut next = 0;
    while let Some(&parent) = found.get(next) {
        found.extend(
            parents
                .iter()
                .filter(|(_, p)| *p == parent)
                .map(|(c, _)| *c),
        );
        next += 1;
    }
    found.split_off(1)
}

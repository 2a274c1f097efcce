//! Where the servers are installed, and whether this machine lets them run isolated.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// The directory `scripts/install-test-servers.sh` fills: `CM_TEST_SERVERS`, or
/// `target/test-servers` in the repository.
pub fn dir() -> PathBuf {
    match std::env::var_os("CM_TEST_SERVERS") {
        Some(dir) => PathBuf::from(dir),
        None => repository().join("target/test-servers"),
    }
}

/// The repository's root directory.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("tests/ lies in the repository")
}

/// The path of an installed file, such as `openssh/usr/sbin/sshd`.
///
/// # Panics
/// When it is missing; the message names the script that installs it.
#[track_caller]
pub fn find(file: &str) -> PathBuf {
    let path = dir().join(file);
    assert!(
        path.exists(),
        "{} is missing: run scripts/install-test-servers.sh (CM_TEST_SERVERS names another directory)",
        path.display()
    );
    path
}

/// The Python that has asyncssh, pyftpdlib and paramiko.
#[track_caller]
pub fn python() -> PathBuf {
    find("venv/bin/python")
}

/// A script or asset of `tests/servers`.
pub fn asset(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("servers")
        .join(name)
}

/// Whether servers can run in namespaces of their own, that is, as root with the right to mount.
/// Found out once by doing it.
pub fn isolated() -> bool {
    static ISOLATED: OnceLock<bool> = OnceLock::new();
    *ISOLATED.get_or_init(|| {
        Command::new("unshare")
            .args(["--mount", "--pid", "--fork", "--kill-child", "--mount-proc"])
            .args(["sh", "-c", "mount --bind /etc/passwd /etc/shadow"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    })
}

/// Runs a command line tool to its end and returns what it printed.
///
/// # Panics
/// When it cannot be started or fails; the message holds its standard error.
#[track_caller]
pub(crate) fn run(command: &mut Command) -> Vec<u8> {
    let output = match command.stdin(Stdio::null()).output() {
        Ok(output) => output,
        Err(error) => panic!("{command:?}: {error}: run scripts/install-test-servers.sh"),
    };
    assert!(
        output.status.success(),
        "{command:?}: {}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

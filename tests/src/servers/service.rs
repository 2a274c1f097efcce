//! What every server of the harness has in common: a port, a directory, a log, an account, and
//! ways to pause, stop and start it again.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use tempfile::TempDir;

use super::account::Account;
use super::ports;
use super::process::{Launch, ServerProcess};

/// How often a server that could not get its port is started on another one.
const ATTEMPTS: usize = 5;

/// How long a server may take to end on request before it is killed.
const STOP: Duration = Duration::from_secs(5);

/// Lines of the log shown when a test fails.
const TAIL: usize = 60;

/// Writes the configuration for a port and says how to start the server on it.
type Configure = Box<dyn Fn(u16) -> Launch + Send + Sync>;

/// A server on loopback with a directory of its own. Dropping it ends it, its children included,
/// and removes the directory. In a test that fails it prints the end of its log first.
pub struct Service {
    name: &'static str,
    port: u16,
    account: Account,
    log: PathBuf,
    configure: Configure,
    process: Mutex<Option<ServerProcess>>,
    // Last: removed after the process is gone.
    dir: TempDir,
}

impl Service {
    /// Starts a server on a free port.
    pub(crate) fn start(
        name: &'static str,
        dir: TempDir,
        account: Account,
        configure: impl Fn(u16) -> Launch + Send + Sync + 'static,
    ) -> Self {
        let mut reasons = Vec::new();
        for _ in 0..ATTEMPTS {
            let port = ports::free();
            let launch = configure(port);
            match ServerProcess::start(&launch, port) {
                Ok(process) => {
                    return Self {
                        name,
                        port,
                        account,
                        log: launch.log,
                        configure: Box::new(configure),
                        process: Mutex::new(Some(process)),
                        dir,
                    };
                }
                Err(reason) => reasons.push(reason),
            }
        }
        // Kept for whoever has to find out why.
        let dir = dir.keep();
        let log = fs::read_to_string(dir.join("log")).unwrap_or_default();
        panic!(
            "{name} does not start: {reasons:?}\nits directory: {}\n{log}",
            dir.display()
        );
    }

    /// The address to connect to, always `127.0.0.1`.
    pub fn host(&self) -> &'static str {
        "127.0.0.1"
    }

    /// The TCP port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// `127.0.0.1:port`.
    pub fn addr(&self) -> std::net::SocketAddr {
        std::net::SocketAddr::from(([127, 0, 0, 1], self.port))
    }

    /// Login name.
    pub fn user(&self) -> &str {
        &self.account.name
    }

    /// Password of [`Self::user`], random for each server.
    ///
    /// # Panics
    /// When the server lets a real user in by key only, which has no password a test could know.
    #[track_caller]
    pub fn password(&self) -> &str {
        assert!(
            !self.account.password.is_empty(),
            "{} runs as the current user and knows no password (see the crate documentation)",
            self.name
        );
        &self.account.password
    }

    /// A directory of the user on this machine. Isolated servers and FTP servers log in to it;
    /// sshd run without root logs in to the real home of the user, so use absolute paths.
    pub fn home(&self) -> &Path {
        &self.account.home
    }

    /// Writes a file below [`Self::home`], owned by the login user, creating directories it
    /// needs; returns its absolute path.
    pub fn write_file(&self, name: &str, contents: impl AsRef<[u8]>) -> PathBuf {
        self.account.write(name, contents.as_ref())
    }

    /// Creates a directory (and its parents) below [`Self::home`], owned by the login user.
    pub fn mkdir(&self, name: &str) -> PathBuf {
        self.account.mkdir(Path::new(name))
    }

    /// Gives a file or directory to the login user; not what lies below it.
    pub fn own(&self, path: &Path) {
        self.account.own(path);
    }

    /// User id of the login user: who owns the files it creates.
    pub fn uid(&self) -> u32 {
        fs::metadata(self.home())
            .expect("look at the home directory")
            .uid()
    }

    /// Whether the login user is not the one running the test, so that permission bits count.
    pub fn unprivileged(&self) -> bool {
        self.account.uid.is_some()
    }

    /// The server's directory: configuration, keys, log.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// What the server logged so far.
    pub fn log(&self) -> String {
        let bytes = fs::read(&self.log).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Whether the server's process runs (a paused one does).
    pub fn running(&self) -> bool {
        self.lock().as_mut().is_some_and(ServerProcess::running)
    }

    /// Number of TCP connections the server side has open, those included whose client is gone
    /// and which the server has not closed.
    pub fn open_sockets(&self) -> usize {
        ports::connections(self.port)
    }

    /// Stops all processes of the server in their tracks: connections stay open, nothing answers.
    pub fn pause(&self) {
        if let Some(process) = self.lock().as_ref() {
            process.pause();
        }
    }

    /// Lets a paused server run again.
    pub fn resume(&self) {
        if let Some(process) = self.lock().as_ref() {
            process.resume();
        }
    }

    /// Cuts all connections by killing the processes that serve them; the listener stays. (The
    /// Python servers, one process each, close their connections.)
    pub fn kill_connections(&self) {
        if let Some(process) = self.lock().as_ref() {
            process.kill_connections();
        }
    }

    /// Number of child processes serving connections; always 0 for the Python servers.
    pub fn children(&self) -> usize {
        self.lock()
            .as_ref()
            .map_or(0, |process| process.children().len())
    }

    /// Ends the server and its connections on request (`SIGTERM`).
    pub fn stop(&self) {
        if let Some(process) = self.lock().take() {
            process.stop(STOP);
        }
    }

    /// Ends the server and its connections at once (`SIGKILL`).
    pub fn kill(&self) {
        drop(self.lock().take());
    }

    /// Ends the server and starts it again on the same port.
    pub fn restart(&self) {
        self.kill();
        let launch = (self.configure)(self.port);
        // A server that does not set SO_REUSEADDR has to wait for the kernel to let the port go.
        let started = crate::wait::poll(crate::wait::PATIENCE, || {
            ServerProcess::start(&launch, self.port).ok()
        });
        let Some(process) = started else {
            panic!(
                "{} does not start again on port {}\n{}",
                self.name,
                self.port,
                self.log()
            );
        };
        *self.lock() = Some(process);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<ServerProcess>> {
        self.process
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Drop for Service {
    #[allow(
        clippy::print_stderr,
        reason = "the test's own output, shown because it failed"
    )]
    fn drop(&mut self) {
        if std::thread::panicking() {
            let log = self.log();
            let lines: Vec<&str> = log.lines().collect();
            let tail = lines[lines.len().saturating_sub(TAIL)..].join("\n");
            eprintln!(
                "--- {} on port {}, end of its log:\n{tail}\n---",
                self.name, self.port
            );
        }
        self.kill();
    }
}

/// A directory for a server that another user can pass through, but not list.
pub(crate) fn server_dir() -> TempDir {
    let dir = tempfile::Builder::new()
        .prefix("cm-test-")
        .tempdir()
        .expect("create a temporary directory");
    fs::set_permissions(dir.path(), Permissions::from_mode(0o711)).expect("chmod");
    dir
}

//! Our own server: the program `connection-manager`, started as a user starts it, and a
//! small HTTP client that shows request, answer and log when a test fails.
//!
//! Knows the program's command line and nothing of its inside.

mod answer;
mod connect;
mod shared;
mod world;

use std::ffi::OsString;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use tempfile::TempDir;

use crate::servers::install;
use crate::servers::process;
use crate::wait::{self, PATIENCE};

pub(crate) use answer::runtime;
pub use answer::{Answer, keys};
pub use connect::{ENGINES, Login};
pub use shared::Shared;
pub use world::{FtpWorld, SshWorld, text, unique};

/// What the program says once it listens; the address follows.
const LISTENING: &str = "connection-manager listening on http://";

/// How long the program may take to end after `SIGTERM`: far more than its own drain time, which
/// is for tests of its end to measure.
const STOP: Duration = PATIENCE;

/// Log lines shown when a test fails.
const TAIL: usize = 20;

/// Lines a stream of the program has written so far.
#[derive(Clone, Default)]
pub(crate) struct Lines(Arc<Mutex<Vec<String>>>);

impl Lines {
    /// Collects a stream in the background until its end.
    fn follow(&self, stream: impl std::io::Read + Send + 'static) -> JoinHandle<()> {
        let lines = self.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
                lines
                    .lock()
                    .push(String::from_utf8_lossy(&line).into_owned());
            }
        })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Everything, as one text.
    pub(crate) fn text(&self) -> String {
        self.lock().join("\n")
    }

    /// The last lines, as one text.
    pub(crate) fn tail(&self) -> String {
        let lines = self.lock();
        lines[lines.len().saturating_sub(TAIL)..].join("\n")
    }
}

/// A running `connection-manager` on a port of its own, with a configuration directory and
/// a home of its own. Dropping it sends `SIGTERM`, waits for its end and removes both.
///
/// ```no_run
/// use connection_tests::{Sshd, manager::Manager};
/// let (sshd, manager) = (Sshd::start(), Manager::start());
/// let id = manager.ssh(&sshd, "russh");
/// manager.get(&format!("/connections/{id}/files?path=/")).ok();
/// ```
pub struct Manager {
    child: Mutex<Child>,
    base: String,
    stdout: Lines,
    stderr: Lines,
    followers: [JoinHandle<()>; 2],
    client: reqwest::Client,
    token: Option<String>,
    home: TempDir,
}

impl Manager {
    /// One with the default settings.
    #[track_caller]
    pub fn start() -> Self {
        Self::builder().start()
    }

    /// One with other settings.
    pub fn builder() -> ManagerBuilder {
        ManagerBuilder::default()
    }

    /// `http://127.0.0.1:PORT`.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The access token its client sends, if it sends one.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Its address.
    pub fn addr(&self) -> std::net::SocketAddr {
        let authority = self.base.trim_start_matches("http://");
        authority.parse().expect("an address")
    }

    /// What it logged so far.
    pub fn log(&self) -> String {
        self.stderr.text()
    }

    /// What it wrote to standard output so far.
    pub fn stdout(&self) -> String {
        self.stdout.text()
    }

    /// Its home directory, which also holds its configuration directory.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Its configuration directory: the record of known servers lies here.
    pub fn config_dir(&self) -> PathBuf {
        config_dir(self.home.path())
    }

    /// A path for a local file of this test, in a directory that exists.
    pub fn local(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// Process id.
    pub fn pid(&self) -> u32 {
        self.lock().id()
    }

    /// Sends `SIGTERM` and goes on.
    pub fn terminate(&self) {
        let pid = self.pid().to_string();
        // A process that is gone already is no failure.
        let _ = Command::new("kill").args(["-TERM", &pid]).status();
    }

    /// Waits for its end; `None` when it still runs after `deadline`. Then its log is whole.
    pub fn ended(&self, deadline: Duration) -> Option<ExitStatus> {
        let status = wait::poll(deadline, || self.lock().try_wait().ok().flatten())?;
        // What it wrote last may lie in the pipes still.
        wait::poll(PATIENCE, || {
            let read = self.followers.iter().all(JoinHandle::is_finished);
            read.then_some(())
        });
        Some(status)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Child> {
        self.child.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Manager {
    #[allow(
        clippy::print_stderr,
        reason = "the test's own output, shown because it failed"
    )]
    fn drop(&mut self) {
        self.terminate();
        let ended = self.ended(STOP);
        if ended.is_none() {
            let _ = self.lock().kill();
            let _ = self.lock().wait();
        }
        if std::thread::panicking() {
            eprintln!(
                "--- connection-manager, end of its log:\n{}\n---",
                self.stderr.tail()
            );
        } else {
            assert!(
                ended.is_some(),
                "it ignores SIGTERM\n{}",
                self.stderr.tail()
            );
        }
    }
}

/// Settings of a [`Manager`] to start.
#[derive(Default)]
pub struct ManagerBuilder {
    args: Vec<OsString>,
    env: Vec<(String, String)>,
    token: Option<String>,
    home: Option<TempDir>,
    config: Option<PathBuf>,
    wrapper: Vec<OsString>,
}

impl ManagerBuilder {
    /// Started by another program, which becomes it, such as `taskset -c 0`.
    #[must_use]
    pub fn wrapped_in(mut self, wrapper: &[&str]) -> Self {
        self.wrapper = wrapper.iter().map(OsString::from).collect();
        self
    }

    /// Another configuration directory than one in its home.
    #[must_use]
    pub fn config_dir(mut self, dir: &Path) -> Self {
        self.config = Some(dir.to_owned());
        self
    }

    /// A flag with its value, such as `("--max-sessions", "3")`.
    #[must_use]
    pub fn flag(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.args.push(name.into());
        self.args.push(value.into());
        self
    }

    /// An environment variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The access token: the server asks for it and every request of the helper carries it.
    #[must_use]
    pub fn token(mut self, token: &str) -> Self {
        self.token = Some(token.to_owned());
        self.env("CONNECTION_MANAGER_TOKEN", token)
    }

    /// A home prepared beforehand, for what must be there before the start.
    #[must_use]
    pub fn home(mut self, home: TempDir) -> Self {
        self.home = Some(home);
        self
    }

    /// The command line the program is started with, for runs of it that are no server.
    pub fn command(&self, home: &Path) -> Command {
        let mut words = self.wrapper.iter().map(OsString::as_os_str);
        let mut command = match words.next() {
            Some(wrapper) => {
                let mut command = Command::new(wrapper);
                command.args(words).arg(program());
                command
            }
            None => Command::new(program()),
        };
        command
            .arg("--port")
            .arg("0")
            .arg("--config-dir")
            .arg(self.config.clone().unwrap_or_else(|| config_dir(home)))
            .args(&self.args)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", home)
            .envs(self.env.iter().map(|(name, value)| (name, value)))
            .current_dir(home)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Starts it and waits until it listens.
    ///
    /// # Panics
    /// When it does not start; the message holds its log.
    #[track_caller]
    pub fn start(mut self) -> Manager {
        let home = self
            .home
            .take()
            .unwrap_or_else(|| tempfile::tempdir().expect("create a temporary directory"));
        let mut child =
            process::spawn(self.command(home.path())).expect("start connection-manager");
        let (stdout, stderr) = (Lines::default(), Lines::default());
        let followers = [
            stdout.follow(child.stdout.take().expect("a pipe")),
            stderr.follow(child.stderr.take().expect("a pipe")),
        ];
        let found = wait::poll(PATIENCE, || {
            let text = stdout.text();
            match text.lines().find_map(|line| line.strip_prefix(LISTENING)) {
                Some(address) => Some(Some(address.trim().to_owned())),
                None => matches!(child.try_wait(), Ok(Some(_))).then_some(None),
            }
        });
        let Some(Some(address)) = found else {
            let _ = child.kill();
            let _ = child.wait();
            panic!(
                "connection-manager does not start: {}\n{}",
                stdout.text(),
                stderr.text()
            );
        };
        Manager {
            child: Mutex::new(child),
            base: format!("http://{address}"),
            stdout,
            stderr,
            followers,
            client: answer::client(),
            token: self.token,
            home,
        }
    }
}

fn config_dir(home: &Path) -> PathBuf {
    home.join("config")
}

/// The program, built from the sources beside the running test. Cargo gives the path of a
/// program only to tests of its own package, so this one asks Cargo to bring it up to date:
/// a test against yesterday's server would prove nothing.
pub fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| built(&["--bin", "connection-manager"], "connection-manager"))
}

/// Builds what `selection` names, with the features the whole workspace is built with, and
/// returns where it lies.
pub fn built(selection: &[&str], file: &str) -> PathBuf {
    let exe = std::env::current_exe().expect("the path of the running test");
    // A test is `target/<profile>/deps/<test>`, a program `target/<profile>/<program>`.
    let profile = exe
        .ancestors()
        .skip(1)
        .find(|directory| !directory.ends_with("deps"))
        .expect("target/<profile>");
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args(["build", "--quiet", "--workspace"])
        .args(selection)
        .arg("--target-dir")
        .arg(profile.parent().expect("the target directory"))
        .current_dir(install::repository());
    if profile.ends_with("release") {
        cargo.arg("--release");
    }
    install::run(&mut cargo);
    profile.join(file)
}

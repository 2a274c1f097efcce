//! A server's process and everything it forked: start, stop signals, end.
//!
//! An isolated server is process 1 of a PID namespace, so the kernel ends all its children with
//! it. The whole chain carries a parent-death signal: a test process that is killed takes its
//! servers along.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{Sender, SyncSender, channel, sync_channel};
use std::time::Duration;

use super::account::SANDBOX_SCRIPT;
use super::ports;
use crate::wait;

/// How to start a server.
pub(crate) struct Launch {
    pub(crate) program: PathBuf,
    pub(crate) args: Vec<OsString>,
    /// The directory holding the files that replace `/etc/passwd` and so on; `None` runs the
    /// server as the test itself runs.
    pub(crate) sandbox: Option<PathBuf>,
    /// Receives standard output and standard error, appended.
    pub(crate) log: PathBuf,
    pub(crate) current_dir: PathBuf,
    /// Whether one process serves all connections and cuts them on `SIGUSR1`, in place of a
    /// process for each.
    pub(crate) cuts_on_usr1: bool,
}

impl Launch {
    fn command(&self) -> io::Result<Command> {
        let log = File::options().create(true).append(true).open(&self.log)?;
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "SIGKILL", "--"]);
        if let Some(sandbox) = &self.sandbox {
            command
                .args([
                    "unshare",
                    "--mount",
                    "--pid",
                    "--fork",
                    "--kill-child=SIGKILL",
                ])
                .args(["--mount-proc", "sh", "-c", SANDBOX_SCRIPT])
                .arg(sandbox);
        }
        command
            .arg(&self.program)
            .args(&self.args)
            .current_dir(&self.current_dir)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        Ok(command)
    }
}

/// A started server. Dropping it ends it and all it forked.
pub(crate) struct ServerProcess {
    /// The server, or `unshare` around process 1 of its namespace.
    child: Child,
    isolated: bool,
    cuts_on_usr1: bool,
    /// The server's own process id, as seen from outside its namespace.
    server: u32,
}

impl ServerProcess {
    /// Starts the server and waits until it listens on `port`.
    pub(crate) fn start(launch: &Launch, port: u16) -> Result<Self, String> {
        let child = launch
            .command()
            .and_then(spawn)
            .map_err(|error| format!("{}: {error}", launch.program.display()))?;
        let server = child.id();
        let mut process = Self {
            child,
            isolated: launch.sandbox.is_some(),
            cuts_on_usr1: launch.cuts_on_usr1,
            server,
        };
        let outcome = wait::poll(wait::PATIENCE, || match process.child.try_wait() {
            Ok(None) => ports::listens(port, &process.tree()).then_some(Ok(())),
            Ok(Some(status)) => Some(Err(format!("it ended at once: {status}"))),
            Err(error) => Some(Err(error.to_string())),
        });
        outcome.unwrap_or_else(|| Err(format!("it does not listen on port {port}")))?;
        if process.isolated {
            // Nobody has connected yet, so the only child of process 1 is the server.
            let server = process.tree().get(1).copied();
            process.server = server.ok_or("it is gone")?;
        }
        Ok(process)
    }

    /// Live direct children of the server.
    pub(crate) fn children(&self) -> Vec<u32> {
        table()
            .into_iter()
            .filter(|entry| entry.parent == self.server && !entry.zombie)
            .map(|entry| entry.pid)
            .collect()
    }

    /// All processes that are here because of the server, parents before children: with process
    /// 1 of its namespace, without the wrapper around that.
    fn tree(&self) -> Vec<u32> {
        let table = table();
        let mut tree = vec![self.child.id()];
        let mut next = 0;
        while let Some(&parent) = tree.get(next) {
            tree.extend(
                table
                    .iter()
                    .filter(|entry| entry.parent == parent)
                    .map(|entry| entry.pid),
            );
            next += 1;
        }
        if self.isolated {
            tree.remove(0);
        }
        tree
    }

    /// Whether the server's own process still runs.
    pub(crate) fn running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Stops every process of the server in its tracks. Parents first, so that none forks a
    /// child the list lacks.
    pub(crate) fn pause(&self) {
        signal("STOP", &self.tree());
    }

    /// Lets a paused server run again.
    pub(crate) fn resume(&self) {
        signal("CONT", &self.tree());
    }

    /// Cuts all connections; the server itself stays.
    pub(crate) fn kill_connections(&self) {
        if self.cuts_on_usr1 {
            return signal("USR1", &[self.server]);
        }
        let tree = self.tree();
        let kept = usize::from(self.isolated);
        let forked = tree
            .into_iter()
            .skip(kept)
            .filter(|pid| *pid != self.server);
        signal("KILL", &forked.collect::<Vec<_>>());
    }

    /// Asks the server to end, and kills it when it has not within `patience`.
    pub(crate) fn stop(mut self, patience: Duration) {
        signal("TERM", &[self.server]);
        wait::poll(patience, || (!self.running()).then_some(()));
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        if self.running() {
            // Process 1 of the namespace takes the others along, and the wrapper ends once all
            // are gone. Without a namespace the children outlive the server, so all of them.
            let tree = self.tree();
            if tree.is_empty() {
                let _ = self.child.kill();
            }
            signal("KILL", &tree);
        }
        let _ = self.child.wait();
    }
}

/// Sends a signal by the shell's `kill`: no unsafe code for it here.
fn signal(name: &str, pids: &[u32]) {
    if pids.is_empty() {
        return;
    }
    let pids: Vec<String> = pids.iter().map(u32::to_string).collect();
    // A process that is gone already is no failure.
    let _ = Command::new("sh")
        .args(["-c", r#"for p in "$@"; do kill -s "$0" "$p"; done"#, name])
        .args(&pids)
        .stderr(Stdio::null())
        .status();
}

struct Entry {
    pid: u32,
    parent: u32,
    zombie: bool,
}

/// All processes, parents before children as far as ids tell.
fn table() -> Vec<Entry> {
    let Ok(entries) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    let mut table: Vec<Entry> = entries.flatten().filter_map(|e| entry(&e.path())).collect();
    table.sort_by_key(|entry| entry.pid);
    table
}

fn entry(dir: &Path) -> Option<Entry> {
    let pid = dir.file_name()?.to_str()?.parse().ok()?;
    let stat = std::fs::read_to_string(dir.join("stat")).ok()?;
    // `pid (name) state ppid …`; the name may hold anything, parentheses too.
    let mut fields = stat.get(stat.rfind(')')? + 1..)?.split_whitespace();
    let zombie = matches!(fields.next()?, "Z" | "X");
    Some(Entry {
        pid,
        parent: fields.next()?.parse().ok()?,
        zombie,
    })
}

type Request = (Command, SyncSender<io::Result<Child>>);

/// Spawns from a thread that lives as long as the test process. The kernel sends the parent-death
/// signal when the spawning *thread* ends, and a test's thread ends before a server other tests
/// share.
pub(crate) fn spawn(command: Command) -> io::Result<Child> {
    static SPAWNER: OnceLock<Sender<Request>> = OnceLock::new();
    let spawner = SPAWNER.get_or_init(|| {
        let (sender, requests) = channel::<Request>();
        std::thread::spawn(move || {
            for (mut command, answer) in requests {
                let _ = answer.send(command.spawn());
            }
        });
        sender
    });
    let (answer, result) = sync_channel(1);
    spawner.send((command, answer)).map_err(io::Error::other)?;
    result.recv().map_err(io::Error::other)?
}

//! Commands: one session channel each, most without a terminal.
//!
//! A task of the command takes everything off the channel at once, as the engine's
//! contract asks, and types its input meanwhile; what nobody has taken yet waits in
//! memory and on this machine's disk ([`spool`](super::spool)), no more than the output
//! limit, so that a caller who pauses stops nothing else on the connection.
//!
//! A command ends when the server closes its channel. OpenSSH does that once the process
//! has exited **and** nothing holds its output open: a background child that inherited the
//! output keeps the command running, as it does with `ssh host 'sleep 9 &'`; redirect the
//! child's output, or set a timeout.
//!
//! A command that is given up (timeout, output limit, or its owner dropped) is ended on
//! the server with the signal request of RFC 4254 and by closing its channel. OpenSSH
//! heeds the signal since 7.9, but not for a login as root where it runs such a session
//! without privilege separation (9.2 says `session signalling requires privilege
//! separation`). With a server that does not heed it, the process notices the closed
//! channel once it writes; one that never writes runs on.

mod command;
mod follow;

use crate::error::{Error, ErrorKind, Result};
use crate::exec::{ExecEvent, ExecOutput, ExecRequest, ExitStatus};
use crate::ssh::links::Links;
use crate::ssh::spool::Spool;
use crate::ssh::terminal::Held;
use command::begin;
use follow::follow;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::AbortHandle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// [`Error::operation`] of commands.
pub const RUN_COMMAND: &str = "run command";

/// How long the end of a connection waits for its commands to be ended: the rest of the
/// second that it may take is for the network.
const LAST_WAIT: Duration = Duration::from_millis(250);

/// A command that runs on the remote machine, and what comes of it. Dropping it ends the
/// remote process, where the server allows it.
///
/// Who does not call [`RunningCommand::next`] for a while stops nothing and loses nothing:
/// what comes meanwhile waits in one MiB of memory, and past that on this machine's disk,
/// up to the request's output limit.
///
/// ```no_run
/// # async fn follow(session: &connection_core::session::ActiveSession) -> connection_core::Result<()> {
/// use connection_core::exec::{ExecEvent, ExecRequest};
///
/// let mut running = session.start_exec(ExecRequest::new("make test")).await?;
/// while let Some(event) = running.next().await? {
///     match event {
///         ExecEvent::Stdout(bytes) => println!("{} bytes", bytes.len()),
///         ExecEvent::Exit { status, .. } => println!("ended: {status:?}"),
///         _ => {}
///     }
/// }
/// # Ok(())
/// # }
/// ```
pub struct RunningCommand {
    spool: Arc<Spool>,
    following: AbortHandle,
}

impl Drop for RunningCommand {
    fn drop(&mut self) {
        self.following.abort();
    }
}

impl RunningCommand {
    /// What comes next; `None` once the end was told. Given up, nothing is lost.
    ///
    /// # Errors
    /// Once, after what came before it: `TimedOut` when the command was ended for the time
    /// it took; `ConnectionLost` when the connection died or was closed first; `LocalIo`
    /// and `NoSpace` of this machine's disk.
    pub async fn next(&mut self) -> Result<Option<ExecEvent>> {
        self.spool.next().await
    }

    /// Everything from here to the end. Until then what comes waits on the disk.
    ///
    /// # Errors
    /// Those of [`RunningCommand::next`].
    pub async fn output(mut self) -> Result<ExecOutput> {
        self.spool.ended().await;
        let mut output = ExecOutput {
            stdout: Vec::new(),
            stderr: Vec::new(),
            status: ExitStatus::Unknown,
            truncated: false,
            duration: Duration::ZERO,
        };
        while let Some(event) = self.next().await? {
            match event {
                ExecEvent::Stdout(data) => output.stdout.extend_from_slice(&data),
                ExecEvent::Stderr(data) => output.stderr.extend_from_slice(&data),
                ExecEvent::Exit {
                    status,
                    truncated,
                    duration,
                } => {
                    output.status = status;
                    output.truncated = truncated;
                    output.duration = duration;
                }
            }
        }
        Ok(output)
    }
}

/// Starts a command, and keeps something until it has ended. Given up, the command is
/// ended.
///
/// # Errors
/// `InvalidInput` for what cannot be right, which is sent nowhere; `TimedOut`;
/// `Unsupported` when the account may not run commands or have a terminal; besides those
/// of the link.
pub(crate) async fn start(
    links: &Links,
    running: &Running,
    request: ExecRequest,
    held: Vec<Held>,
) -> Result<RunningCommand> {
    request.check()?;
    let clock = Clock::new(request.timeout);
    let starting = begin(links, running, &request);
    let command = tokio::select! {
        command = starting => command?,
        late = clock.runs_out() => return Err(late),
        () = running.closing.cancelled() => return Err(closed()),
    };
    let spool = Arc::new(Spool::default());
    let runtime = command.runtime.clone();
    let following = runtime.spawn(follow(held, command, request, clock, spool.clone()));
    Ok(RunningCommand {
        spool,
        following: following.abort_handle(),
    })
}

/// The commands of one connection: none is left running when that is closed. A server
/// that only sees the connection end tells nothing to processes without a terminal.
#[derive(Default)]
pub(crate) struct Running {
    closing: CancellationToken,
    commands: TaskTracker,
}

impl Running {
    /// Ends them all, and waits for it as long as a server that answers needs.
    pub(crate) async fn end(&self) {
        self.closing.cancel();
        self.commands.close();
        if tokio::time::timeout(LAST_WAIT, self.commands.wait())
            .await
            .is_err()
        {
            tracing::debug!("a command did not say that it ended");
        }
    }
}

fn closed() -> Error {
    let text = "the connection was closed on this side";
    Error::new(ErrorKind::ConnectionLost, RUN_COMMAND, text)
}

/// The total clock of one command.
struct Clock {
    started: Instant,
    limit: Option<Duration>,
}

impl Clock {
    fn new(limit: Option<Duration>) -> Self {
        let started = Instant::now();
        Self { started, limit }
    }

    async fn runs_out(&self) -> Error {
        // A time past every calendar is none.
        let end = |limit| self.started.checked_add(limit);
        match self.limit.and_then(end) {
            Some(end) => tokio::time::sleep_until(end).await,
            None => std::future::pending().await,
        }
        let limit = self.limit.unwrap_or_default();
        Error::new(
            ErrorKind::TimedOut,
            RUN_COMMAND,
            format!("the command ran longer than {limit:?} and was ended"),
        )
    }
}

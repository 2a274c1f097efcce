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

use crate::error::{Error, ErrorKind, Result};
use crate::exec::{ExecEvent, ExecOutput, ExecRequest, ExitStatus, check_command};
use crate::ssh::engine::{Channel, ChannelEvent, ChannelKind, ChannelRequest, ChannelSender};
use crate::ssh::links::{Links, Slot};
use crate::ssh::quote::command_line;
use crate::ssh::spool::{Spool, Stream};
use crate::ssh::terminal::Held;
use bytes::Bytes;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::task::AbortHandle;
use tokio::time::Instant;

/// [`Error::operation`] of commands.
pub const RUN_COMMAND: &str = "run command";

/// How long an ended command may take to say how it ended, and a signal to be handed to
/// the link.
const FAREWELL: Duration = Duration::from_millis(500);

/// How long a killed command has before it is killed again.
const AGAIN: Duration = Duration::from_millis(25);

/// Bytes of input handed to the engine at once.
const INPUT: usize = 64 * 1024;

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
    request: ExecRequest,
    held: Vec<Held>,
) -> Result<RunningCommand> {
    request.check()?;
    let clock = Clock::new(request.timeout);
    let starting = begin(links, &request);
    let command = tokio::select! {
        command = starting => command?,
        late = clock.runs_out() => return Err(late),
    };
    let spool = Arc::new(Spool::default());
    let runtime = command.runtime.clone();
    let following = runtime.spawn(follow(held, command, request, clock, spool.clone()));
    Ok(RunningCommand {
        spool,
        following: following.abort_handle(),
    })
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

/// The channel of a running command and its place; dropping it ends the command.
struct Command {
    runtime: Handle,
    running: Option<(Channel, Slot)>,
}

impl Command {
    fn channel(&mut self) -> Result<&mut (Channel, Slot)> {
        let gone = || Error::new(ErrorKind::Internal, RUN_COMMAND, "no channel");
        self.running.as_mut().ok_or_else(gone)
    }
}

impl Drop for Command {
    fn drop(&mut self) {
        let Some((mut channel, slot)) = self.running.take() else {
            return;
        };
        // On a runtime that has ended nothing is run; the link has ended with it.
        self.runtime.spawn(async move {
            // Bounded, and best effort: a link that is gone has ended the command.
            let _ = tokio::time::timeout(FAREWELL, kill(&mut channel)).await;
            channel.sender.close().await;
            drop(channel);
            // Only now there is room for another.
            drop(slot);
        });
    }
}

/// Signals until the command says that it ended.
///
/// Once is not enough: OpenSSH signals the command's process group, which the process
/// only makes a moment after the command was accepted, and a signal before that is lost.
async fn kill(channel: &mut Channel) {
    while channel.sender.signal("KILL").await.is_ok() {
        let end = async {
            while let Ok(Some(event)) = channel.receiver.next().await {
                if matches!(
                    event,
                    ChannelEvent::ExitStatus(_) | ChannelEvent::ExitSignal(_)
                ) {
                    return;
                }
            }
        };
        if tokio::time::timeout(AGAIN, end).await.is_ok() {
            return;
        }
    }
}

/// Brings a command to where it runs.
async fn begin(links: &Links, request: &ExecRequest) -> Result<Command> {
    let (channel, slot) = links.channel(ChannelKind::Session).await?;
    let mut command = Command {
        runtime: channel.receiver.runtime(),
        running: Some((channel, slot)),
    };
    let sender = &mut command.channel()?.0.sender;
    if let Some((columns, rows)) = request.pty {
        let term = request.term.clone();
        let pty = ChannelRequest::Pty {
            term,
            columns,
            rows,
        };
        sender.request(pty).await?;
    }
    let mut refused = Vec::new();
    for (name, value) in request.env.iter().cloned() {
        let variable = ChannelRequest::Env {
            name: name.clone(),
            value: value.clone(),
        };
        match sender.request(variable).await {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::Unsupported => refused.push((name, value)),
            Err(error) => return Err(error),
        }
    }
    let line = command_line(request.directory.as_deref(), &refused, &request.command);
    check_command(&line)?;
    sender.request(ChannelRequest::Exec(line)).await?;
    Ok(command)
}

/// Takes everything off the channel until the command's end, whether anyone wants it or
/// not. What is held is dropped last, as parameters are.
async fn follow(
    _held: Vec<Held>,
    mut command: Command,
    request: ExecRequest,
    clock: Clock,
    spool: Arc<Spool>,
) {
    let followed = to_end(&mut command, request, &clock, &spool).await;
    let end = followed.map(|(status, truncated)| {
        // It ended, or was ended: there is nothing left to kill.
        command.running = None;
        ExecEvent::Exit {
            status,
            truncated,
            duration: clock.started.elapsed(),
        }
    });
    drop(command);
    spool.finish(end);
}

/// How the command ended, and whether its output was cut off.
async fn to_end(
    command: &mut Command,
    request: ExecRequest,
    clock: &Clock,
    spool: &Spool,
) -> Result<(ExitStatus, bool)> {
    let (channel, _) = command.channel()?;
    let Channel { sender, receiver } = channel;
    let mut status = ExitStatus::Unknown;
    let mut room = request.output_limit;
    {
        let mut typing = pin!(type_in(sender, request.stdin, request.pty.is_some()));
        let mut late = pin!(clock.runs_out());
        let mut typed = false;
        loop {
            // In no order: a command may write without a pause and read all the same.
            let event = tokio::select! {
                event = receiver.next() => event?,
                late = &mut late => return Err(late),
                () = &mut typing, if !typed => {
                    typed = true;
                    continue;
                }
            };
            let Some(event) = event else {
                return Ok((status, false));
            };
            note(&event, &mut status);
            let (stream, data) = match &event {
                ChannelEvent::Data(data) => (Stream::Out, data),
                ChannelEvent::Stderr(data) => (Stream::Err, data),
                _ => continue,
            };
            let fits = usize::try_from(room).unwrap_or(usize::MAX).min(data.len());
            room -= fits as u64;
            spool
                .push(stream, data.get(..fits).unwrap_or_default())
                .await?;
            if fits < data.len() {
                break;
            }
        }
    }
    let farewell = async {
        // The output that is still under way is dropped; the end is waited for.
        sender.signal("KILL").await?;
        while let Some(event) = receiver.next().await? {
            note(&event, &mut status);
        }
        Ok::<_, Error>(())
    };
    // A server that ignores signals says nothing: the end stays unknown.
    let _ = tokio::time::timeout(FAREWELL, farewell).await;
    sender.close().await;
    Ok((status, true))
}

/// Types the input, and its end. A command may be over, or have closed its input, before
/// it is through: what it said is still to be read, and it is the receiver that knows
/// whether the link died.
async fn type_in(sender: &mut Box<dyn ChannelSender>, mut input: Bytes, terminal: bool) {
    while !input.is_empty() {
        let piece = input.split_to(INPUT.min(input.len()));
        if let Err(error) = sender.write(piece).await {
            tracing::debug!(%error, "a command takes no more input");
            return;
        }
    }
    if terminal {
        return;
    }
    if let Err(error) = sender.eof().await {
        tracing::debug!(%error, "a command was not told the end of its input");
    }
}

fn note(event: &ChannelEvent, status: &mut ExitStatus) {
    match event {
        ChannelEvent::ExitStatus(code) => *status = ExitStatus::Code(*code),
        ChannelEvent::ExitSignal(name) => *status = ExitStatus::Signal(name.clone()),
        ChannelEvent::Data(_) | ChannelEvent::Stderr(_) | ChannelEvent::Eof => {}
    }
}

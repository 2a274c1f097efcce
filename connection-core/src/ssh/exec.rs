//! Commands: one session channel each, no terminal, nothing on standard input.
//!
//! A command ends when the server closes its channel. OpenSSH does that once the process
//! has exited **and** nothing holds its output open: a background child that inherited the
//! output keeps the command running, as it does with `ssh host 'sleep 9 &'`; redirect the
//! child's output, or set a timeout.
//!
//! A command that is given up (timeout, output limit, or its future dropped) is ended on
//! the server with the signal request of RFC 4254 and by closing its channel. OpenSSH
//! heeds the signal since 7.9, but not for a login as root where it runs such a session
//! without privilege separation (9.2 says `session signalling requires privilege
//! separation`). With a server that does not heed it, the process notices the closed
//! channel once it writes; one that never writes runs on.

use crate::error::{Error, ErrorKind, Result};
use crate::exec::{ExecOutput, ExecRequest, ExitStatus};
use crate::ssh::engine::{Channel, ChannelEvent, ChannelKind, ChannelRequest};
use crate::ssh::links::{Links, Slot};
use crate::ssh::spill::Spill;
use std::time::Duration;
use tokio::time::Instant;

/// [`Error::operation`] of commands.
pub const RUN_COMMAND: &str = "run command";

/// How long an ended command may take to say how it ended, and a signal to be handed to
/// the link.
const FAREWELL: Duration = Duration::from_millis(500);

/// How long a killed command has before it is killed again.
const AGAIN: Duration = Duration::from_millis(25);

/// The channel of a running command and its place; dropping it ends the command.
struct Command {
    running: Option<(Channel, Slot)>,
}

impl Drop for Command {
    fn drop(&mut self) {
        let Some((mut channel, slot)) = self.running.take() else {
            return;
        };
        // Outside a runtime the link cannot live on either; its channels close with it.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        runtime.spawn(async move {
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

/// Runs a command to its end.
///
/// # Errors
/// `InvalidInput` for a command with a NUL, which is sent nowhere; `TimedOut`;
/// `Unsupported` when the account may not run commands; besides those of the link and
/// of this machine's disk.
pub(crate) async fn run(links: &Links, request: ExecRequest) -> Result<ExecOutput> {
    if request.command.contains(&0) {
        return Err(Error::invalid("command", "the command contains a NUL"));
    }
    let started = Instant::now();
    let timeout = request.timeout;
    let running = to_end(links, request, started);
    let Some(timeout) = timeout else {
        return running.await;
    };
    // The elapsed future is dropped, and the command with it.
    match tokio::time::timeout(timeout, running).await {
        Ok(output) => output,
        Err(_) => Err(Error::new(
            ErrorKind::TimedOut,
            RUN_COMMAND,
            format!("the command ran longer than {timeout:?} and was ended"),
        )),
    }
}

async fn to_end(links: &Links, request: ExecRequest, started: Instant) -> Result<ExecOutput> {
    let mut command = Command {
        running: Some(links.channel(ChannelKind::Session).await?),
    };
    let Some((channel, slot)) = command.running.as_mut() else {
        return Err(Error::new(ErrorKind::Internal, RUN_COMMAND, "no channel"));
    };
    channel
        .sender
        .request(ChannelRequest::Exec(request.command))
        .await?;
    let mut result = Collected::default();
    match channel.sender.eof().await {
        Ok(()) => {}
        // A command may be over before it is told that nothing is coming; what it said
        // is still to be read.
        Err(_) if slot.link_is_alive() => {}
        Err(error) => return Err(error),
    }
    let mut room = request.output_limit;
    let mut truncated = false;
    while let Some(event) = channel.receiver.next().await? {
        if !result.take(event, &mut room).await? {
            truncated = true;
            break;
        }
    }
    if truncated {
        let farewell = async {
            // The output that is still under way is dropped; the end is waited for.
            channel.sender.signal("KILL").await?;
            while let Some(event) = channel.receiver.next().await? {
                result.note(&event);
            }
            Ok::<_, Error>(())
        };
        // A server that ignores signals says nothing: the end stays unknown.
        let _ = tokio::time::timeout(FAREWELL, farewell).await;
        channel.sender.close().await;
    }
    // It ended, or was ended: there is nothing left to kill.
    command.running = None;
    Ok(ExecOutput {
        stdout: result.stdout.finish().await?,
        stderr: result.stderr.finish().await?,
        status: result.status,
        truncated,
        duration: started.elapsed(),
    })
}

#[derive(Default)]
struct Collected {
    stdout: Spill,
    stderr: Spill,
    status: ExitStatus,
}

impl Collected {
    /// Keeps what fits; says whether all of it did.
    async fn take(&mut self, event: ChannelEvent, room: &mut u64) -> Result<bool> {
        self.note(&event);
        let (spill, data) = match &event {
            ChannelEvent::Data(data) => (&mut self.stdout, data),
            ChannelEvent::Stderr(data) => (&mut self.stderr, data),
            _ => return Ok(true),
        };
        let fits = usize::try_from(*room).unwrap_or(usize::MAX).min(data.len());
        *room -= fits as u64;
        spill.push(data.get(..fits).unwrap_or_default()).await?;
        Ok(fits == data.len())
    }

    fn note(&mut self, event: &ChannelEvent) {
        match event {
            ChannelEvent::ExitStatus(code) => self.status = ExitStatus::Code(*code),
            ChannelEvent::ExitSignal(name) => self.status = ExitStatus::Signal(name.clone()),
            ChannelEvent::Data(_) | ChannelEvent::Stderr(_) | ChannelEvent::Eof => {}
        }
    }
}

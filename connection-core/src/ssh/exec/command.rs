//! The channel of one command: how it comes to run, and how it is ended. Knows nothing of
//! what it says.

use super::{RUN_COMMAND, Running};
use crate::error::{Error, ErrorKind, Result};
use crate::exec::{ExecRequest, check_command};
use crate::ssh::engine::{Channel, ChannelEvent, ChannelKind, ChannelRequest};
use crate::ssh::links::{Links, Slot};
use crate::ssh::quote::command_line;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::task_tracker::TaskTrackerToken;

/// How long an ended command may take to say how it ended, and a signal to be handed to
/// the link.
const FAREWELL: Duration = Duration::from_millis(500);

/// How long a killed command has before it is killed again.
const AGAIN: Duration = Duration::from_millis(25);

/// The channel of a command and its place; dropping it ends the command.
pub(super) struct Command {
    pub(super) runtime: Handle,
    /// Whether the server was asked to run it.
    asked: bool,
    pub(super) running: Option<(Channel, Slot)>,
    pub(super) closing: CancellationToken,
    /// Says that it is not ended yet.
    unended: TaskTrackerToken,
}

impl Command {
    pub(super) fn channel(&mut self) -> Result<&mut (Channel, Slot)> {
        let gone = || Error::new(ErrorKind::Internal, RUN_COMMAND, "no channel");
        self.running.as_mut().ok_or_else(gone)
    }
}

impl Drop for Command {
    fn drop(&mut self) {
        let Some((mut channel, slot)) = self.running.take() else {
            return;
        };
        let (asked, unended) = (self.asked, self.unended.clone());
        // On a runtime that has ended nothing is run; the link has ended with it.
        self.runtime.spawn(async move {
            if asked {
                // Bounded, and best effort: a link that is gone has ended the command.
                let _ = tokio::time::timeout(FAREWELL, kill(&mut channel)).await;
            }
            channel.sender.close().await;
            drop(channel);
            // Only now there is room for another.
            drop(slot);
            drop(unended);
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
///
/// # Errors
/// `Unsupported`; `InvalidInput` for a command line that became too long; those of the
/// link.
pub(super) async fn begin(
    links: &Links,
    running: &Running,
    request: &ExecRequest,
) -> Result<Command> {
    let (channel, slot) = links.channel(ChannelKind::Session).await?;
    let mut command = Command {
        runtime: channel.receiver.runtime(),
        asked: false,
        running: Some((channel, slot)),
        closing: running.closing.clone(),
        unended: running.commands.token(),
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
    command.asked = true;
    let sender = &mut command.channel()?.0.sender;
    sender.request(ChannelRequest::Exec(line)).await?;
    Ok(command)
}

//! A command while it runs: its input is typed, everything it says is put aside, and it is
//! ended when it says too much or takes too long. Knows nothing of who wants it.

use super::command::Command;
use super::{Clock, closed};
use crate::error::{Error, Result};
use crate::exec::{ExecEvent, ExecRequest, ExitStatus};
use crate::ssh::engine::{Channel, ChannelEvent, ChannelSender};
use crate::ssh::spool::{Spool, Stream};
use crate::ssh::terminal::Held;
use bytes::Bytes;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

/// Bytes of input handed to the engine at once.
const INPUT: usize = 64 * 1024;

/// How long a command whose output was cut off may take to say how it ended. What is under
/// way comes before that: a whole window, over whatever line.
const CUT_OFF: Duration = Duration::from_secs(3);

/// Takes everything off the channel until the command's end, whether anyone wants it or
/// not. What is held is dropped last, as parameters are.
pub(super) async fn follow(
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
    let closing = command.closing.clone();
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
                () = closing.cancelled() => return Err(closed()),
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
    let _ = tokio::time::timeout(CUT_OFF, farewell).await;
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

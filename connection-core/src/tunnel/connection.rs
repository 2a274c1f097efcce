//! One connection through the server: a channel whose receiver is always taken care of.

use super::Held;
use super::pile::Pile;
use crate::error::{Error, ErrorKind, Result, Side};
use crate::ssh::engine::{Channel, ChannelEvent, ChannelReceiver, ChannelSender};
use bytes::Bytes;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::AbortHandle;
use tokio_util::sync::CancellationToken;

/// A connection to a host and port as the server sees them. Its directions can be used by
/// two tasks; it is closed when both have been dropped.
pub struct TunnelConnection {
    /// Towards the other end.
    pub input: TunnelInput,
    /// From the other end.
    pub output: TunnelOutput,
}

/// Bytes towards the other end.
pub struct TunnelInput {
    sender: Box<dyn ChannelSender>,
    /// What keeps the connection open.
    _line: Arc<Line>,
}

/// Bytes from the other end.
///
/// Meant to be read all the time: see the module on what happens to who does not.
pub struct TunnelOutput {
    line: Arc<Line>,
}

/// What the halves share. Dropping it ends the task that holds the channel's receiver.
struct Line {
    pile: Arc<Pile>,
    draining: AbortHandle,
}

impl Drop for Line {
    fn drop(&mut self) {
        self.draining.abort();
    }
}

/// A connection on a fresh channel, which breaks off when `closing` says so. `held` is
/// dropped once it is over.
pub(crate) fn connect(
    channel: Channel,
    together: &Arc<Semaphore>,
    closing: CancellationToken,
    held: Vec<Held>,
) -> TunnelConnection {
    let Channel { sender, receiver } = channel;
    let pile = Arc::new(Pile::new(together.clone()));
    // There it is done without a change of thread.
    let runtime = receiver.runtime();
    let drained = pile.clone();
    let draining = runtime.spawn(async move {
        let _closed = drained.closed.clone().drop_guard();
        tokio::select! {
            biased;
            () = closing.cancelled() => drained.break_off(session_closed()),
            () = drain(held, receiver, &drained) => {}
        }
    });
    let line = Arc::new(Line {
        pile,
        draining: draining.abort_handle(),
    });
    TunnelConnection {
        input: TunnelInput {
            sender,
            _line: line.clone(),
        },
        output: TunnelOutput { line },
    }
}

/// Takes what comes off the channel. What is held is dropped after the receiver, as
/// parameters are.
async fn drain(_held: Vec<Held>, mut receiver: Box<dyn ChannelReceiver>, pile: &Pile) {
    let waits = receiver.can_wait();
    loop {
        if waits {
            pile.wanted().await;
        }
        match receiver.next().await {
            Ok(Some(ChannelEvent::Data(data))) => {
                if let Err(full) = pile.push(data) {
                    return pile.break_off(full);
                }
            }
            Ok(Some(ChannelEvent::Eof)) => pile.finish(),
            // Nothing else has a meaning on a forwarded connection.
            Ok(Some(_)) => {}
            Ok(None) => return pile.finish(),
            Err(error) => return pile.break_off(error),
        }
    }
}

fn session_closed() -> Error {
    let message = "the session was closed";
    Error::new(ErrorKind::Cancelled, "carry bytes", message).on(Side::Local)
}

impl TunnelInput {
    /// Sends bytes; waits while the other end takes none. Given up, they are sent whole
    /// before what is sent next, or not at all.
    ///
    /// # Errors
    /// `ConnectionLost` when the connection has ended.
    pub async fn write(&mut self, data: impl Into<Bytes>) -> Result<()> {
        self.sender.write(data.into()).await
    }

    /// Says that nothing more will be sent; the other direction goes on.
    ///
    /// # Errors
    /// `ConnectionLost` when the connection has ended.
    pub async fn eof(&mut self) -> Result<()> {
        self.sender.eof().await
    }
}

impl TunnelOutput {
    /// What comes next; `None` once the other end has said that it sends nothing more.
    /// Given up, nothing is lost.
    ///
    /// # Errors
    /// Once, and what was not taken yet is lost: `ConnectionLost`; `Cancelled` when the session was
    /// closed; `LimitReached` when this was not called for too long.
    pub async fn next(&mut self) -> Result<Option<Bytes>> {
        self.line.pile.next().await
    }

    /// Cancelled once the connection broke, as [`TunnelOutput::next`] tells: for who is
    /// waiting for something else meanwhile, such as room to put bytes. It is to be dropped
    /// then.
    pub fn broken(&self) -> CancellationToken {
        self.line.pile.broken.clone()
    }

    /// Cancelled once the other end will take nothing more either.
    pub fn closed(&self) -> CancellationToken {
        self.line.pile.closed.clone()
    }
}

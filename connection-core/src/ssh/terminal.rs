//! Terminals: one session channel each, with a pseudo-terminal on it.
//!
//! A task of the terminal takes everything off the channel at once, as the engine's
//! contract asks, so a caller that pauses stops nothing else on the connection. What the
//! caller has not taken yet is bounded: past that the oldest bytes make room for the
//! newest, as in a terminal's own scroll-back, and a [`TerminalEvent::Lost`] says how many
//! went. Making the server wait instead is not to be had: russh grows the window by itself,
//! and libssh2 slows every channel by what it holds for one.

use crate::error::{ErrorKind, Result};
use crate::exec::ExitStatus;
use crate::ssh::backlog::Backlog;
use crate::ssh::engine::{Channel, ChannelEvent, ChannelReceiver, ChannelRequest, ChannelSender};
use crate::terminal::{TerminalEvent, TerminalRequest, check_signal, check_size};
use bytes::Bytes;
use std::any::Any;
use std::sync::Arc;
use tokio::task::AbortHandle;

/// Something that is kept as long as the terminal is open.
pub(crate) type Held = Box<dyn Any + Send>;

/// An open terminal. Its two directions can be used by two tasks; the terminal is closed,
/// and what runs in it is told so (`SIGHUP`), when both have been dropped.
pub struct Terminal {
    /// Towards the terminal.
    pub input: TerminalInput,
    /// From the terminal.
    pub output: TerminalOutput,
}

/// Keys, sizes and signals for a terminal.
pub struct TerminalInput {
    sender: Box<dyn ChannelSender>,
    /// What keeps the terminal open.
    _line: Arc<Line>,
}

/// What a terminal shows, until its end.
///
/// It is meant to be read all the time. Who pauses stops nothing else, but past 8 MiB
/// loses the oldest bytes: see [`TerminalEvent::Lost`].
pub struct TerminalOutput {
    line: Arc<Line>,
}

/// What the halves share. Dropping it ends the task that holds the channel's receiver.
struct Line {
    backlog: Arc<Backlog>,
    draining: AbortHandle,
}

impl Drop for Line {
    fn drop(&mut self) {
        self.draining.abort();
    }
}

/// Starts what was asked for on a fresh session channel.
///
/// # Errors
/// `Unsupported` when the account may have no terminal or run nothing in it, besides
/// those of the link.
pub(crate) async fn open(
    channel: Channel,
    request: TerminalRequest,
    held: Vec<Held>,
) -> Result<Terminal> {
    let Channel {
        mut sender,
        receiver,
    } = channel;
    let size = ChannelRequest::Pty {
        term: request.term,
        columns: request.columns,
        rows: request.rows,
    };
    sender.request(size).await?;
    for (name, value) in request.env {
        match sender.request(ChannelRequest::Env { name, value }).await {
            Ok(()) => {}
            // Servers take few names, and what runs without one runs all the same.
            Err(refused) if refused.kind() == ErrorKind::Unsupported => {}
            Err(error) => return Err(error),
        }
    }
    let start = match request.command {
        Some(command) => ChannelRequest::Exec(command),
        None => ChannelRequest::Shell,
    };
    sender.request(start).await?;
    let backlog = Arc::new(Backlog::default());
    let runtime = receiver.runtime();
    let draining = runtime.spawn(drain(held, receiver, backlog.clone()));
    let draining = draining.abort_handle();
    let line = Arc::new(Line { backlog, draining });
    Ok(Terminal {
        input: TerminalInput {
            sender,
            _line: line.clone(),
        },
        output: TerminalOutput { line },
    })
}

/// Takes everything off the channel until its end, whether anyone wants it or not. What
/// is held is dropped after the receiver, as parameters are.
async fn drain(_held: Vec<Held>, mut receiver: Box<dyn ChannelReceiver>, backlog: Arc<Backlog>) {
    let mut status = ExitStatus::Unknown;
    loop {
        match receiver.next().await {
            // A terminal has one output; what comes beside it is shown as well.
            Ok(Some(ChannelEvent::Data(data) | ChannelEvent::Stderr(data))) => backlog.push(&data),
            Ok(Some(ChannelEvent::ExitStatus(code))) => status = ExitStatus::Code(code),
            Ok(Some(ChannelEvent::ExitSignal(name))) => status = ExitStatus::Signal(name),
            Ok(Some(ChannelEvent::Eof)) => {}
            Ok(None) => return backlog.finish(Ok(status)),
            Err(error) => return backlog.finish(Err(error)),
        }
    }
}

impl TerminalInput {
    /// Types bytes. Waits while the server takes none; given up, they are typed whole
    /// before what is typed next, or not at all.
    ///
    /// # Errors
    /// `ConnectionLost` when the terminal or the connection has ended.
    pub async fn write(&mut self, data: impl Into<Bytes>) -> Result<()> {
        self.sender.write(data.into()).await
    }

    /// Tells the terminal its new size, and what runs in it that it changed (`SIGWINCH`).
    ///
    /// # Errors
    /// `InvalidInput` outside of 1 to [`crate::terminal::MAX_COLUMNS`] and
    /// [`crate::terminal::MAX_ROWS`]; `ConnectionLost`.
    pub async fn resize(&mut self, columns: u32, rows: u32) -> Result<()> {
        check_size(columns, rows)?;
        self.sender.resize(columns, rows).await
    }

    /// Sends a signal, named as in RFC 4254 without `SIG`. Servers may ignore it; the
    /// interrupt key (byte 3) goes the same way as any key and is not ignored.
    ///
    /// # Errors
    /// `InvalidInput` for what is no signal's name; `ConnectionLost`.
    pub async fn signal(&mut self, name: &str) -> Result<()> {
        check_signal(name)?;
        self.sender.signal(name).await
    }

    /// Closes the terminal, without waiting for the server; what runs in it is told
    /// (`SIGHUP`). The output ends.
    pub async fn close(&mut self) {
        self.sender.close().await;
    }
}

impl TerminalOutput {
    /// What comes next; `None` once the end was told. Given up, nothing is lost.
    ///
    /// # Errors
    /// `ConnectionLost`, once, when the connection died before the terminal ended.
    pub async fn next(&mut self) -> Result<Option<TerminalEvent>> {
        self.line.backlog.next().await
    }
}

impl Drop for TerminalOutput {
    fn drop(&mut self) {
        self.line.backlog.unwanted();
    }
}

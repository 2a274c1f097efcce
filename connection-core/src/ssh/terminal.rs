//! Terminals: one session channel each, with a pseudo-terminal on it.
//!
//! A task of the terminal takes everything off the channel at once, as the engine's
//! contract asks, so a caller that pauses stops nothing else on the connection. What the
//! caller has not taken yet is bounded: past that the oldest bytes make room for the
//! newest, as in a terminal's own scroll-back, and a [`TerminalEvent::Lost`] says how many
//! went.
//!
//! Who owns a terminal for others may hold its sender back, where the engine can
//! ([`Taker::wants_more`]): libssh2 reads a channel no further and lets its window close.
//! russh grows the window by itself, so there the bytes always come.

use crate::error::{ErrorKind, Result};
use crate::exec::ExitStatus;
use crate::ssh::backlog::Backlog;
use crate::ssh::engine::{Channel, ChannelEvent, ChannelReceiver, ChannelRequest, ChannelSender};
use crate::terminal::{TerminalEvent, TerminalRequest, check_signal, check_size};
use async_trait::async_trait;
use bytes::Bytes;
use std::any::Any;
use std::sync::Arc;
use tokio::runtime::Handle;
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

/// Whoever takes what a terminal shows, as it comes.
#[async_trait]
pub(crate) trait Taker: Send + Sync + 'static {
    /// Bytes came. Must not wait for anything.
    fn take(&self, data: &[u8]);

    /// Nothing more will come.
    fn finish(&self, how: Result<ExitStatus>);

    /// Waits until more is wanted. Asked only where the sender can be held back alone.
    async fn wants_more(&self);
}

/// Keys, sizes and signals for a terminal.
pub struct TerminalInput {
    sender: Box<dyn ChannelSender>,
    runtime: Handle,
    /// What keeps the terminal open.
    _line: Arc<Line>,
}

/// What a terminal shows, until its end.
///
/// It is meant to be read all the time. Who pauses stops nothing else, but past 8 MiB
/// loses the oldest bytes: see [`TerminalEvent::Lost`].
pub struct TerminalOutput {
    backlog: Arc<Backlog>,
    /// What keeps the terminal open.
    _line: Arc<Line>,
}

/// What the halves share. Dropping it ends the task that holds the channel's receiver.
struct Line {
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
    let backlog = Arc::new(Backlog::default());
    let input = open_for(channel, request, held, backlog.clone()).await?;
    let line = input._line.clone();
    let output = TerminalOutput {
        backlog,
        _line: line,
    };
    Ok(Terminal { input, output })
}

/// As [`open`], with everything the terminal shows for this taker.
///
/// # Errors
/// As [`open`].
pub(crate) async fn open_for(
    channel: Channel,
    request: TerminalRequest,
    held: Vec<Held>,
    taker: Arc<impl Taker>,
) -> Result<TerminalInput> {
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
    let runtime = receiver.runtime();
    let draining = runtime.spawn(drain(held, receiver, taker)).abort_handle();
    Ok(TerminalInput {
        sender,
        runtime,
        _line: Arc::new(Line { draining }),
    })
}

/// Takes everything off the channel until its end. What is held is dropped after the
/// receiver, as parameters are.
async fn drain(_held: Vec<Held>, mut receiver: Box<dyn ChannelReceiver>, taker: Arc<impl Taker>) {
    let mut status = ExitStatus::Unknown;
    let can_wait = receiver.can_wait();
    loop {
        if can_wait {
            taker.wants_more().await;
        }
        match receiver.next().await {
            // A terminal has one output; what comes beside it is shown as well.
            Ok(Some(ChannelEvent::Data(data) | ChannelEvent::Stderr(data))) => taker.take(&data),
            Ok(Some(ChannelEvent::ExitStatus(code))) => status = ExitStatus::Code(code),
            Ok(Some(ChannelEvent::ExitSignal(name))) => status = ExitStatus::Signal(name),
            Ok(Some(ChannelEvent::Eof)) => {}
            Ok(None) => return taker.finish(Ok(status)),
            Err(error) => return taker.finish(Err(error)),
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

    /// Where a task runs best that does little more than type.
    pub(crate) fn runtime(&self) -> Handle {
        self.runtime.clone()
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
        self.backlog.next().await
    }
}

impl Drop for TerminalOutput {
    fn drop(&mut self) {
        self.backlog.unwanted();
    }
}

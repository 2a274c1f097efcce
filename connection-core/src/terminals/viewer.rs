//! Whoever looks at a terminal: what it is told, in order, and what it may do.

use super::info::{CloseReason, ViewerId, ViewerInfo, ViewerMode};
use super::share::ShareId;
use super::shared::SharedTerminal;
use crate::error::{Error, ErrorKind, Result};
use crate::exec::ExitStatus;
use crate::recording::RecordingState;
use bytes::Bytes;
use std::sync::Arc;
use tokio::sync::watch;

/// [`Error::operation`] of what a viewer does.
pub(super) const USE_TERMINAL: &str = "use terminal";

/// How to attach.
#[derive(Debug, Clone)]
pub struct Attach {
    /// What the viewer may do.
    pub mode: ViewerMode,
    /// Offset of the first byte it wants; everything that is kept if `None`.
    pub from: Option<u64>,
    /// The share it comes by, whose viewers only read.
    pub share: Option<ShareId>,
    /// Where it is, for those who ask who is attached.
    pub address: Option<String>,
}

impl Attach {
    /// Everything that is kept, for a viewer that may do this.
    pub fn new(mode: ViewerMode) -> Self {
        Self {
            mode,
            from: None,
            share: None,
            address: None,
        }
    }

    /// From this offset on.
    #[must_use]
    pub fn from(mut self, offset: u64) -> Self {
        self.from = Some(offset);
        self
    }
}

/// Something for a viewer.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum ViewerEvent {
    /// The next byte of the data has this offset, and this many before it are gone. Comes
    /// first, and after every gap.
    Offset {
        /// Offset of the next byte.
        offset: u64,
        /// Bytes that were wanted and are not there.
        lost: u64,
    },
    /// Bytes for the screen, as they came; a character may be cut in two. Never empty.
    Data(Bytes),
    /// The terminal has this size now.
    Resized {
        /// Width in characters.
        columns: u32,
        /// Height in characters.
        rows: u32,
    },
    /// Who is attached now. Comes soon after attaching, and after every change.
    Viewers(Vec<ViewerInfo>),
    /// The recording of the terminal ended before the terminal did.
    Recording(RecordingState),
    /// What ran in the terminal ended. Comes after the last byte.
    Exited(ExitStatus),
    /// The viewer is attached no longer. Comes last.
    Closed(CloseReason),
}

/// A viewer that is attached. Its halves can be used by two tasks; it leaves when the
/// output is dropped.
pub struct Viewer {
    /// Towards the terminal.
    pub input: ViewerInput,
    /// From the terminal.
    pub output: ViewerOutput,
}

/// What a viewer does.
pub struct ViewerInput {
    pub(super) terminal: Arc<SharedTerminal>,
    pub(super) id: ViewerId,
    pub(super) mode: ViewerMode,
}

/// What a viewer is told.
pub struct ViewerOutput {
    pub(super) terminal: Arc<SharedTerminal>,
    pub(super) id: ViewerId,
    pub(super) changed: watch::Receiver<()>,
}

impl ViewerInput {
    /// The viewer's number.
    pub fn id(&self) -> ViewerId {
        self.id
    }

    /// What the viewer may do.
    pub fn mode(&self) -> ViewerMode {
        self.mode
    }

    /// Types bytes. Waits while the remote side takes none; given up, some of the bytes may
    /// have been typed.
    ///
    /// # Errors
    /// `PermissionDenied` for who only reads; `ConnectionLost` once the terminal has ended.
    pub async fn write(&self, data: impl Into<Bytes>) -> Result<()> {
        self.may_write()?;
        self.terminal.type_bytes(data.into()).await
    }

    /// Gives the terminal this size, for everyone.
    ///
    /// # Errors
    /// `InvalidInput` outside of 1 to [`crate::terminal::MAX_COLUMNS`] and
    /// [`crate::terminal::MAX_ROWS`]; those of [`ViewerInput::write`].
    pub async fn resize(&self, columns: u32, rows: u32) -> Result<()> {
        self.may_write()?;
        self.terminal.resize(columns, rows).await
    }

    /// Sends a signal, named as in RFC 4254 without `SIG`. Servers may ignore it.
    ///
    /// # Errors
    /// `InvalidInput` for what is no signal's name; those of [`ViewerInput::write`].
    pub async fn signal(&self, name: &str) -> Result<()> {
        self.may_write()?;
        self.terminal.signal(name).await
    }

    /// Says that every byte before this offset was drawn.
    ///
    /// # Errors
    /// `InvalidInput` for an offset that the viewer was not given yet.
    pub fn ack(&self, offset: u64) -> Result<()> {
        self.terminal.acknowledge(self.id, offset)
    }

    fn may_write(&self) -> Result<()> {
        match self.mode {
            ViewerMode::Write => Ok(()),
            ViewerMode::Read => Err(Error::new(
                ErrorKind::PermissionDenied,
                USE_TERMINAL,
                "this viewer may only read",
            )
            .on(crate::Side::Local)),
        }
    }
}

impl ViewerOutput {
    /// The viewer's number.
    pub fn id(&self) -> ViewerId {
        self.id
    }

    /// What comes next. Given up, nothing is lost. After `Closed` it says `Closed` again.
    pub async fn next(&mut self) -> ViewerEvent {
        loop {
            // Marked as seen before the look: a change after it ends the wait.
            self.changed.mark_unchanged();
            let (event, until) = self.terminal.next_for(self.id);
            if let Some(event) = event {
                return event;
            }
            let expiry = async {
                match until {
                    Some(until) => tokio::time::sleep_until(until.into()).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                // The sender lives as long as the terminal, which is held here.
                _ = self.changed.changed() => {}
                () = expiry => {}
            }
        }
    }
}

impl Drop for ViewerOutput {
    fn drop(&mut self) {
        self.terminal.leave(self.id);
    }
}

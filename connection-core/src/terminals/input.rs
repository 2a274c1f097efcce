//! What viewers do to a terminal, on its way to the task that does it ([`super::set`]).

use super::shared::{SharedTerminal, ended};
use crate::error::Result;
use bytes::Bytes;
use tokio::sync::mpsc::Permit;
use tokio::sync::mpsc::error::TrySendError;

/// Pieces that wait for the remote side.
pub(super) const PIECES: usize = 64;

/// Longest piece, in bytes; longer ones are cut.
const PIECE: usize = 64 * 1024;

/// What is done to the terminal.
pub(super) enum Input {
    Data(Bytes),
    Resize(u32, u32),
    Signal(String),
}

impl SharedTerminal {
    pub(super) async fn type_bytes(&self, mut data: Bytes) -> Result<()> {
        while !data.is_empty() {
            let piece = data.split_to(data.len().min(PIECE));
            self.put(Input::Data(piece)).await?;
        }
        Ok(())
    }

    /// Hands something to the task that does it.
    pub(super) async fn put(&self, input: Input) -> Result<()> {
        self.place().await?.send(input);
        Ok(())
    }

    /// Room for something that the task will do. Past what may wait, the remote side is not
    /// held back any more, since it may first want to be rid of its output.
    pub(super) async fn place(&self) -> Result<Permit<'_, Input>> {
        if self.has_ended() {
            return Err(ended());
        }
        match self.input.try_reserve() {
            Ok(place) => Ok(place),
            Err(TrySendError::Closed(())) => Err(ended()),
            Err(TrySendError::Full(())) => {
                let _waiting = InputWaits::new(self);
                self.input.reserve().await.map_err(|_| ended())
            }
        }
    }
}

/// While it lives, typed bytes wait.
struct InputWaits<'a>(&'a SharedTerminal);

impl<'a> InputWaits<'a> {
    fn new(terminal: &'a SharedTerminal) -> Self {
        terminal.lock().input_waits += 1;
        terminal.changed.send_replace(());
        Self(terminal)
    }
}

impl Drop for InputWaits<'_> {
    fn drop(&mut self) {
        self.0.lock().input_waits -= 1;
    }
}

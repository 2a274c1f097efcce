//! Standard output: a thread that writes what came, and says how far it is. What waits is
//! bounded by the credit that the server has, since only what was written is acknowledged.

use std::io::Write;
use std::thread::JoinHandle;
use tokio::sync::{mpsc, watch};

/// Bytes, and the offset after them.
type Piece = (bytes::Bytes, u64);

pub(super) struct Screen {
    pieces: mpsc::UnboundedSender<Piece>,
    /// Offset after the last byte written; the sender is gone when nothing can be written.
    pub(super) written: watch::Receiver<u64>,
    thread: JoinHandle<()>,
}

impl Screen {
    pub(super) fn start() -> Self {
        let (pieces, mut waiting) = mpsc::unbounded_channel::<Piece>();
        let (progress, written) = watch::channel(0);
        let thread = std::thread::spawn(move || {
            while let Some((bytes, offset)) = waiting.blocking_recv() {
                let mut out = std::io::stdout().lock();
                if out.write_all(&bytes).and_then(|()| out.flush()).is_err() {
                    return;
                }
                progress.send_replace(offset);
            }
        });
        Self {
            pieces,
            written,
            thread,
        }
    }

    /// Writes bytes that end at this offset, some time.
    pub(super) fn show(&self, bytes: bytes::Bytes, offset: u64) {
        // That nothing can be written shows in `written`.
        let _ = self.pieces.send((bytes, offset));
    }

    /// Waits until everything is written.
    pub(super) fn finish(self) {
        drop(self.pieces);
        // A panic in it has been told already.
        let _ = self.thread.join();
    }
}

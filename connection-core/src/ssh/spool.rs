//! A command's output that nobody has taken yet: a little memory, then a temporary file,
//! with the end behind it. Knows bytes of two streams and their end, and nothing of
//! channels.
//!
//! One task puts in and never waits for the one that takes out, so memory stays flat
//! however slow that is. How much there can be is for who puts in to bound. The file has no
//! name and vanishes with its handle, whatever happens to the process.

use crate::error::{Error, ErrorKind, Result, Side};
use crate::exec::ExecEvent;
use bytes::Bytes;
use std::collections::VecDeque;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// Bytes kept in memory before they go to the file.
const MEMORY: usize = 1024 * 1024;

/// Most bytes in one event.
const PIECE: usize = 32 * 1024;

/// What a piece costs beside its bytes: a server may send them one by one.
const OVERHEAD: usize = 64;

/// Bytes before each piece in the file: its stream, and its length.
const HEAD: usize = 5;

/// Bytes read from the file at once; several pieces fit.
const READ: usize = 8 * (HEAD + PIECE);

const OPERATION: &str = "keep command output";

/// Which output of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stream {
    Out,
    Err,
}

#[derive(Debug, PartialEq, Eq)]
struct Piece {
    stream: Stream,
    bytes: Vec<u8>,
}

#[derive(Default)]
pub(super) struct Spool {
    state: Mutex<State>,
    /// Something was put in; at most one task waits.
    changed: Notify,
}

/// Oldest first: what was read back, what is in the file, what is on its way there, what
/// is in memory, the end.
#[derive(Default)]
struct State {
    ready: VecDeque<Piece>,
    file: Option<Arc<File>>,
    /// Where in the file the oldest piece not read back begins.
    head: u64,
    /// Where the next one is written.
    tail: u64,
    writing: bool,
    memory: VecDeque<Piece>,
    /// What is in memory costs this much.
    held: usize,
    end: Option<End>,
}

enum End {
    /// Still to be told.
    Ended(Result<ExecEvent>),
    Told,
}

/// What a look at the state finds for the one who takes.
enum Found {
    Event(Result<Option<ExecEvent>>),
    /// There is something in the file, at this place.
    InFile(Arc<File>, u64, usize),
    Nothing,
}

impl Spool {
    /// Puts bytes in. Waits only for this machine's disk.
    ///
    /// # Errors
    /// `LocalIo`, `NoSpace`.
    pub(super) async fn push(&self, stream: Stream, data: &[u8]) -> Result<()> {
        let (full, file, tail) = {
            let mut state = self.lock();
            state.keep(stream, data);
            if state.held < MEMORY {
                drop(state);
                self.changed.notify_one();
                return Ok(());
            }
            state.writing = true;
            state.held = 0;
            let full = std::mem::take(&mut state.memory);
            (full, state.file.clone(), state.tail)
        };
        let written = blocking(move || {
            let file = match file {
                Some(file) => file,
                None => Arc::new(tempfile::tempfile()?),
            };
            let bytes = encoded(&full);
            file.write_all_at(&bytes, tail)?;
            Ok((file, bytes.len() as u64))
        })
        .await;
        let mut state = self.lock();
        state.writing = false;
        let (file, length) = written?;
        state.file = Some(file);
        state.tail += length;
        drop(state);
        self.changed.notify_one();
        Ok(())
    }

    /// Says that nothing more will come.
    pub(super) fn finish(&self, how: Result<ExecEvent>) {
        self.lock().end = Some(End::Ended(how));
        self.changed.notify_one();
    }

    /// Waits until nothing more will come.
    pub(super) async fn ended(&self) {
        while self.lock().end.is_none() {
            // A permit is kept for a change between the look and this.
            self.changed.notified().await;
        }
    }

    /// What comes next; `None` after the end was told. Given up, nothing is lost.
    ///
    /// # Errors
    /// The one it was finished with, once; `LocalIo`.
    pub(super) async fn next(&self) -> Result<Option<ExecEvent>> {
        loop {
            let found = self.lock().look();
            match found {
                Found::Event(event) => return event,
                Found::Nothing => self.changed.notified().await,
                Found::InFile(file, at, length) => {
                    let (pieces, read) = blocking(move || {
                        let mut bytes = vec![0; length];
                        file.read_exact_at(&mut bytes, at)?;
                        Ok(decoded(&bytes))
                    })
                    .await?;
                    let emptied = self.lock().read_back(pieces, read)?;
                    if let Some(file) = emptied {
                        // Giving the disk's room back takes a moment.
                        tokio::task::spawn_blocking(move || drop(file));
                    }
                }
            }
        }
    }

    /// A panic while the lock is held leaves nothing half-done behind.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn keep(&mut self, stream: Stream, mut data: &[u8]) {
        if let Some(last) = self.memory.back_mut()
            && last.stream == stream
        {
            let room = PIECE.saturating_sub(last.bytes.len()).min(data.len());
            let (fits, rest) = data.split_at(room);
            last.bytes.extend_from_slice(fits);
            self.held += fits.len();
            data = rest;
        }
        for piece in data.chunks(PIECE) {
            self.held += piece.len() + OVERHEAD;
            let bytes = piece.to_vec();
            self.memory.push_back(Piece { stream, bytes });
        }
    }

    fn look(&mut self) -> Found {
        if let Some(piece) = self.ready.pop_front() {
            return Found::Event(Ok(Some(piece.event())));
        }
        if let Some(file) = &self.file
            && self.head < self.tail
        {
            let length = usize::try_from(self.tail - self.head).unwrap_or(READ);
            return Found::InFile(file.clone(), self.head, length.min(READ));
        }
        if self.writing {
            return Found::Nothing;
        }
        if let Some(piece) = self.memory.pop_front() {
            self.held = self.held.saturating_sub(piece.bytes.len() + OVERHEAD);
            return Found::Event(Ok(Some(piece.event())));
        }
        match self.end.replace(End::Told) {
            Some(End::Ended(how)) => Found::Event(how.map(Some)),
            Some(End::Told) => Found::Event(Ok(None)),
            None => {
                self.end = None;
                Found::Nothing
            }
        }
    }

    /// Takes what was read at `head`. Answers the file once nothing is left in it.
    fn read_back(&mut self, pieces: VecDeque<Piece>, read: u64) -> Result<Option<Arc<File>>> {
        if read == 0 {
            let message = "the file is not as it was written";
            return Err(Error::new(ErrorKind::Internal, OPERATION, message));
        }
        self.head += read;
        self.ready = pieces;
        if self.head < self.tail || self.writing {
            return Ok(None);
        }
        (self.head, self.tail) = (0, 0);
        Ok(self.file.take())
    }
}

impl Piece {
    fn event(self) -> ExecEvent {
        let bytes = Bytes::from(self.bytes);
        match self.stream {
            Stream::Out => ExecEvent::Stdout(bytes),
            Stream::Err => ExecEvent::Stderr(bytes),
        }
    }
}

fn encoded(pieces: &VecDeque<Piece>) -> Vec<u8> {
    let length = pieces.iter().map(|piece| HEAD + piece.bytes.len()).sum();
    let mut all = Vec::with_capacity(length);
    for piece in pieces {
        all.push(u8::from(piece.stream == Stream::Err));
        let length = u32::try_from(piece.bytes.len()).unwrap_or(u32::MAX);
        all.extend_from_slice(&length.to_be_bytes());
        all.extend_from_slice(&piece.bytes);
    }
    all
}

/// The whole pieces at the beginning, and how many bytes they took.
fn decoded(bytes: &[u8]) -> (VecDeque<Piece>, u64) {
    let mut pieces = VecDeque::new();
    let mut rest = bytes;
    while let Some(([stream, length @ ..], after)) = rest.split_first_chunk::<HEAD>() {
        let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
        let Some((data, after)) = after.split_at_checked(length) else {
            break;
        };
        let stream = match stream {
            0 => Stream::Out,
            _ => Stream::Err,
        };
        let bytes = data.to_vec();
        pieces.push_back(Piece { stream, bytes });
        rest = after;
    }
    (pieces, (bytes.len() - rest.len()) as u64)
}

async fn blocking<T: Send + 'static>(
    job: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(job)
        .await
        .unwrap_or_else(|e| Err(std::io::Error::other(e)))
        .map_err(local)
}

fn local(source: std::io::Error) -> Error {
    let kind = match source.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => ErrorKind::NoSpace,
        _ => ErrorKind::LocalIo,
    };
    Error::new(kind, OPERATION, source.to_string())
        .on(Side::Local)
        .caused_by(source)
}

#[cfg(test)]
#[path = "spool_tests.rs"]
mod tests;

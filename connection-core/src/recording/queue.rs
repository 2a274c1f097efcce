//! What waits to be written: a bounded queue between a terminal and its recording.

use std::time::Duration;

/// Bytes that wait at most: a quarter of a second of the fastest terminals, and little
/// enough for hundreds of recordings.
pub(super) const CAPACITY: usize = 2 * 1024 * 1024;

/// Bytes from which on it is time to write.
const URGENT: usize = CAPACITY / 4;

/// What an event costs besides its bytes.
const OVERHEAD: usize = 64;

/// Longest event, in bytes: it bounds a line of the file.
const MAX_EVENT: usize = 32 * 1024;

/// Something that happened in a terminal.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum What {
    Shown(Vec<u8>),
    Typed(Vec<u8>),
    Resized(u32, u32),
    Lost(u64),
}

/// It, and the time since the recording began.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Event {
    pub(super) at: Duration,
    pub(super) what: What,
}

/// Whom a change of the queue concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wake {
    Nobody,
    /// There is something to write.
    Soon,
    /// The queue fills up.
    Now,
}

/// How the writing is to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Phase {
    #[default]
    Running,
    /// The terminal has ended: what waits is the last.
    Ending,
    /// Nobody wants the recording any more, or it cannot be written.
    Over,
}

/// The queue.
#[derive(Debug, Default)]
pub(super) struct Queue {
    events: Vec<Event>,
    /// What `events` cost.
    size: usize,
    /// Bytes dropped since it was full. From then on everything is dropped until the
    /// writer has taken what waits: one gap is better than many.
    lost: u64,
    is_full: bool,
    /// The last size that came meanwhile, which must not get lost.
    resized: Option<(u32, u32)>,
    pub(super) phase: Phase,
}

impl Wake {
    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Now, _) | (_, Self::Now) => Self::Now,
            (Self::Soon, _) | (_, Self::Soon) => Self::Soon,
            (Self::Nobody, Self::Nobody) => Self::Nobody,
        }
    }
}

impl Queue {
    /// Takes bytes in pieces of at most [`MAX_EVENT`].
    pub(super) fn push_bytes(
        &mut self,
        at: Duration,
        bytes: &[u8],
        what: impl Fn(Vec<u8>) -> What,
    ) -> Wake {
        let mut wake = Wake::Nobody;
        for piece in bytes.chunks(MAX_EVENT) {
            if self.fits(piece.len()) {
                wake = wake.or(self.push(at, piece.len(), what(piece.to_vec())));
            } else {
                self.lost = self.lost.saturating_add(piece.len() as u64);
            }
        }
        wake
    }

    pub(super) fn push_size(&mut self, at: Duration, columns: u32, rows: u32) -> Wake {
        if self.fits(0) {
            return self.push(at, 0, What::Resized(columns, rows));
        }
        self.resized = Some((columns, rows));
        Wake::Nobody
    }

    pub(super) fn push_gap(&mut self, at: Duration, lost: u64) -> Wake {
        if self.fits(0) {
            return self.push(at, 0, What::Lost(lost));
        }
        self.lost = self.lost.saturating_add(lost);
        Wake::Nobody
    }

    /// Whether there is room. Once there was none, there is none until the queue was taken.
    fn fits(&mut self, bytes: usize) -> bool {
        self.is_full |= self.size + bytes + OVERHEAD > CAPACITY;
        !self.is_full
    }

    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    #[cfg(test)]
    pub(super) fn is_full(&self) -> bool {
        self.is_full
    }

    fn push(&mut self, at: Duration, bytes: usize, what: What) -> Wake {
        let size = self.size + bytes + OVERHEAD;
        let was = std::mem::replace(&mut self.size, size);
        self.events.push(Event { at, what });
        match (was, size) {
            (..URGENT, URGENT..) => Wake::Now,
            (0, _) => Wake::Soon,
            _ => Wake::Nobody,
        }
    }

    /// Takes what waits, and after it what is to be told of what was dropped.
    pub(super) fn take(&mut self, now: Duration) -> Vec<Event> {
        let mut events = std::mem::take(&mut self.events);
        self.size = 0;
        self.is_full = false;
        let lost = std::mem::take(&mut self.lost);
        if lost > 0 {
            let what = What::Lost(lost);
            events.push(Event { at: now, what });
        }
        if let Some((columns, rows)) = self.resized.take() {
            let what = What::Resized(columns, rows);
            events.push(Event { at: now, what });
        }
        events
    }
}

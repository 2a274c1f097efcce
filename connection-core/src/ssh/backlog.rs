//! What came from a terminal and nobody has taken yet: bounded, with the end behind it.
//! Knows bytes and their end, and nothing of channels.
//!
//! One side puts in, the other takes out, each by one task.

use crate::error::Result;
use crate::exec::ExitStatus;
use crate::ring::Ring;
use crate::ssh::terminal::Taker;
use crate::terminal::TerminalEvent;
use async_trait::async_trait;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// Bytes kept: as many as a transfer may hold, and more than a screen could ever show.
/// What falls out at the front is counted and told.
const KEPT: usize = 8 * 1024 * 1024;

/// Bytes handed out at once.
const PIECE: usize = 64 * 1024;

pub(super) struct Backlog {
    state: Mutex<State>,
    /// Something was put in; at most one task waits.
    filled: Notify,
}

struct State {
    /// What was not handed out yet.
    ring: Ring,
    /// Offset of the next byte to be handed out, or told to be lost.
    next: u64,
    end: Option<End>,
    unwanted: bool,
}

impl Default for Backlog {
    fn default() -> Self {
        let state = State {
            ring: Ring::new(KEPT),
            next: 0,
            end: None,
            unwanted: false,
        };
        Self {
            state: Mutex::new(state),
            filled: Notify::new(),
        }
    }
}

enum End {
    /// How it ended is still to be told, if it is known how.
    Ended(Result<ExitStatus>),
    Told,
}

#[async_trait]
impl Taker for Backlog {
    /// Puts bytes in; past [`KEPT`] the oldest ones are lost.
    fn take(&self, data: &[u8]) {
        let mut state = self.lock();
        if state.unwanted {
            return;
        }
        state.ring.push(data);
        drop(state);
        self.filled.notify_one();
    }

    fn finish(&self, how: Result<ExitStatus>) {
        self.lock().end = Some(End::Ended(how));
        self.filled.notify_one();
    }

    /// Whoever does not take loses the oldest bytes, and no time.
    async fn wants_more(&self) {}
}

impl Backlog {
    /// The taker has gone: what is here is dropped, and so is what comes.
    pub(super) fn unwanted(&self) {
        let mut state = self.lock();
        state.unwanted = true;
        state.ring = Ring::new(KEPT);
    }

    /// What comes next; `None` after the end was told.
    ///
    /// # Errors
    /// The one it was finished with, once.
    pub(super) async fn next(&self) -> Result<Option<TerminalEvent>> {
        loop {
            if let Some(event) = self.first() {
                return event;
            }
            // A permit is kept for a change between the look and this.
            self.filled.notified().await;
        }
    }

    fn first(&self) -> Option<Result<Option<TerminalEvent>>> {
        let mut state = self.lock();
        let start = state.ring.start();
        if state.next < start {
            let lost = start - std::mem::replace(&mut state.next, start);
            return Some(Ok(Some(TerminalEvent::Lost(lost))));
        }
        let data = state.ring.take(PIECE);
        if !data.is_empty() {
            state.next += data.len() as u64;
            return Some(Ok(Some(TerminalEvent::Data(data))));
        }
        match state.end.replace(End::Told) {
            Some(End::Ended(how)) => Some(how.map(|status| Some(TerminalEvent::Exit(status)))),
            Some(End::Told) => Some(Ok(None)),
            None => {
                state.end = None;
                None
            }
        }
    }

    /// A panic while the lock is held leaves nothing half-done behind.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Error, ErrorKind};
    use bytes::Bytes;
    use futures::FutureExt;

    fn take(backlog: &Backlog) -> Option<TerminalEvent> {
        backlog.next().now_or_never().unwrap().unwrap()
    }

    fn all(backlog: &Backlog) -> (u64, Vec<u8>) {
        let (mut lost, mut bytes) = (0, Vec::new());
        while let Some(event) = backlog.next().now_or_never() {
            match event.unwrap() {
                Some(TerminalEvent::Data(data)) => bytes.extend_from_slice(&data),
                Some(TerminalEvent::Lost(count)) => lost += count,
                _ => break,
            }
        }
        (lost, bytes)
    }

    #[test]
    fn bytes_come_in_order_and_then_the_end_once() {
        let backlog = Backlog::default();
        assert!(backlog.next().now_or_never().is_none());
        Taker::take(&backlog, b"one ");
        Taker::take(&backlog, b"two");
        backlog.finish(Ok(ExitStatus::Code(3)));
        let data = Bytes::from_static(b"one two");
        assert_eq!(take(&backlog), Some(TerminalEvent::Data(data)));
        let exit = TerminalEvent::Exit(ExitStatus::Code(3));
        assert_eq!(take(&backlog), Some(exit));
        assert_eq!(take(&backlog), None);
        assert_eq!(take(&backlog), None);
    }

    #[test]
    fn an_error_comes_behind_the_bytes() {
        let backlog = Backlog::default();
        Taker::take(&backlog, b"x");
        backlog.finish(Err(Error::new(ErrorKind::ConnectionLost, "test", "gone")));
        assert!(matches!(take(&backlog), Some(TerminalEvent::Data(_))));
        let error = backlog.next().now_or_never().unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionLost);
        assert_eq!(take(&backlog), None);
    }

    #[test]
    fn past_the_limit_the_oldest_are_lost_and_counted() {
        let pattern: Vec<u8> = (0..KEPT + 12_345).map(|n| (n % 251) as u8).collect();
        for piece in [1000, 32 * 1024, KEPT, KEPT + 12_345] {
            let backlog = Backlog::default();
            for data in pattern.chunks(piece) {
                Taker::take(&backlog, data);
                assert!(backlog.lock().ring.capacity() <= KEPT);
            }
            let (lost, bytes) = all(&backlog);
            assert_eq!(lost, 12_345, "{piece}");
            assert!(bytes == pattern[12_345..], "{piece}");
            assert_eq!(backlog.lock().ring.capacity(), 0, "given back");
        }
    }

    #[test]
    fn nobody_who_wants_it_keeps_nothing() {
        let backlog = Backlog::default();
        Taker::take(&backlog, &vec![1; KEPT]);
        backlog.unwanted();
        Taker::take(&backlog, &vec![1; KEPT]);
        assert_eq!(backlog.lock().ring.capacity(), 0);
    }
}

//! What came from the server and nobody has taken yet: bounded, with its end behind it.
//! Knows bytes and their end, and nothing of channels.
//!
//! One task puts in, another takes out.

use crate::error::{Error, ErrorKind, Result};
use bytes::Bytes;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{Notify, Semaphore};
use tokio_util::sync::CancellationToken;

/// Bytes that may pile up for one connection: what a transfer may hold.
pub const MAX_PILED: usize = 8 * 1024 * 1024;

/// Bytes that may pile up for all connections of a session.
pub const MAX_PILED_TOGETHER: usize = 64 * 1024 * 1024;

/// Bytes past which a server that can wait is made to.
const ENOUGH: usize = 256 * 1024;

/// What a piece costs beside its bytes: a server may send one at a time.
const PIECE: usize = 256;

pub(super) struct Pile {
    state: Mutex<State>,
    /// Something was put in; at most one task waits.
    filled: Notify,
    /// Something was taken out; at most one task waits.
    taken: Notify,
    /// Room of the session.
    together: Arc<Semaphore>,
    /// The server has closed the channel, or it is gone.
    pub(super) closed: CancellationToken,
    /// It ended with an error, which is to be heard of at once: who takes nothing would
    /// never come to it.
    pub(super) broken: CancellationToken,
}

#[derive(Default)]
struct State {
    pieces: VecDeque<Bytes>,
    cost: usize,
    /// How it ended, to be told once.
    end: Option<Option<Error>>,
}

fn cost(piece: &Bytes) -> usize {
    piece.len().saturating_add(PIECE)
}

fn permits(cost: usize) -> u32 {
    u32::try_from(cost).unwrap_or(u32::MAX)
}

impl Pile {
    pub(super) fn new(together: Arc<Semaphore>) -> Self {
        Self {
            state: Mutex::default(),
            filled: Notify::new(),
            taken: Notify::new(),
            together,
            closed: CancellationToken::new(),
            broken: CancellationToken::new(),
        }
    }

    /// Puts a piece on.
    ///
    /// # Errors
    /// `LimitReached` when there is no room for it.
    pub(super) fn push(&self, piece: Bytes) -> Result<()> {
        let cost = cost(&piece);
        let mut state = self.lock();
        let room = state.cost.saturating_add(cost) <= MAX_PILED;
        match self.together.try_acquire_many(permits(cost)) {
            Ok(permit) if room => permit.forget(),
            _ => {
                drop(state);
                let message = format!(
                    "the client takes less than the server sends, and more than {} MiB would \
                     have had to be kept for it",
                    MAX_PILED >> 20
                );
                return Err(Error::new(ErrorKind::LimitReached, "carry bytes", message));
            }
        }
        state.cost += cost;
        state.pieces.push_back(piece);
        drop(state);
        self.filled.notify_one();
        Ok(())
    }

    /// Waits until more is wanted.
    pub(super) async fn wanted(&self) {
        while self.lock().cost >= ENOUGH {
            // A permit is kept for a change between the look and this.
            self.taken.notified().await;
        }
    }

    /// Says that nothing more will come.
    pub(super) fn finish(&self) {
        self.lock().end.get_or_insert(None);
        self.filled.notify_one();
    }

    /// Says that the connection broke. What is piled up is dropped.
    pub(super) fn break_off(&self, error: Error) {
        let left = {
            let mut state = self.lock();
            if state.end.is_some() {
                return;
            }
            state.end = Some(Some(error));
            state.pieces = VecDeque::new();
            std::mem::take(&mut state.cost)
        };
        self.together.add_permits(left);
        self.broken.cancel();
        self.filled.notify_one();
    }

    /// What comes next; `None` at the end.
    ///
    /// # Errors
    /// The one it broke off with, once.
    pub(super) async fn next(&self) -> Result<Option<Bytes>> {
        loop {
            {
                let mut state = self.lock();
                if let Some(piece) = state.pieces.pop_front() {
                    state.cost -= cost(&piece);
                    drop(state);
                    self.together.add_permits(cost(&piece));
                    self.taken.notify_one();
                    return Ok(Some(piece));
                }
                if let Some(end) = &mut state.end {
                    return end.take().map_or(Ok(None), Err);
                }
            }
            // A permit is kept for a change between the look and this.
            self.filled.notified().await;
        }
    }

    /// A panic while the lock is held leaves nothing half-done behind.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Pile {
    fn drop(&mut self) {
        let left = self.lock().cost;
        self.together.add_permits(left);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_pile_is_bounded_alone_and_together_and_gives_its_room_back() {
        let together = Arc::new(Semaphore::new(MAX_PILED_TOGETHER));
        let piece = Bytes::from(vec![7; 32 * 1024]);
        let mut piles = Vec::new();
        for _ in 0..MAX_PILED_TOGETHER / MAX_PILED {
            let pile = Pile::new(together.clone());
            let mut pushed = 0;
            while pile.push(piece.clone()).is_ok() {
                pushed += piece.len();
            }
            assert!((MAX_PILED - 256 * 1024..=MAX_PILED).contains(&pushed));
            piles.push(pile);
        }
        let late = Pile::new(together.clone());
        while late.push(piece.clone()).is_ok() {}
        assert!(
            late.lock().cost < 1024 * 1024,
            "the session's room is used up"
        );
        drop(piles);
        late.push(piece.clone()).unwrap();
        drop(late);
        assert_eq!(together.available_permits(), MAX_PILED_TOGETHER);
    }

    #[tokio::test]
    async fn single_bytes_are_no_way_around_the_bound() {
        let pile = Pile::new(Arc::new(Semaphore::new(MAX_PILED_TOGETHER)));
        let mut pieces = 0;
        while pile.push(Bytes::from_static(b"x")).is_ok() {
            pieces += 1;
        }
        assert!(pieces <= MAX_PILED / PIECE);
    }

    #[tokio::test]
    async fn what_came_is_handed_out_before_the_end() {
        let pile = Pile::new(Arc::new(Semaphore::new(MAX_PILED_TOGETHER)));
        let gone = || Error::new(ErrorKind::ConnectionLost, "x", "gone");
        pile.push(Bytes::from_static(b"last words")).unwrap();
        pile.finish();
        pile.break_off(gone());
        assert_eq!(pile.next().await.unwrap().unwrap(), "last words");
        assert_eq!(pile.next().await.unwrap(), None);
        assert!(!pile.broken.is_cancelled(), "it had ended before");

        let together = Arc::new(Semaphore::new(MAX_PILED_TOGETHER));
        let pile = Pile::new(together.clone());
        pile.push(Bytes::from_static(b"half a sent")).unwrap();
        pile.break_off(gone());
        assert!(pile.broken.is_cancelled());
        assert_eq!(together.available_permits(), MAX_PILED_TOGETHER);
        let error = pile.next().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionLost);
        assert_eq!(pile.next().await.unwrap(), None);
    }
}

//! One channel's place on a link: being asked for, and held. Each ends by being dropped,
//! whatever became of its owner.

use super::{FIRST, Inner};
use crate::ssh::engine::Link;
use std::sync::Arc;
use tokio::time::Instant;

/// A channel's place on its link; dropping it makes room. It outlives the connection
/// without holding it.
pub(crate) struct Slot {
    pub(super) inner: Arc<Inner>,
    lane: u64,
    /// Whether the server's limit counts it.
    counted: bool,
}

impl Slot {
    pub(super) fn new(inner: Arc<Inner>, lane: u64, counted: bool) -> Self {
        Self {
            inner,
            lane,
            counted,
        }
    }

    /// Whether the channel's link still lives.
    #[cfg(test)]
    pub(crate) fn link_is_alive(&self) -> bool {
        let mut state = self.inner.lock();
        state
            .lane(self.lane)
            .is_some_and(|lane| lane.link.is_alive())
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let now = Instant::now();
        if let Some(lane) = self.inner.lock().lane(self.lane) {
            match self.counted {
                true => lane.given_back(now),
                false => lane.count_other(false, now),
            }
        }
        self.inner.changed.notify_waiters();
    }
}

/// A session asked for on a link. Dropped without an answer, it was given up.
pub(super) struct Asking {
    inner: Arc<Inner>,
    pub(super) lane: u64,
    pub(super) link: Arc<dyn Link>,
    freed: u64,
    answered: bool,
}

impl Asking {
    pub(super) fn new(inner: Arc<Inner>, lane: u64, link: Arc<dyn Link>, freed: u64) -> Self {
        Self {
            inner,
            lane,
            link,
            freed,
            answered: false,
        }
    }

    /// The server granted it.
    pub(super) fn granted(mut self) -> Slot {
        self.answered = true;
        if let Some(lane) = self.inner.lock().lane(self.lane) {
            lane.granted();
        }
        Slot::new(self.inner.clone(), self.lane, true)
    }

    /// The server refused it.
    pub(super) fn refused(mut self) {
        self.answered = true;
        let now = Instant::now();
        let mut state = self.inner.lock();
        let Some(lane) = state.lane(self.lane) else {
            return;
        };
        lane.refused(self.freed, now);
        if self.lane != FIRST && !lane.was_of_use() && !lane.is_busy() {
            drop(state);
            self.inner.give_up_useless(self.lane);
        }
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        if !self.answered
            && let Some(lane) = self.inner.lock().lane(self.lane)
        {
            lane.given_up(Instant::now());
        }
        self.inner.changed.notify_waiters();
    }
}

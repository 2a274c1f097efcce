//! The expiry clock of one session: lock-free, monotonic, and decided in one step.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// The bit of the state that says the session is over.
const OVER: u64 = 1 << 63;

/// The bits that count users.
const USERS: u64 = u32::MAX as u64;

/// One entry, counted above the users and below [`OVER`].
const ENTRY: u64 = 1 << 32;

/// Counts users and remembers the last activity.
///
/// `state` is the number of users and of entries so far, with [`OVER`] set once the session
/// expired or was closed. A user enters only while that bit is clear, and expiry sets it
/// only while there is no user, each by one compare-and-swap: neither can slip between the
/// other's check and step. The entries are there for the user who came and went between
/// the two, and left the number of users as it was.
pub(crate) struct IdleClock {
    start: Instant,
    timeout: Duration,
    state: AtomicU64,
    /// Milliseconds after `start`.
    last_activity: AtomicU64,
}

impl IdleClock {
    pub(crate) fn new(timeout: Duration) -> Self {
        Self {
            start: Instant::now(),
            timeout,
            state: AtomicU64::new(0),
            last_activity: AtomicU64::new(0),
        }
    }

    /// Time since the last activity; none while in use.
    pub(crate) fn idle(&self) -> Duration {
        if self.state.load(Ordering::Acquire) & USERS > 0 {
            return Duration::ZERO;
        }
        let last = Duration::from_millis(self.last_activity.load(Ordering::Acquire));
        self.start.elapsed().saturating_sub(last)
    }

    /// Time until expiry if nothing happens.
    pub(crate) fn remaining(&self) -> Duration {
        self.timeout.saturating_sub(self.idle())
    }

    /// Time since the last activity began or ended, also while in use.
    pub(crate) fn since_mark(&self) -> Duration {
        let last = Duration::from_millis(self.last_activity.load(Ordering::Acquire));
        self.start.elapsed().saturating_sub(last)
    }

    fn mark(&self) {
        let now = u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last_activity.fetch_max(now, Ordering::AcqRel);
    }

    /// Enters as a user, unless the session is over or its time has run out.
    pub(crate) fn enter(&self) -> bool {
        if self.is_over() {
            return false;
        }
        let entered = self
            .state
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |s| {
                // The entries may wrap around, but not into the bit above them.
                (s & OVER == 0).then_some(((s + ENTRY) & !OVER) + 1)
            })
            .is_ok();
        if entered {
            self.mark();
        }
        entered
    }

    /// Leaves as a user.
    pub(crate) fn leave(&self) {
        // The mark comes first: without a user and with an old mark the session would
        // look idle for the moment between the two.
        self.mark();
        self.state.fetch_sub(1, Ordering::AcqRel);
    }

    /// Ends the session if nobody uses it and its time has run out. Says whether this call
    /// ended it.
    pub(crate) fn expire(&self) -> bool {
        let state = self.state.load(Ordering::Acquire);
        if state & (OVER | USERS) != 0 || self.since_mark() < self.timeout {
            return false;
        }
        self.state
            .compare_exchange(state, state | OVER, Ordering::AcqRel, Ordering::Acquire)
            .is_ok()
    }

    /// Ends the session whoever uses it. Says whether this call ended it.
    pub(crate) fn end(&self) -> bool {
        self.state.fetch_or(OVER, Ordering::AcqRel) & OVER == 0
    }

    /// Whether the session is over, or would be if someone asked.
    pub(crate) fn is_over(&self) -> bool {
        let state = self.state.load(Ordering::Acquire);
        state & OVER != 0 || (state & USERS == 0 && self.since_mark() >= self.timeout)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_used_session_never_expires() {
        let clock = IdleClock::new(Duration::ZERO);
        assert!(clock.expire(), "idle for no time at all is enough here");
        let clock = IdleClock::new(Duration::from_secs(3600));
        assert!(clock.enter());
        assert_eq!(clock.idle(), Duration::ZERO);
        assert!(!clock.expire());
        clock.leave();
        assert!(!clock.expire());
    }

    #[test]
    fn in_use_outweighs_the_time() {
        let mut clock = IdleClock::new(Duration::from_secs(3600));
        assert!(clock.enter());
        clock.timeout = Duration::ZERO;
        assert!(!clock.expire(), "a user is inside");
        assert!(!clock.is_over());
        clock.leave();
        assert!(clock.is_over());
        assert!(clock.expire());
        assert!(!clock.enter(), "it is over for good");
    }

    #[test]
    fn ended_once() {
        let clock = IdleClock::new(Duration::from_secs(3600));
        assert!(clock.enter());
        assert!(clock.end());
        assert!(!clock.end());
        assert!(!clock.enter());
        clock.leave();
        assert!(clock.is_over());
        assert!(!clock.expire(), "closed, so it does not expire as well");
    }

    #[test]
    fn entries_never_reach_the_end_bit() {
        let clock = IdleClock::new(Duration::from_secs(3600));
        clock.state.store(OVER - ENTRY, Ordering::Release);
        assert!(clock.enter());
        assert!(clock.enter());
        assert!(!clock.is_over());
        clock.leave();
        clock.leave();
        assert_eq!(clock.state.load(Ordering::Acquire) & USERS, 0);
    }
}

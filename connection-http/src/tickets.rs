//! Tickets: each does one thing, once, soon, for whoever has it.
//!
//! A page can set no header on a WebSocket, nor on a download that the browser writes to disk
//! by itself, and an access token in an address would stand in histories and logs. So a page
//! that may call the API asks for a ticket first, which is bound to who asked and what for,
//! and is worth nothing once used or old. Knows nothing of what they are for.

use crate::error::{Outcome, Problem};
use connection_core::ErrorKind;
use connection_core::secret::random_token;
use poem::http::StatusCode;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// What a ticket is for.
pub(crate) trait Purpose: Sized {
    /// How long it can be used.
    const LIFETIME: Duration;

    /// Whether there may be one more beside those that can still be used.
    fn has_room<'a>(&self, unused: impl Iterator<Item = &'a Self> + Clone) -> bool
    where
        Self: 'a;
}

/// What a ticket is kept under. Looking one up takes a time that depends on hashes only, and
/// they tell nothing of a ticket.
type Hash = [u8; 32];

/// The tickets for one purpose that were given out and not used.
pub(crate) struct Tickets<P> {
    lifetime: Duration,
    unused: Mutex<HashMap<Hash, (P, Instant)>>,
}

impl<P: Purpose> Default for Tickets<P> {
    fn default() -> Self {
        Self::lasting(P::LIFETIME)
    }
}

impl<P: Purpose> Tickets<P> {
    fn lasting(lifetime: Duration) -> Self {
        Self {
            lifetime,
            unused: Mutex::default(),
        }
    }

    /// A new ticket for this.
    ///
    /// # Errors
    /// 503 when there are too many that were not used.
    pub(crate) fn issue(&self, purpose: P) -> Outcome<String> {
        let ticket = random_token();
        let now = Instant::now();
        let mut unused = self.lock();
        unused.retain(|_, (_, until)| now < *until);
        if !purpose.has_room(unused.values().map(|(other, _)| other)) {
            return Err(Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "Too many tickets were asked for and not used",
            )
            .with_code(ErrorKind::LimitReached.code()));
        }
        unused.insert(hash(&ticket), (purpose, now + self.lifetime));
        Ok(ticket)
    }

    /// What a ticket is for. It is used up by that.
    pub(crate) fn redeem(&self, ticket: &str) -> Option<P> {
        let (purpose, until) = self.lock().remove(&hash(ticket))?;
        (Instant::now() < until).then_some(purpose)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Hash, (P, Instant)>> {
        self.unused.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn hash(ticket: &str) -> Hash {
    Sha256::digest(ticket.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Most that may wait.
    const MOST: usize = 3;

    #[derive(Debug, PartialEq)]
    struct Number(usize);

    impl Purpose for Number {
        const LIFETIME: Duration = Duration::from_secs(60);

        fn has_room<'a>(&self, unused: impl Iterator<Item = &'a Self> + Clone) -> bool {
            unused.count() < MOST
        }
    }

    #[test]
    fn a_ticket_is_good_once() {
        let tickets = Tickets::default();
        let ticket = tickets.issue(Number(7)).unwrap();
        assert!(ticket.len() == 64 && ticket.bytes().all(|b| b.is_ascii_hexdigit()));
        assert_eq!(tickets.redeem(""), None);
        assert_eq!(tickets.redeem(&ticket), Some(Number(7)));
        assert_eq!(tickets.redeem(&ticket), None, "it is used up");
    }

    #[test]
    fn those_that_were_used_make_room() {
        let tickets = Tickets::default();
        let all: Vec<String> = (0..MOST)
            .map(|n| tickets.issue(Number(n)).unwrap())
            .collect();
        let refused = tickets.issue(Number(MOST)).unwrap_err();
        assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(refused.name(), "limit_reached");
        assert!(tickets.redeem(&all[1]).is_some());
        tickets.issue(Number(MOST)).unwrap();
    }

    #[test]
    fn an_old_one_is_good_for_nothing_and_takes_no_room() {
        let tickets = Tickets::lasting(Duration::ZERO);
        for n in 0..=MOST {
            let ticket = tickets.issue(Number(n)).unwrap();
            assert_eq!(tickets.redeem(&ticket), None);
        }
        for n in 0..=MOST {
            tickets.issue(Number(n)).unwrap();
        }
        assert_eq!(tickets.lock().len(), 1);
    }
}

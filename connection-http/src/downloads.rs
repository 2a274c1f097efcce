//! Downloads that were ordered and not yet fetched.
//!
//! A browser streams a download to disk only when it fetches an address by itself, and then
//! it sends no access token and no list of a thousand paths. So a page that may call the API
//! orders the download first, and gets a ticket for it: it fetches that one download for
//! whoever ordered it, once, soon.

use crate::auth::Caller;
use crate::error::{Outcome, Problem};
use crate::ws::tickets::{TicketHash, hash};
use connection_core::archive::ArchiveFormat;
use connection_core::path::RemotePath;
use connection_core::secret::random_token;
use poem::http::StatusCode;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long an order can be fetched: a browser may ask the person where to.
pub const LIFETIME: Duration = Duration::from_secs(120);

/// Orders of one caller that were not fetched; each may list ten thousand paths.
const MOST_EACH: usize = 32;

/// What is downloaded.
pub enum Wanted {
    /// A file as it is.
    File(RemotePath),
    /// These paths in one archive.
    Archive(Vec<RemotePath>, ArchiveFormat),
}

/// A download.
pub struct Order {
    /// Who ordered it.
    pub caller: Caller,
    /// The session, as the request named it.
    pub session: String,
    /// What is downloaded.
    pub wanted: Wanted,
}

/// The orders that were not fetched.
pub struct Downloads {
    lifetime: Duration,
    waiting: Mutex<HashMap<TicketHash, (Order, Instant)>>,
}

impl Default for Downloads {
    fn default() -> Self {
        Self::lasting(LIFETIME)
    }
}

impl Downloads {
    /// Orders that last this long.
    pub fn lasting(lifetime: Duration) -> Self {
        Self {
            lifetime,
            waiting: Mutex::default(),
        }
    }

    /// Takes an order and answers its ticket.
    ///
    /// # Errors
    /// 503 when the caller has too many that were not fetched.
    pub fn add(&self, order: Order) -> Outcome<String> {
        let ticket = random_token();
        let now = Instant::now();
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|_, (_, until)| now < *until);
        let is_own = |other: &Order| other.caller.owner == order.caller.owner;
        if waiting.values().filter(|(other, _)| is_own(other)).count() >= MOST_EACH {
            return Err(Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "Too many downloads were ordered and not fetched",
            )
            .with_code("limit_reached"));
        }
        waiting.insert(hash(&ticket), (order, now + self.lifetime));
        Ok(ticket)
    }

    /// The order of a ticket, once.
    pub fn take(&self, ticket: &str) -> Option<Order> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let (order, until) = waiting.remove(&hash(ticket))?;
        (Instant::now() < until).then_some(order)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use connection_core::session::Owner;

    fn order(owner: &str) -> Order {
        Order {
            caller: Caller {
                owner: Owner::new(owner),
            },
            session: "s".to_owned(),
            wanted: Wanted::File(RemotePath::root()),
        }
    }

    #[test]
    fn a_ticket_fetches_its_order_once() {
        let downloads = Downloads::default();
        let ticket = downloads.add(order("ann")).unwrap();
        assert!(downloads.take("").is_none());
        let taken = downloads.take(&ticket).unwrap();
        assert!(taken.caller.owner == Owner::new("ann"));
        assert!(downloads.take(&ticket).is_none(), "it is used up");
    }

    #[test]
    fn an_old_one_fetches_nothing_and_takes_no_room() {
        let downloads = Downloads::lasting(Duration::ZERO);
        for _ in 0..=MOST_EACH {
            let ticket = downloads.add(order("ann")).unwrap();
            assert!(downloads.take(&ticket).is_none());
        }
        for _ in 0..=MOST_EACH {
            downloads.add(order("ann")).unwrap();
        }
        assert_eq!(downloads.waiting.lock().unwrap().len(), 1);
    }

    #[test]
    fn each_caller_has_so_many() {
        let downloads = Downloads::default();
        for _ in 0..MOST_EACH {
            downloads.add(order("ann")).unwrap();
        }
        let refused = downloads.add(order("ann")).unwrap_err();
        assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
        downloads.add(order("bob")).unwrap();
    }
}

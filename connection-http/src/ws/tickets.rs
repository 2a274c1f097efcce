//! Tickets: what opens one socket, once, soon.
//!
//! A page cannot set a header on a WebSocket, and a token in an address would stand in
//! histories and logs. So a page that may call the API asks for a ticket, which is bound to
//! whoever asked and to one path, and is worth nothing once used or half a minute old.

use crate::auth::Caller;
use crate::error::{Outcome, Problem};
use connection_core::secret::{Secret, random_token};
use poem::http::StatusCode;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long a ticket can be used: a page opens the socket at once, over a slow network too.
pub const LIFETIME: Duration = Duration::from_secs(30);

/// Unused tickets of one caller or one share; a page with every terminal of every session
/// needs fewer.
const MOST_EACH: usize = 256;

/// Unused tickets of all shares together, which need no access token.
const MOST_SHARED: usize = 1024;

/// On whose behalf a socket is opened.
#[derive(Clone)]
pub enum Bearer {
    /// A caller of the API.
    Caller(Caller),
    /// Whoever has the link with this token, which is looked up once more at the socket.
    Share(Arc<Secret>),
}

impl Bearer {
    fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Caller(one), Self::Caller(other)) => one.owner == other.owner,
            // Only links that were found get here: whose they are is no secret to them.
            (Self::Share(one), Self::Share(other)) => one.expose() == other.expose(),
            (Self::Caller(_), Self::Share(_)) | (Self::Share(_), Self::Caller(_)) => false,
        }
    }
}

struct Ticket {
    bearer: Bearer,
    path: String,
    until: Instant,
}

/// What a ticket is kept under. Looking one up takes a time that depends on hashes only,
/// and they tell nothing of a ticket.
pub(crate) type TicketHash = [u8; 32];

/// The tickets that were given out and not used.
pub struct Tickets {
    lifetime: Duration,
    unused: Mutex<HashMap<TicketHash, Ticket>>,
}

impl Default for Tickets {
    fn default() -> Self {
        Self::lasting(LIFETIME)
    }
}

impl Tickets {
    /// Tickets that last this long.
    pub fn lasting(lifetime: Duration) -> Self {
        Self {
            lifetime,
            unused: Mutex::default(),
        }
    }

    /// A new ticket for one path.
    ///
    /// # Errors
    /// 503 when the bearer has too many that were not used.
    pub fn issue(&self, bearer: Bearer, path: &str) -> Outcome<String> {
        let ticket = random_token();
        let now = Instant::now();
        let mut unused = self.lock();
        unused.retain(|_, ticket| now < ticket.until);
        let own = unused.values().filter(|t| t.bearer.is(&bearer)).count();
        let shared = unused
            .values()
            .filter(|t| matches!(t.bearer, Bearer::Share(_)))
            .count();
        let is_share = matches!(bearer, Bearer::Share(_));
        if own >= MOST_EACH || (is_share && shared >= MOST_SHARED) {
            return Err(Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "Too many tickets were asked for and not used",
            )
            .with_code("limit_reached"));
        }
        let entry = Ticket {
            bearer,
            path: path.to_owned(),
            until: now + self.lifetime,
        };
        unused.insert(hash(&ticket), entry);
        Ok(ticket)
    }

    /// Uses a ticket on a path. It is used up whether or not it opens that path.
    pub fn redeem(&self, ticket: &str, path: &str) -> Option<Bearer> {
        let found = self.lock().remove(&hash(ticket))?;
        (Instant::now() < found.until && found.path == path).then_some(found.bearer)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<TicketHash, Ticket>> {
        self.unused.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The hash of a ticket.
pub(crate) fn hash(ticket: &str) -> TicketHash {
    Sha256::digest(ticket.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use connection_core::session::Owner;

    fn ann() -> Bearer {
        Bearer::Caller(Caller {
            owner: Owner::new("ann"),
        })
    }

    fn share(token: &str) -> Bearer {
        Bearer::Share(Arc::new(Secret::from(token)))
    }

    #[test]
    fn a_ticket_opens_its_path_once() {
        let tickets = Tickets::default();
        let ticket = tickets.issue(ann(), "/ws/a").unwrap();
        assert!(ticket.len() == 64 && ticket.bytes().all(|b| b.is_ascii_hexdigit()));
        let bearer = tickets.redeem(&ticket, "/ws/a").unwrap();
        assert!(bearer.is(&ann()) && !bearer.is(&share("x")));
        assert!(tickets.redeem(&ticket, "/ws/a").is_none(), "it is used up");
        assert!(tickets.redeem("", "/ws/a").is_none());
    }

    #[test]
    fn another_path_uses_it_up_as_well() {
        let tickets = Tickets::default();
        let ticket = tickets.issue(ann(), "/ws/a").unwrap();
        assert!(tickets.redeem(&ticket, "/ws/b").is_none());
        assert!(tickets.redeem(&ticket, "/ws/a").is_none());
    }

    #[test]
    fn an_old_ticket_opens_nothing() {
        let tickets = Tickets::lasting(Duration::ZERO);
        let ticket = tickets.issue(ann(), "/ws/a").unwrap();
        assert!(tickets.redeem(&ticket, "/ws/a").is_none());
    }

    #[test]
    fn each_bearer_has_so_many_and_the_old_ones_do_not_count() {
        let tickets = Tickets::default();
        for _ in 0..MOST_EACH {
            tickets.issue(ann(), "/ws/a").unwrap();
        }
        let refused = tickets.issue(ann(), "/ws/a").unwrap_err();
        assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
        tickets.issue(share("one"), "/ws/share").unwrap();
        for each in 0..MOST_SHARED / MOST_EACH {
            for _ in 0..MOST_EACH {
                let _ = tickets.issue(share(&each.to_string()), "/ws/share");
            }
        }
        assert!(tickets.issue(share("new"), "/ws/share").is_err());
        assert_eq!(tickets.lock().len(), MOST_EACH + MOST_SHARED);
        let old = Tickets::lasting(Duration::ZERO);
        for _ in 0..=MOST_EACH {
            old.issue(ann(), "/ws/a").unwrap();
        }
        assert_eq!(old.lock().len(), 1);
    }
}

//! What opens a socket for a page, which can set no header on it: see [`crate::tickets`].

use crate::auth::Caller;
use crate::tickets::{Purpose, Tickets};
use connection_core::secret::Secret;
use std::sync::Arc;
use std::time::Duration;

/// Unused tickets of one caller or one share; a page with every terminal of every session
/// needs fewer.
const MOST_EACH: usize = 256;

/// Unused tickets of all shares together, which need no access token.
const MOST_SHARED: usize = 1024;

/// On whose behalf a socket is opened.
pub(crate) enum Bearer {
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

    fn is_share(&self) -> bool {
        matches!(self, Self::Share(_))
    }
}

/// Opening one socket.
pub(crate) struct Opening {
    /// On whose behalf.
    pub bearer: Bearer,
    /// The socket's path. On any other the ticket opens nothing, and is used up as well.
    pub path: String,
}

/// The tickets for sockets that were not used.
pub(crate) type SocketTickets = Tickets<Opening>;

impl Purpose for Opening {
    /// A page opens the socket at once, over a slow network too.
    const LIFETIME: Duration = Duration::from_secs(30);

    fn has_room<'a>(&self, unused: impl Iterator<Item = &'a Self> + Clone) -> bool {
        let own = unused.clone().filter(|other| other.bearer.is(&self.bearer));
        let shared = unused.filter(|other| other.bearer.is_share());
        own.count() < MOST_EACH && !(self.bearer.is_share() && shared.count() >= MOST_SHARED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use connection_core::session::Owner;

    fn caller(name: &str) -> Opening {
        let owner = Owner::new(name);
        of(Bearer::Caller(Caller { owner }))
    }

    fn share(token: &str) -> Opening {
        of(Bearer::Share(Arc::new(Secret::from(token))))
    }

    fn of(bearer: Bearer) -> Opening {
        let path = "/ws/a".to_owned();
        Opening { bearer, path }
    }

    #[test]
    fn each_bearer_has_so_many_and_all_shares_together() {
        let tickets = SocketTickets::default();
        for _ in 0..MOST_EACH {
            tickets.issue(caller("ann")).unwrap();
        }
        assert!(tickets.issue(caller("ann")).is_err());
        for each in 0..MOST_SHARED / MOST_EACH {
            for _ in 0..MOST_EACH {
                tickets.issue(share(&each.to_string())).unwrap();
            }
            assert!(tickets.issue(share(&each.to_string())).is_err());
        }
        assert!(tickets.issue(share("new")).is_err());
        tickets.issue(caller("bob")).unwrap();
    }
}

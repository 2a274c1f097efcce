//! Downloads that are ordered first, by a page that may call the API, and then fetched by a
//! browser on its own: see [`crate::tickets`].

use crate::auth::Caller;
use crate::tickets::{Purpose, Tickets};
use connection_core::archive::ArchiveFormat;
use connection_core::path::RemotePath;
use std::time::Duration;

/// Orders of one caller that were not fetched; each may list ten thousand paths.
const MOST_EACH: usize = 32;

/// What is downloaded.
pub(crate) enum Wanted {
    /// A file as it is.
    File(RemotePath),
    /// These paths in one archive.
    Archive(Vec<RemotePath>, ArchiveFormat),
}

/// A download.
pub(crate) struct Order {
    /// Who ordered it.
    pub caller: Caller,
    /// The session, as the request named it.
    pub session: String,
    /// What is downloaded.
    pub wanted: Wanted,
}

/// The orders that were not fetched.
pub(crate) type Downloads = Tickets<Order>;

impl Purpose for Order {
    /// A browser may ask the person where to.
    const LIFETIME: Duration = Duration::from_secs(120);

    fn has_room<'a>(&self, unused: impl Iterator<Item = &'a Self> + Clone) -> bool {
        let is_own = |other: &&Self| other.caller.owner == self.caller.owner;
        unused.filter(is_own).count() < MOST_EACH
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use connection_core::session::Owner;

    #[test]
    fn each_caller_has_so_many() {
        let order = |owner: &str| Order {
            caller: Caller {
                owner: Owner::new(owner),
            },
            session: "s".to_owned(),
            wanted: Wanted::File(RemotePath::root()),
        };
        let downloads = Downloads::default();
        for _ in 0..MOST_EACH {
            downloads.issue(order("ann")).unwrap();
        }
        assert!(downloads.issue(order("ann")).is_err());
        downloads.issue(order("bob")).unwrap();
    }
}

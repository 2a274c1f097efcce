//! Listings that stay open between two requests, so that a large directory is read once.
//!
//! A cursor says how many entries were given and, where a listing was parked, its name. A
//! cursor never goes stale: when its listing is gone (60 seconds passed, others took its
//! place, it was used before), the directory is listed anew and the entries are skipped,
//! which costs as much as listing them. Over FTP, where an open listing holds one of the
//! few connections, what is parked is what it had left, already read.

use crate::drained::Budget;
use crate::open_listing::Listing;
use connection_core::path::RemotePath;
use connection_core::session::{SessionId, SessionKind};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// How long a parked listing waits for the next request.
const WAIT: Duration = Duration::from_secs(60);

/// Listings parked for one session: each is an open handle on its server, which has a
/// hundred or so.
const PER_SESSION: usize = 8;

/// How often parked listings are looked through.
const SWEEP: Duration = Duration::from_secs(5);

/// Where a client is in a directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cursor {
    given: u64,
    parked: Option<Uuid>,
}

impl Cursor {
    /// Reads the text form; `None` when it is not one.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (given, parked) = match text.split_once('.') {
            Some((given, name)) => (given, Some(Uuid::parse_str(name).ok()?)),
            None => (text, None),
        };
        Some(Self {
            given: given.parse().ok()?,
            parked,
        })
    }

    /// How many entries the client has.
    pub(crate) fn given(self) -> u64 {
        self.given
    }

    /// The place a listing has come to, when it is not parked.
    fn of(listing: &Listing) -> Self {
        Self {
            given: listing.given(),
            parked: None,
        }
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.given)?;
        match self.parked {
            Some(name) => write!(f, ".{}", name.simple()),
            None => Ok(()),
        }
    }
}

/// The parked listings of all sessions.
#[derive(Default)]
pub(crate) struct Parked {
    slots: Arc<Mutex<Slots>>,
    budget: Budget,
}

#[derive(Default)]
struct Slots {
    /// The oldest first.
    all: Vec<Slot>,
    /// Whether somebody looks through them.
    is_swept: bool,
}

struct Slot {
    session: SessionId,
    path: RemotePath,
    name: Uuid,
    since: Instant,
    listing: Listing,
}

impl Parked {
    /// Parks a listing of a session, in place of its oldest when there are too many.
    pub(crate) fn park(
        &self,
        (session, kind): (SessionId, SessionKind),
        path: &RemotePath,
        listing: Listing,
    ) -> Cursor {
        if listing.is_cut_off() {
            return Cursor::of(&listing);
        }
        let listing = match kind {
            SessionKind::Ssh => listing,
            SessionKind::Ftp => listing.drained(&self.budget),
        };
        let name = Uuid::new_v4();
        let cursor = Cursor {
            parked: Some(name),
            ..Cursor::of(&listing)
        };
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let all = &mut slots.all;
        if all.iter().filter(|s| s.session == session).count() >= PER_SESSION
            && let Some(oldest) = all.iter().position(|s| s.session == session)
        {
            all.remove(oldest);
        }
        all.push(Slot {
            session,
            path: path.clone(),
            name,
            since: Instant::now(),
            listing,
        });
        if !std::mem::replace(&mut slots.is_swept, true) {
            tokio::spawn(sweep(Arc::downgrade(&self.slots)));
        }
        cursor
    }

    /// The listing of a cursor, if it is still there and of this session and directory.
    pub(crate) fn take(
        &self,
        session: SessionId,
        path: &RemotePath,
        cursor: Cursor,
    ) -> Option<Listing> {
        let name = cursor.parked?;
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let at = slots.all.iter().position(|s| {
            s.name == name
                && s.session == session
                && s.path == *path
                && s.listing.given() == cursor.given
        })?;
        Some(slots.all.remove(at).listing)
    }
}

/// Drops what nobody fetched, and ends when nothing is parked any more.
async fn sweep(slots: Weak<Mutex<Slots>>) {
    loop {
        tokio::time::sleep(SWEEP).await;
        let Some(slots) = slots.upgrade() else { return };
        let mut slots = slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots.all.retain(|slot| slot.since.elapsed() < WAIT);
        if slots.all.is_empty() {
            slots.is_swept = false;
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::open_listing::tests::listing;

    #[tokio::test]
    async fn however_often_a_client_comes_one_task_looks_after_what_is_parked() {
        let tasks = || {
            tokio::runtime::Handle::current()
                .metrics()
                .num_alive_tasks()
        };
        let session = SessionId::parse(&Uuid::new_v4().to_string()).unwrap();
        let owner = (session, SessionKind::Ssh);
        let path = RemotePath::root();
        let parked = Parked::default();
        let mut cursor = parked.park(owner, &path, listing(5));
        for _ in 0..100 {
            let listing = parked.take(session, &path, cursor).unwrap();
            cursor = parked.park(owner, &path, listing);
        }
        assert_eq!(tasks(), 1);
    }

    #[test]
    fn a_cursor_is_what_it_was() {
        for cursor in [
            Cursor {
                given: 0,
                parked: None,
            },
            Cursor {
                given: 7,
                parked: Some(Uuid::new_v4()),
            },
        ] {
            assert_eq!(Cursor::parse(&cursor.to_string()), Some(cursor));
        }
        for no in ["", "-1", "1.", "1.x", "x", "1 ", "99999999999999999999"] {
            assert_eq!(Cursor::parse(no), None, "{no}");
        }
    }
}

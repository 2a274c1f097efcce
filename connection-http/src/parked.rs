//! Listings that stay open between two requests, so that a large directory is read once.
//!
//! A cursor says how many entries were given and, where a listing was parked, its name. A
//! cursor never goes stale: when its listing is gone (60 seconds passed, others took its
//! place, it was used before), the directory is listed anew and the entries are skipped,
//! which costs as much as listing them. Nothing parks a listing over FTP, where it would
//! hold one of the few connections.

use connection_core::Result;
use connection_core::fs::{DirPages, Entry, RemoteFs};
use connection_core::path::RemotePath;
use connection_core::session::SessionId;
use std::collections::VecDeque;
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

/// An open listing and what it gave too much.
pub struct Listing {
    pages: Box<dyn DirPages>,
    rest: VecDeque<Entry>,
    given: u64,
}

impl Listing {
    /// Opens a listing of a directory and passes over what a client has already.
    pub async fn open(fs: &Arc<dyn RemoteFs>, path: &RemotePath, skip: u64) -> Result<Self> {
        let mut listing = Self {
            pages: fs.list(path).await?,
            rest: VecDeque::new(),
            given: 0,
        };
        while listing.given < skip && listing.fill().await? {
            let left = usize::try_from(skip - listing.given).unwrap_or(usize::MAX);
            let passed = left.min(listing.rest.len());
            listing.rest.drain(..passed);
            listing.given += passed as u64;
        }
        Ok(listing)
    }

    /// The next entries, at most `limit`; fewer only at the end.
    pub async fn next(&mut self, limit: usize) -> Result<Vec<Entry>> {
        let mut entries = Vec::new();
        while entries.len() < limit && self.fill().await? {
            let wanted = (limit - entries.len()).min(self.rest.len());
            entries.extend(self.rest.drain(..wanted));
            self.given += wanted as u64;
        }
        Ok(entries)
    }

    /// Whether there is more.
    pub async fn has_more(&mut self) -> Result<bool> {
        self.fill().await
    }

    async fn fill(&mut self) -> Result<bool> {
        while self.rest.is_empty() {
            match self.pages.next_page().await? {
                Some(page) => self.rest.extend(page),
                None => return Ok(false),
            }
        }
        Ok(true)
    }
}

/// Where a client is in a directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    given: u64,
    parked: Option<Uuid>,
}

impl Cursor {
    /// Reads the text form; `None` when it is not one.
    pub fn parse(text: &str) -> Option<Self> {
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
    pub fn given(self) -> u64 {
        self.given
    }

    /// The place a listing has come to, when it is not parked.
    pub fn of(listing: &Listing) -> Self {
        Self {
            given: listing.given,
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
pub struct Parked(Arc<Mutex<Vec<Slot>>>);

struct Slot {
    session: SessionId,
    path: RemotePath,
    name: Uuid,
    since: Instant,
    listing: Listing,
}

impl Parked {
    /// Parks a listing of a session, in place of its oldest when there are too many.
    pub fn park(&self, session: SessionId, path: &RemotePath, listing: Listing) -> Cursor {
        let name = Uuid::new_v4();
        let cursor = Cursor {
            given: listing.given,
            parked: Some(name),
        };
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.iter().filter(|s| s.session == session).count() >= PER_SESSION
            && let Some(oldest) = slots.iter().position(|s| s.session == session)
        {
            slots.remove(oldest);
        }
        if slots.is_empty() {
            tokio::spawn(sweep(Arc::downgrade(&self.0)));
        }
        slots.push(Slot {
            session,
            path: path.clone(),
            name,
            since: Instant::now(),
            listing,
        });
        cursor
    }

    /// The listing of a cursor, if it is still there and of this session and directory.
    pub fn take(&self, session: SessionId, path: &RemotePath, cursor: Cursor) -> Option<Listing> {
        let name = cursor.parked?;
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = slots.iter().position(|s| {
            s.name == name
                && s.session == session
                && s.path == *path
                && s.listing.given == cursor.given
        })?;
        Some(slots.remove(at).listing)
    }
}

/// Drops what nobody fetched, and ends when nothing is parked any more.
async fn sweep(slots: Weak<Mutex<Vec<Slot>>>) {
    loop {
        tokio::time::sleep(SWEEP).await;
        let Some(slots) = slots.upgrade() else { return };
        let mut slots = slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots.retain(|slot| slot.since.elapsed() < WAIT);
        if slots.is_empty() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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

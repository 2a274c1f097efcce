//! [`Drained`]: a listing that is read to its end at once, whenever its entries are
//! wanted. Over FTP an open listing holds one of the few connections of its session, and
//! the client may never come back for the rest.
//!
//! What was read is kept packed, at most `SHELF_BYTES` of one listing and
//! `ALL_BYTES` of all; where that is not enough the listing is cut off there, and its
//! connection is free all the same.

use crate::shelf::Shelf;
use connection_core::fs::{DirPages, Entry};
use connection_core::{Error, ErrorKind, Result};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;
use tokio::task::AbortHandle;

/// Bytes kept of one listing: 100,000 entries of the usual length.
const SHELF_BYTES: usize = 8 << 20;

/// Bytes kept of all listings together.
const ALL_BYTES: usize = 64 << 20;

/// Entries taken at once.
const PAGE_ENTRIES: usize = 512;

/// What all drained listings may keep together.
#[derive(Debug, Clone, Default)]
pub(crate) struct Budget(Arc<AtomicUsize>);

/// What comes next of a listing.
#[derive(Debug)]
pub(crate) enum Next {
    /// Entries, at least one.
    Page(Vec<Entry>),
    /// There are no more.
    End,
    /// There are more, which were not kept.
    CutOff,
}

/// A listing being read, or read, to its end. Dropping it ends the reading.
pub(crate) struct Drained {
    shared: Arc<Shared>,
    reading: AbortHandle,
}

struct Shared {
    state: Mutex<State>,
    /// One waits at most: the owner of the listing.
    changed: Notify,
    budget: Budget,
}

#[derive(Default)]
struct State {
    shelf: Shelf,
    end: Option<End>,
}

enum End {
    Whole,
    CutOff,
    /// The error, until it was told.
    Failed(Option<Error>),
}

impl Drained {
    /// Reads the rest of a listing in the background.
    pub(crate) fn start(pages: Box<dyn DirPages>, budget: &Budget) -> Self {
        let shared = Arc::new(Shared {
            state: Mutex::default(),
            changed: Notify::new(),
            budget: budget.clone(),
        });
        let reading = tokio::spawn(read(pages, Arc::clone(&shared))).abort_handle();
        Self { shared, reading }
    }

    /// The next entries, as soon as there are some.
    ///
    /// # Errors
    /// That of the listing, after the entries before it.
    pub(crate) async fn next(&mut self) -> Result<Next> {
        loop {
            if let Some(next) = self.shared.take() {
                return next;
            }
            self.shared.changed.notified().await;
        }
    }
}

impl Drop for Drained {
    fn drop(&mut self) {
        self.reading.abort();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps entries; whether there is room for more.
    fn keep(&self, entries: &[Entry]) -> bool {
        let mut state = self.lock();
        let before = state.shelf.bytes();
        entries.iter().for_each(|entry| state.shelf.push(entry));
        let kept = state.shelf.bytes();
        let added = kept - before;
        let all = self.budget.0.fetch_add(added, Ordering::Relaxed) + added;
        kept < SHELF_BYTES && all < ALL_BYTES
    }

    fn take(&self) -> Option<Result<Next>> {
        let mut state = self.lock();
        let before = state.shelf.bytes();
        let page: Vec<Entry> = std::iter::from_fn(|| state.shelf.pop())
            .take(PAGE_ENTRIES)
            .collect();
        let taken = before - state.shelf.bytes();
        self.budget.0.fetch_sub(taken, Ordering::Relaxed);
        if !page.is_empty() {
            return Some(Ok(Next::Page(page)));
        }
        match state.end.as_mut()? {
            End::Whole => Some(Ok(Next::End)),
            End::CutOff => Some(Ok(Next::CutOff)),
            End::Failed(error) => Some(Err(error.take().unwrap_or_else(|| {
                Error::new(ErrorKind::Internal, "list directory", "failed before")
            }))),
        }
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        let kept = self.lock().shelf.bytes();
        self.budget.0.fetch_sub(kept, Ordering::Relaxed);
    }
}

async fn read(mut pages: Box<dyn DirPages>, shared: Arc<Shared>) {
    let end = loop {
        match pages.next_page().await {
            Ok(Some(entries)) => {
                let room = shared.keep(&entries);
                shared.changed.notify_one();
                if !room {
                    break End::CutOff;
                }
            }
            Ok(None) => break End::Whole,
            Err(error) => break End::Failed(Some(error)),
        }
    };
    // Its connection is free before anybody hears of the end.
    drop(pages);
    shared.lock().end = Some(end);
    shared.changed.notify_one();
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use async_trait::async_trait;
    use connection_core::fs::{FileType, Metadata};
    use connection_core::path::RemoteName;

    /// Pages of 100 entries, then an end or an error.
    pub(crate) struct Made {
        pub(crate) left: usize,
        pub(crate) fails: bool,
    }

    impl Budget {
        /// One of which others have taken everything.
        pub(crate) fn spent() -> Self {
            Self(Arc::new(AtomicUsize::new(ALL_BYTES)))
        }
    }

    #[async_trait]
    impl DirPages for Made {
        async fn next_page(&mut self) -> Result<Option<Vec<Entry>>> {
            if self.left == 0 {
                return match self.fails {
                    true => Err(Error::new(ErrorKind::ConnectionLost, "list", "gone")),
                    false => Ok(None),
                };
            }
            self.left -= 1;
            let entry = |n: usize| Entry {
                name: RemoteName::new(format!("{:0>60}", self.left * 100 + n)),
                metadata: Metadata::of_type(FileType::File),
                link_target: None,
            };
            Ok(Some((0..100).map(entry).collect()))
        }
    }

    fn start(left: usize, fails: bool, budget: &Budget) -> Drained {
        Drained::start(Box::new(Made { left, fails }), budget)
    }

    /// Entries until the end, and what the end was.
    async fn all(drained: &mut Drained) -> (usize, Result<Next>) {
        let mut entries = 0;
        loop {
            match drained.next().await {
                Ok(Next::Page(page)) => entries += page.len(),
                end => return (entries, end),
            }
        }
    }

    #[tokio::test]
    async fn all_entries_come_and_then_the_end() {
        let budget = Budget::default();
        let mut drained = start(30, false, &budget);
        assert!(matches!(all(&mut drained).await, (3000, Ok(Next::End))));
        assert!(matches!(drained.next().await, Ok(Next::End)), "still");
        let mut drained = start(3, true, &budget);
        let (entries, end) = all(&mut drained).await;
        assert_eq!(
            (entries, end.unwrap_err().kind()),
            (300, ErrorKind::ConnectionLost)
        );
        assert!(drained.next().await.is_err(), "never a short success");
    }

    #[tokio::test]
    async fn what_is_kept_is_bounded_and_given_back() {
        let budget = Budget::default();
        let mut listings: Vec<Drained> = (0..12).map(|_| start(5_000, false, &budget)).collect();
        for listing in &listings {
            while listing.shared.lock().end.is_none() {
                tokio::task::yield_now().await;
            }
            assert!(listing.shared.lock().shelf.bytes() < SHELF_BYTES + 64 * 1024);
        }
        let kept = budget.0.load(Ordering::Relaxed);
        assert!(
            (ALL_BYTES / 2..ALL_BYTES + (1 << 20)).contains(&kept),
            "{kept}"
        );
        let (entries, end) = all(&mut listings[0]).await;
        assert!(
            matches!(end, Ok(Next::CutOff)) && entries > 50_000,
            "{entries}"
        );
        drop(listings);
        assert_eq!(budget.0.load(Ordering::Relaxed), 0);
    }
}

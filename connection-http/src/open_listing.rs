//! [`Listing`]: a directory being listed for a client that takes as many entries at a
//! time as it likes.

use crate::drained::{Budget, Drained, Next};
use connection_core::Result;
use connection_core::fs::{DirPages, Entry, RemoteFs};
use connection_core::path::RemotePath;
use std::collections::VecDeque;
use std::sync::Arc;

/// An open listing and what it gave too much.
pub(crate) struct Listing {
    source: Source,
    rest: VecDeque<Entry>,
    given: u64,
    cut_off: bool,
}

enum Source {
    Open(Box<dyn DirPages>),
    Drained(Drained),
}

impl Listing {
    /// Opens a listing of a directory and passes over what a client has already.
    pub(crate) async fn open(fs: &Arc<dyn RemoteFs>, path: &RemotePath, skip: u64) -> Result<Self> {
        let mut listing = Self {
            source: Source::Open(fs.list(path).await?),
            rest: VecDeque::new(),
            given: 0,
            cut_off: false,
        };
        while listing.given < skip && listing.fill().await? {
            let left = usize::try_from(skip - listing.given).unwrap_or(usize::MAX);
            let passed = left.min(listing.rest.len());
            listing.rest.drain(..passed);
            listing.given += passed as u64;
        }
        Ok(listing)
    }

    /// Reads the rest now, so that the listing holds nothing of its server.
    #[must_use]
    pub(crate) fn drained(self, budget: &Budget) -> Self {
        let source = match self.source {
            Source::Open(pages) => Source::Drained(Drained::start(pages, budget)),
            drained => drained,
        };
        Self { source, ..self }
    }

    /// How many entries it gave.
    pub(crate) fn given(&self) -> u64 {
        self.given
    }

    /// Whether what it has left was not kept: it goes on only in another listing.
    pub(crate) fn is_cut_off(&self) -> bool {
        self.cut_off && self.rest.is_empty()
    }

    /// The next entries, at most `limit`; fewer only at the end, or where it was cut off.
    pub(crate) async fn next(&mut self, limit: usize) -> Result<Vec<Entry>> {
        let mut entries = Vec::new();
        while entries.len() < limit && self.fill().await? {
            let wanted = (limit - entries.len()).min(self.rest.len());
            entries.extend(self.rest.drain(..wanted));
            self.given += wanted as u64;
        }
        Ok(entries)
    }

    /// Whether there is more.
    pub(crate) async fn has_more(&mut self) -> Result<bool> {
        Ok(self.fill().await? || self.cut_off)
    }

    async fn fill(&mut self) -> Result<bool> {
        while self.rest.is_empty() {
            match &mut self.source {
                Source::Open(pages) => match pages.next_page().await? {
                    Some(page) => self.rest.extend(page),
                    None => return Ok(false),
                },
                Source::Drained(drained) => match drained.next().await? {
                    Next::Page(page) => self.rest.extend(page),
                    Next::End => return Ok(false),
                    Next::CutOff => {
                        self.cut_off = true;
                        return Ok(false);
                    }
                },
            }
        }
        Ok(true)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::drained::tests::Made;

    pub(crate) fn listing(pages: usize) -> Listing {
        Listing {
            source: Source::Open(Box::new(Made {
                left: pages,
                fails: false,
            })),
            rest: VecDeque::new(),
            given: 0,
            cut_off: false,
        }
    }

    #[tokio::test]
    async fn a_drained_listing_goes_on_where_it_was() {
        let mut listing = listing(5);
        assert_eq!(listing.next(130).await.unwrap().len(), 130);
        let mut listing = listing.drained(&Budget::default());
        assert_eq!(listing.next(1000).await.unwrap().len(), 370);
        assert_eq!(listing.given(), 500);
        assert!(!listing.has_more().await.unwrap() && !listing.is_cut_off());
    }

    #[tokio::test]
    async fn one_that_was_cut_off_has_more_but_not_here() {
        let mut listing = listing(5);
        assert_eq!(listing.next(30).await.unwrap().len(), 30);
        let mut listing = listing.drained(&Budget::spent());
        assert!(listing.has_more().await.unwrap() && !listing.is_cut_off());
        // What lay in the first page, and the one page that was kept.
        assert_eq!(listing.next(1000).await.unwrap().len(), 170);
        assert_eq!(listing.given(), 200);
        assert!(listing.has_more().await.unwrap() && listing.is_cut_off());
    }
}

//! The links of an archive, which come after all files and folders.

use super::Head;
use crate::error::{Error, ErrorKind, Result};
use crate::path::MAX_PATH_BYTES;
use crate::tree::{MAX_PENDING_BYTES, PENDING_OVERHEAD};
use std::cmp::Reverse;

/// A link.
pub(super) struct Link {
    pub(super) head: Head,
    pub(super) target: Vec<u8>,
}

/// Links gathered so far.
#[derive(Default)]
pub(super) struct Links {
    links: Vec<Link>,
    bytes: usize,
}

impl Links {
    /// Adds a link.
    ///
    /// # Errors
    /// `Unsupported` for a target that no link can have, `TooLarge` when there are too many.
    pub(super) fn add(&mut self, head: Head, target: Vec<u8>) -> Result<()> {
        let refused = |kind, text| Err(Error::new(kind, "read link", text));
        if target.is_empty() || target.contains(&0) {
            return refused(ErrorKind::Unsupported, "the link leads nowhere");
        }
        if target.len() > MAX_PATH_BYTES {
            return refused(ErrorKind::TooLarge, "the link's target is too long");
        }
        let bytes = self.bytes + head.name.len() + target.len() + PENDING_OVERHEAD;
        if bytes > MAX_PENDING_BYTES {
            return refused(ErrorKind::TooLarge, "too many links; this one is not here");
        }
        self.bytes = bytes;
        self.links.push(Link { head, target });
        Ok(())
    }

    /// All of them, the deepest first: a link made before those deeper than it could be taken
    /// for the directory they are in, where a file system knows two names for one.
    pub(super) fn take(&mut self) -> std::vec::IntoIter<Link> {
        let mut links = std::mem::take(&mut self.links);
        let depth = |link: &Link| link.head.name.iter().filter(|b| **b == b'/').count();
        links.sort_by_key(|link| Reverse(depth(link)));
        links.into_iter()
    }
}

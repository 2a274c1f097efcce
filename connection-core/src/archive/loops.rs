//! Directories that lead back to one above them. Some FTP servers show a link as the
//! directory it leads to, and nothing in the protocol tells; followed, a link to a directory
//! above would be walked until the bounds of the walk are reached.
//!
//! What does tell is the listing: a directory that shows exactly what one above it shows,
//! files with their sizes and times included, is that one.

use crate::error::{Error, ErrorKind, Result};
use crate::fs::{Entry, FileType};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// A listing in short, whatever its order.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fingerprint {
    sum: u64,
    entries: u64,
    /// Whether a file with size and time is in it, which nested directories of one name that
    /// were made in the same second do not have.
    telling: bool,
}

impl Fingerprint {
    /// Adds an entry.
    pub(super) fn add(&mut self, entry: &Entry) {
        let metadata = &entry.metadata;
        let mut hasher = DefaultHasher::new();
        entry.name.hash(&mut hasher);
        metadata.file_type.hash(&mut hasher);
        // The size of a directory changes with the way a server counts.
        if metadata.file_type == FileType::File {
            metadata.size.hash(&mut hasher);
            metadata.modified.hash(&mut hasher);
            self.telling |= metadata.size.is_some() && metadata.modified.is_some();
        }
        self.sum = self.sum.wrapping_add(hasher.finish());
        self.entries += 1;
    }
}

/// A directory, and those above it.
#[derive(Debug)]
pub(super) struct Above {
    own: Fingerprint,
    next: Option<Arc<Above>>,
}

impl Above {
    /// One level down.
    ///
    /// # Errors
    /// `Unsupported` when the directory is one of those above it.
    pub(super) fn descend(above: Option<Arc<Self>>, own: Fingerprint) -> Result<Arc<Self>> {
        let mut next = above.as_ref();
        while let Some(directory) = next {
            if own.telling && directory.own == own {
                return Err(Error::new(
                    ErrorKind::Unsupported,
                    "walk tree",
                    "the folder shows the same as one above it: a link that leads back",
                ));
            }
            next = directory.next.as_ref();
        }
        Ok(Arc::new(Self { own, next: above }))
    }
}

impl Drop for Above {
    // Not one within the other: a chain is as long as the tree is deep.
    fn drop(&mut self) {
        let mut next = self.next.take();
        while let Some(mut above) = next.and_then(Arc::into_inner) {
            next = above.next.take();
        }
    }
}

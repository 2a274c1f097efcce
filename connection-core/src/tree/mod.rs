//! Operations on more than one entry of a [`RemoteFs`](crate::fs::RemoteFs): removing and
//! measuring trees, copying files and trees within a session or between two, making a
//! directory with its parents.
//!
//! Nothing here knows a protocol. A tree is what the *server* says it is, so all of it is
//! bounded: depth, entries, what is remembered, errors kept. A symbolic link is never
//! followed, and a name that is not one plain component is never joined to a path: it is
//! counted as an error and the walk goes on.

mod copy;
mod copy_tree;
mod measure;
mod one;
mod remove;
#[cfg(test)]
mod tests;

pub use copy::{copy_file, copy_file_between, create_dir_all};
pub use copy_tree::copy_tree_between;
pub use measure::tree_size;
pub use one::{Only, remove_entry, remove_only};
pub use remove::remove_tree;

use crate::error::{Error, ErrorKind};
use crate::fs::{FileType, Metadata};
use crate::path::{MAX_PATH_BYTES, RemoteName, RemotePath};

/// Errors kept in a [`TreeOutcome`]; all are counted.
pub const MAX_ERRORS: usize = 100;

/// Directories within directories that are walked. Linux allows some 2,000 in a path; no
/// tree made by people comes near this.
pub const MAX_DEPTH: usize = 256;

/// Entries looked at in one walk: a server that makes up entries as it goes must not keep
/// it going for ever.
pub const MAX_ENTRIES: u64 = 10_000_000;

/// Bytes of names and paths remembered for later.
pub(crate) const MAX_PENDING_BYTES: usize = 16 << 20;

/// What a remembered name or path costs besides its bytes.
pub(crate) const PENDING_OVERHEAD: usize = 64;

/// What became of a tree.
#[derive(Debug, Default)]
pub struct TreeOutcome {
    /// Entries that are no directories: files, links and everything else.
    pub files: u64,
    /// Directories, the one at the top included.
    pub directories: u64,
    /// Bytes of the regular files, as far as the listings say.
    pub bytes: u64,
    /// The first [`MAX_ERRORS`] errors, in the order they happened.
    pub errors: Vec<TreeError>,
    /// How many errors there were.
    pub error_count: u64,
}

/// What failed within a tree.
#[derive(Debug)]
pub struct TreeError {
    /// The entry; the directory that holds it when the entry's name is not a plain one.
    pub path: RemotePath,
    /// What is wrong with it.
    pub error: Error,
}

impl TreeOutcome {
    fn fail(&mut self, path: &RemotePath, error: Error) {
        self.error_count += 1;
        if self.errors.len() < MAX_ERRORS {
            let path = path.clone();
            self.errors.push(TreeError { path, error });
        }
    }

    fn add_file(&mut self, metadata: &Metadata) {
        self.files += 1;
        if metadata.file_type == FileType::File {
            self.bytes = self.bytes.saturating_add(metadata.size.unwrap_or(0));
        }
    }
}

/// Whether going on would only repeat the error for every entry that is left.
pub(crate) fn ends_the_walk(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionLost | ErrorKind::Cancelled | ErrorKind::TimedOut
    )
}

/// The path of a child, which a hostile server may have named to lead elsewhere, or so
/// that the path grows without end.
pub(crate) fn child(directory: &RemotePath, name: &RemoteName) -> Result<RemotePath, Error> {
    let path = directory.join(name)?;
    if path.as_bytes().len() > MAX_PATH_BYTES {
        return Err(too_large(format!(
            "the path would be longer than {MAX_PATH_BYTES} bytes"
        )));
    }
    Ok(path)
}

pub(crate) fn too_large(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::TooLarge, "walk tree", message)
}

pub(crate) fn too_deep() -> Error {
    too_large(format!("more than {MAX_DEPTH} directories within another"))
}

pub(crate) fn too_many() -> Error {
    too_large(format!(
        "more than {MAX_ENTRIES} entries; the rest was left alone"
    ))
}

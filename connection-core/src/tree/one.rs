//! Removing one entry.

use super::{TreeOutcome, ends_the_walk};
use crate::error::{Error, Result};
use crate::fs::RemoteFs;
use crate::path::RemotePath;
use std::sync::Arc;

/// Removes one entry: a file, a link, or an empty directory.
///
/// # Errors
/// `InvalidInput` for `/`; `DirectoryNotEmpty`; those of the backend.
pub async fn remove_entry(fs: &Arc<dyn RemoteFs>, path: &RemotePath) -> Result<TreeOutcome> {
    if path.is_root() {
        return Err(Error::invalid("path", "the root directory is not removed"));
    }
    let metadata = fs.lstat(path).await?;
    let mut outcome = TreeOutcome::default();
    if !metadata.is_dir() {
        fs.remove_file(path).await?;
        outcome.add_file(&metadata);
        return Ok(outcome);
    }
    match fs.remove_dir(path).await {
        Ok(()) => outcome.directories = 1,
        Err(error) if fs.capabilities().symlinks || ends_the_walk(&error) => return Err(error),
        // Perhaps a link that the server shows as what it leads to.
        Err(error) => match fs.remove_file(path).await {
            Ok(()) => outcome.add_file(&metadata),
            Err(_) => return Err(error),
        },
    }
    Ok(outcome)
}

/// What something must be to be removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Only {
    /// Anything but a directory.
    File,
    /// A directory.
    Directory,
}

/// As [`remove_entry`], but only what is of this type, which the server itself checks in
/// the step that removes it.
///
/// # Errors
/// `IsADirectory` or `NotADirectory` for the other type, besides those of [`remove_entry`].
pub async fn remove_only(
    fs: &Arc<dyn RemoteFs>,
    path: &RemotePath,
    only: Only,
) -> Result<TreeOutcome> {
    if path.is_root() {
        return Err(Error::invalid("path", "the root directory is not removed"));
    }
    let mut outcome = TreeOutcome::default();
    match only {
        Only::File => {
            let metadata = fs.lstat(path).await?;
            fs.remove_file(path).await?;
            outcome.add_file(&metadata);
        }
        Only::Directory => {
            fs.remove_dir(path).await?;
            outcome.directories = 1;
        }
    }
    Ok(outcome)
}

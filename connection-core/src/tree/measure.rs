//! [`tree_size`]: how much there is below a path.

use super::{
    MAX_DEPTH, MAX_ENTRIES, MAX_PENDING_BYTES, PENDING_OVERHEAD, TreeOutcome, child, ends_the_walk,
    too_deep, too_large, too_many,
};
use crate::error::Result;
use crate::fs::{Entry, RemoteFs};
use crate::path::RemotePath;
use std::sync::Arc;

/// Counts the files, directories and bytes at and below a path, links not followed.
///
/// What cannot be looked at is among the errors, and the rest is counted. Where a server
/// shows links as what they lead to (some do in `MLSD`), so are they counted.
///
/// # Errors
/// Those of looking at the path itself; `ConnectionLost`, `Cancelled` and `TimedOut`.
pub async fn tree_size(fs: &Arc<dyn RemoteFs>, path: &RemotePath) -> Result<TreeOutcome> {
    measure(fs, path, MAX_ENTRIES).await
}

/// The same, looking at no more than `most` entries.
pub(super) async fn measure(
    fs: &Arc<dyn RemoteFs>,
    path: &RemotePath,
    most: u64,
) -> Result<TreeOutcome> {
    let metadata = fs.lstat(path).await?;
    let mut outcome = TreeOutcome::default();
    if !metadata.is_dir() {
        outcome.add_file(&metadata);
        return Ok(outcome);
    }
    outcome.directories = 1;
    let mut walk = Walk {
        outcome,
        pending: vec![(path.clone(), 0)],
        pending_bytes: cost(path),
        left: most,
    };
    while let Some((directory, depth)) = walk.pending.pop() {
        walk.pending_bytes -= cost(&directory);
        match walk.read(fs, &directory, depth).await {
            Ok(true) => {}
            Ok(false) => {
                walk.outcome.fail(path, too_many());
                break;
            }
            Err(error) if ends_the_walk(&error) => return Err(error),
            Err(error) => walk.outcome.fail(&directory, error),
        }
    }
    Ok(walk.outcome)
}

struct Walk {
    outcome: TreeOutcome,
    /// Directories to read, each with its depth.
    pending: Vec<(RemotePath, usize)>,
    pending_bytes: usize,
    /// Entries that may still be looked at.
    left: u64,
}

impl Walk {
    /// Looks at a directory; says whether there was room for all that is in it.
    async fn read(
        &mut self,
        fs: &Arc<dyn RemoteFs>,
        directory: &RemotePath,
        depth: usize,
    ) -> Result<bool> {
        let mut pages = fs.list(directory).await?;
        while let Some(page) = pages.next_page().await? {
            for entry in &page {
                let Some(left) = self.left.checked_sub(1) else {
                    return Ok(false);
                };
                self.left = left;
                self.count(directory, depth, entry);
            }
        }
        Ok(true)
    }

    fn count(&mut self, directory: &RemotePath, depth: usize, entry: &Entry) {
        let path = match child(directory, &entry.name) {
            Ok(path) => path,
            Err(error) => return self.outcome.fail(directory, error),
        };
        if !entry.metadata.is_dir() {
            return self.outcome.add_file(&entry.metadata);
        }
        self.outcome.directories += 1;
        if depth + 1 >= MAX_DEPTH {
            return self.outcome.fail(&path, too_deep());
        }
        let cost = cost(&path);
        if self.pending_bytes + cost > MAX_PENDING_BYTES {
            let error = too_large("too many directories at once; this one was not looked at");
            return self.outcome.fail(&path, error);
        }
        self.pending_bytes += cost;
        self.pending.push((path, depth + 1));
    }
}

fn cost(path: &RemotePath) -> usize {
    path.as_bytes().len() + PENDING_OVERHEAD
}

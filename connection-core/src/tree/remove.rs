//! [`remove_tree`]: removing a directory with everything in it.
//!
//! The tree is walked depth first with a stack of its own. A directory is read in batches,
//! and a listing is closed before anything is removed: an open one would hold one of few
//! FTP connections, and servers differ in what a listing shows that is changed under it.
//! What a batch left is found by the next, so memory is flat however large a directory is.

use super::{
    MAX_DEPTH, MAX_ENTRIES, MAX_PENDING_BYTES, PENDING_OVERHEAD, TreeOutcome, child, ends_the_walk,
    too_deep, too_large, too_many,
};
use crate::error::{Error, ErrorKind, Result};
use crate::fs::{Entry, Metadata, RemoteFs};
use crate::path::{RemoteName, RemotePath};
use futures::{StreamExt, stream};
use std::sync::Arc;

/// Removals under way at once: enough to hide a round trip, few enough for eight FTP
/// connections and other users of the session.
const IN_FLIGHT: usize = 6;

/// Bytes of names read before what was read is removed.
const BATCH_BYTES: usize = 1 << 20;

/// As [`BATCH_BYTES`], when deeper directories have used up what may be remembered.
const SMALL_BATCH_BYTES: usize = 16 << 10;

/// How often a directory is read again that is not empty although all that it showed is
/// gone: someone adds to it, or its listing skips entries while they are removed.
const MAX_RETRIES: u32 = 3;

/// Removes a file, a link, or a directory with everything in it. What was removed is
/// counted; what cannot be removed is among the errors, and the rest is removed.
///
/// Links are removed, never followed. A directory is looked at again before anything in it
/// is removed, with all above it up to `path`, so that one swapped for a link meanwhile is
/// left alone; the protocols have no way to close the last gap, of one round trip. On a
/// backend that cannot tell a link from its target, what looks like a directory is first
/// removed as a file would be, which a link cannot outlive.
///
/// # Errors
/// `InvalidInput` for `/`; those of looking at the path itself; `ConnectionLost`,
/// `Cancelled` and `TimedOut`, after which nobody knows what is left.
pub async fn remove_tree(fs: &Arc<dyn RemoteFs>, path: &RemotePath) -> Result<TreeOutcome> {
    if path.is_root() {
        return Err(Error::invalid("path", "the root directory is not removed"));
    }
    let metadata = fs.lstat(path).await?;
    let mut removal = Removal {
        fs,
        outcome: TreeOutcome::default(),
        stack: Vec::new(),
        pending_bytes: 0,
        seen: 0,
    };
    if metadata.is_dir() {
        removal.descend(path.clone(), &metadata).await?;
        removal.run(path).await?;
    } else {
        fs.remove_file(path).await?;
        removal.outcome.add_file(&metadata);
    }
    Ok(removal.outcome)
}

struct Removal<'a> {
    fs: &'a Arc<dyn RemoteFs>,
    outcome: TreeOutcome,
    /// From the top of the tree to the directory being emptied.
    stack: Vec<Frame>,
    pending_bytes: usize,
    seen: u64,
}

/// A directory being emptied.
struct Frame {
    path: RemotePath,
    /// Directories of the last batch, still to be removed.
    pending: Vec<(RemoteName, Metadata)>,
    state: Reading,
    /// Entries removed since the last batch was read.
    removed: u64,
    /// Errors counted and kept before this directory was begun.
    errors_before: (u64, usize),
    retries: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// A batch is to be read.
    Due,
    /// A batch was read and there is more.
    Part,
    /// The batch went to the end of the listing.
    Whole,
}

impl Removal<'_> {
    async fn run(&mut self, top: &RemotePath) -> Result<()> {
        while let Some(frame) = self.stack.last_mut() {
            if self.seen > MAX_ENTRIES {
                self.outcome.fail(top, too_many());
                return Ok(());
            }
            if let Some((name, metadata)) = frame.pending.pop() {
                self.pending_bytes -= cost(&name);
                let path = frame.path.join(&name)?;
                self.descend(path, &metadata).await?;
            } else if frame.state == Reading::Due {
                self.read().await?;
            } else {
                self.close().await?;
            }
        }
        Ok(())
    }

    /// Notes an error of an entry, or ends the removal with it.
    fn fail(&mut self, path: &RemotePath, error: Error) -> Result<()> {
        if ends_the_walk(&error) {
            return Err(error);
        }
        self.outcome.fail(path, error);
        Ok(())
    }

    fn progressed(&mut self) {
        if let Some(frame) = self.stack.last_mut() {
            frame.removed += 1;
        }
    }

    async fn descend(&mut self, path: RemotePath, metadata: &Metadata) -> Result<()> {
        if self.stack.len() >= MAX_DEPTH {
            return self.fail(&path, too_deep());
        }
        if !self.fs.capabilities().symlinks {
            match self.fs.remove_file(&path).await {
                Ok(()) => {
                    self.outcome.add_file(metadata);
                    self.progressed();
                    return Ok(());
                }
                Err(e) if ends_the_walk(&e) => return Err(e),
                // Its directory may not be changed, so it could not be removed in the end,
                // and it may still be a link.
                Err(e) if e.kind() == ErrorKind::PermissionDenied => return self.fail(&path, e),
                Err(_) => {}
            }
        }
        self.stack.push(Frame {
            path,
            pending: Vec::new(),
            state: Reading::Due,
            removed: 0,
            errors_before: (self.outcome.error_count, self.outcome.errors.len()),
            retries: 0,
        });
        Ok(())
    }

    /// Whether the directory and all above it are still directories and no links.
    async fn still_directories(&self) -> Result<()> {
        if !self.fs.capabilities().symlinks {
            return Ok(());
        }
        // Owned, because a stream of borrowing futures cannot be shown to be `Send`.
        let paths: Vec<RemotePath> = self.stack.iter().map(|f| f.path.clone()).collect();
        let looks: Vec<_> = stream::iter(paths)
            .map(|path| {
                let fs = Arc::clone(self.fs);
                async move { fs.lstat(&path).await }
            })
            .buffered(IN_FLIGHT)
            .collect()
            .await;
        for look in looks {
            if !look?.is_dir() {
                return Err(Error::new(
                    ErrorKind::NotADirectory,
                    "remove tree",
                    "a directory was replaced while it was removed; it is left alone",
                ));
            }
        }
        Ok(())
    }

    /// Reads a batch of the last directory and removes all of it but the directories.
    async fn read(&mut self) -> Result<()> {
        let Some(frame) = self.stack.last() else {
            return Ok(());
        };
        let path = frame.path.clone();
        let batch = async {
            self.still_directories().await?;
            let batch = self.batch(&path).await?;
            self.still_directories().await?;
            Ok::<_, Error>(batch)
        };
        let (entries, state) = match batch.await {
            Ok(batch) => batch,
            Err(error) => {
                self.stack.pop();
                // Gone meanwhile is what was wanted.
                if error.kind() == ErrorKind::NotFound {
                    return Ok(());
                }
                // One that may not be read may still be empty.
                if error.kind() == ErrorKind::PermissionDenied
                    && self.fs.remove_dir(&path).await.is_ok()
                {
                    self.outcome.directories += 1;
                    self.progressed();
                    return Ok(());
                }
                return self.fail(&path, error);
            }
        };
        self.seen += entries.len() as u64;
        let mut directories = Vec::new();
        let mut others = Vec::new();
        for Entry { name, metadata, .. } in entries {
            match child(&path, &name) {
                Ok(_) if metadata.is_dir() => directories.push((name, metadata)),
                Ok(path) => others.push((path, name, metadata)),
                Err(error) => self.fail(&path, error)?,
            }
        }
        let fs = self.fs;
        let mut removals = stream::iter(others)
            .map(|(path, name, metadata)| {
                let fs = Arc::clone(fs);
                async move { (fs.remove_file(&path).await, path, name, metadata) }
            })
            .buffer_unordered(IN_FLIGHT);
        let mut removed = 0;
        while let Some((result, path, name, metadata)) = removals.next().await {
            match result {
                Ok(()) => {
                    self.outcome.add_file(&metadata);
                    removed += 1;
                }
                Err(e) if e.kind() == ErrorKind::NotFound => {}
                // A server that does not say what its entries are.
                Err(e) if e.kind() == ErrorKind::IsADirectory => directories.push((name, metadata)),
                Err(e) => self.fail(&path, e)?,
            }
        }
        self.pending_bytes += directories
            .iter()
            .map(|(name, _)| cost(name))
            .sum::<usize>();
        if let Some(frame) = self.stack.last_mut() {
            frame.state = state;
            frame.removed = removed;
            frame.pending = directories;
        }
        Ok(())
    }

    async fn batch(&self, path: &RemotePath) -> Result<(Vec<Entry>, Reading)> {
        let limit = MAX_PENDING_BYTES
            .saturating_sub(self.pending_bytes)
            .clamp(SMALL_BATCH_BYTES, BATCH_BYTES);
        let mut pages = self.fs.list(path).await?;
        let mut entries = Vec::new();
        let mut bytes = 0;
        while let Some(page) = pages.next_page().await? {
            bytes += page.iter().map(|entry| cost(&entry.name)).sum::<usize>();
            entries.extend(page);
            if bytes >= limit {
                return Ok((entries, Reading::Part));
            }
        }
        Ok((entries, Reading::Whole))
    }

    /// Removes the last directory, if its batch was all of it and is gone.
    async fn close(&mut self) -> Result<()> {
        let Some(frame) = self.stack.last_mut() else {
            return Ok(());
        };
        let (count, kept) = frame.errors_before;
        if frame.state == Reading::Part && frame.removed > 0 {
            // What failed is listed again and fails again: it is counted once.
            self.outcome.error_count = count;
            self.outcome.errors.truncate(kept);
            frame.state = Reading::Due;
            return Ok(());
        }
        let path = frame.path.clone();
        let failed = self.outcome.error_count > count;
        if frame.state == Reading::Part {
            self.stack.pop();
            let error =
                too_large("too many entries that cannot be removed; the rest was left alone");
            return self.fail(&path, error);
        }
        if failed {
            self.stack.pop();
            return Ok(());
        }
        match self.fs.remove_dir(&path).await {
            Ok(()) => {
                self.stack.pop();
                self.outcome.directories += 1;
                self.progressed();
                Ok(())
            }
            Err(e) if e.kind() == ErrorKind::NotFound => {
                self.stack.pop();
                Ok(())
            }
            Err(e)
                if e.kind() == ErrorKind::DirectoryNotEmpty
                    && frame.removed > 0
                    && frame.retries < MAX_RETRIES =>
            {
                frame.retries += 1;
                frame.state = Reading::Due;
                Ok(())
            }
            Err(error) => {
                self.stack.pop();
                self.fail(&path, error)
            }
        }
    }
}

fn cost(name: &RemoteName) -> usize {
    name.as_bytes().len() + PENDING_OVERHEAD
}

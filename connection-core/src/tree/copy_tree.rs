//! [`copy_tree_between`]: copying a directory with everything in it.
//!
//! A listing is read to its end before anything of it is copied: an open one would hold one
//! of few FTP connections for as long as the copying takes, and a server gives up on a
//! listing that nobody reads on.

use super::copy::{copy_file_between, is_one};
use super::{
    MAX_DEPTH, MAX_ENTRIES, MAX_PENDING_BYTES, PENDING_OVERHEAD, TreeOutcome, child, ends_the_walk,
    too_deep, too_large, too_many,
};
use crate::error::{Error, ErrorKind, Result};
use crate::fs::{Entry, FileType, Overwrite, RemoteFs};
use crate::path::RemotePath;
use std::sync::Arc;

const COPY_TREE: &str = "copy tree";

/// Copies a file, or a directory with everything in it, from one session to another or within
/// one, through this machine and without a file on it. What was copied is counted; what
/// cannot be copied is among the errors, and the rest is copied.
///
/// `to` is what the top becomes; a directory that is there already is filled up, and a link to
/// one below `to` is an error. Each file is copied as by [`copy_file_between`]. Links are made
/// anew with the target they have, where both sides know links, and are errors elsewhere; where
/// the source shows links as what they lead to (some FTP servers do), so are they copied. A
/// directory may hold as many entries as their names fit into 16 MiB.
///
/// # Errors
/// `InvalidInput` when a directory would be copied into itself; those of looking at the path
/// itself and of making the first directory; `ConnectionLost`, `Cancelled` and `TimedOut` of
/// either side.
pub async fn copy_tree_between(
    source: &Arc<dyn RemoteFs>,
    from: &RemotePath,
    target: &Arc<dyn RemoteFs>,
    to: &RemotePath,
    overwrite: Overwrite,
) -> Result<TreeOutcome> {
    let mut copying = Copying {
        source,
        target,
        overwrite,
        outcome: TreeOutcome::default(),
        pending: Vec::new(),
        pending_bytes: 0,
        seen: 0,
    };
    if !source.stat(from).await?.is_dir() {
        let bytes = copy_file_between(source, from, target, to, overwrite).await?;
        copying.outcome.files = 1;
        copying.outcome.bytes = bytes;
        return Ok(copying.outcome);
    }
    if is_one(source, target) && to.starts_with(from) {
        let text = "a directory cannot be copied into itself";
        return Err(Error::invalid("to", text));
    }
    // Listed before the target is made: it may lie in it under another session's name.
    copying.directory(from, to, 0).await?;
    while let Some((from, to, depth)) = copying.pending.pop() {
        copying.pending_bytes -= cost(&from, &to);
        if copying.seen > MAX_ENTRIES {
            copying.outcome.fail(&from, too_many());
            break;
        }
        if let Err(error) = copying.directory(&from, &to, depth).await {
            copying.fail(&from, error)?;
        }
    }
    Ok(copying.outcome)
}

struct Copying<'a> {
    source: &'a Arc<dyn RemoteFs>,
    target: &'a Arc<dyn RemoteFs>,
    overwrite: Overwrite,
    outcome: TreeOutcome,
    /// Directories to copy: from where, to where, how deep.
    pending: Vec<(RemotePath, RemotePath, usize)>,
    pending_bytes: usize,
    seen: u64,
}

impl Copying<'_> {
    /// Notes an error of an entry, or ends the copying with it.
    fn fail(&mut self, path: &RemotePath, error: Error) -> Result<()> {
        if ends_the_walk(&error) {
            return Err(error);
        }
        self.outcome.fail(path, error);
        Ok(())
    }

    async fn directory(&mut self, from: &RemotePath, to: &RemotePath, depth: usize) -> Result<()> {
        let (entries, is_whole) = self.read(from).await?;
        self.make(to, depth).await?;
        self.outcome.directories += 1;
        for entry in entries {
            let paths = child(from, &entry.name).and_then(|from| {
                let to = child(to, &entry.name)?;
                Ok((from, to))
            });
            match paths {
                Ok((from, to)) if entry.metadata.is_dir() => self.put_off(from, to, depth + 1),
                Ok((from, to)) => {
                    if let Err(error) = self.entry(&entry, &from, &to).await {
                        self.fail(&from, error)?;
                    }
                }
                Err(error) => self.fail(from, error)?,
            }
        }
        if !is_whole {
            let error = too_large("too many entries in one directory; the rest was not copied");
            self.fail(from, error)?;
        }
        Ok(())
    }

    /// Remembers a directory for later.
    fn put_off(&mut self, from: RemotePath, to: RemotePath, depth: usize) {
        let cost = cost(&from, &to);
        if depth >= MAX_DEPTH {
            self.outcome.fail(&from, too_deep());
        } else if self.pending_bytes + cost > MAX_PENDING_BYTES {
            let error = too_large("too many directories at once; this one was not copied");
            self.outcome.fail(&from, error);
        } else {
            self.pending_bytes += cost;
            self.pending.push((from, to, depth));
        }
    }

    /// The entries of a directory, and whether they are all of them.
    async fn read(&mut self, directory: &RemotePath) -> Result<(Vec<Entry>, bool)> {
        let mut pages = self.source.list(directory).await?;
        let mut entries = Vec::new();
        let mut bytes = 0;
        while let Some(page) = pages.next_page().await? {
            self.seen += page.len() as u64;
            for entry in page {
                bytes += entry.name.as_bytes().len() + PENDING_OVERHEAD;
                bytes += entry.link_target.as_ref().map_or(0, Vec::len);
                entries.push(entry);
            }
            if bytes > MAX_PENDING_BYTES || self.seen > MAX_ENTRIES {
                return Ok((entries, false));
            }
        }
        Ok((entries, true))
    }

    /// Makes a directory, or finds it there.
    async fn make(&self, directory: &RemotePath, depth: usize) -> Result<()> {
        let Err(error) = self.target.create_dir(directory).await else {
            return Ok(());
        };
        // Whatever the server says to a directory that is there. A link is followed where
        // the caller named it, and nowhere below.
        let found = match depth {
            0 => self.target.stat(directory).await,
            _ => self.target.lstat(directory).await,
        };
        match found {
            Ok(there) if there.is_dir() => Ok(()),
            Ok(there) if there.file_type == FileType::Symlink => Err(Error::new(
                ErrorKind::NotADirectory,
                COPY_TREE,
                "a link is where the directory would be; it is not followed",
            )),
            _ => Err(error),
        }
    }

    async fn entry(&mut self, entry: &Entry, from: &RemotePath, to: &RemotePath) -> Result<()> {
        match entry.metadata.file_type {
            FileType::Symlink => self.link(entry, from, to).await?,
            // What a listing does not tell, looking may.
            FileType::File | FileType::Other | FileType::Directory => {
                let copied =
                    copy_file_between(self.source, from, self.target, to, self.overwrite).await?;
                self.outcome.bytes = self.outcome.bytes.saturating_add(copied);
            }
        }
        self.outcome.files += 1;
        Ok(())
    }

    async fn link(&self, entry: &Entry, from: &RemotePath, to: &RemotePath) -> Result<()> {
        if !self.target.capabilities().symlinks {
            return Err(Error::new(
                ErrorKind::Unsupported,
                COPY_TREE,
                "the target server cannot make links",
            ));
        }
        let leads_to = match &entry.link_target {
            Some(leads_to) => leads_to.clone(),
            None => self.source.read_link(from).await?,
        };
        self.target.symlink(&leads_to, to).await
    }
}

fn cost(from: &RemotePath, to: &RemotePath) -> usize {
    from.as_bytes().len() + to.as_bytes().len() + PENDING_OVERHEAD
}

//! What goes into an archive, one step after the other: the walk through the chosen paths,
//! bounded as every walk through what a server says is ([`crate::tree`]). Knows no format.
//!
//! A directory is read to its end before anything of it is fetched: an open listing would
//! hold one of few FTP connections, and a server gives up on one nobody reads on. Small files
//! are fetched a few at once, whole, which hides the round trips of a far server; what is
//! larger is left to stream in its turn, and nothing else is under way meanwhile.

use super::fetch::{SMALL, fetch, left_out};
use super::loops::{Above, Fingerprint};
use super::{ArchiveFormat, ArchiveOptions, Head, Source, names};
use crate::error::{Error, ErrorKind, Result};
use crate::fs::{Entry, FileType, Metadata, RemoteFs};
use crate::path::{RemoteName, RemotePath};
use crate::tree::{
    MAX_DEPTH, MAX_ENTRIES, MAX_PENDING_BYTES, PENDING_OVERHEAD, child, too_deep, too_large,
    too_many,
};
use bytes::Bytes;
use futures::StreamExt;
use futures::future::{BoxFuture, FutureExt, ready};
use futures::stream::FuturesOrdered;
use std::collections::hash_map::RandomState;
use std::collections::{HashSet, VecDeque};
use std::hash::BuildHasher;
use std::sync::Arc;
use std::time::SystemTime;

/// Files fetched at once: enough to hide a round trip, few enough for eight FTP connections
/// and other users of the session.
const AHEAD: usize = 6;

/// What a remembered entry costs besides the bytes of its name.
const FOUND_OVERHEAD: usize = 112;

/// What comes next.
pub(super) enum Step {
    /// A directory; what is in it comes later.
    Directory(Head),
    /// A symbolic link.
    Link {
        head: Head,
        target: Vec<u8>,
        path: RemotePath,
    },
    /// A small file, fetched.
    Whole { head: Head, content: Bytes },
    /// A file to be opened.
    File {
        head: Head,
        path: RemotePath,
        /// Bytes it had when it was found.
        size: Option<u64>,
    },
    /// Something that could not be read.
    LeftOut { path: RemotePath, error: Error },
}

/// The walk.
pub(super) struct Walk {
    fs: Arc<dyn RemoteFs>,
    format: ArchiveFormat,
    /// Bytes of the largest file that is taken.
    limit: Option<u64>,
    sources: VecDeque<Source>,
    /// Directories still to be read.
    pending: Vec<Directory>,
    pending_bytes: usize,
    /// Entries seen.
    seen: u64,
    /// Where `found` is: the directory, and its name in the archive.
    at: (RemotePath, Vec<u8>),
    /// What is left of the directory read last.
    found: VecDeque<Found>,
    ahead: FuturesOrdered<BoxFuture<'static, Result<Step>>>,
    /// Whether the last of those ahead needs all else to wait.
    alone: bool,
    ready: VecDeque<Step>,
    hasher: RandomState,
    /// Whether a directory that cannot be listed at all is an error.
    must_list: bool,
}

/// A directory to be read.
struct Directory {
    path: RemotePath,
    head: Head,
    depth: usize,
    above: Option<Arc<Above>>,
}

impl Directory {
    fn cost(&self) -> usize {
        self.path.as_bytes().len() + self.head.name.len() + PENDING_OVERHEAD
    }
}

/// An entry that is no directory.
struct Found {
    name: RemoteName,
    file_type: FileType,
    size: Option<u64>,
    permissions: Option<u32>,
    modified: Option<SystemTime>,
    target: Option<Vec<u8>>,
}

impl Found {
    fn of(name: RemoteName, metadata: &Metadata, target: Option<Vec<u8>>) -> Self {
        Self {
            name,
            file_type: metadata.file_type,
            size: metadata.size,
            permissions: metadata.permissions,
            modified: metadata.modified,
            target,
        }
    }
}

impl Walk {
    pub(super) fn new(
        fs: Arc<dyn RemoteFs>,
        options: ArchiveOptions,
        sources: VecDeque<Source>,
    ) -> Self {
        Self {
            fs,
            format: options.format,
            limit: options.max_file_size,
            sources,
            pending: Vec::new(),
            pending_bytes: 0,
            seen: 0,
            at: (RemotePath::root(), Vec::new()),
            found: VecDeque::new(),
            ahead: FuturesOrdered::new(),
            alone: false,
            ready: VecDeque::new(),
            hasher: RandomState::new(),
            must_list: false,
        }
    }

    /// The first step of a walk of one path, which must be readable.
    ///
    /// # Errors
    /// As `next`, and what keeps the path itself out.
    pub(super) async fn first_of_one(&mut self) -> Result<Option<Step>> {
        self.must_list = true;
        let step = self.next().await;
        self.must_list = false;
        match step? {
            Some(Step::LeftOut { error, .. }) => Err(error),
            step => Ok(step),
        }
    }

    /// The next step; `None` after the last.
    ///
    /// # Errors
    /// Those that end the walk: the connection is lost, or the operation given up.
    pub(super) async fn next(&mut self) -> Result<Option<Step>> {
        loop {
            if let Some(step) = self.ready.pop_front() {
                return Ok(Some(step));
            }
            self.fill();
            if let Some(step) = self.ahead.next().await {
                return step.map(Some);
            }
            if let Some(directory) = self.pending.pop() {
                self.pending_bytes -= directory.cost();
                self.read(directory).await?;
            } else if let Some(source) = self.sources.pop_front() {
                self.begin(source);
            } else {
                return Ok(None);
            }
        }
    }

    fn begin(&mut self, source: Source) {
        let Source {
            path,
            name,
            metadata,
        } = source;
        let head = Head::new(name, &metadata);
        if metadata.is_dir() {
            self.put_off(Directory {
                path,
                head,
                depth: 0,
                above: None,
            });
        } else {
            // Under the name it was given, which need not be its own.
            let found = Found::of(RemoteName::new(""), &metadata, None);
            let step = self.step(path, head, found);
            self.ahead.push_back(step);
        }
    }

    /// Remembers a directory for later.
    fn put_off(&mut self, directory: Directory) {
        let cost = directory.cost();
        let error = if directory.depth >= MAX_DEPTH {
            too_deep()
        } else if self.pending_bytes + cost > MAX_PENDING_BYTES {
            too_large("too many directories at once; this one was not looked at")
        } else {
            self.pending_bytes += cost;
            return self.pending.push(directory);
        };
        let path = directory.path;
        self.ready.push_back(Step::LeftOut { path, error });
    }

    /// Begins what may be under way at once.
    fn fill(&mut self) {
        if self.ahead.is_empty() {
            self.alone = false;
        }
        while self.ahead.len() < AHEAD
            && !self.alone
            && let Some(found) = self.found.pop_front()
        {
            let (directory, in_archive) = &self.at;
            let (path, name) = match (
                child(directory, &found.name),
                names::component(&found.name, self.format),
            ) {
                (Ok(path), Some(name)) => (path, name),
                // Looked at when it was found.
                _ => continue,
            };
            let head = Head {
                name: joined(in_archive, &name),
                permissions: found.permissions,
                modified: found.modified,
            };
            let step = self.step(path, head, found);
            self.ahead.push_back(step);
        }
    }

    /// What becomes of an entry that is no directory.
    fn step(
        &mut self,
        path: RemotePath,
        head: Head,
        found: Found,
    ) -> BoxFuture<'static, Result<Step>> {
        let fs = Arc::clone(&self.fs);
        match (found.file_type, found.size, found.target) {
            (FileType::Symlink, _, Some(target)) => {
                ready(Ok(Step::Link { head, target, path })).boxed()
            }
            (FileType::Symlink, _, None) => async move {
                match fs.read_link(&path).await {
                    Ok(target) => Ok(Step::Link { head, target, path }),
                    Err(error) => left_out(path, error),
                }
            }
            .boxed(),
            (FileType::File, Some(size), _) if size <= SMALL => {
                fetch(fs, head, path, size, self.limit).boxed()
            }
            (FileType::File, size, _) => {
                self.alone = true;
                ready(Ok(Step::File { head, path, size })).boxed()
            }
            // A listing need not tell what looking does.
            (FileType::Other | FileType::Directory, _, _) => {
                self.alone = true;
                async move {
                    match fs.lstat(&path).await {
                        Ok(metadata) if metadata.file_type == FileType::File => {
                            let size = metadata.size;
                            Ok(Step::File { head, path, size })
                        }
                        Ok(_) => left_out(path, not_a_file()),
                        Err(error) => left_out(path, error),
                    }
                }
                .boxed()
            }
        }
    }

    async fn read(&mut self, directory: Directory) -> Result<()> {
        let Directory {
            path,
            head,
            depth,
            above,
        } = directory;
        let in_archive = head.name.clone();
        self.ready.push_back(Step::Directory(head));
        let mut reading = Reading {
            names: HashSet::new(),
            found: VecDeque::new(),
            directories: Vec::new(),
            bytes: 0,
            fingerprint: Fingerprint::default(),
        };
        if let Err(error) = self.pages(&path, &mut reading).await {
            if self.must_list && reading.bytes == 0 {
                return Err(error);
            }
            self.ready.push_back(left_out(path.clone(), error)?);
        }
        // Only where a link may look like the directory it leads to.
        let above = match self.fs.capabilities().symlinks {
            true => None,
            false => match Above::descend(above, reading.fingerprint) {
                Ok(above) => Some(above),
                Err(error) => {
                    self.ready.push_back(Step::LeftOut { path, error });
                    return Ok(());
                }
            },
        };
        self.found = reading.found;
        // The first of them is the first to be read.
        for (name, metadata) in reading.directories.into_iter().rev() {
            if let (Ok(path), Some(name)) =
                (child(&path, &name), names::component(&name, self.format))
            {
                self.put_off(Directory {
                    path,
                    head: Head::new(joined(&in_archive, &name), &metadata),
                    depth: depth + 1,
                    above: above.clone(),
                });
            }
        }
        self.at = (path, in_archive);
        Ok(())
    }

    async fn pages(&mut self, path: &RemotePath, reading: &mut Reading) -> Result<()> {
        let mut pages = self.fs.list(path).await?;
        while let Some(page) = pages.next_page().await? {
            for entry in page {
                self.seen += 1;
                if self.seen > MAX_ENTRIES {
                    self.pending.clear();
                    self.pending_bytes = 0;
                    self.sources.clear();
                    return Err(too_many());
                }
                if let Err(error) = self.note(path, entry, reading) {
                    let path = path.clone();
                    self.ready.push_back(Step::LeftOut { path, error });
                }
            }
            if reading.bytes > MAX_PENDING_BYTES {
                return Err(too_large(
                    "too many entries in one directory; the rest is not here",
                ));
            }
        }
        Ok(())
    }

    /// Takes note of an entry of the directory that is being read.
    fn note(&mut self, path: &RemotePath, entry: Entry, reading: &mut Reading) -> Result<()> {
        let path = child(path, &entry.name)?;
        let Some(name) = names::component(&entry.name, self.format) else {
            return Ok(());
        };
        reading.bytes += entry.name.as_bytes().len() + FOUND_OVERHEAD;
        if !reading.names.insert(self.hasher.hash_one(&name)) {
            let error = Error::new(
                ErrorKind::AlreadyExists,
                "list directory",
                "the server lists more than one entry of this name; this is not the first",
            );
            self.ready.push_back(Step::LeftOut { path, error });
            return Ok(());
        }
        reading.fingerprint.add(&entry);
        if entry.metadata.is_dir() {
            reading.directories.push((entry.name, entry.metadata));
        } else {
            reading.bytes += entry.link_target.as_ref().map_or(0, Vec::len);
            let found = Found::of(entry.name, &entry.metadata, entry.link_target);
            reading.found.push_back(found);
        }
        Ok(())
    }
}

/// A directory being read.
struct Reading {
    /// Names in the archive, by their hashes.
    names: HashSet<u64>,
    found: VecDeque<Found>,
    directories: Vec<(RemoteName, Metadata)>,
    bytes: usize,
    fingerprint: Fingerprint,
}

pub(super) fn not_a_file() -> Error {
    Error::new(
        ErrorKind::Unsupported,
        "read file",
        "neither a regular file nor a folder nor a link",
    )
}

fn joined(directory: &[u8], name: &[u8]) -> Vec<u8> {
    [directory, b"/", name].concat()
}

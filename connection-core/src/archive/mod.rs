//! [`Archive`]: folders and files of a [`RemoteFs`] as one stream of bytes, a zip or a tar.
//!
//! ```no_run
//! # async fn example(session: &connection_core::session::ActiveSession) -> Result<(), Box<dyn std::error::Error>> {
//! use connection_core::archive::{Archive, ArchiveOptions};
//! use connection_core::fs_io::ReadStream;
//! use connection_core::path::RemotePath;
//!
//! let paths = [RemotePath::from_text("/var/www")?, RemotePath::from_text("/etc/hosts")?];
//! let archive = Archive::open(session.fs(), &paths, ArchiveOptions::default()).await?;
//! let mut file = tokio::fs::File::create("site.zip").await?;
//! tokio::io::copy(&mut ReadStream::new(Box::new(archive)), &mut file).await?;
//! # Ok(())
//! # }
//! ```
//!
//! An archive is read as a file is, and whoever reads it slowly slows down what is read from
//! the server. Memory is the same however much there is: what one file has in flight, a few
//! small files, and the names of one directory and of those still to be walked (at most 16 MiB
//! of each).
//!
//! # What is in it
//! - Each path under its last name, and below a directory all there is, with permissions and
//!   times. The second of two paths of one name becomes `name (2)`. The root is `root`.
//! - Links are never followed; they are entries of their own, and come after all files and
//!   folders, the deepest first. None of those can so be written through a link when it is
//!   unpacked, however alike their names are on the machine where that is done.
//! - Names as `names.rs` describes: no name that a server makes up leads out of the folder
//!   the archive is unpacked in.
//! - Devices, pipes and sockets are left out, and so is whatever cannot be read: no
//!   permission, gone since it was listed, too deep, too large. The last entry,
//!   `NOT-INCLUDED.txt`, has a line for each.
//! - A file that grows while it is read ends where it ended when it was opened (over FTP:
//!   when its directory was listed), as in any download of it, and is named in that last
//!   entry too.
//!
//! # What breaks it
//! A lost connection, a file that ends before its promised size, and any error in the middle
//! of a file end the stream with an error. Neither format passes for whole then: the
//! directory at the end of a zip is missing, and of a tar the end.

mod fetch;
mod ledger;
mod left_out;
mod links;
mod loops;
mod names;
mod source;
mod tar;
mod walk;
mod writer;
mod zip;

use crate::error::{Error, ErrorKind, Result};
use crate::fs::{FileReader, Metadata, RemoteFs};
use crate::path::RemotePath;
use async_trait::async_trait;
use bytes::Bytes;
use fetch::{Streaming, breaks};
use left_out::LeftOut;
use links::{Link, Links};
use std::sync::Arc;
use std::time::SystemTime;
use walk::{Step, Walk};
use writer::Writer;

const OPERATION: &str = "make archive";

/// Paths that may be put into one archive.
pub const MAX_PATHS: usize = 10_000;

/// Bytes gathered before they are handed on: headers of small entries would otherwise each
/// be a chunk.
const GATHERED: usize = 64 << 10;

/// The form of an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ArchiveFormat {
    /// A zip, for everyone. Content is not compressed.
    #[default]
    Zip,
    /// A tar, for machines that keep names as bytes. Files whose size the server does not
    /// tell are left out of it.
    Tar,
}

/// How an archive is made.
#[derive(Debug, Clone, Copy, Default)]
pub struct ArchiveOptions {
    /// Its form.
    pub format: ArchiveFormat,
    /// Bytes of the largest file that is taken; larger ones are left out.
    pub max_file_size: Option<u64>,
}

/// What an entry is called, and what is kept of it.
struct Head {
    /// Components with `/` between them.
    name: Vec<u8>,
    permissions: Option<u32>,
    modified: Option<SystemTime>,
}

impl Head {
    fn new(name: Vec<u8>, metadata: &Metadata) -> Self {
        Self {
            name,
            permissions: metadata.permissions,
            modified: metadata.modified,
        }
    }

    /// Permission bits: those of the server, or usual ones.
    fn mode(&self, is_directory: bool) -> u32 {
        let usual = if is_directory { 0o755 } else { 0o644 };
        self.permissions.unwrap_or(usual) & 0o7777
    }
}

/// A path that was chosen, and its name in the archive.
struct Source {
    path: RemotePath,
    name: Vec<u8>,
    metadata: Metadata,
}

/// An archive that is made while it is read.
///
/// Once reading failed it fails for ever; so it does when a call of
/// [`next_chunk`](FileReader::next_chunk) was dropped before its end, as nobody knows then
/// what is missing.
pub struct Archive {
    fs: Arc<dyn RemoteFs>,
    max_file_size: Option<u64>,
    walk: Walk,
    writer: Writer,
    state: State,
    /// Name of the last entry, if there is one.
    last: Vec<u8>,
    links: Links,
    left_out: LeftOut,
    /// Headers and small files, to be handed on.
    out: Vec<u8>,
    broken: bool,
}

enum State {
    /// Before the next step of the walk.
    Walking,
    /// In a file.
    Streaming(Box<Streaming>),
    /// Among the links, which come last.
    Links(std::vec::IntoIter<Link>),
    /// In what comes after all entries.
    Closing,
    Ended,
}

impl Archive {
    /// Looks at the paths and begins an archive of them. A single one is listed or opened.
    ///
    /// # Errors
    /// `InvalidInput` for no path or more than [`MAX_PATHS`]; those of looking at each path,
    /// and, for a single one, of listing or opening it: nobody wants an archive of nothing
    /// but the reason why.
    pub async fn open(
        fs: Arc<dyn RemoteFs>,
        paths: &[RemotePath],
        options: ArchiveOptions,
    ) -> Result<Self> {
        let (sources, mut taken) = source::look(&fs, paths, options.format).await?;
        let is_one = sources.len() == 1;
        let mut archive = Self {
            max_file_size: options.max_file_size,
            last: taken.add(left_out::NAME.as_bytes()),
            walk: Walk::new(Arc::clone(&fs), options, sources),
            fs,
            writer: Writer::new(options.format),
            state: State::Walking,
            links: Links::default(),
            left_out: LeftOut::default(),
            out: Vec::new(),
            broken: false,
        };
        if is_one && let Some(step) = archive.walk.first_of_one().await? {
            archive.take(step).await?;
            if let Some(error) = archive.left_out.take_first() {
                return Err(error);
            }
        }
        Ok(archive)
    }

    /// How much is left out so far.
    pub fn left_out(&self) -> u64 {
        self.left_out.count()
    }

    async fn next(&mut self) -> Result<Option<Bytes>> {
        loop {
            if self.out.len() >= GATHERED {
                return Ok(Some(self.gathered()));
            }
            match &mut self.state {
                State::Walking => match self.walk.next().await? {
                    Some(step) => self.take(step).await?,
                    None => self.state = State::Links(self.links.take()),
                },
                State::Streaming(_) if !self.out.is_empty() => {
                    return Ok(Some(self.gathered()));
                }
                State::Streaming(file) => match file.next().await? {
                    Some(bytes) => {
                        self.writer.content(&bytes);
                        return Ok(Some(bytes));
                    }
                    None => self.end_file().await?,
                },
                State::Links(links) => match links.next() {
                    Some(Link { head, target }) => {
                        self.writer.link(&mut self.out, &head, &target);
                        self.writer.settle().await?;
                    }
                    None => {
                        self.write_left_out();
                        self.state = State::Closing;
                    }
                },
                State::Closing => {
                    if !self.writer.close(&mut self.out).await? {
                        self.state = State::Ended;
                    }
                }
                State::Ended if self.out.is_empty() => return Ok(None),
                State::Ended => return Ok(Some(self.gathered())),
            }
        }
    }

    fn gathered(&mut self) -> Bytes {
        Bytes::from(std::mem::take(&mut self.out))
    }

    /// Writes what the walk found.
    async fn take(&mut self, step: Step) -> Result<()> {
        match step {
            Step::Directory(head) => self.writer.directory(&mut self.out, &head),
            Step::Whole { head, content } => self.writer.file(&mut self.out, &head, &content),
            Step::Link { head, target, path } => {
                if let Err(error) = self.links.add(head, target) {
                    self.left_out.add(&path, error);
                }
            }
            Step::File { head, path, size } => return self.begin_file(head, path, size).await,
            Step::LeftOut { path, error } => self.left_out.add(&path, error),
        }
        self.writer.settle().await
    }

    async fn begin_file(
        &mut self,
        mut head: Head,
        path: RemotePath,
        found: Option<u64>,
    ) -> Result<()> {
        let (fs, limit) = (self.fs.as_ref(), self.max_file_size);
        let error = match Streaming::open(fs, &path, &mut head, found, limit).await {
            Err(error) if breaks(&error) => return Err(error),
            Err(error) => error,
            Ok(file) if file.size().is_some() || self.writer.takes_any_size() => {
                self.writer.begin(&mut self.out, &head, file.size());
                self.state = State::Streaming(Box::new(file));
                return Ok(());
            }
            Ok(_) => Error::new(
                ErrorKind::Unsupported,
                OPERATION,
                "the server does not tell its size, which in a tar stands before it",
            ),
        };
        self.left_out.add(&path, error);
        Ok(())
    }

    async fn end_file(&mut self) -> Result<()> {
        if let State::Streaming(file) = std::mem::replace(&mut self.state, State::Walking) {
            if let Some((path, error)) = file.grew() {
                self.left_out.add(path, error);
            }
            self.writer.end(&mut self.out, file.done());
        }
        self.writer.settle().await
    }

    /// Writes the entry that names what is not there.
    fn write_left_out(&mut self) {
        let Some(text) = self.left_out.text() else {
            return;
        };
        let head = Head {
            name: self.last.clone(),
            permissions: None,
            modified: Some(SystemTime::now()),
        };
        self.writer.file(&mut self.out, &head, text.as_bytes());
    }
}

#[async_trait]
impl FileReader for Archive {
    async fn next_chunk(&mut self) -> Result<Option<Bytes>> {
        if self.broken {
            let text = "reading the archive failed before, or was given up";
            return Err(Error::new(ErrorKind::Cancelled, OPERATION, text));
        }
        // Stays so when this call fails or is dropped.
        self.broken = true;
        let next = self.next().await;
        self.broken = next.is_err();
        next
    }
}

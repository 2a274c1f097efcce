//! [`RemoteFs`]: the meeting point of every backend and every front.
//!
//! SFTP and FTP implement it, and whatever comes later; the HTTP facade, transfers, archives
//! and tree walks use it and see nothing else. Its rules are written on the trait, and each
//! has a case in the conformance suite that runs over every backend.
//!
//! ```no_run
//! # async fn example(session: &connection_core::session::Session) -> connection_core::Result<()> {
//! use connection_core::path::RemotePath;
//!
//! let fs = session.fs();
//! // A page at a time: a directory may have any number of entries.
//! let mut pages = fs.list(&RemotePath::from_text("/var/log")?).await?;
//! while let Some(page) = pages.next_page().await? {
//!     for entry in page {
//!         println!("{:?} {}", entry.metadata.size, entry.name.to_text());
//!     }
//! }
//! # Ok(())
//! # }
//! ```

use crate::checksum::{ChecksumAlgorithm, ChecksumAlgorithms};
use crate::error::{Error, ErrorKind, Result};
use crate::path::{RemoteName, RemotePath};
use async_trait::async_trait;
use bytes::Bytes;
use std::time::SystemTime;

/// What kind of thing a path names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileType {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link.
    Symlink,
    /// A device, socket, pipe, or what the server would not say.
    Other,
}

/// What is known about a file. A fact the server did not give is `None`, never a guess.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    /// What it is.
    pub file_type: FileType,
    /// Length in bytes; for a symbolic link the length of its target's name.
    pub size: Option<u64>,
    /// Permission bits, 0 to 0o7777.
    pub permissions: Option<u32>,
    /// Numeric owner.
    pub uid: Option<u32>,
    /// Numeric group.
    pub gid: Option<u32>,
    /// Name of the owner, where the server sends one.
    pub owner: Option<String>,
    /// Name of the group, where the server sends one.
    pub group: Option<String>,
    /// Last change of the contents.
    pub modified: Option<SystemTime>,
    /// Last read.
    pub accessed: Option<SystemTime>,
}

impl Metadata {
    /// Metadata that says no more than the type.
    pub const fn of_type(file_type: FileType) -> Self {
        Self {
            file_type,
            size: None,
            permissions: None,
            uid: None,
            gid: None,
            owner: None,
            group: None,
            modified: None,
            accessed: None,
        }
    }

    /// Whether it is a directory.
    pub fn is_dir(&self) -> bool {
        self.file_type == FileType::Directory
    }
}

/// One entry of a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name, as the server sent it.
    pub name: RemoteName,
    /// What the listing says of it; links are not followed.
    pub metadata: Metadata,
    /// Where a link leads, when the listing says so without another request.
    pub link_target: Option<Vec<u8>>,
}

/// Changes to a file's attributes; `None` leaves the attribute as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SetAttributes {
    /// Permission bits, 0 to 0o7777.
    pub permissions: Option<u32>,
    /// Owner and group, which the protocols only change together.
    pub owner: Option<(u32, u32)>,
    /// Time of the last change, at the resolution of one second.
    pub modified: Option<SystemTime>,
    /// Time of the last read; without it, the time of the last change is used where the
    /// protocol sets both at once.
    pub accessed: Option<SystemTime>,
    /// Length in bytes: cuts the file off or fills it up with zeros.
    pub size: Option<u64>,
}

/// Whether a rename may replace what is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overwrite {
    /// The target, a file, is replaced; it is never gone before the new one is in place.
    Replace,
    /// An existing target is an error of kind `AlreadyExists`.
    Refuse,
}

/// How a file is opened for writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteMode {
    /// A new file; an existing one is an error of kind `AlreadyExists`. Its parts may be
    /// written in any order: until it is finished, its size does not say what is there.
    CreateNew,
    /// A new file, or an existing one cut to nothing first.
    Truncate,
    /// An existing file, from this offset on; what lies behind what is written stays.
    At(u64),
}

/// Options of [`RemoteFs::open_write`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WriteOptions {
    /// How the file is opened.
    pub mode: WriteMode,
    /// Permission bits of a file that is created here, before the server's umask.
    pub permissions: Option<u32>,
}

/// The place a finished file takes: see [`FileWriter::finish_as`].
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Its new name.
    pub path: &'a RemotePath,
    /// Whether it may replace what is there.
    pub overwrite: Overwrite,
    /// Attributes it has when it is there.
    pub attributes: &'a SetAttributes,
}

/// How far [`FileWriter::finish_as`] brought a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finished {
    /// It is in its place.
    Placed,
    /// It is whole and closed under the name it was opened by. Its attributes may be set.
    Closed,
}

/// Space of a file system, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpaceInfo {
    /// Size of the file system.
    pub total: u64,
    /// Free for the superuser.
    pub free: u64,
    /// Free for this account.
    pub available: u64,
    /// Inodes there are.
    pub inodes: u64,
    /// Inodes still free.
    pub inodes_free: u64,
}

/// What a backend can do. Fronts and the conformance suite choose by it.
///
/// A `true` is a promise that the rules hold; a `false` means the operation answers
/// `Unsupported` without touching anything.
///
/// Some servers do not say what they can do. There `set_permissions` and `set_times` are
/// `true` until trying showed otherwise: that operation answers `Unsupported`, and from then
/// on the capability is `false`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Capabilities {
    /// [`RemoteFs::set_attributes`] with permissions.
    pub set_permissions: bool,
    /// [`RemoteFs::set_attributes`] with times.
    pub set_times: bool,
    /// [`RemoteFs::set_attributes`] with owner.
    pub set_owner: bool,
    /// [`RemoteFs::set_attributes`] with size.
    pub truncate: bool,
    /// [`RemoteFs::symlink`] and [`RemoteFs::read_link`], and `lstat` that tells a link from its target.
    pub symlinks: bool,
    /// [`RemoteFs::space`].
    pub space: bool,
    /// Writing at any offset of a file: [`WriteMode::At`].
    pub write_at: bool,
    /// Writing from a file's very end on: [`WriteMode::At`] with its size. Any other offset
    /// is `Unsupported` without `write_at`.
    pub append: bool,
    /// `rename` replaces an existing file in one step.
    pub atomic_replace: bool,
    /// `CreateNew` and `Overwrite::Refuse` are decided by the server in one step.
    pub atomic_create: bool,
    /// Written bytes are on the disk when `finish` returns.
    pub fsync: bool,
    /// Names that are not UTF-8 can be listed and addressed.
    pub byte_names: bool,
    /// [`FileWriter::copy_from`]: files are copied without their bytes crossing the
    /// network. A server may refuse it for a file all the same.
    pub server_copy: bool,
    /// [`RemoteFs::checksum`] by these algorithms.
    pub checksums: ChecksumAlgorithms,
}

/// A remote file system: one account's files, reached over one session.
///
/// # Rules
/// 1. Every operation may run beside every other; none waits for another to end.
/// 2. A path is absolute and normalised; names are bytes and are sent as they are.
/// 3. `stat` follows links, `lstat` does not; a broken link is `NotFound` for `stat`.
/// 4. A missing path is `NotFound`; a path the account may not reach is `PermissionDenied`.
/// 5. A listing comes in pages and holds neither `.` nor `..`; hidden names are included.
///    Listing a file is an error, not an empty page.
/// 6. `open_read` starts at its offset; at or past the end it gives no bytes. A directory is
///    an error at the latest on the first read. Bytes arrive in order; the end is `None`; a
///    file cut short under the reader's feet gives what there is.
/// 7. Nothing is promised of a file until `finish` returned. Dropping a writer is `abort`:
///    what was written stays, incomplete, for the caller to remove or to resume.
/// 8. `remove_file` removes a link, not its target; `remove_dir` removes only an empty directory.
/// 9. `rename` with [`Overwrite::Refuse`] never replaces; with [`Overwrite::Replace`] the old
///    target is never gone before the new one is in place.
/// 10. Errors carry the server's own text as their message, where it sent one.
/// 11. Dropping a future or a stream gives up the operation; the connection stays usable.
/// 12. What [`Capabilities`] denies is `Unsupported`, and nothing was changed.
#[async_trait]
pub trait RemoteFs: Send + Sync + 'static {
    /// What this backend can do on this server.
    fn capabilities(&self) -> Capabilities;

    /// Whether operations asked for side by side wait together for their replies, as over
    /// SFTP, where requests follow each other on one channel. Where each takes a connection
    /// of its own, as over FTP, what is asked for on a guess costs more than it saves.
    fn waits_together(&self) -> bool {
        false
    }

    /// The directory the login starts in.
    async fn home(&self) -> Result<RemotePath>;

    /// What a path names, links followed.
    async fn stat(&self, path: &RemotePath) -> Result<Metadata>;

    /// What a path names, a link itself included.
    async fn lstat(&self, path: &RemotePath) -> Result<Metadata>;

    /// Opens a directory for listing.
    async fn list(&self, path: &RemotePath) -> Result<Box<dyn DirPages>>;

    /// Opens a file for reading from `offset` bytes on.
    async fn open_read(&self, path: &RemotePath, offset: u64) -> Result<Box<dyn FileReader>>;

    /// As [`RemoteFs::open_read`], of a file that was just looked at: a backend that looks
    /// before it opens need not look again.
    async fn open_seen(
        &self,
        path: &RemotePath,
        seen: &Metadata,
        offset: u64,
    ) -> Result<Box<dyn FileReader>> {
        let _ = seen;
        self.open_read(path, offset).await
    }

    /// Opens a file for writing in place. For a file that must appear whole or not at
    /// all use [`crate::transfer`], which stands on this.
    async fn open_write(
        &self,
        path: &RemotePath,
        options: WriteOptions,
    ) -> Result<Box<dyn FileWriter>>;

    /// Makes a directory; its parent must be there.
    async fn create_dir(&self, path: &RemotePath) -> Result<()>;

    /// Removes a file or a link.
    async fn remove_file(&self, path: &RemotePath) -> Result<()>;

    /// Removes an empty directory.
    async fn remove_dir(&self, path: &RemotePath) -> Result<()>;

    /// Renames or moves within the server.
    async fn rename(&self, from: &RemotePath, to: &RemotePath, overwrite: Overwrite) -> Result<()>;

    /// Changes attributes, links followed.
    async fn set_attributes(&self, path: &RemotePath, changes: &SetAttributes) -> Result<()>;

    /// Makes a link at `link` that leads to `target`, which is taken as it is.
    async fn symlink(&self, target: &[u8], link: &RemotePath) -> Result<()>;

    /// Where a link leads, as it is written in the link.
    async fn read_link(&self, path: &RemotePath) -> Result<Vec<u8>>;

    /// Space of the file system that holds the path.
    async fn space(&self, path: &RemotePath) -> Result<SpaceInfo>;

    /// The checksum of a file, links followed, computed by the server: its bytes do not cross
    /// the network. As long as [`ChecksumAlgorithm::byte_len`].
    ///
    /// A server that computes longer than the connection may be silent ends as `TimedOut`.
    async fn checksum(&self, path: &RemotePath, algorithm: ChecksumAlgorithm) -> Result<Vec<u8>> {
        let _ = path;
        Err(Error::new(
            ErrorKind::Unsupported,
            "checksum",
            format!("the server does not compute {algorithm}"),
        ))
    }
}

/// An open listing.
#[async_trait]
pub trait DirPages: Send {
    /// The next entries, in the server's order; `None` at the end. A page is never empty.
    async fn next_page(&mut self) -> Result<Option<Vec<Entry>>>;
}

impl dyn DirPages {
    /// All entries at once, at most `limit` of them.
    ///
    /// # Errors
    /// `TooLarge` when there are more than `limit`, besides those of the listing.
    pub async fn collect(self: Box<Self>, limit: usize) -> Result<Vec<Entry>> {
        let mut entries = Vec::new();
        self.each_page(limit, |page| entries.extend(page)).await?;
        Ok(entries)
    }

    /// Hands over every page as it comes, at most `limit` entries in all.
    ///
    /// # Errors
    /// As `collect`; pages before the error were handed over.
    pub async fn each_page(
        mut self: Box<Self>,
        limit: usize,
        mut take: impl FnMut(Vec<Entry>),
    ) -> Result<()> {
        let mut room = limit;
        while let Some(page) = self.next_page().await? {
            room = room.checked_sub(page.len()).ok_or_else(|| {
                Error::new(
                    ErrorKind::TooLarge,
                    "list directory",
                    format!("the directory has more than {limit} entries"),
                )
            })?;
            take(page);
        }
        Ok(())
    }
}

/// A file open for reading.
#[async_trait]
pub trait FileReader: Send {
    /// The next bytes, never empty; `None` at the end of the file.
    async fn next_chunk(&mut self) -> Result<Option<Bytes>>;
}

/// A file open for writing.
#[async_trait]
pub trait FileWriter: Send {
    /// Takes the next bytes; waits while too much is under way. An error of an earlier
    /// write may show here or in `finish`. Once it failed or was given up before its end,
    /// every later call and `finish` fail.
    async fn write(&mut self, data: Bytes) -> Result<()>;

    /// Takes the bytes of another file of the same server, all of them, as the next ones,
    /// without their crossing the network. Answers how many there were.
    ///
    /// # Errors
    /// `Unsupported` where the server cannot or will not: nothing counts as written then,
    /// and the caller may go on with [`FileWriter::write`]. Those of opening the other
    /// file, which leave the writer as it was. Any other is as one of `write`.
    async fn copy_from(&mut self, from: &RemotePath) -> Result<u64> {
        let _ = from;
        Err(Error::new(
            ErrorKind::Unsupported,
            "copy file",
            "files cannot be copied on the server",
        ))
    }

    /// Brings everything written to the server's disk, where it can, and closes the file.
    async fn finish(self: Box<Self>) -> Result<()>;

    /// As [`FileWriter::finish`], and then gives the file its attributes and its place, where
    /// the backend can do so in fewer waits than one operation after the other takes.
    ///
    /// `Closed` leaves attributes and renaming to the caller: the backend saves nothing by
    /// doing them, or the server did not take the attributes in this way.
    ///
    /// # Errors
    /// Those of `finish`, [`RemoteFs::set_attributes`] and [`RemoteFs::rename`]; nothing is
    /// renamed unless all before it succeeded.
    async fn finish_as(self: Box<Self>, place: Place<'_>) -> Result<Finished> {
        let _ = place;
        self.finish().await.map(|()| Finished::Closed)
    }

    /// Closes the file without waiting for what is under way.
    async fn abort(self: Box<Self>);

    /// How far the file, counted from its start, is known to be written without a gap.
    ///
    /// For backends whose writes are under way side by side: once one has failed, those after
    /// it may have succeeded, and the file's size says too much. `None` where bytes cannot
    /// overtake each other.
    fn settled(&self) -> Option<u64> {
        None
    }
}

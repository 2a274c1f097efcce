//! The recordings of one owner as files. Blocks, so not for the async threads.

use super::header::{Header, MAX_HEADER};
use super::id::RecordingId;
use super::info::{RecordingFile, RecordingInfo};
use crate::error::{Error, ErrorKind, Result, Side};
use crate::session::Owner;
use std::fmt::Write as _;
use std::fs::{DirBuilder, File, Metadata};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// What the files are called behind their id.
pub(super) const SUFFIX: &str = ".cast";

/// Bytes looked at together on the way back to the last whole line.
const BLOCK: usize = 64 * 1024;

/// One owner's directory.
#[derive(Debug, Clone)]
pub(super) struct OwnerFiles {
    root: PathBuf,
    directory: PathBuf,
}

impl OwnerFiles {
    /// Of this owner, below the directory of all recordings.
    pub(super) fn new(root: &Path, owner: &Owner) -> Self {
        Self {
            root: root.to_owned(),
            directory: root.join(directory_name(owner.name())),
        }
    }

    /// Makes the file of a new recording.
    ///
    /// # Errors
    /// As [`unusable`].
    pub(super) fn create(&self, id: RecordingId) -> Result<File> {
        let failed = |path: &Path, error| unusable("record terminal", path, error);
        make_private(&self.root).map_err(|e| failed(&self.root, e))?;
        make_private(&self.directory).map_err(|e| failed(&self.directory, e))?;
        let path = self.path(id);
        File::options()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
            .map_err(|e| failed(&path, e))
    }

    /// Opens a recording.
    ///
    /// # Errors
    /// `NotFound`; as [`unusable`].
    pub(super) fn open(
        &self,
        id: RecordingId,
        is_running: impl Fn(RecordingId) -> bool,
    ) -> Result<RecordingFile> {
        let (file, metadata) = self.file(id)?;
        let failed = |error| self.failed("read recording", id, error);
        // Asked before the header is read: one that ends in between is not told as running
        // and ended.
        let is_running = is_running(id);
        let header = header(&file).map_err(failed)?.ok_or_else(missing)?;
        let length = whole_lines(&file, metadata.len()).map_err(failed)?;
        let is_running = is_running && header.connection_manager.end.is_none();
        Ok(RecordingFile {
            info: RecordingInfo::new(id, header, metadata.len(), is_running),
            file,
            length,
            modified: metadata.modified().ok(),
        })
    }

    /// What can be told of a recording.
    ///
    /// # Errors
    /// `NotFound`; as [`unusable`].
    pub(super) fn info(
        &self,
        id: RecordingId,
        is_running: impl Fn(RecordingId) -> bool,
    ) -> Result<RecordingInfo> {
        let (file, metadata) = self.file(id)?;
        let is_running = is_running(id);
        let header = header(&file).map_err(|error| self.failed("read recording", id, error))?;
        let header = header.ok_or_else(missing)?;
        let is_running = is_running && header.connection_manager.end.is_none();
        Ok(RecordingInfo::new(id, header, metadata.len(), is_running))
    }

    /// The recordings there are, those last written to first.
    ///
    /// # Errors
    /// As [`unusable`].
    pub(super) fn ids(&self) -> Result<Vec<RecordingId>> {
        let failed = |error| unusable("list recordings", &self.directory, error);
        let entries = match std::fs::read_dir(&self.directory) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(failed(error)),
        };
        let mut found: Vec<(SystemTime, RecordingId)> = Vec::new();
        for entry in entries {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name();
            let name = name.to_str().and_then(|name| name.strip_suffix(SUFFIX));
            let Some(id) = name.and_then(RecordingId::parse) else {
                continue;
            };
            // One that is gone meanwhile was deleted.
            if let Ok(metadata) = entry.metadata() {
                found.push((metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH), id));
            }
        }
        found.sort_unstable_by_key(|(modified, _)| std::cmp::Reverse(*modified));
        Ok(found.into_iter().map(|(_, id)| id).collect())
    }

    /// Removes a recording.
    ///
    /// # Errors
    /// `NotFound`; as [`unusable`].
    pub(super) fn remove(&self, id: RecordingId) -> Result<()> {
        match std::fs::remove_file(self.path(id)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(missing()),
            other => other.map_err(|error| self.failed("delete recording", id, error)),
        }
    }

    fn path(&self, id: RecordingId) -> PathBuf {
        self.directory.join(format!("{id}{SUFFIX}"))
    }

    fn file(&self, id: RecordingId) -> Result<(File, Metadata)> {
        let opened = File::options()
            .read(true)
            // Only what this program made is a recording: no link, and no pipe to wait on.
            .custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_NOCTTY)
            .open(self.path(id));
        let file = match opened {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(missing()),
            Err(error) if error.raw_os_error() == Some(libc::ELOOP) => return Err(missing()),
            other => other.map_err(|error| self.failed("read recording", id, error))?,
        };
        let metadata = file
            .metadata()
            .map_err(|error| self.failed("read recording", id, error))?;
        if !metadata.is_file() {
            return Err(missing());
        }
        Ok((file, metadata))
    }

    /// An error of this recording's file.
    pub(super) fn failed(
        &self,
        operation: &'static str,
        id: RecordingId,
        error: io::Error,
    ) -> Error {
        unusable(operation, &self.path(id), error)
    }
}

/// The answer to a recording that is not there, or not the caller's.
fn missing() -> Error {
    Error::new(ErrorKind::NotFound, "use recording", "No such recording").on(Side::Local)
}

/// An error of the files of recordings: `NoSpace`, `QuotaExceeded` or `LocalIo`. Whatever
/// else the operating system says is nothing that a caller did wrong, who named no path.
pub(super) fn unusable(operation: &'static str, path: &Path, error: io::Error) -> Error {
    let kind = match error.kind() {
        io::ErrorKind::StorageFull => ErrorKind::NoSpace,
        io::ErrorKind::QuotaExceeded => ErrorKind::QuotaExceeded,
        _ => ErrorKind::LocalIo,
    };
    Error::new(
        kind,
        operation,
        format!("Recordings cannot be kept: {error}"),
    )
    .on(Side::Local)
    .with("local_path", path.display().to_string())
    .caused_by(error)
}

/// Makes a directory for this account alone, and what is missing above it.
///
/// # Errors
/// Those of the operating system.
pub(super) fn make_private(directory: &Path) -> io::Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory)
}

/// The directory of an owner: the name with everything but digits, small letters, `-` and
/// `_` as `%XX`. Capitals too, because there are file systems that do not tell them apart.
fn directory_name(owner: &str) -> String {
    let mut name = String::with_capacity(owner.len());
    for byte in owner.bytes() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' => name.push(char::from(byte)),
            // Writing to memory cannot fail.
            other => drop(write!(name, "%{other:02X}")),
        }
    }
    if name.is_empty() {
        // No other name is a lone `%`.
        name.push('%');
    }
    name
}

fn header(file: &File) -> io::Result<Option<Header>> {
    let mut beginning = vec![0; MAX_HEADER];
    let mut length = 0;
    while let Some(rest) = beginning.get_mut(length..).filter(|rest| !rest.is_empty()) {
        match file.read_at(rest, length as u64) {
            Ok(0) => break,
            Ok(n) => length += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    beginning.truncate(length);
    Ok(Header::read(&beginning))
}

/// Where the last whole line of the first `length` bytes ends.
fn whole_lines(file: &File, length: u64) -> io::Result<u64> {
    let mut block = vec![0; BLOCK];
    let mut end = length;
    while end > 0 {
        let start = end.saturating_sub(BLOCK as u64);
        let size = usize::try_from(end - start).unwrap_or(BLOCK);
        let part = block.get_mut(..size).unwrap_or_default();
        file.read_exact_at(part, start)?;
        if let Some(at) = part.iter().rposition(|byte| *byte == b'\n') {
            return Ok(start + at as u64 + 1);
        }
        end = start;
    }
    Ok(0)
}

#[cfg(test)]
#[path = "tests/files.rs"]
mod tests;

//! The text a trust record lives in: a file shared with other processes, or memory.
//!
//! Reading takes no lock. Whoever decides on the ground of what is not there, and writes,
//! does both under one lock, so that two first contacts never both win. Knows nothing of
//! what the lines mean.

use crate::error::{Error, ErrorKind, Result, Side};
use crate::local_file;
use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Largest file that is read: some 150 000 keys.
const MAX_SIZE: u64 = 16 * 1024 * 1024;
/// Longest wait for another process that holds the lock; it takes milliseconds to write.
const LOCK_WAIT: Duration = Duration::from_secs(5);
/// Time between two tries.
const LOCK_RETRY: Duration = Duration::from_millis(10);

/// A text of lines.
pub(super) struct Text {
    /// The file, or `None` for one that lives in `memory`.
    path: Option<PathBuf>,
    /// Held by writers of this process; the content, where there is no file.
    memory: Mutex<Vec<u8>>,
}

/// What to do with the text just read.
pub(super) enum Change {
    /// Nothing.
    Keep,
    /// Add this line, which ends with a line feed.
    Append(String),
    /// Put this in its place.
    Replace(Vec<u8>),
}

impl Text {
    /// The text in this file.
    pub(super) fn file(path: PathBuf) -> Self {
        Self {
            path: Some(path),
            memory: Mutex::default(),
        }
    }

    /// A text that lives as long as the value.
    pub(super) fn memory() -> Self {
        Self {
            path: None,
            memory: Mutex::default(),
        }
    }

    /// How to name the text to a person.
    pub(super) fn name(&self) -> String {
        match &self.path {
            Some(path) => path.display().to_string(),
            None => "memory".to_owned(),
        }
    }

    /// The content; empty when there is no file.
    ///
    /// # Errors
    /// `TrustStore` when the file is there and cannot be read.
    pub(super) fn read(&self) -> Result<Vec<u8>> {
        match &self.path {
            None => Ok(self.lock().clone()),
            Some(path) => read_file(path),
        }
    }

    /// Reads and, as `decide` says, writes, with no writer of this or another process of
    /// ours in between.
    ///
    /// # Errors
    /// `TrustStore` when the file cannot be read, locked or written; what `decide` fails with.
    pub(super) fn update<T>(&self, decide: impl FnOnce(&[u8]) -> Result<(T, Change)>) -> Result<T> {
        let mut memory = self.lock();
        let Some(path) = &self.path else {
            let (value, change) = decide(&memory)?;
            match change {
                Change::Keep => {}
                Change::Append(line) => memory.extend_from_slice(line.as_bytes()),
                Change::Replace(content) => *memory = content,
            }
            return Ok(value);
        };
        let directory = path.parent().unwrap_or(Path::new("."));
        create_directory(directory).map_err(|e| failed("create directory", directory, e))?;
        // Released when dropped, and by the system when the process dies.
        let _lock = lock_file(path)?;
        let content = read_file(path)?;
        let (value, change) = decide(&content)?;
        match change {
            Change::Keep => Ok(()),
            Change::Append(line) => append(path, &content, &line),
            Change::Replace(content) => replace(path, &content),
        }
        .map_err(|e| failed("write trust record", path, e))?;
        Ok(value)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<u8>> {
        // The content is whole at every moment, whoever panicked.
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn failed(operation: &'static str, path: &Path, error: std::io::Error) -> Error {
    Error::new(ErrorKind::TrustStore, operation, error.to_string())
        .on(Side::Local)
        .with("local_path", path.display().to_string())
        .caused_by(error)
}

fn read_file(path: &Path) -> Result<Vec<u8>> {
    match local_file::read(path, MAX_SIZE) {
        Ok(mut content) => Ok(std::mem::take(&mut *content)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(failed("read trust record", path, error)),
    }
}

fn create_directory(directory: &Path) -> std::io::Result<()> {
    if directory.as_os_str().is_empty() || directory.is_dir() {
        return Ok(());
    }
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory)
}

/// The lock is a file of its own, because the record itself may be replaced.
fn lock_file(path: &Path) -> Result<File> {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".lock");
    let lock_path = path.with_file_name(name);
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(&lock_path)
        .map_err(|e| failed("lock trust record", &lock_path, e))?;
    let deadline = Instant::now() + LOCK_WAIT;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(e)) => return Err(failed("lock trust record", &lock_path, e)),
            Err(TryLockError::WouldBlock) if Instant::now() >= deadline => {
                let busy = std::io::Error::new(
                    std::io::ErrorKind::TimedOut,
                    "another process holds the lock",
                );
                return Err(failed("lock trust record", &lock_path, busy));
            }
            Err(TryLockError::WouldBlock) => std::thread::sleep(LOCK_RETRY),
        }
    }
}

/// One write at the end of the file: OpenSSH, which takes no lock of ours, may be adding a
/// line of its own.
fn append(path: &Path, content: &[u8], line: &str) -> std::io::Result<()> {
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(path)?;
    let unfinished = content.last().is_some_and(|byte| *byte != b'\n');
    let line = if unfinished {
        format!("\n{line}")
    } else {
        line.to_owned()
    };
    file.write_all(line.as_bytes())?;
    file.sync_data()
}

/// A new file takes the old one's place at once; a symbolic link stays one.
fn replace(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let path = path.canonicalize()?;
    let directory = path.parent().unwrap_or(Path::new("/"));
    let mut file = tempfile::Builder::new()
        .prefix(".known_")
        .tempfile_in(directory)?;
    file.write_all(content)?;
    file.as_file()
        .set_permissions(std::fs::metadata(&path)?.permissions())?;
    file.as_file().sync_all()?;
    file.persist(&path).map_err(|e| e.error)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn add(text: &Text, line: &str) -> Result<()> {
        text.update(|_| Ok(((), Change::Append(line.to_owned()))))
    }

    #[test]
    fn the_first_record_makes_directory_and_file_for_the_owner_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a/b/known_hosts");
        let text = Text::file(path.clone());
        assert_eq!(text.read().unwrap(), b"");
        add(&text, "one\n").unwrap();
        add(&text, "two\n").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"one\ntwo\n");
        let mode = |p: &Path| std::fs::metadata(p).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(path.parent().unwrap()), 0o700);
    }

    #[test]
    fn a_last_line_without_line_feed_is_ended_first() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("known_hosts");
        std::fs::write(&path, "one").unwrap();
        add(&Text::file(path.clone()), "two\n").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"one\ntwo\n");
    }

    #[test]
    fn replacing_keeps_mode_and_symbolic_link() {
        let dir = tempfile::tempdir().unwrap();
        let real = dir.path().join("real");
        let link = dir.path().join("known_hosts");
        std::fs::write(&real, "one\n").unwrap();
        std::fs::set_permissions(&real, std::fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        Text::file(link.clone())
            .update(|_| Ok(((), Change::Replace(b"new\n".to_vec()))))
            .unwrap();
        assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(std::fs::read(&real).unwrap(), b"new\n");
        let mode = std::fs::metadata(&real).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o640);
    }

    #[test]
    fn what_cannot_be_read_is_not_taken_for_empty() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("known_hosts");
        std::fs::create_dir(&path).unwrap();
        let text = Text::file(path);
        assert_eq!(text.read().unwrap_err().kind(), ErrorKind::TrustStore);
        assert_eq!(add(&text, "x\n").unwrap_err().kind(), ErrorKind::TrustStore);
    }
}

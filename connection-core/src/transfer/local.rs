//! The local ends of a transfer: each a thread that does the blocking work, joined to the
//! asynchronous side by a short queue of chunks.

use crate::error::{Error, ErrorKind, Result};
use bytes::{Bytes, BytesMut};
use std::fs::{File, Metadata, Permissions};
use std::io::{Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

/// Bytes read from a local file at once.
const CHUNK: usize = 256 * 1024;

/// Chunks that wait between the disk and the network: 2 MiB of them at most.
const QUEUE: usize = 8;

/// Links followed one after another, as on Linux.
const MAX_LINKS: usize = 40;

const WRITE: &str = "write local file";
const READ: &str = "read local file";

/// A local file being replaced. Dropping it without [`LocalTarget::commit`] leaves the
/// place as it was.
pub(super) struct LocalTarget {
    chunks: mpsc::Sender<Bytes>,
    commit: oneshot::Sender<()>,
    thread: JoinHandle<Result<()>>,
}

impl LocalTarget {
    /// Prepares to replace `path`, or to make it.
    pub(super) async fn create(path: &Path) -> Result<Self> {
        let path = path.to_owned();
        Self::at(move || Place::open(&path)).await
    }

    async fn at(open: impl FnOnce() -> Result<Place> + Send + 'static) -> Result<Self> {
        let (chunks, incoming) = mpsc::channel(QUEUE);
        let (commit, committed) = oneshot::channel();
        let (ready, is_ready) = oneshot::channel();
        let thread = tokio::task::spawn_blocking(move || {
            let place = match open() {
                Ok(place) => place,
                Err(error) => {
                    let _ = ready.send(Err(error));
                    return Ok(());
                }
            };
            if ready.send(Ok(())).is_err() {
                return Ok(());
            }
            place.receive(incoming, committed)
        });
        is_ready.await.map_err(|_| worker_died(WRITE))??;
        Ok(Self {
            chunks,
            commit,
            thread,
        })
    }

    /// Takes the next bytes. `false` means that they cannot be written, so that a full
    /// disk does not go on reading the network; [`LocalTarget::commit`] tells why.
    pub(super) async fn write(&self, bytes: Bytes) -> bool {
        self.chunks.send(bytes).await.is_ok()
    }

    /// Puts the complete file in its place.
    ///
    /// # Errors
    /// Of this step and of every write before it.
    pub(super) async fn commit(self) -> Result<()> {
        let _ = self.commit.send(());
        drop(self.chunks);
        self.thread.await.map_err(|_| worker_died(WRITE))?
    }

    /// Leaves the place as it was, and returns once the temporary file is gone.
    pub(super) async fn abort(self) {
        drop((self.commit, self.chunks));
        // What went wrong with a file nobody wants is nobody's concern.
        drop(self.thread.await);
    }
}

/// Where a file goes, and the temporary file beside it.
struct Place {
    path: PathBuf,
    existing: Option<Metadata>,
    file: tempfile::NamedTempFile,
}

impl Place {
    fn open(path: &Path) -> Result<Self> {
        let fail = |e| Error::local("open local file", path, e);
        let real = behind_links(path).map_err(fail)?;
        let existing = match std::fs::metadata(&real) {
            Ok(m) if m.is_dir() => {
                return Err(fail(std::io::Error::from_raw_os_error(libc::EISDIR)));
            }
            // A rename would replace the device itself.
            Ok(m) if !m.is_file() => {
                return Err(Error::new(
                    ErrorKind::LocalIo,
                    "open local file",
                    "the local path is neither a file nor free",
                )
                .on(crate::Side::Local)
                .with("local_path", path.display().to_string()));
            }
            Ok(m) => {
                may_write(&real).map_err(fail)?;
                Some(m)
            }
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => None,
            Err(e) => return Err(fail(e)),
        };
        let mode = existing.as_ref().map_or(0o666, |m| m.mode() & 0o777);
        let directory = match real.parent() {
            Some(p) if !p.as_os_str().is_empty() => p,
            _ => Path::new("."),
        };
        let file = tempfile::Builder::new()
            .prefix(".download-")
            .suffix(".part")
            .permissions(Permissions::from_mode(mode))
            .tempfile_in(directory)
            .map_err(|e| fail(e.into_plain()))?;
        Ok(Self {
            path: real,
            existing,
            file,
        })
    }

    fn receive(
        mut self,
        mut incoming: mpsc::Receiver<Bytes>,
        mut committed: oneshot::Receiver<()>,
    ) -> Result<()> {
        let fail = |path: &Path, e| Error::local(WRITE, path, e);
        while let Some(bytes) = incoming.blocking_recv() {
            if let Err(e) = self.file.write_all(&bytes) {
                // Closing the queue stops the sender at its next chunk.
                incoming.close();
                return Err(fail(&self.path, e));
            }
        }
        if committed.try_recv().is_err() {
            return Ok(());
        }
        if let Some(old) = &self.existing {
            keep_attributes(self.file.as_file(), old).map_err(|e| fail(&self.path, e))?;
            // The old file must not be gone before the new one is on the disk.
            self.file
                .as_file()
                .sync_data()
                .map_err(|e| fail(&self.path, e))?;
        }
        self.file
            .persist(&self.path)
            .map_err(|e| Error::local(WRITE, &self.path, e.error))?;
        Ok(())
    }
}

/// The file a path leads to, there or not, so that a link stays and its file is replaced.
fn behind_links(path: &Path) -> std::io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        match std::fs::canonicalize(&path) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
            done => return done,
        }
        // A link to what is not there yet.
        let Ok(target) = std::fs::read_link(&path) else {
            return Ok(path);
        };
        path = path.parent().unwrap_or(Path::new("/")).join(target);
    }
    Err(std::io::Error::from_raw_os_error(libc::ELOOP))
}

/// Whether the file itself may be written. Its directory alone decides about the rename,
/// but a file that is protected from writing is not to be replaced either.
fn may_write(path: &Path) -> std::io::Result<()> {
    match File::options()
        .write(true)
        .custom_flags(libc::O_NONBLOCK)
        .open(path)
    {
        // A program that runs can be replaced, only not written into.
        Err(e) if e.raw_os_error() != Some(libc::ETXTBSY) => Err(e),
        _ => Ok(()),
    }
}

fn keep_attributes(file: &File, old: &Metadata) -> std::io::Result<()> {
    let new = file.metadata()?;
    let mut mode = old.mode() & 0o7777;
    if (new.uid(), new.gid()) != (old.uid(), old.gid()) {
        // Only the superuser may give a file away; others keep what they may keep, but
        // set-user-id and set-group-id meant the old owner.
        if std::os::unix::fs::fchown(file, Some(old.uid()), Some(old.gid())).is_err() {
            mode &= 0o1777;
        }
    }
    file.set_permissions(Permissions::from_mode(mode))
}

/// A local file being read.
pub(super) struct LocalSource {
    size: u64,
    chunks: mpsc::Receiver<Result<Bytes>>,
}

impl LocalSource {
    /// Opens a regular file.
    pub(super) async fn open(path: &Path) -> Result<Self> {
        let (sender, chunks) = mpsc::channel(QUEUE);
        let (ready, is_ready) = oneshot::channel();
        let path = path.to_owned();
        tokio::task::spawn_blocking(move || {
            let (mut file, size) = match open_regular(&path) {
                Ok(opened) => opened,
                Err(error) => {
                    let _ = ready.send(Err(error));
                    return;
                }
            };
            if ready.send(Ok(size)).is_err() {
                return;
            }
            loop {
                let chunk = read_chunk(&mut file)
                    .map_err(|e| Error::local(READ, &path, e))
                    .transpose();
                let Some(chunk) = chunk else { return };
                let failed = chunk.is_err();
                if sender.blocking_send(chunk).is_err() || failed {
                    return;
                }
            }
        });
        let size = is_ready.await.map_err(|_| worker_died(READ))??;
        Ok(Self { size, chunks })
    }

    /// Its length when it was opened.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// The next bytes; `None` at the end.
    pub(super) async fn next_chunk(&mut self) -> Result<Option<Bytes>> {
        self.chunks.recv().await.transpose()
    }
}

fn open_regular(path: &Path) -> Result<(File, u64)> {
    let fail = |e| Error::local("open local file", path, e);
    let regular = |metadata: Metadata| {
        if metadata.is_file() {
            return Ok(metadata);
        }
        if metadata.is_dir() {
            return Err(fail(std::io::Error::from_raw_os_error(libc::EISDIR)));
        }
        Err(Error::new(
            ErrorKind::LocalIo,
            "open local file",
            "the local path is not a regular file",
        )
        .on(crate::Side::Local)
        .with("local_path", path.display().to_string()))
    };
    // Looked at before it is opened, because opening a device may already act on it;
    // looked at again once open, because the path may have changed hands in between.
    std::fs::metadata(path).map_err(fail).and_then(regular)?;
    // Without O_NONBLOCK, opening a pipe would wait for a writer that never comes.
    let file = File::options()
        .read(true)
        .custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY)
        .open(path)
        .map_err(fail)?;
    let metadata = file.metadata().map_err(fail).and_then(regular)?;
    Ok((file, metadata.len()))
}

/// One full chunk where the file has that much; `None` at the end.
fn read_chunk(file: &mut File) -> std::io::Result<Option<Bytes>> {
    let mut buffer = BytesMut::zeroed(CHUNK);
    let mut filled = 0;
    while let Some(free) = buffer.get_mut(filled..).filter(|b| !b.is_empty()) {
        match file.read(free) {
            Ok(0) => break,
            Ok(n) => filled += n,
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    buffer.truncate(filled);
    Ok((filled > 0).then(|| buffer.freeze()))
}

fn worker_died(operation: &'static str) -> Error {
    Error::new(
        ErrorKind::Internal,
        operation,
        "the file worker ended early",
    )
    .on(crate::Side::Local)
}

/// The operating system's error without the path that `tempfile` wraps around it, which
/// names the temporary file and not the caller's.
trait IntoPlain {
    fn into_plain(self) -> std::io::Error;
}

impl IntoPlain for std::io::Error {
    fn into_plain(self) -> std::io::Error {
        let number = self.raw_os_error().or_else(|| {
            std::error::Error::source(&self)
                .and_then(|s| s.downcast_ref::<std::io::Error>())
                .and_then(std::io::Error::raw_os_error)
        });
        match number {
            Some(number) => std::io::Error::from_raw_os_error(number),
            None => self,
        }
    }
}

#[cfg(test)]
#[path = "local_tests.rs"]
mod tests;

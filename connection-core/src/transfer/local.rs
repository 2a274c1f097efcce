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
        let (chunks, incoming) = mpsc::channel(QUEUE);
        let (commit, committed) = oneshot::channel();
        let (ready, is_ready) = oneshot::channel();
        let path = path.to_owned();
        let thread = tokio::task::spawn_blocking(move || {
            let place = match Place::open(&path) {
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

    /// Takes the next bytes. An error of an earlier write shows at the latest in `commit`.
    pub(super) async fn write(&self, bytes: Bytes) -> Result<()> {
        // A closed queue means that the thread has failed; `commit` tells how, so a full
        // disk must not go on reading the network until then.
        self.chunks
            .send(bytes)
            .await
            .map_err(|_| {
                Error::new(
                    ErrorKind::LocalIo,
                    WRITE,
                    "the local file cannot be written",
                )
            })
            .map_err(|e| e.on(crate::Side::Local))
    }

    /// Puts the complete file in its place.
    pub(super) async fn commit(self) -> Result<()> {
        let _ = self.commit.send(());
        drop(self.chunks);
        self.thread.await.map_err(|_| worker_died(WRITE))?
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
        // Through a link, so that the link stays and its file is replaced.
        let real = match std::fs::canonicalize(path) {
            Ok(real) => real,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => path.to_owned(),
            Err(e) => return Err(fail(e)),
        };
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
            Ok(m) => Some(m),
            Err(_) => None,
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

fn keep_attributes(file: &File, old: &Metadata) -> std::io::Result<()> {
    let new = file.metadata()?;
    if (new.uid(), new.gid()) != (old.uid(), old.gid()) {
        // Only the superuser may give a file away; others keep what they may keep.
        let _ = std::os::unix::fs::fchown(file, Some(old.uid()), Some(old.gid()));
    }
    file.set_permissions(Permissions::from_mode(old.mode() & 0o7777))
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
    // Without O_NONBLOCK, opening a pipe would wait for a writer that never comes.
    let file = File::options()
        .read(true)
        .custom_flags(libc::O_NONBLOCK)
        .open(path)
        .map_err(fail)?;
    let metadata = file.metadata().map_err(fail)?;
    if metadata.is_dir() {
        return Err(fail(std::io::Error::from_raw_os_error(libc::EISDIR)));
    }
    if !metadata.is_file() {
        return Err(Error::new(
            ErrorKind::LocalIo,
            "open local file",
            "the local path is not a regular file",
        )
        .on(crate::Side::Local)
        .with("local_path", path.display().to_string()));
    }
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

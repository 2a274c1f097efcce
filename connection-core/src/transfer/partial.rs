//! The file an upload is gathered in, beside its place: one of a name of its own that goes
//! when the upload is given up, or one its caller named and finds again.

use super::turns::{Turn, turn};
use super::upload::OPERATION;
use crate::error::{Error, ErrorKind, Result};
use crate::fs::{
    FileType, FileWriter, Finished, Metadata, Place, RemoteFs, SetAttributes, WriteMode,
    WriteOptions,
};
use crate::path::{RemoteName, RemotePath};
use bytes::Bytes;
use std::sync::Arc;

/// Longest base of a temporary name: with prefix and suffix it stays within the 143 bytes
/// that eCryptfs allows, as on some NAS; others allow 255.
const MAX_BASE: usize = 100;

/// What becomes of the file when the upload is given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It goes.
    Removed,
    /// What arrived stays.
    Kept,
    /// It is in its place, or was never made.
    Settled,
}

/// A partial file open for writing. Dropping it before [`Partial::is_placed`] gives the
/// upload up in the background.
pub(super) struct Partial {
    fs: Arc<dyn RemoteFs>,
    path: RemotePath,
    writer: Option<Box<dyn FileWriter>>,
    fate: Fate,
    /// Of one its caller named: nobody else gathers in it meanwhile.
    turn: Option<Turn>,
}

impl Partial {
    /// One under a name that nobody else has, not made yet.
    pub(super) fn unmade(fs: &Arc<dyn RemoteFs>, place: &RemotePath) -> Result<Self> {
        Ok(Self {
            fs: Arc::clone(fs),
            path: partial_name(place)?,
            writer: None,
            // Before it is made: given up in the middle of that, it may have been.
            fate: Fate::Removed,
            turn: None,
        })
    }

    /// Makes one under a name that nobody else has. Beside it, what it is like: see
    /// [`Partial::make`].
    pub(super) async fn temporary(
        fs: &Arc<dyn RemoteFs>,
        place: &RemotePath,
        permissions: Option<u32>,
    ) -> Result<(Self, Option<Metadata>)> {
        let mut partial = Self::unmade(fs, place)?;
        let made = partial.make(permissions).await?;
        Ok((partial, made))
    }

    /// Makes it. Answers what it is like, where that can be learned in the same wait.
    pub(super) async fn make(&mut self, permissions: Option<u32>) -> Result<Option<Metadata>> {
        let (fs, path) = (&self.fs, &self.path);
        let together = fs.waits_together();
        let options = WriteOptions {
            mode: match together {
                true => WriteMode::CreateNew,
                // There, refusing an existing file is a look of its own, at a name that
                // nobody else has.
                false => WriteMode::Truncate,
            },
            permissions,
        };
        let look = async {
            match together {
                true => fs.lstat(path).await.ok(),
                false => None,
            }
        };
        // A server that takes the second before the first only leaves us without an answer.
        let (opened, made) = tokio::join!(fs.open_write(path, options), look);
        match opened {
            Ok(writer) => {
                self.writer = Some(writer);
                Ok(made)
            }
            Err(error) => {
                if made_nothing(error.kind()) {
                    self.fate = Fate::Settled;
                }
                Err(error)
            }
        }
    }

    /// Opens the one of this name at `offset`, which cuts off what lies behind it; at 0 it
    /// is made if need be. Waits while another upload has it.
    pub(super) async fn named(
        fs: &Arc<dyn RemoteFs>,
        place: &RemotePath,
        name: &RemoteName,
        offset: u64,
        permissions: Option<u32>,
    ) -> Result<Self> {
        let path = beside(place, name)?;
        let turn = turn(fs, &path).await?;
        let size = size_of(fs, &path).await?;
        let mode = if offset == 0 {
            WriteMode::Truncate
        } else {
            go_on(fs, &path, size, offset).await?;
            WriteMode::At(offset)
        };
        let writer = fs
            .open_write(&path, WriteOptions { mode, permissions })
            .await?;
        Ok(Self {
            fs: Arc::clone(fs),
            path,
            writer: Some(writer),
            fate: Fate::Kept,
            turn: Some(turn),
        })
    }

    pub(super) fn path(&self) -> &RemotePath {
        &self.path
    }

    /// Takes the next bytes.
    pub(super) async fn write(&mut self, data: Bytes) -> Result<()> {
        match &mut self.writer {
            Some(writer) => writer.write(data).await,
            None => Err(finished()),
        }
    }

    /// Takes all bytes of another file of the server, on the server.
    pub(super) async fn copy_from(&mut self, from: &RemotePath) -> Result<u64> {
        match &mut self.writer {
            Some(writer) => writer.copy_from(from).await,
            None => Err(finished()),
        }
    }

    /// Brings everything to the disk, where the server can, and closes the file.
    pub(super) async fn close(&mut self) -> Result<()> {
        let writer = self.writer.take().ok_or_else(finished)?;
        match self.fate {
            Fate::Kept => self.keep(writer).await,
            Fate::Removed | Fate::Settled => writer.finish().await,
        }
    }

    /// Brings what arrived into the file and closes it, also when the caller goes away
    /// meanwhile.
    async fn keep(&mut self, writer: Box<dyn FileWriter>) -> Result<()> {
        let kept = tokio::spawn(self.keeping(writer)).await;
        kept.unwrap_or_else(|died| {
            Err(Error::new(ErrorKind::Internal, OPERATION, died.to_string()))
        })
    }

    fn keeping(&self, writer: Box<dyn FileWriter>) -> impl Future<Output = Result<()>> + use<> {
        let (fs, path, turn) = (Arc::clone(&self.fs), self.path.clone(), self.turn.clone());
        async move {
            let settled = writer.settled();
            let closed = writer.finish().await;
            if let Err(error) = &closed {
                tracing::debug!(%path, %error, "the last bytes are not in the partial file");
                cut_gaps(&fs, &path, settled).await;
            }
            drop(turn);
            closed
        }
    }

    /// Whether it goes when the upload is given up.
    pub(super) fn is_temporary(&self) -> bool {
        self.fate == Fate::Removed
    }

    /// As [`Partial::close`], and puts it in place if the backend can do both in one.
    pub(super) async fn finish_as(&mut self, place: Place<'_>) -> Result<Finished> {
        let writer = self.writer.take().ok_or_else(finished)?;
        writer.finish_as(place).await
    }

    /// It has been renamed and is no partial file any more.
    pub(super) fn is_placed(&mut self) {
        self.fate = Fate::Settled;
    }

    /// Gives the upload up.
    pub(super) async fn give_up(&mut self) {
        let writer = self.writer.take();
        match self.fate {
            Fate::Settled => {}
            Fate::Removed => {
                // A file is closed before it is removed, as some servers insist.
                if let Some(writer) = writer {
                    writer.abort().await;
                }
                remove(&self.fs, &self.path).await;
                // Only now: a caller that goes away meanwhile leaves the rest to `drop`.
                self.fate = Fate::Settled;
            }
            Fate::Kept => {
                self.fate = Fate::Settled;
                if let Some(writer) = writer {
                    // Whoever gives up wants what is there, and was told of errors before.
                    let _ = self.keep(writer).await;
                }
            }
        }
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // The backend's clocks bound this task, and closing the session ends it.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        match (self.fate, self.writer.take()) {
            (Fate::Settled, _) | (Fate::Kept, None) => {}
            (Fate::Removed, writer) => {
                drop(writer);
                let (fs, path) = (Arc::clone(&self.fs), self.path.clone());
                drop(runtime.spawn(async move { remove(&fs, &path).await }));
            }
            (Fate::Kept, Some(writer)) => drop(runtime.spawn(self.keeping(writer))),
        }
    }
}

/// Cuts off what may lie behind a gap, so that the size says where to go on. Whoever goes on
/// from the size of a file with a gap ends with a broken one that looks whole.
async fn cut_gaps(fs: &Arc<dyn RemoteFs>, path: &RemotePath, settled: Option<u64>) {
    let Some(settled) = settled else { return };
    let cut = async {
        if fs
            .lstat(path)
            .await?
            .size
            .is_some_and(|size| size > settled)
        {
            let changes = SetAttributes {
                size: Some(settled),
                ..SetAttributes::default()
            };
            fs.set_attributes(path, &changes).await?;
        }
        Ok::<_, Error>(())
    };
    if let Err(error) = cut.await {
        tracing::warn!(%path, settled, %error, "a partial file may have a gap behind this size");
    }
}

async fn remove(fs: &Arc<dyn RemoteFs>, path: &RemotePath) {
    match fs.remove_file(path).await {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => tracing::warn!(%path, %error, "a temporary file stays on the server"),
    }
}

fn finished() -> Error {
    Error::new(ErrorKind::Internal, OPERATION, "the upload is finished")
}

/// Whether a refusal to open a new file says for sure that there is none now.
fn made_nothing(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::NotFound
            | ErrorKind::PermissionDenied
            | ErrorKind::AlreadyExists
            | ErrorKind::NotADirectory
            | ErrorKind::Unsupported
            | ErrorKind::InvalidInput
    )
}

/// The path of the named partial file.
fn beside(place: &RemotePath, name: &RemoteName) -> Result<RemotePath> {
    let invalid = |text| Err(Error::invalid("partial", text));
    if !name.is_plain() {
        return invalid("the partial file must be one name, without a slash");
    }
    let Some(parent) = place.parent() else {
        return invalid("the path is a directory");
    };
    if place.file_name().as_ref() == Some(name) {
        return invalid("the partial file must have another name than the file itself");
    }
    parent.join(name)
}

/// Its size; `None` when it is not there.
async fn size_of(fs: &Arc<dyn RemoteFs>, path: &RemotePath) -> Result<Option<u64>> {
    let metadata = match fs.lstat(path).await {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    // A link would be written through, and then take the place itself.
    if metadata.file_type != FileType::File {
        return Err(Error::invalid(
            "partial",
            "the partial file is there and is no regular file",
        ));
    }
    let unknown = || {
        let text = "the server does not tell the size of the partial file";
        Error::new(ErrorKind::Unsupported, OPERATION, text)
    };
    metadata.size.map(Some).ok_or_else(unknown)
}

/// Makes sure that the file ends at `offset`.
async fn go_on(
    fs: &Arc<dyn RemoteFs>,
    path: &RemotePath,
    size: Option<u64>,
    offset: u64,
) -> Result<()> {
    let capabilities = fs.capabilities();
    if !capabilities.append {
        return Err(Error::new(
            ErrorKind::Unsupported,
            OPERATION,
            "the server cannot go on with a file; begin it anew at offset 0",
        ));
    }
    let mismatch = |text: String| {
        let size = size.unwrap_or_default().to_string();
        Err(Error::new(ErrorKind::OffsetMismatch, OPERATION, text).with("size", size))
    };
    match size {
        Some(size) if size == offset => Ok(()),
        Some(size) if size > offset && capabilities.truncate => {
            let changes = SetAttributes {
                size: Some(offset),
                ..SetAttributes::default()
            };
            fs.set_attributes(path, &changes).await
        }
        Some(size) if size > offset => mismatch(format!(
            "the partial file has {size} bytes and the server cannot cut it; \
             go on at offset {size} or begin anew at 0"
        )),
        Some(size) => mismatch(format!(
            "the partial file has only {size} bytes; go on at offset {size}"
        )),
        None => mismatch("there is no such partial file; begin at offset 0".to_owned()),
    }
}

fn partial_name(place: &RemotePath) -> Result<RemotePath> {
    let (Some(parent), Some(name)) = (place.parent(), place.file_name()) else {
        return Err(Error::new(
            ErrorKind::IsADirectory,
            OPERATION,
            "the path is a directory",
        ));
    };
    let base = cut(name.as_bytes());
    let random = uuid::Uuid::new_v4().simple().to_string();
    let mut partial = b".".to_vec();
    partial.extend_from_slice(base);
    partial.extend_from_slice(format!(".{}.part", random.get(..12).unwrap_or(&random)).as_bytes());
    parent.join(&RemoteName::new(partial))
}

/// The beginning of a name. Not cut through a character: some servers take only names
/// that are UTF-8.
fn cut(name: &[u8]) -> &[u8] {
    let inside_character = |at: usize| name.get(at).is_some_and(|b| b & 0xc0 == 0x80);
    let end = (0..=MAX_BASE.min(name.len()))
        .rev()
        .take(4)
        .find(|&at| !inside_character(at));
    name.get(..end.unwrap_or(MAX_BASE)).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn temporary_names_are_short_and_whole_characters() {
        let root = RemotePath::root();
        for name in ["a", &"x".repeat(255), &"ü".repeat(127), &"a😀".repeat(50)] {
            let place = RemotePath::parse(name.as_bytes(), &root).unwrap();
            let partial = partial_name(&place).unwrap();
            let partial = partial.file_name().unwrap();
            let text = std::str::from_utf8(partial.as_bytes()).unwrap();
            assert!(text.len() <= 143, "{text}");
            assert!(text.starts_with('.') && text.ends_with(".part"), "{text}");
        }
        assert_eq!(cut(&[0x80; 300]).len(), MAX_BASE);
        assert_eq!(cut(b"abc"), b"abc");
    }
}

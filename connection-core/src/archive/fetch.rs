//! Fetching one file of an archive: a small one whole, a larger one opened with its first
//! bytes, so that what cannot be read is known before anything of it is written.

use super::Head;
use super::walk::{Step, not_a_file};
use crate::error::{Error, ErrorKind, Result};
use crate::fs::{FileReader, FileType, RemoteFs};
use crate::path::RemotePath;
use crate::tree::ends_the_walk;
use bytes::{Bytes, BytesMut};
use std::sync::Arc;

/// Bytes up to which a file is fetched whole.
pub(super) const SMALL: u64 = 64 << 10;

/// Bytes up to which one that grew meanwhile still is.
const SMALL_AFTER_ALL: usize = 128 << 10;

/// Fetches a file that is small, as far as its listing says. One that is not is left to be
/// opened.
pub(super) async fn fetch(
    fs: Arc<dyn RemoteFs>,
    head: Head,
    path: RemotePath,
    size: u64,
    limit: Option<u64>,
) -> Result<Step> {
    let gathered = gather(fs.as_ref(), &path).await;
    let is_allowed = |content: &Bytes| limit.is_none_or(|limit| content.len() as u64 <= limit);
    match gathered.map(|content| content.filter(is_allowed)) {
        Ok(Some(content)) if content.len() as u64 >= size => Ok(Step::Whole { head, content }),
        // It shrank since it was listed, or was cut short on the way.
        Ok(Some(content)) => match fs.lstat(&path).await {
            Ok(now) if now.size == Some(content.len() as u64) => Ok(Step::Whole { head, content }),
            // As a log does that was just begun anew: read again, up to the size it has then.
            Ok(_) => Ok(open_anew(head, path)),
            Err(error) => left_out(path, error),
        },
        // No longer small, or more than is taken.
        Ok(None) => Ok(open_anew(head, path)),
        Err(error) => left_out(path, error),
    }
}

/// What is known of it is out of date.
fn open_anew(head: Head, path: RemotePath) -> Step {
    let size = None;
    Step::File { head, path, size }
}

/// The content of a file; `None` when it is not small after all.
async fn gather(fs: &dyn RemoteFs, path: &RemotePath) -> Result<Option<Bytes>> {
    let mut reader = fs.open_read(path, 0).await?;
    let Some(first) = reader.next_chunk().await? else {
        return Ok(Some(Bytes::new()));
    };
    let mut content = BytesMut::from(first);
    while let Some(bytes) = reader.next_chunk().await? {
        content.extend_from_slice(&bytes);
        if content.len() > SMALL_AFTER_ALL {
            return Ok(None);
        }
    }
    Ok(Some(content.freeze()))
}

/// A file that streams into the archive.
pub(super) struct Streaming {
    path: RemotePath,
    reader: Box<dyn FileReader>,
    first: Option<Bytes>,
    /// Bytes it has, where the server says so.
    size: Option<u64>,
    /// Bytes it may have where it does not.
    limit: Option<u64>,
    /// Bytes that came.
    done: u64,
    grew: bool,
}

impl Streaming {
    /// Opens a file that had this size when it was found, and brings what is known of it up
    /// to date: what is promised is to be what is there now. Not where that is dear: an FTP
    /// server without `MLST` lists the whole directory to tell of one file.
    ///
    /// # Errors
    /// Those of looking at it and of opening it; `TooLarge` past the limit.
    pub(super) async fn open(
        fs: &dyn RemoteFs,
        path: &RemotePath,
        head: &mut Head,
        found: Option<u64>,
        limit: Option<u64>,
    ) -> Result<Self> {
        let size = if found.is_none() || fs.capabilities().symlinks {
            let now = fs.lstat(path).await?;
            if now.file_type != FileType::File {
                return Err(not_a_file());
            }
            head.permissions = now.permissions.or(head.permissions);
            head.modified = now.modified.or(head.modified);
            now.size
        } else {
            found
        };
        if let (Some(size), Some(limit)) = (size, limit)
            && size > limit
        {
            return Err(Error::new(
                ErrorKind::TooLarge,
                "read file",
                format!("the file has {size} bytes, more than the limit of {limit}"),
            ));
        }
        let mut reader = fs.open_read(path, 0).await?;
        let first = reader.next_chunk().await?;
        // `/proc` says 0 of files that have much to tell.
        let size = size.filter(|size| *size > 0 || first.is_none());
        Ok(Self {
            path: path.clone(),
            reader,
            first,
            size,
            limit,
            done: 0,
            grew: false,
        })
    }

    /// Bytes promised.
    pub(super) fn size(&self) -> Option<u64> {
        self.size
    }

    /// Bytes given.
    pub(super) fn done(&self) -> u64 {
        self.done
    }

    /// Its path and what to say of it, once it turned out to be longer than promised.
    pub(super) fn grew(&self) -> Option<(&RemotePath, Error)> {
        let text = format!(
            "grew while it was read; only its first {} bytes are here",
            self.done
        );
        let error = Error::new(ErrorKind::TooLarge, "read file", text);
        self.grew.then_some((&self.path, error))
    }

    /// The next bytes; `None` after the last one promised.
    ///
    /// # Errors
    /// `Incomplete` when the file ends before, `TooLarge` past the limit, those of reading.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>> {
        let chunk = match self.first.take() {
            Some(first) => Some(first),
            None => self.reader.next_chunk().await?,
        };
        let Some(mut chunk) = chunk else {
            return match self.size {
                Some(size) if self.done < size => Err(ended_early(&self.path, self.done, size)),
                _ => Ok(None),
            };
        };
        if let Some(size) = self.size {
            let left = size - self.done;
            if chunk.len() as u64 > left {
                self.grew = true;
                chunk.truncate(usize::try_from(left).unwrap_or(usize::MAX));
            }
        }
        self.done += chunk.len() as u64;
        if self.size.is_none() && self.limit.is_some_and(|limit| self.done > limit) {
            let text = "the file is larger than the limit";
            return Err(Error::new(ErrorKind::TooLarge, "read file", text));
        }
        Ok((!chunk.is_empty()).then_some(chunk))
    }
}

fn ended_early(path: &RemotePath, done: u64, size: u64) -> Error {
    Error::new(
        ErrorKind::Incomplete,
        "read file",
        format!("the file ended after {done} of {size} bytes"),
    )
    .with("path", path.to_text())
}

/// A step that leaves something out, or the end of it all.
pub(super) fn left_out(path: RemotePath, error: Error) -> Result<Step> {
    match breaks(&error) {
        true => Err(error),
        false => Ok(Step::LeftOut { path, error }),
    }
}

/// Whether an archive without what failed would pass for whole although it was only the
/// transfer that failed.
pub(super) fn breaks(error: &Error) -> bool {
    ends_the_walk(error)
        || matches!(
            error.kind(),
            ErrorKind::Incomplete
                | ErrorKind::Protocol
                | ErrorKind::LocalIo
                | ErrorKind::SessionNotFound
                | ErrorKind::Internal
        )
}

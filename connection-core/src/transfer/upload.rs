//! [`RemoteUpload`]: a remote file that becomes visible only when it is complete.

use super::begin::{Begun, begin};
use super::place::{in_one_change, keep_attributes};
use crate::error::{Error, ErrorKind, Result};
use crate::fs::{Finished, Overwrite, Place, RemoteFs, SetAttributes};
use crate::path::{RemoteName, RemotePath};
use bytes::Bytes;
use std::sync::Arc;
use std::time::SystemTime;

pub(super) const OPERATION: &str = "upload file";

/// How an upload takes its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UploadOptions {
    /// Whether it may replace a file.
    pub overwrite: Overwrite,
    /// Permission bits, in place of those of the replaced file or the server's default.
    pub permissions: Option<u32>,
    /// Time of the last change, in place of the time of the upload.
    pub modified: Option<SystemTime>,
}

impl Default for UploadOptions {
    fn default() -> Self {
        Self {
            overwrite: Overwrite::Replace,
            permissions: None,
            modified: None,
        }
    }
}

/// A file being uploaded under another name beside its place.
///
/// `finish` puts it in place in one step. The old file, if there is one, is never gone before
/// the new one is complete, and lends it its permissions. `abort` and dropping remove the
/// unfinished file when it was begun with [`RemoteUpload::create`], and keep what arrived
/// when it was begun with [`RemoteUpload::resume`].
pub struct RemoteUpload {
    fs: Arc<dyn RemoteFs>,
    begun: Begun,
    options: UploadOptions,
    /// Bytes of the file so far.
    at: u64,
    /// Bytes of the whole file, where the caller knows.
    expected: Option<u64>,
}

impl RemoteUpload {
    /// Opens the temporary file for what will be `path`.
    ///
    /// # Errors
    /// `IsADirectory` or what the server says of writing to it when `path` is a directory;
    /// `NotFound` when there is no such parent; those of the connection.
    pub async fn create(fs: &Arc<dyn RemoteFs>, path: &RemotePath) -> Result<Self> {
        Self::create_with(fs, path, UploadOptions::default()).await
    }

    /// As [`RemoteUpload::create`], with options.
    ///
    /// # Errors
    /// `AlreadyExists` when something is there, a broken link included, that must not be
    /// replaced; `Unsupported` for permissions or a time the server cannot set; in both
    /// cases nothing was touched. Besides those of [`RemoteUpload::create`].
    pub async fn create_with(
        fs: &Arc<dyn RemoteFs>,
        path: &RemotePath,
        options: UploadOptions,
    ) -> Result<Self> {
        Self::open(fs, path, None, options).await
    }

    /// Begins an upload that can be gone on with, or goes on with one: the bytes are gathered
    /// in the file `partial` beside the one that `path` leads to, from `offset` on.
    ///
    /// At offset 0 the partial file is begun anew. Further on it must have that many bytes
    /// at least, and what lies behind them is cut off. Its size, as `lstat` tells it, is where
    /// to go on after an interruption; [`RemoteUpload::finish`] renames it over the file.
    ///
    /// One upload at a time gathers in a partial file: over one connection, another waits up to
    /// 10 s for it to end. Over several connections that is the caller's to see to.
    ///
    /// What is in the partial file is taken as it is. A server that writes out of order and
    /// loses its connection may leave a gap in the last 8 MiB; who needs to be sure of such a
    /// server goes on from that much before the end.
    ///
    /// # Errors
    /// `OffsetMismatch`, with the partial file's true `size` in the context, when it is
    /// shorter than `offset` or not there, or longer on a server that cannot cut it;
    /// `Unsupported` when the server cannot write at an offset; `InvalidInput` when `partial`
    /// is not one plain name, is that of the file itself, or names no regular file;
    /// `LimitReached` while another upload is writing to it; in all of these cases nothing was
    /// touched. Besides those of [`RemoteUpload::create_with`].
    pub async fn resume(
        fs: &Arc<dyn RemoteFs>,
        path: &RemotePath,
        partial: &RemoteName,
        offset: u64,
        options: UploadOptions,
    ) -> Result<Self> {
        Self::open(fs, path, Some((partial, offset)), options).await
    }

    async fn open(
        fs: &Arc<dyn RemoteFs>,
        path: &RemotePath,
        named: Option<(&RemoteName, u64)>,
        options: UploadOptions,
    ) -> Result<Self> {
        check_capabilities(fs, options)?;
        Ok(Self {
            fs: Arc::clone(fs),
            begun: begin(fs, path, named, options).await?,
            options,
            at: named.map_or(0, |(_, offset)| offset),
            expected: None,
        })
    }

    /// The same upload, of a file that must have `size` bytes in the end.
    #[must_use]
    pub fn expecting(mut self, size: u64) -> Self {
        self.expected = Some(size);
        self
    }

    /// Bytes of the file so far, those before the offset included.
    pub fn size(&self) -> u64 {
        self.at
    }

    /// Takes the next bytes; waits while too much is under way.
    ///
    /// # Errors
    /// `InvalidInput` for bytes beyond the expected size, of which none is taken; those of the
    /// backend. The upload can then only be aborted, as it can after this was given up
    /// before its end.
    pub async fn write(&mut self, data: Bytes) -> Result<()> {
        let end = self.at.saturating_add(data.len() as u64);
        if let Some(expected) = self.expected.filter(|expected| end > *expected) {
            let text = format!("more than the expected {expected} bytes came");
            return Err(Error::invalid("size", text));
        }
        self.begun.partial.write(data).await?;
        self.at = end;
        Ok(())
    }

    /// Takes all bytes of another file of the same server as the next ones, on the server.
    ///
    /// # Errors
    /// Those of [`crate::fs::FileWriter::copy_from`].
    pub async fn copy_from(&mut self, from: &RemotePath) -> Result<u64> {
        let copied = self.begun.partial.copy_from(from).await?;
        self.at = self.at.saturating_add(copied);
        Ok(copied)
    }

    /// Brings the file to the disk and puts it in place.
    ///
    /// # Errors
    /// `Incomplete` when it is shorter than expected; `AlreadyExists` when something came to
    /// be there that must not be replaced; those of the backend. The old file is still there
    /// then, and the new one removed or kept as by [`RemoteUpload::abort`]; only when the
    /// connection ends (`ConnectionLost`, `TimedOut`) the new one may have taken its place
    /// without a word.
    pub async fn finish(mut self) -> Result<()> {
        let placed = self.put_in_place().await;
        match &placed {
            Ok(()) => self.begun.partial.is_placed(),
            Err(_) => self.begun.partial.give_up().await,
        }
        placed
    }

    async fn put_in_place(&mut self) -> Result<()> {
        if let Some(expected) = self.expected.filter(|expected| self.at < *expected) {
            let text = format!("only {} of {expected} bytes came", self.at);
            return Err(Error::new(ErrorKind::Incomplete, OPERATION, text));
        }
        let wanted = SetAttributes {
            permissions: self.options.permissions,
            modified: self.options.modified,
            ..SetAttributes::default()
        };
        let Begun {
            place,
            existing,
            partial,
            made,
        } = &mut self.begun;
        match in_one_change(&self.fs, existing.as_ref(), made.as_ref(), &wanted) {
            // One that is kept is cut where bytes are missing, not where its place is refused.
            Some(attributes) if partial.is_temporary() => {
                let place = Place {
                    path: place,
                    overwrite: self.options.overwrite,
                    attributes: &attributes,
                };
                match partial.finish_as(place).await? {
                    Finished::Placed => return Ok(()),
                    Finished::Closed => {}
                }
            }
            _ => partial.close().await?,
        }
        let partial = partial.path();
        keep_attributes(&self.fs, partial, existing.as_ref()).await?;
        if wanted != SetAttributes::default() {
            self.fs.set_attributes(partial, &wanted).await?;
        }
        self.fs.rename(partial, place, self.options.overwrite).await
    }

    /// Gives up. The temporary file is removed; a partial file that the caller named keeps
    /// what arrived.
    pub async fn abort(mut self) {
        self.begun.partial.give_up().await;
    }
}

/// Refuses what the server cannot do before anything is written.
fn check_capabilities(fs: &Arc<dyn RemoteFs>, options: UploadOptions) -> Result<()> {
    let capabilities = fs.capabilities();
    let unsupported = |what: &str| {
        let text = format!("the server cannot set {what}");
        Err(Error::new(ErrorKind::Unsupported, OPERATION, text))
    };
    if options.permissions.is_some() && !capabilities.set_permissions {
        return unsupported("permissions");
    }
    if options.modified.is_some() && !capabilities.set_times {
        return unsupported("the time of the last change");
    }
    Ok(())
}

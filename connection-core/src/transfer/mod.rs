//! Whole files between this machine and a [`RemoteFs`], above any protocol.
//!
//! A transfer holds a bounded number of bytes whatever the file's size: the backend's
//! window (at most 8 MiB) and a short queue to the local disk, which has a thread of its
//! own, so that the network and the disk work at the same time.
//!
//! A file appears whole or not at all, on both sides: it is written beside its place under
//! a temporary name and renamed when every byte is there. An existing file keeps its
//! permissions, and a symbolic link stays a link: the file behind it is replaced.
//! An upload whose partial file the caller names can be gone on with after an interruption
//! ([`RemoteUpload::resume`]).
//!
//! ```no_run
//! # async fn example(session: &connection_core::session::Session) -> connection_core::Result<()> {
//! use connection_core::path::RemotePath;
//! use connection_core::transfer::{TransferOptions, download};
//!
//! let remote = RemotePath::from_text("/srv/backup.tar")?;
//! let options = TransferOptions {
//!     progress: Some(Box::new(|done, size| println!("{done} of {size:?} bytes"))),
//!     ..TransferOptions::default()
//! };
//! download(&session.fs(), &remote, "backup.tar".as_ref(), options).await?;
//! # Ok(())
//! # }
//! ```

mod begin;
mod local;
mod partial;
mod place;
mod turns;
mod upload;

pub use upload::{RemoteUpload, UploadOptions};

use crate::error::{Error, ErrorKind, Result};
use crate::fs::RemoteFs;
use crate::path::RemotePath;
use local::{LocalSource, LocalTarget};
use std::path::Path;
use std::sync::Arc;

/// Told the bytes done so far and the size, where it is known.
pub type Progress = Box<dyn Fn(u64, Option<u64>) + Send + Sync>;

/// How a transfer is done.
#[derive(Default)]
pub struct TransferOptions {
    /// Largest file taken, in bytes; a larger one is refused before the transfer.
    pub max_size: Option<u64>,
    /// Called after every chunk.
    pub progress: Option<Progress>,
}

impl TransferOptions {
    fn check_size(&self, operation: &'static str, size: Option<u64>) -> Result<()> {
        match (self.max_size, size) {
            (Some(limit), Some(size)) if size > limit => Err(Error::new(
                ErrorKind::TooLarge,
                operation,
                format!("the file has {size} bytes, more than the limit of {limit} bytes"),
            )),
            _ => Ok(()),
        }
    }

    fn report(&self, done: u64, size: Option<u64>) {
        if let Some(progress) = &self.progress {
            progress(done, size);
        }
    }
}

/// Downloads a remote file to a local one. Answers the size in bytes.
///
/// Nothing local is touched before the remote file gave its first bytes, and an existing
/// local file is replaced only by a complete one. Dropping the future leaves nothing.
///
/// # Errors
/// `Incomplete` when fewer bytes came than the server promised; `TooLarge`; errors of the
/// remote file; errors of the local one with [`crate::Side::Local`].
pub async fn download(
    fs: &Arc<dyn RemoteFs>,
    remote: &RemotePath,
    local: &Path,
    options: TransferOptions,
) -> Result<u64> {
    const OPERATION: &str = "download file";
    let metadata = match fs.stat(remote).await {
        Ok(metadata) => Some(metadata),
        // A server that cannot be asked about one file was asked for its directory, which
        // need not show everything; whether the file can be read is for the server to say.
        Err(e) if e.kind() == ErrorKind::NotFound => None,
        Err(e) => return Err(e),
    };
    let size = metadata.as_ref().and_then(|m| m.size);
    options.check_size(OPERATION, size)?;
    let mut reader = match &metadata {
        Some(seen) => fs.open_seen(remote, seen, 0).await?,
        None => fs.open_read(remote, 0).await?,
    };
    let mut chunk = reader.next_chunk().await?;
    if metadata.is_some_and(|m| m.is_dir()) {
        // A backend that opens and even reads a directory has told us nothing of use.
        return Err(Error::new(
            ErrorKind::IsADirectory,
            OPERATION,
            "the path is a directory",
        ));
    }

    let target = LocalTarget::create(local).await?;
    let copied = async {
        let mut done = 0_u64;
        while let Some(bytes) = chunk {
            done += bytes.len() as u64;
            // The size may be unknown or wrong (`/proc` says 0), so the limit is also kept
            // here.
            options.check_size(OPERATION, Some(done))?;
            if !target.write(bytes).await {
                // The commit fails, and says why.
                return Ok(done);
            }
            options.report(done, size);
            chunk = reader.next_chunk().await?;
        }
        match size.filter(|size| done < *size) {
            Some(size) => Err(Error::new(
                ErrorKind::Incomplete,
                OPERATION,
                format!("the file ended after {done} of {size} bytes"),
            )),
            None => Ok(done),
        }
    }
    .await;
    match copied {
        Ok(done) => {
            target.commit().await?;
            Ok(done)
        }
        Err(error) => {
            target.abort().await;
            Err(error)
        }
    }
}

/// Uploads a local file to a remote one. Answers the size in bytes.
///
/// Nothing remote is touched before the local file is open. Dropping the future removes
/// the temporary file in the background.
///
/// # Errors
/// `Incomplete` when the local file became shorter while it was read; `TooLarge`; errors of
/// the local file with [`crate::Side::Local`]; errors of the remote one.
pub async fn upload(
    fs: &Arc<dyn RemoteFs>,
    local: &Path,
    remote: &RemotePath,
    options: TransferOptions,
) -> Result<u64> {
    const OPERATION: &str = "upload file";
    let mut source = LocalSource::open(local).await?;
    let size = source.size();
    options
        .check_size(OPERATION, Some(size))
        .map_err(|e| e.on(crate::Side::Local))?;
    let mut upload = RemoteUpload::create(fs, remote).await?;
    let copied = async {
        let mut done = 0_u64;
        while let Some(bytes) = source.next_chunk().await? {
            done += bytes.len() as u64;
            options.check_size(OPERATION, Some(done))?;
            upload.write(bytes).await?;
            options.report(done, Some(size));
        }
        if done < size {
            return Err(Error::new(
                ErrorKind::Incomplete,
                OPERATION,
                format!("the local file ended after {done} of {size} bytes"),
            )
            .on(crate::Side::Local));
        }
        Ok(done)
    }
    .await;
    match copied {
        Ok(done) => {
            upload.finish().await?;
            Ok(done)
        }
        Err(error) => {
            upload.abort().await;
            Err(error)
        }
    }
}

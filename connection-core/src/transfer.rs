//! Whole files between this machine and a [`RemoteFs`], above any protocol.

use crate::error::{Error, ErrorKind, Result};
use crate::fs::RemoteFs;
use crate::path::RemotePath;
use std::path::Path;

/// Told the bytes done so far and the size, where it is known.
pub type Progress = Box<dyn Fn(u64, Option<u64>) + Send + Sync>;

/// How a transfer is done.
#[derive(Default)]
pub struct TransferOptions {
    /// Largest file taken, in bytes; a larger one is refused before the transfer.
    pub max_size: Option<u64>,
    /// Called with the bytes done so far and the size, where it is known.
    pub progress: Option<Progress>,
}

/// Downloads a remote file to a local one, which appears whole or not at all.
/// Answers the size in bytes.
pub async fn download(
    _fs: &dyn RemoteFs,
    _remote: &RemotePath,
    _local: &Path,
    _options: TransferOptions,
) -> Result<u64> {
    Err(Error::new(
        ErrorKind::Unsupported,
        "download",
        "not wired yet",
    ))
}

/// Uploads a local file to a remote one, which appears whole or not at all.
/// Answers the size in bytes.
pub async fn upload(
    _fs: &dyn RemoteFs,
    _local: &Path,
    _remote: &RemotePath,
    _options: TransferOptions,
) -> Result<u64> {
    Err(Error::new(
        ErrorKind::Unsupported,
        "upload",
        "not wired yet",
    ))
}

//! Looks after a failure: version 3 has few codes, so what went wrong is seen from what
//! is there. Never from the server's text.

use super::attrs::Attrs;
use super::call::OpenHandle;
use super::client::Client;
use super::list::SftpPages;
use super::request::Request;
use super::status::{FAILURE, Fault, NO_SUCH_FILE, PERMISSION_DENIED};
use crate::error::ErrorKind;
use crate::fs::{DirPages, FileType};
use crate::path::RemotePath;
use std::sync::Arc;

/// What is at a path, links not followed; `None` when nothing is, or nothing can be seen.
pub(super) async fn look(client: &Client, path: &RemotePath) -> Option<Attrs> {
    client.attrs(Request::Lstat(path.as_bytes())).await.ok()
}

/// As [`look`], with links followed.
pub(super) async fn look_through(client: &Client, path: &RemotePath) -> Option<Attrs> {
    client.attrs(Request::Stat(path.as_bytes())).await.ok()
}

/// Why something could not be created: `mkdir`, `symlink`, an exclusive `open`.
pub(super) async fn why_not_created(
    client: &Client,
    path: &RemotePath,
    fault: &Fault,
) -> Option<ErrorKind> {
    let exists = fault.code() == Some(FAILURE) && look(client, path).await.is_some();
    exists.then_some(ErrorKind::AlreadyExists)
}

/// Why a file could not be removed. Systems differ in the error for a directory.
pub(super) async fn why_file_stays(
    client: &Client,
    path: &RemotePath,
    fault: &Fault,
) -> Option<ErrorKind> {
    if !matches!(fault.code(), Some(FAILURE | PERMISSION_DENIED)) {
        return None;
    }
    let found = look(client, path).await?.file_type()?;
    (found == FileType::Directory).then_some(ErrorKind::IsADirectory)
}

/// Why a directory could not be removed. OpenSSH calls what is no directory «no such file».
pub(super) async fn why_directory_stays(
    client: &Arc<Client>,
    path: &RemotePath,
    fault: &Fault,
) -> Option<ErrorKind> {
    if !matches!(fault.code(), Some(FAILURE | NO_SUCH_FILE)) {
        return None;
    }
    if look(client, path).await?.file_type()? != FileType::Directory {
        return Some(ErrorKind::NotADirectory);
    }
    let handle: OpenHandle = client.open(Request::OpenDir(path.as_bytes())).await.ok()?;
    let page = SftpPages::new(handle, path.clone()).next_page().await;
    matches!(page, Ok(Some(_))).then_some(ErrorKind::DirectoryNotEmpty)
}

/// Why a directory could not be listed, links followed.
pub(super) async fn why_not_listed(
    client: &Client,
    path: &RemotePath,
    fault: &Fault,
) -> Option<ErrorKind> {
    if !matches!(fault.code(), Some(FAILURE | NO_SUCH_FILE)) {
        return None;
    }
    let found = look_through(client, path).await?.file_type()?;
    (found != FileType::Directory).then_some(ErrorKind::NotADirectory)
}

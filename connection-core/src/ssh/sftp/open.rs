//! Opening files.
//!
//! A look comes before an open that finds an existing file: a named pipe without a partner
//! would block the server's one process, and with it everything else of the session.

use super::attrs::Attrs;
use super::call::OpenHandle;
use super::client::Client;
use super::codec::flags;
use super::look::{look_through, why_not_created};
use super::request::Request;
use super::status::{Doing, FAILURE, Fault, NO_SUCH_FILE};
use crate::error::{Error, ErrorKind, Result};
use crate::fs::{FileType, WriteMode, WriteOptions};
use crate::path::RemotePath;
use std::sync::Arc;

const OPERATION: &str = "open file";

/// Opens for reading; gives the file's size too, where it says something.
pub(super) async fn for_reading(
    client: &Arc<Client>,
    path: &RemotePath,
) -> Result<(OpenHandle, Option<u64>)> {
    let doing = Doing {
        operation: OPERATION,
        path,
    };
    let found = match client.attrs(Request::Stat(path.as_bytes())).await {
        Ok(attrs) => Some(attrs),
        Err(fault) if fault.code() == Some(NO_SUCH_FILE) || fault.code().is_none() => {
            return Err(doing.failed(fault));
        }
        // What may not be looked at may still be read on some servers.
        Err(_) => None,
    };
    refuse_pipe(doing, found.as_ref())?;
    let handle = open(client, path, flags::READ, Attrs::default()).await;
    let is_directory = found.and_then(|attrs| attrs.file_type()) == Some(FileType::Directory);
    if is_directory {
        return Err(directory(client, doing, handle).await);
    }
    let handle = handle.map_err(|fault| doing.failed(fault))?;
    // Files of /proc and the like have size 0 and contents; so has nobody else's.
    let size = found.and_then(|attrs| attrs.size).filter(|size| *size > 0);
    Ok((handle, size))
}

/// Opens what is known to be a regular file for reading.
pub(super) async fn regular(client: &Arc<Client>, path: &RemotePath) -> Result<OpenHandle> {
    let doing = Doing {
        operation: OPERATION,
        path,
    };
    let handle = open(client, path, flags::READ, Attrs::default()).await;
    handle.map_err(|fault| doing.failed(fault))
}

/// OpenSSH opens a directory and fails on the first read; its words for it are fetched.
async fn directory(client: &Client, doing: Doing<'_>, handle: Result<OpenHandle, Fault>) -> Error {
    let fault = match &handle {
        Err(fault) => Some(fault.clone()),
        Ok(handle) => {
            let request = Request::Read {
                handle: handle.bytes(),
                offset: 0,
                length: 1,
            };
            match client.submit(request).await {
                Ok(mut call) => call.reply().await.err(),
                Err(fault) => Some(fault),
            }
        }
    };
    match fault {
        Some(fault) if fault.code().is_none() => doing.failed(fault),
        Some(fault) if fault.code() == Some(FAILURE) => {
            doing.failed_as(ErrorKind::IsADirectory, fault)
        }
        _ => doing.error(ErrorKind::IsADirectory, "it is a directory"),
    }
}

/// Opens for writing; gives the offset of the first byte too.
pub(super) async fn for_writing(
    client: &Arc<Client>,
    path: &RemotePath,
    options: WriteOptions,
) -> Result<(OpenHandle, u64)> {
    let doing = Doing {
        operation: OPERATION,
        path,
    };
    let (how, offset) = match options.mode {
        WriteMode::CreateNew => (flags::CREATE | flags::EXCLUSIVE, 0),
        WriteMode::Truncate => (flags::CREATE | flags::TRUNCATE, 0),
        WriteMode::At(offset) => (0, offset),
    };
    let exclusive = options.mode == WriteMode::CreateNew;
    if !exclusive {
        refuse_pipe(doing, look_through(client, path).await.as_ref())?;
    }
    let attrs = Attrs {
        mode: options.permissions.map(|bits| bits & 0o7777),
        ..Attrs::default()
    };
    let fault = match open(client, path, flags::WRITE | how, attrs).await {
        Ok(handle) => return Ok((handle, offset)),
        Err(fault) => fault,
    };
    let kind = if exclusive {
        why_not_created(client, path, &fault).await
    } else if fault.code() == Some(FAILURE) {
        let found = look_through(client, path).await;
        let found = found.and_then(|attrs| attrs.file_type());
        (found == Some(FileType::Directory)).then_some(ErrorKind::IsADirectory)
    } else {
        None
    };
    Err(match kind {
        Some(kind) => doing.failed_as(kind, fault),
        None => doing.failed(fault),
    })
}

async fn open(
    client: &Arc<Client>,
    path: &RemotePath,
    flags: u32,
    attrs: Attrs,
) -> Result<OpenHandle, Fault> {
    let request = Request::Open {
        path: path.as_bytes(),
        flags,
        attrs,
    };
    client.open(request).await
}

fn refuse_pipe(doing: Doing<'_>, found: Option<&Attrs>) -> Result<()> {
    if found.is_some_and(Attrs::may_block) {
        return Err(doing.error(
            ErrorKind::Unsupported,
            "it is a named pipe or a socket; opening it would block the server",
        ));
    }
    Ok(())
}

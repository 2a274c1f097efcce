//! Renaming, and replacing on servers that cannot do it in one step.
//!
//! `posix-rename@openssh.com` replaces a file in one step. Version 3's own rename refuses
//! an existing target. Without the extension a file is replaced by moving the old one
//! aside, the new one into place, and only then removing the old one; when the second step
//! fails, the old one is put back. For the moment between the first two steps the target
//! has another name, never none: `Capabilities::atomic_replace` says which it is.

use super::client::Client;
use super::look::look;
use super::request::Request;
use super::status::{Doing, FAILURE, Fault, NO_SUCH_FILE, PERMISSION_DENIED, UNSUPPORTED};
use crate::error::{Error, ErrorKind, Result};
use crate::fs::{FileType, Overwrite};
use crate::path::{RemoteName, RemotePath};
use std::sync::Arc;

const OPERATION: &str = "rename";

/// Renames `from` to `to`. `taken` is whether something is at `to`, where that was just looked
/// at.
pub(super) async fn rename(
    client: &Arc<Client>,
    posix: bool,
    from: &RemotePath,
    to: &RemotePath,
    overwrite: Overwrite,
    taken: Option<bool>,
) -> Result<()> {
    let doing = Doing {
        operation: OPERATION,
        path: from,
    };
    let outcome = match overwrite {
        Overwrite::Refuse => refuse(client, doing, from, to, taken).await,
        Overwrite::Replace => replace(client, doing, posix, from, to).await,
    };
    outcome.map_err(|error| error.with("to", to.to_text()))
}

async fn refuse(
    client: &Arc<Client>,
    doing: Doing<'_>,
    from: &RemotePath,
    to: &RemotePath,
    taken: Option<bool>,
) -> Result<()> {
    // Some servers replace although the draft forbids it, so a look comes first. OpenSSH
    // itself decides in one step for files, which closes the gap between the two there.
    let taken = match taken {
        Some(taken) => taken,
        None => look(client, to).await.is_some(),
    };
    if taken {
        return Err(doing.error(ErrorKind::AlreadyExists, "the new name is taken"));
    }
    match plain(client, from, to).await {
        Ok(()) => Ok(()),
        Err(fault) if fault.code() == Some(FAILURE) && look(client, to).await.is_some() => {
            Err(doing.failed_as(ErrorKind::AlreadyExists, fault))
        }
        Err(fault) => Err(doing.failed(fault)),
    }
}

async fn replace(
    client: &Arc<Client>,
    doing: Doing<'_>,
    posix: bool,
    from: &RemotePath,
    to: &RemotePath,
) -> Result<()> {
    if from == to {
        // Moving aside what is to be moved would lose it.
        return match client.attrs(Request::Lstat(from.as_bytes())).await {
            Ok(_) => Ok(()),
            Err(fault) => Err(doing.failed(fault)),
        };
    }
    if posix {
        let request = Request::Extended {
            name: "posix-rename@openssh.com",
            strings: &[from.as_bytes(), to.as_bytes()],
        };
        match client.perform(request).await {
            Ok(()) => return Ok(()),
            Err(fault) if fault.code() == Some(UNSUPPORTED) => {}
            Err(fault) => return Err(explain(client, doing, from, to, fault).await),
        }
    }
    let fault = match plain(client, from, to).await {
        Ok(()) => return Ok(()),
        Err(fault) => fault,
    };
    let taken = matches!(fault.code(), Some(FAILURE | PERMISSION_DENIED | 11));
    let target = match taken {
        true => look(client, to).await.and_then(|attrs| attrs.file_type()),
        false => None,
    };
    let source = look(client, from).await.and_then(|attrs| attrs.file_type());
    match (source, target) {
        // A directory is never moved aside, nor anything for a source that is not there.
        (Some(source), Some(FileType::File | FileType::Symlink))
            if source != FileType::Directory =>
        {
            let work = move_aside(client.clone(), from.clone(), to.clone());
            client
                .see_through(work)
                .await
                .map_err(|fault| doing.failed(fault))?
        }
        _ => Err(explain(client, doing, from, to, fault).await),
    }
}

/// The guarded fallback. Runs to its end even when its caller leaves.
async fn move_aside(client: Arc<Client>, from: RemotePath, to: RemotePath) -> Result<()> {
    let doing = Doing {
        operation: OPERATION,
        path: &from,
    };
    let aside = aside_of(&to)?;
    plain(&client, &to, &aside)
        .await
        .map_err(|fault| doing.failed(fault))?;
    if let Err(fault) = plain(&client, &from, &to).await {
        let error = doing.failed(fault);
        return Err(match plain(&client, &aside, &to).await {
            Ok(()) => error,
            // Said aloud: only a person can put it back now.
            Err(_) => error.with("old_file_now_at", aside.to_text()),
        });
    }
    let removed = client.perform(Request::Remove(aside.as_bytes())).await;
    if let Err(fault) = removed {
        // The rename is done; what is left over is no reason to call it failed.
        tracing::warn!(
            left = %aside, status = ?fault.code(),
            "a replaced file could not be removed"
        );
    }
    Ok(())
}

/// A name beside `path` that nobody else has, short whatever the length of the path's own.
fn aside_of(path: &RemotePath) -> Result<RemotePath> {
    let parent = path.parent().unwrap_or_else(RemotePath::root);
    let name = format!(".replaced-{}", uuid::Uuid::new_v4().simple());
    parent.join(&RemoteName::new(name))
}

async fn plain(client: &Client, from: &RemotePath, to: &RemotePath) -> Result<(), Fault> {
    let request = Request::Rename {
        from: from.as_bytes(),
        to: to.as_bytes(),
    };
    client.perform(request).await
}

/// Looks why a replacement failed, where the code does not say.
async fn explain(
    client: &Client,
    doing: Doing<'_>,
    from: &RemotePath,
    to: &RemotePath,
    fault: Fault,
) -> Error {
    // OpenSSH's answer to ENOTDIR is «no such file».
    if !matches!(fault.code(), Some(FAILURE | NO_SUCH_FILE)) {
        return doing.failed(fault);
    }
    let source = look(client, from).await.and_then(|attrs| attrs.file_type());
    let target = look(client, to).await.and_then(|attrs| attrs.file_type());
    match (source, target) {
        (Some(FileType::Directory), Some(FileType::Directory)) => {
            doing.failed_as(ErrorKind::AlreadyExists, fault)
        }
        (Some(FileType::Directory), Some(_)) => doing.failed_as(ErrorKind::NotADirectory, fault),
        (Some(_), Some(FileType::Directory)) => doing.failed_as(ErrorKind::IsADirectory, fault),
        _ => doing.failed(fault),
    }
}

//! The place an upload goes to: the file behind its path, and what the new file takes over
//! from the old one.

use super::upload::OPERATION;
use crate::error::{Error, ErrorKind, Result};
use crate::fs::{FileType, Metadata, Overwrite, RemoteFs, SetAttributes, WriteMode, WriteOptions};
use crate::path::RemotePath;
use std::sync::Arc;

/// Links followed to find the file behind the target, as Linux's `MAXSYMLINKS` but smaller.
const MAX_LINKS: usize = 16;

/// The file behind the path, and what is known of it if it is there and may be replaced.
pub(super) async fn find(
    fs: &Arc<dyn RemoteFs>,
    path: &RemotePath,
    overwrite: Overwrite,
) -> Result<(RemotePath, Option<Metadata>)> {
    match overwrite {
        Overwrite::Replace => locate(fs, path).await,
        Overwrite::Refuse => {
            refuse_existing(fs, path).await?;
            Ok((path.clone(), None))
        }
    }
}

/// Refuses to go on when anything is at the path, a broken link included.
async fn refuse_existing(fs: &Arc<dyn RemoteFs>, path: &RemotePath) -> Result<()> {
    match fs.lstat(path).await {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
        Ok(_) => Err(Error::new(
            ErrorKind::AlreadyExists,
            OPERATION,
            "something of that name exists already",
        )),
    }
}

/// The file behind the path, and what is known of it if it is there.
async fn locate(
    fs: &Arc<dyn RemoteFs>,
    path: &RemotePath,
) -> Result<(RemotePath, Option<Metadata>)> {
    let mut place = path.clone();
    let mut led_up = false;
    for _ in 0..MAX_LINKS {
        let metadata = match fs.lstat(&place).await {
            Ok(metadata) => metadata,
            Err(e) if e.kind() == ErrorKind::NotFound => {
                if led_up {
                    return Err(unclear_link());
                }
                return Ok((place, None));
            }
            Err(e) => return Err(e),
        };
        match metadata.file_type {
            FileType::File => {
                if led_up && fs.stat(path).await? != metadata {
                    return Err(unclear_link());
                }
                return Ok((place, Some(metadata)));
            }
            FileType::Directory => return Err(refuse_directory(fs, &place).await),
            FileType::Symlink if fs.capabilities().symlinks => {
                let target = fs.read_link(&place).await?;
                // `..` is taken from the text of the path here and from the directory
                // there, which differ where the path runs through another link.
                led_up |= target.split(|b| *b == b'/').any(|part| part == b"..");
                let base = place.parent().unwrap_or_else(RemotePath::root);
                place = RemotePath::parse(&target, &base)?;
            }
            FileType::Symlink | FileType::Other => {
                return Err(Error::new(
                    ErrorKind::Failure,
                    OPERATION,
                    "the remote path is neither a file nor free",
                ));
            }
        }
    }
    Err(Error::new(
        ErrorKind::Failure,
        OPERATION,
        "too many symbolic links",
    ))
}

fn unclear_link() -> Error {
    Error::new(
        ErrorKind::Failure,
        OPERATION,
        "where the symbolic link leads cannot be told for sure",
    )
}

/// The server's own words on writing to a directory, which is harmless to try.
async fn refuse_directory(fs: &Arc<dyn RemoteFs>, path: &RemotePath) -> Error {
    let options = WriteOptions {
        mode: WriteMode::Truncate,
        permissions: None,
    };
    match fs.open_write(path, options).await {
        Err(error) => error,
        Ok(writer) => {
            writer.abort().await;
            Error::new(
                ErrorKind::IsADirectory,
                OPERATION,
                "the path is a directory",
            )
        }
    }
}

/// What [`keep_attributes`] and `wanted` come to in one change, where they do: for a new file
/// that was made like `made`.
pub(super) fn in_one_change(
    fs: &Arc<dyn RemoteFs>,
    existing: Option<&Metadata>,
    made: Option<&Metadata>,
    wanted: &SetAttributes,
) -> Option<SetAttributes> {
    let Some(old) = existing else {
        return Some(wanted.clone());
    };
    let capabilities = fs.capabilities();
    if !capabilities.set_owner && !capabilities.set_permissions {
        return Some(wanted.clone());
    }
    let made = made?;
    let has_owner = old.uid.is_some() && old.gid.is_some();
    if capabilities.set_owner && has_owner && (made.uid, made.gid) != (old.uid, old.gid) {
        return None;
    }
    let differs = capabilities.set_permissions && old.permissions != made.permissions;
    let kept = old.permissions.filter(|_| differs);
    Some(SetAttributes {
        permissions: wanted.permissions.or(kept),
        ..wanted.clone()
    })
}

/// Gives the new file the permissions and, where the account may, the owner of the old one.
pub(super) async fn keep_attributes(
    fs: &Arc<dyn RemoteFs>,
    partial: &RemotePath,
    existing: Option<&Metadata>,
) -> Result<()> {
    let Some(old) = existing else { return Ok(()) };
    let capabilities = fs.capabilities();
    if !capabilities.set_owner && !capabilities.set_permissions {
        return Ok(());
    }
    let new = fs.lstat(partial).await?;
    let mut permissions = old.permissions;
    let mut as_created = new.permissions;
    if capabilities.set_owner
        && let (Some(uid), Some(gid)) = (old.uid, old.gid)
        && (new.uid, new.gid) != (Some(uid), Some(gid))
    {
        let owner = SetAttributes {
            owner: Some((uid, gid)),
            ..SetAttributes::default()
        };
        // Changing the owner may take bits away.
        as_created = None;
        // Only the superuser may give a file away; set-user-id and set-group-id meant the
        // old owner.
        if let Err(error) = fs.set_attributes(partial, &owner).await {
            tracing::debug!(%error, "the owner of the replaced file is not kept");
            permissions = permissions.map(|bits| bits & 0o1777);
        }
    }
    if capabilities.set_permissions && permissions.is_some() && permissions != as_created {
        let permissions = SetAttributes {
            permissions,
            ..SetAttributes::default()
        };
        match fs.set_attributes(partial, &permissions).await {
            // Learned only now, by trying; an upload is not refused for it.
            Err(error) if error.kind() == ErrorKind::Unsupported => {
                tracing::debug!(%error, "the permissions of the replaced file are not kept");
            }
            done => done?,
        }
    }
    Ok(())
}

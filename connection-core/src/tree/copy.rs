//! Copying a file on a server or between two, and making a directory with its parents.

use crate::error::{Error, ErrorKind, Result};
use crate::fs::{FileReader, FileType, Overwrite, RemoteFs};
use crate::path::RemotePath;
use crate::transfer::{RemoteUpload, UploadOptions};
use std::sync::Arc;
use std::time::Duration;

const COPY: &str = "copy file";

/// Longest wait for room to write while the same session is read. Where a server allows a
/// single connection, reading holds it, and writing would wait for it for ever.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Copies a file within the server: on the server itself where it can, else through this
/// machine. Answers the size in bytes. As [`copy_file_between`] with the same file system
/// twice.
///
/// # Errors
/// `InvalidInput` when both are one path, besides those of [`copy_file_between`].
pub async fn copy_file(
    fs: &Arc<dyn RemoteFs>,
    from: &RemotePath,
    to: &RemotePath,
    overwrite: Overwrite,
) -> Result<u64> {
    copy_file_between(fs, from, fs, to, overwrite).await
}

/// Copies a file from one session to another, whatever their protocols, through this machine
/// and without a file on it. Answers the size in bytes.
///
/// The copy appears whole or not at all. A new file has the permissions of the original
/// where the target can set them; a replaced one keeps its own. Links are followed, as for
/// reading and writing. What is under way is what one download and one upload may hold.
///
/// # Errors
/// `InvalidInput` when both are one path of one session; `IsADirectory`; `AlreadyExists` under
/// [`Overwrite::Refuse`]; `Incomplete` when fewer bytes came than the server promised;
/// `LimitReached` when both are one session whose server does not let it read and write at
/// the same time; those of reading and writing.
pub async fn copy_file_between(
    source: &Arc<dyn RemoteFs>,
    from: &RemotePath,
    target: &Arc<dyn RemoteFs>,
    to: &RemotePath,
    overwrite: Overwrite,
) -> Result<u64> {
    let is_one = is_one(source, target);
    if is_one && from == to {
        return Err(Error::invalid("to", "a file cannot be copied onto itself"));
    }
    let original = source.stat(from).await?;
    match original.file_type {
        FileType::Directory => {
            return Err(Error::new(
                ErrorKind::IsADirectory,
                COPY,
                "the path is a directory; only files are copied",
            ));
        }
        // A device or a pipe has no end.
        FileType::Other => {
            return Err(Error::new(
                ErrorKind::Unsupported,
                COPY,
                "the path is no regular file",
            ));
        }
        FileType::File | FileType::Symlink => {}
    }
    let options = UploadOptions {
        overwrite,
        permissions: match target.stat(to).await {
            Err(e) if e.kind() == ErrorKind::NotFound && target.capabilities().set_permissions => {
                original.permissions
            }
            // There already, or wrong in a way that the upload will say.
            _ => None,
        },
        modified: None,
    };
    let on_server = is_one && target.capabilities().server_copy;
    // Opened before anything is made: what cannot be read leaves no trace.
    let reader = match on_server {
        true => None,
        false => Some(source.open_seen(from, &original, 0).await?),
    };
    let mut upload = open_upload(target, to, options, is_one && reader.is_some()).await?;
    let copied = match reader {
        Some(reader) => through_here(reader, &mut upload).await,
        None => on_the_server(source, from, &mut upload).await,
    };
    let copied = match (copied, original.size) {
        (Ok(done), Some(size)) if done < size => Err(Error::new(
            ErrorKind::Incomplete,
            COPY,
            format!("the file ended after {done} of {size} bytes"),
        )),
        (copied, _) => copied,
    };
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

/// Whether both are the same session's files.
pub(super) fn is_one(a: &Arc<dyn RemoteFs>, b: &Arc<dyn RemoteFs>) -> bool {
    std::ptr::addr_eq(Arc::as_ptr(a), Arc::as_ptr(b))
}

async fn open_upload(
    fs: &Arc<dyn RemoteFs>,
    to: &RemotePath,
    options: UploadOptions,
    is_being_read: bool,
) -> Result<RemoteUpload> {
    let opening = RemoteUpload::create_with(fs, to, options);
    if !is_being_read {
        return opening.await;
    }
    tokio::time::timeout(LONGEST_WAIT, opening)
        .await
        .unwrap_or_else(|_| {
            Err(Error::new(
                ErrorKind::LimitReached,
                COPY,
                "the server does not let this session read and write at the same time",
            ))
        })
}

async fn on_the_server(
    fs: &Arc<dyn RemoteFs>,
    from: &RemotePath,
    upload: &mut RemoteUpload,
) -> Result<u64> {
    match upload.copy_from(from).await {
        // It may have its reasons, such as files on two of its file systems.
        Err(error) if error.kind() == ErrorKind::Unsupported => {
            tracing::debug!(%from, %error, "a copy goes through this machine");
            through_here(fs.open_read(from, 0).await?, upload).await
        }
        copied => copied,
    }
}

async fn through_here(mut reader: Box<dyn FileReader>, upload: &mut RemoteUpload) -> Result<u64> {
    let mut done = 0_u64;
    while let Some(bytes) = reader.next_chunk().await? {
        done += bytes.len() as u64;
        upload.write(bytes).await?;
    }
    Ok(done)
}

/// Makes a directory and every parent that is missing. One that is there already is no
/// error. Answers how many were made.
///
/// # Errors
/// `NotADirectory` when something else is in the way; those of the backend.
pub async fn create_dir_all(fs: &Arc<dyn RemoteFs>, path: &RemotePath) -> Result<usize> {
    let mut missing = Vec::new();
    let mut next = path.clone();
    // From the path upwards until a directory is there: as many steps as it has components.
    loop {
        match fs.stat(&next).await {
            Ok(metadata) if metadata.is_dir() => break,
            Ok(_) => {
                return Err(Error::new(
                    ErrorKind::NotADirectory,
                    "make directory",
                    "something that is no directory is in the way",
                )
                .with("path", next.to_text()));
            }
            Err(e) if e.kind() == ErrorKind::NotFound => {}
            Err(e) => return Err(e),
        }
        let Some(parent) = next.parent() else { break };
        missing.push(std::mem::replace(&mut next, parent));
    }
    let mut made = 0;
    for directory in missing.iter().rev() {
        match fs.create_dir(directory).await {
            Ok(()) => made += 1,
            Err(error) => {
                // Another may have made it in the meantime.
                let there = fs.stat(directory).await.is_ok_and(|m| m.is_dir());
                if !there {
                    return Err(error);
                }
            }
        }
    }
    Ok(made)
}

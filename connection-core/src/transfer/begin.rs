//! How an upload begins: the place is looked at, and the partial file made beside it.
//!
//! Where both can be asked for at once, they are. The partial file is then made on the guess
//! that the path is free or a plain file; one that was made for nothing is removed before
//! anything else is done. An upload that may not replace looks first: a refusal, which is a
//! usual answer there, changes nothing.

use super::partial::Partial;
use super::place::find;
use super::upload::UploadOptions;
use crate::error::{ErrorKind, Result};
use crate::fs::{FileType, Metadata, Overwrite, RemoteFs};
use crate::path::{RemoteName, RemotePath};
use std::sync::Arc;

/// Bits that are about others than the owner.
const OTHERS: u32 = 0o077;

/// An upload of which nothing was written yet.
pub(super) struct Begun {
    pub(super) place: RemotePath,
    /// The file that is there.
    pub(super) existing: Option<Metadata>,
    pub(super) partial: Partial,
    /// What the partial file was made like, where that is known.
    pub(super) made: Option<Metadata>,
}

/// Begins one in a temporary file, or in the named one from an offset on.
pub(super) async fn begin(
    fs: &Arc<dyn RemoteFs>,
    path: &RemotePath,
    named: Option<(&RemoteName, u64)>,
    options: UploadOptions,
) -> Result<Begun> {
    if fs.waits_together()
        && named.is_none()
        && options.overwrite == Overwrite::Replace
        && let Some(begun) = at_once(fs, path, options.permissions).await?
    {
        return Ok(begun);
    }
    let (place, existing) = find(fs, path, options.overwrite).await?;
    let permissions = permissions(options.permissions, existing.as_ref());
    let (partial, made) = match named {
        None => Partial::temporary(fs, &place, permissions).await?,
        Some((name, offset)) => {
            let partial = Partial::named(fs, &place, name, offset, permissions).await?;
            (partial, None)
        }
    };
    Ok(Begun {
        place,
        existing,
        partial,
        made,
    })
}

/// Looks at the path while the partial file is made beside it; `None` when it turned out to be
/// neither free nor a plain file, and everything is as before.
async fn at_once(
    fs: &Arc<dyn RemoteFs>,
    path: &RemotePath,
    wanted: Option<u32>,
) -> Result<Option<Begun>> {
    // A path without a name is a directory, about which the server is asked.
    let Ok(mut partial) = Partial::unmade(fs, path) else {
        return Ok(None);
    };
    let (seen, made) = tokio::join!(fs.lstat(path), partial.make(wanted));
    let existing = match seen {
        Ok(metadata) if metadata.file_type == FileType::File => Some(metadata),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Ok(_) | Err(_) => {
            partial.give_up().await;
            return Ok(None);
        }
    };
    let mut made = made?;
    if wanted.is_none() && !is_as_private(made.as_ref(), existing.as_ref()) {
        let kept = permissions(None, existing.as_ref());
        // Not only changed: who opened it before that would read what is written.
        let ((), again) = tokio::join!(partial.give_up(), Partial::temporary(fs, path, kept));
        (partial, made) = again?;
    }
    Ok(Some(Begun {
        place: path.clone(),
        existing,
        partial,
        made,
    }))
}

/// The permissions the partial file is made with.
fn permissions(wanted: Option<u32>, existing: Option<&Metadata>) -> Option<u32> {
    wanted.or_else(|| existing.and_then(|metadata| metadata.permissions))
}

/// Whether a new file lets nobody in whom the old one keeps out.
fn is_as_private(made: Option<&Metadata>, old: Option<&Metadata>) -> bool {
    let bits = |metadata: Option<&Metadata>| metadata.and_then(|found| found.permissions);
    match (bits(made), bits(old)) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(made), Some(old)) => made & !old & OTHERS == 0,
    }
}

//! A directory as the contract shows it: links followed, directories first, sizes in words.

use crate::models::FileObject;
use crate::time::local_file_time;
use connection_core::fs::{Entry, FileType, Metadata, RemoteFs};
use connection_core::path::{RemoteName, RemotePath};
use connection_core::{ErrorKind, Result};
use futures::{StreamExt, stream};
use std::sync::Arc;

/// Most entries a listing may have.
pub(crate) const ENTRY_LIMIT: usize = 1_000_000;

/// Links asked about at once, and at most in one listing: each costs a round trip.
const LINKS_AT_ONCE: usize = 16;
const LINK_LIMIT: usize = 10_000;

/// Lists a directory. `shown` is the directory's path as the client named it; the paths of
/// the entries begin with it.
pub(crate) async fn list(
    fs: &Arc<dyn RemoteFs>,
    directory: &RemotePath,
    shown: &str,
) -> Result<Vec<FileObject>> {
    let mut files = Vec::new();
    let mut links = Vec::new();
    // Rows are made while the server is still sending: only sorting waits for the last one.
    let take = |page: Vec<Entry>| {
        for entry in page {
            files.push(file_object(&entry, None, shown));
            if entry.metadata.file_type == FileType::Symlink && links.len() < LINK_LIMIT {
                links.push((files.len() - 1, entry));
            }
        }
    };
    let pages = fs.list(directory).await?;
    pages.each_page(ENTRY_LIMIT, take).await?;
    let names = links.iter().map(|(_, link)| link.name.clone()).collect();
    for ((at, link), target) in links.iter().zip(follow(fs, directory, names).await?) {
        if let (Some(row), Some(target)) = (files.get_mut(*at), target) {
            *row = file_object(link, Some(&target), shown);
        }
    }
    sort(&mut files);
    Ok(files)
}

/// What the links lead to, in their order; `None` for one that leads nowhere.
async fn follow(
    fs: &Arc<dyn RemoteFs>,
    directory: &RemotePath,
    links: Vec<RemoteName>,
) -> Result<Vec<Option<Metadata>>> {
    let answers: Vec<Result<Option<Metadata>>> = stream::iter(links)
        .map(|name| async move {
            let Ok(path) = directory.join(&name) else {
                return Ok(None);
            };
            match fs.stat(&path).await {
                Ok(target) => Ok(Some(target)),
                // The connection's end is the listing's; everything else is the link's.
                Err(e) if e.kind() == ErrorKind::ConnectionLost => Err(e),
                Err(_) => Ok(None),
            }
        })
        .buffered(LINKS_AT_ONCE)
        .collect()
        .await;
    answers.into_iter().collect()
}

fn file_object(entry: &Entry, target: Option<&Metadata>, shown: &str) -> FileObject {
    let own = &entry.metadata;
    let followed = target.unwrap_or(own);
    let name = entry.name.to_text();
    let is_directory = followed.is_dir();
    let size = followed.size.unwrap_or(0);
    FileObject {
        path: join(shown, &name),
        name,
        is_directory,
        size,
        size_formatted: size_formatted(size),
        modified: local_file_time(own.modified),
        permissions: own
            .permissions
            .map(|bits| format!("{:03o}", bits & 0o777))
            .unwrap_or_default(),
    }
}

fn join(directory: &str, name: &str) -> String {
    if directory.ends_with('/') {
        format!("{directory}{name}")
    } else {
        format!("{directory}/{name}")
    }
}

/// Directories first, then by the name in lower case, by code points; equal ones keep the
/// server's order.
fn sort(files: &mut [FileObject]) {
    files.sort_by_cached_key(|file| (!file.is_directory, file.name.to_lowercase()));
}

/// A size for people: `12 B`, `1.0 KB`, `1.0 MB`, `1.07 GB`.
#[allow(
    clippy::cast_precision_loss,
    reason = "two decimals are shown; sizes beyond 2^53 bytes lose nothing that is"
)]
pub(crate) fn size_formatted(bytes: u64) -> String {
    const KB: f64 = 1024.0;
    let size = bytes as f64;
    if bytes < 1 << 10 {
        format!("{bytes} B")
    } else if bytes < 1 << 20 {
        format!("{:.1} KB", size / KB)
    } else if bytes < 1 << 30 {
        format!("{:.1} MB", size / KB / KB)
    } else {
        format!("{:.2} GB", size / KB / KB / KB)
    }
}

#[cfg(test)]
#[path = "listing_tests.rs"]
mod tests;

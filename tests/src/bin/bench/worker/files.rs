//! The worker's jobs on files.

use crate::results::Metrics;
use crate::{Result, fail};
use connection_core::fs::RemoteFs;
use connection_core::path::{RemoteName, RemotePath};
use connection_core::session::ActiveSession;
use connection_core::transfer::{TransferOptions, download, upload};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

/// More entries than any directory of a run has.
const MOST_ENTRIES: usize = 1_000_000;

pub(super) async fn get(fs: Arc<dyn RemoteFs>, remote: &Path, local: &Path) -> Result<Metrics> {
    let options = TransferOptions::default();
    download(&fs, &path(remote)?, local, options).await?;
    Ok(Metrics::new())
}

pub(super) async fn put(session: &ActiveSession, local: &Path, remote: &Path) -> Result<Metrics> {
    let options = TransferOptions::default();
    upload(&session.fs(), local, &path(remote)?, options).await?;
    Ok(Metrics::new())
}

pub(super) async fn get_all(
    session: &ActiveSession,
    remote: &Path,
    local: &Path,
    at_once: usize,
) -> Result<Metrics> {
    let (fs, from) = (session.fs(), path(remote)?);
    fs::create_dir(local)?;
    let entries = fs.list(&from).await?.collect(MOST_ENTRIES).await?;
    let copies = entries.into_iter().map(|entry| {
        let (fs, from) = (&fs, from.join(&entry.name));
        let to = local.join(entry.name.to_text());
        async move { download(fs, &from?, &to, TransferOptions::default()).await }
    });
    let copied: Vec<u64> = stream::iter(copies)
        .buffer_unordered(at_once)
        .try_collect()
        .await?;
    Ok(Metrics::from([("files".to_owned(), copied.len() as f64)]))
}

pub(super) async fn put_all(
    session: &ActiveSession,
    local: &Path,
    remote: &Path,
    at_once: usize,
) -> Result<Metrics> {
    let (fs, to) = (session.fs(), path(remote)?);
    fs.create_dir(&to).await?;
    let entries = fs::read_dir(local)?.collect::<std::io::Result<Vec<_>>>()?;
    let copies = entries.into_iter().map(|entry| {
        let fs: &Arc<dyn RemoteFs> = &fs;
        let name = entry.file_name().into_encoded_bytes();
        let (from, to) = (entry.path(), to.join(&RemoteName::new(name)));
        async move { upload(fs, &from, &to?, TransferOptions::default()).await }
    });
    let copied: Vec<u64> = stream::iter(copies)
        .buffer_unordered(at_once)
        .try_collect()
        .await?;
    Ok(Metrics::from([("files".to_owned(), copied.len() as f64)]))
}

/// Lists page by page and keeps none: what the memory of a listing is.
pub(super) async fn list(session: &ActiveSession, remote: &Path) -> Result<Metrics> {
    let start = Instant::now();
    let mut pages = session.fs().list(&path(remote)?).await?;
    let (mut entries, mut first) = (0, None);
    while let Some(page) = pages.next_page().await? {
        first.get_or_insert(start.elapsed().as_secs_f64());
        entries += page.len();
    }
    Ok(Metrics::from([
        ("seconds".to_owned(), start.elapsed().as_secs_f64()),
        ("first_page".to_owned(), first.unwrap_or_default()),
        ("entries".to_owned(), entries as f64),
    ]))
}

fn path(path: &Path) -> Result<RemotePath> {
    match path.to_str() {
        Some(text) => Ok(RemotePath::from_text(text)?),
        None => fail(format!("{} is no text", path.display())),
    }
}

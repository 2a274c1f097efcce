//! Looking at a session's files: listings in parts, single entries, sizes, space, and what
//! the server can do.

use super::files::remote_path;
use super::{Group, State};
use crate::auth::Caller;
use crate::entry_models::{ChecksumObject, EntryObject, EntryPage, SpaceObject, TreeObject};
use crate::error::{Outcome, Problem};
use crate::extension::{Refused, extension_statuses, path_problem};
use crate::open_listing::Listing;
use crate::parked::Cursor;
use crate::responses::Success;
use connection_core::checksum::ChecksumAlgorithm;
use connection_core::fs::{Entry, FileType, RemoteFs};
use connection_core::path::RemotePath;
use connection_core::{Error, ErrorKind, Result, tree};
use futures::{StreamExt, stream};
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use std::sync::Arc;

extension_statuses! {
    /// Looking at files.
    pub(super) Looking {}
}

type Answer<T> = std::result::Result<Success<T>, Refused<Looking>>;

/// Entries in one part of a listing: without a wish, and at most.
const PART: usize = 1000;
const LARGEST_PART: usize = 10_000;

/// Links asked about at once.
const LINKS_AT_ONCE: usize = 16;

/// Routes that look at files.
pub(crate) struct EntriesApi(pub(super) Arc<State>);

#[OpenApi(tag = "Group::Files")]
impl EntriesApi {
    /// List a directory in parts
    ///
    /// In the server's order, links not followed. Memory is the same however large the
    /// directory is. `next_cursor` asks for the next part. The listing is kept for it for a
    /// minute, so that nothing is missed or given twice while the directory changes; later,
    /// and after some 100,000 entries over FTP, the directory is listed anew up to that
    /// place.
    #[oai(
        path = "/connections/:session_id/entries",
        method = "get",
        operation_id = "listEntries"
    )]
    async fn list(
        &self,
        caller: Caller,
        session_id: Path<String>,
        /// The directory; a relative one is taken from the login directory, which is also the default.
        path: Query<Option<String>>,
        /// Entries at most: 1 to 10000 [default: 1000].
        limit: Query<Option<usize>>,
        /// `next_cursor` of the part before.
        cursor: Query<Option<String>>,
    ) -> Answer<EntryPage> {
        let session = self.0.session(&caller, &session_id)?;
        let fs = session.fs();
        let limit = limit.0.unwrap_or(PART);
        if !(1..=LARGEST_PART).contains(&limit) {
            let text = format!("must be from 1 to {LARGEST_PART}");
            return Err(Problem::wrong_field("limit", &text).into());
        }
        let cursor = match cursor.0.as_deref() {
            None | Some("") => None,
            Some(text) => Some(
                Cursor::parse(text)
                    .ok_or_else(|| Problem::wrong_field("cursor", "is not one of this route"))?,
            ),
        };
        let directory = named(&fs, path.0).await?;
        let parked = cursor.and_then(|c| self.0.parked.take(session.id(), &directory, c));
        let mut listing = match parked {
            Some(listing) => listing,
            None => Listing::open(&fs, &directory, cursor.map_or(0, Cursor::given)).await?,
        };
        let entries = listing.next(limit).await?;
        let owner = (session.id(), session.kind());
        let next = match listing.has_more().await? {
            false => None,
            true => Some(self.0.parked.park(owner, &directory, listing)),
        };
        Ok(Success(EntryPage {
            entries: objects(&fs, &directory, entries).await?,
            path: directory.to_text(),
            next_cursor: next.map(|cursor| cursor.to_string()),
        }))
    }

    /// Look at one entry
    ///
    /// With `follow=false` a link is told as a link, with where it leads.
    #[oai(
        path = "/connections/:session_id/stat",
        method = "get",
        operation_id = "stat"
    )]
    async fn stat(
        &self,
        caller: Caller,
        session_id: Path<String>,
        /// The entry; a relative path is taken from the login directory, which is also the default.
        path: Query<Option<String>>,
        /// Whether to look at what a link leads to [default: true].
        follow: Query<Option<bool>>,
    ) -> Answer<EntryObject> {
        let session = self.0.session(&caller, &session_id)?;
        let fs = session.fs();
        let path = named(&fs, path.0).await?;
        let metadata = if follow.0.unwrap_or(true) {
            fs.stat(&path).await?
        } else {
            fs.lstat(&path).await?
        };
        let target = match metadata.file_type {
            FileType::Symlink => link_target(&fs, Ok(&path)).await?,
            _ => None,
        };
        let entry = EntryObject::of_path(&path, metadata, target.as_deref());
        Ok(Success(entry))
    }

    /// Measure a tree
    ///
    /// Counts what is at and below a path, links not followed. What cannot be looked at is
    /// among `errors`, and the rest is counted.
    #[oai(
        path = "/connections/:session_id/size",
        method = "get",
        operation_id = "treeSize"
    )]
    async fn size(
        &self,
        caller: Caller,
        session_id: Path<String>,
        /// The top; a relative path is taken from the login directory, which is also the default.
        path: Query<Option<String>>,
    ) -> Answer<TreeObject> {
        let session = self.0.session(&caller, &session_id)?;
        let fs = session.fs();
        let path = named(&fs, path.0).await?;
        Ok(Success(tree::tree_size(&fs, &path).await?.into()))
    }

    /// Space of the file system that holds a path
    ///
    /// 501 where the server does not tell, as over FTP.
    #[oai(
        path = "/connections/:session_id/space",
        method = "get",
        operation_id = "space"
    )]
    async fn space(
        &self,
        caller: Caller,
        session_id: Path<String>,
        /// A path; a relative one is taken from the login directory, which is also the default.
        path: Query<Option<String>>,
    ) -> Answer<SpaceObject> {
        let session = self.0.session(&caller, &session_id)?;
        let fs = session.fs();
        let path = named(&fs, path.0).await?;
        Ok(Success(fs.space(&path).await?.into()))
    }

    /// Checksum of a file, computed by its server
    ///
    /// The file's bytes do not cross the network. Which algorithms there are is among the
    /// session's capabilities; the others answer 501.
    #[oai(
        path = "/connections/:session_id/checksum",
        method = "get",
        operation_id = "checksum"
    )]
    async fn checksum(
        &self,
        caller: Caller,
        session_id: Path<String>,
        /// The file; a relative path is taken from the login directory.
        path: Query<String>,
        /// `crc32`, `md5`, `sha1`, `sha256` or `sha512`.
        algorithm: Query<String>,
    ) -> Answer<ChecksumObject> {
        let session = self.0.session(&caller, &session_id)?;
        let fs = session.fs();
        let algorithm: ChecksumAlgorithm = algorithm.0.parse()?;
        let path = named(&fs, Some(path.0)).await?;
        let checksum = fs.checksum(&path, algorithm).await?;
        Ok(Success(ChecksumObject::new(algorithm, &checksum)))
    }
}

/// The path of a query; without one, the login directory.
async fn named(fs: &Arc<dyn RemoteFs>, sent: Option<String>) -> Outcome<RemotePath> {
    let path = match sent {
        Some(sent) => remote_path(fs, &sent).await,
        None => fs.home().await,
    };
    path.map_err(|e| path_problem(&e, "path"))
}

/// Entries as objects, in their order; links with where they lead.
async fn objects(
    fs: &Arc<dyn RemoteFs>,
    directory: &RemotePath,
    entries: Vec<Entry>,
) -> Result<Vec<EntryObject>> {
    let made: Vec<Result<EntryObject>> = stream::iter(entries)
        .map(|entry| async move {
            let path = directory.join(&entry.name);
            let target = match (entry.link_target, entry.metadata.file_type) {
                (None, FileType::Symlink) => link_target(fs, path.as_ref()).await?,
                (target, _) => target,
            };
            let path = path.as_ref().ok();
            Ok(EntryObject::new(
                &entry.name,
                path,
                entry.metadata,
                target.as_deref(),
            ))
        })
        .buffered(LINKS_AT_ONCE)
        .collect()
        .await;
    made.into_iter().collect()
}

/// Where a link leads; `None` when that cannot be told.
async fn link_target(
    fs: &Arc<dyn RemoteFs>,
    link: Result<&RemotePath, &Error>,
) -> Result<Option<Vec<u8>>> {
    let Ok(link) = link else { return Ok(None) };
    if !fs.capabilities().symlinks {
        return Ok(None);
    }
    match fs.read_link(link).await {
        Ok(target) => Ok(Some(target)),
        // The connection's end is the listing's; everything else is the link's.
        Err(e) if e.kind() == ErrorKind::ConnectionLost => Err(e),
        Err(_) => Ok(None),
    }
}

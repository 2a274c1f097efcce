//! [`RemoteFs`] over FTP, as far as the protocol goes.

use super::attributes;
use super::change;
use super::checksum;
use super::directory;
use super::facts::Facts;
use super::link::Link;
use super::lookup::{self, Purpose, Sight};
use super::pool::{Pool, Repeat};
use super::skills::Skill;
use super::stream::Feed;
use super::{read, write};
use crate::checksum::ChecksumAlgorithm;
use crate::error::{Error, ErrorKind, Result};
use crate::fs::{
    Capabilities, DirPages, Entry, FileReader, FileType, FileWriter, Metadata, Overwrite, RemoteFs,
    SetAttributes, SpaceInfo, WriteOptions,
};
use crate::path::RemotePath;
use async_trait::async_trait;
use std::sync::Arc;

/// Entries of one page.
const PAGE_ENTRIES: usize = 512;
/// Pages under way.
const PAGES_DEPTH: usize = 4;

/// The files of one login.
pub(super) struct FtpFs {
    pool: Arc<Pool>,
    facts: Arc<Facts>,
}

impl FtpFs {
    /// Over a pool that has logged in, with what it learned.
    pub(super) fn new(pool: Arc<Pool>, facts: Arc<Facts>) -> Self {
        Self { pool, facts }
    }

    fn sendable(&self, path: &RemotePath) -> Result<RemotePath> {
        self.facts.names.sendable("path", path)
    }

    async fn look(
        &self,
        operation: &'static str,
        path: &RemotePath,
        through: bool,
    ) -> Result<Metadata> {
        let path = self.sendable(path)?;
        self.pool
            .run(operation, Repeat::Freely, move |link| {
                let sight = if through {
                    lookup::look_through(link, operation, &path)
                } else {
                    lookup::look(link, operation, &path)
                };
                let mut sight = sight.map_err(|wire| wire.into_error(operation))?;
                complete(link, operation, &path, &mut sight)?;
                lookup::answer(sight, operation, &path)
            })
            .await
    }
}

/// `LIST` rounds times and gives them in the server's zone; `MDTM` is exact.
fn complete(
    link: &mut Link,
    operation: &'static str,
    path: &RemotePath,
    sight: &mut Sight,
) -> Result<()> {
    let facts = link.facts();
    if let Sight::Seen(metadata, _) = sight
        && metadata.file_type == FileType::File
        && !facts.mlst
        && facts.mdtm
    {
        let exact =
            lookup::modified(link, operation, path).map_err(|wire| wire.into_error(operation))?;
        metadata.modified = exact.or(metadata.modified);
    }
    Ok(())
}

fn unsupported(operation: &'static str, what: &str) -> Error {
    Error::new(ErrorKind::Unsupported, operation, what)
}

#[async_trait]
impl RemoteFs for FtpFs {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            set_permissions: self.facts.chmod.skill() != Skill::Lacks,
            set_times: self.facts.times.may_work(),
            write_at: self.facts.write_at,
            append: true,
            byte_names: true,
            checksums: self.facts.checksums,
            ..Capabilities::default()
        }
    }

    async fn home(&self) -> Result<RemotePath> {
        Ok(self.facts.home.clone())
    }

    async fn stat(&self, path: &RemotePath) -> Result<Metadata> {
        self.look("stat", path, true).await
    }

    async fn lstat(&self, path: &RemotePath) -> Result<Metadata> {
        self.look("lstat", path, false).await
    }

    async fn list(&self, path: &RemotePath) -> Result<Box<dyn DirPages>> {
        const OPERATION: &str = "list directory";
        let path = self.sendable(path)?;
        let feed = Feed::start(&self.pool, OPERATION, PAGES_DEPTH, move |link, pump| {
            let mut page = Vec::new();
            directory::list(link, OPERATION, &path, &mut |entry| {
                page.push(entry);
                if page.len() == PAGE_ENTRIES {
                    pump.send(std::mem::take(&mut page))?;
                }
                Ok(())
            })?;
            if !page.is_empty() {
                pump.send(page)?;
            }
            Ok(())
        })
        .await?;
        Ok(Box::new(Pages(feed)))
    }

    async fn open_read(&self, path: &RemotePath, offset: u64) -> Result<Box<dyn FileReader>> {
        read::open(&self.pool, self.sendable(path)?, offset).await
    }

    async fn open_write(
        &self,
        path: &RemotePath,
        options: WriteOptions,
    ) -> Result<Box<dyn FileWriter>> {
        write::open(&self.pool, self.sendable(path)?, options).await
    }

    async fn create_dir(&self, path: &RemotePath) -> Result<()> {
        const OPERATION: &str = "create directory";
        let path = self.sendable(path)?;
        self.pool
            .run(OPERATION, Repeat::Never, move |link| {
                change::simple(
                    link,
                    OPERATION,
                    "MKD",
                    &path,
                    &[257, 250, 200],
                    Purpose::Create,
                )
            })
            .await
    }

    async fn remove_file(&self, path: &RemotePath) -> Result<()> {
        let path = self.sendable(path)?;
        self.pool
            .run("remove file", Repeat::Never, move |link| {
                change::remove_file(link, &path)
            })
            .await
    }

    async fn remove_dir(&self, path: &RemotePath) -> Result<()> {
        const OPERATION: &str = "remove directory";
        let path = self.sendable(path)?;
        self.pool
            .run(OPERATION, Repeat::Never, move |link| {
                change::simple(
                    link,
                    OPERATION,
                    "RMD",
                    &path,
                    &[250, 200],
                    Purpose::RemoveDir,
                )
            })
            .await
    }

    async fn rename(&self, from: &RemotePath, to: &RemotePath, overwrite: Overwrite) -> Result<()> {
        const OPERATION: &str = "rename";
        let names = self.facts.names;
        let from = names.sendable("from", from)?;
        let (to, pool) = (names.sendable("to", to)?, Arc::clone(&self.pool));
        let work = async move {
            pool.run(OPERATION, Repeat::Freely, move |link| {
                change::rename(link, &from, &to, overwrite)
            })
            .await
        };
        match overwrite {
            Overwrite::Refuse => work.await,
            // The old file may be aside for a moment.
            Overwrite::Replace => self.pool.see_through(OPERATION, work).await,
        }
    }

    async fn set_attributes(&self, path: &RemotePath, changes: &SetAttributes) -> Result<()> {
        const OPERATION: &str = "set attributes";
        let can = self.capabilities();
        let denied = [
            (changes.owner.is_some(), "FTP cannot change the owner"),
            (changes.size.is_some(), "FTP cannot change the length"),
            (
                changes.permissions.is_some() && !can.set_permissions,
                "the server cannot change permissions",
            ),
            (
                changes.modified.is_some() && !can.set_times,
                "the server cannot change times",
            ),
            (
                changes.accessed.is_some() && changes.modified.is_none(),
                "FTP cannot change the time of the last read",
            ),
        ];
        if let Some((_, what)) = denied.iter().find(|(wanted, _)| *wanted) {
            return Err(unsupported(OPERATION, what));
        }
        let (path, changes) = (self.sendable(path)?, changes.clone());
        self.pool
            .run(OPERATION, Repeat::Freely, move |link| {
                attributes::set(link, &path, &changes)
            })
            .await
    }

    async fn symlink(&self, _target: &[u8], _link: &RemotePath) -> Result<()> {
        Err(unsupported("create link", "FTP cannot create links"))
    }

    async fn read_link(&self, _path: &RemotePath) -> Result<Vec<u8>> {
        Err(unsupported("read link", "FTP cannot read links"))
    }

    async fn space(&self, _path: &RemotePath) -> Result<SpaceInfo> {
        Err(unsupported(
            "space",
            "FTP does not tell the space of a disk",
        ))
    }

    async fn checksum(&self, path: &RemotePath, algorithm: ChecksumAlgorithm) -> Result<Vec<u8>> {
        let path = self.sendable(path)?;
        self.pool
            .run("checksum", Repeat::Freely, move |link| {
                checksum::compute(link, &path, algorithm)
            })
            .await
    }
}

struct Pages(Feed<Vec<Entry>>);

#[async_trait]
impl DirPages for Pages {
    async fn next_page(&mut self) -> Result<Option<Vec<Entry>>> {
        self.0.next().await
    }
}

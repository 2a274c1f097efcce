//! Files over SFTP version 3 (draft-ietf-secsh-filexfer-02) with OpenSSH's extensions.
//!
//! # Why a client of our own
//! The protocol's client side is small, and what matters here is what libraries leave out:
//! - names stay bytes, and the server's error text is kept (`russh-sftp` decodes names
//!   lossily; libssh2 keeps neither text nor most codes);
//! - a directory is listed page by page, so that a million entries need no memory
//!   (`openssh-sftp-client` offers a stream over one request at a time);
//! - `statvfs`, by path and by handle, belongs to it;
//! - what a reader asks for follows the round trip and the caller's own speed, within a
//!   bound for each transfer, as the SSH engine's contract demands;
//! - every request can be given up at any time without a leaked handle, and a session that
//!   falls silent ends by a clock;
//! - a server that lies about a length, a count or an id ends its own session and nothing
//!   else.
//!
//! Half of that would have had to be built beside a library, over the same channel.
//!
//! It stands on one [`Channel`], and on further ones where they are to be had and a file
//! that is written gains by them ([`stripes`]). It must not know which engine they belong to.

mod attrs;
mod call;
mod client;
mod codec;
mod copy;
mod frames;
mod further;
mod handshake;
mod list;
mod longname;
mod look;
mod open;
mod pace;
mod read;
mod rename;
mod reply;
mod request;
mod space;
mod status;
mod stripes;
mod table;
mod tasks;
mod write;

#[cfg(test)]
pub(crate) mod tests;

pub(crate) use further::{Held, SpareChannels};
pub(crate) use handshake::{Extensions, Limits};

use crate::checksum::ChecksumAlgorithms;
use crate::error::{Error, ErrorKind, Result};
use crate::fs::{
    Capabilities, DirPages, FileReader, FileType, FileWriter, Metadata, Overwrite, RemoteFs,
    SetAttributes, SpaceInfo, WriteMode, WriteOptions,
};
use crate::path::{MAX_PATH_BYTES, RemotePath};
use crate::ssh::engine::Channel;
use async_trait::async_trait;
use attrs::Attrs;
use client::Client;
use codec::Fields;
use further::Further;
use list::SftpPages;
use read::SftpReader;
use request::Request;
use status::{Doing, Fault};
use std::sync::Arc;
use std::time::Duration;
use stripes::Stripes;
use tokio::sync::OnceCell;
use write::SftpWriter;

/// The files of one account, over one SFTP session.
pub(crate) struct SftpFs {
    client: Arc<Client>,
    further: Arc<Further>,
    extensions: Extensions,
    limits: Limits,
    /// Where the session stands does not change.
    home: OnceCell<RemotePath>,
}

impl SftpFs {
    /// Starts a session on a channel on which the `sftp` subsystem runs.
    ///
    /// `no_progress` bounds every wait: when nothing moves for so long while replies are
    /// due, the session ends with `TimedOut`. Large files over long lines are written over
    /// what `spare` gives too.
    ///
    /// # Errors
    /// `Protocol` when what answers is not SFTP (a shell's greeting, an account without
    /// it), `Unsupported` for a version below 3, `TimedOut`, `ConnectionLost`.
    pub(crate) async fn open_with(
        mut channel: Channel,
        no_progress: Duration,
        spare: Option<Box<dyn SpareChannels>>,
    ) -> Result<Arc<Self>> {
        let (frames, extensions) = match handshake::exchange(&mut channel, no_progress).await {
            Ok(exchanged) => exchanged,
            Err(error) => {
                channel.sender.close().await;
                return Err(error);
            }
        };
        let client = Client::start(channel, frames, handshake::MAX_PACKET, no_progress, None);
        let limits = handshake::limits(&client, &extensions).await?;
        Ok(Arc::new(Self {
            client,
            further: Arc::new(Further::new(spare, no_progress)),
            extensions,
            limits,
            home: OnceCell::new(),
        }))
    }

    /// As [`SftpFs::open_with`], with nothing to spare.
    #[cfg(test)]
    pub(crate) async fn open(channel: Channel, no_progress: Duration) -> Result<Arc<Self>> {
        Self::open_with(channel, no_progress, None).await
    }

    /// What the server offers beyond version 3.
    pub(crate) fn extensions(&self) -> &Extensions {
        &self.extensions
    }

    /// Whether requests can still be made.
    pub(crate) fn is_alive(&self) -> bool {
        self.client.is_alive()
    }

    /// Ends the session and everything on it, under a second and whatever the network
    /// does. Operations under way end with `Cancelled`.
    pub(crate) async fn close(&self) {
        tokio::join!(self.client.close(), self.further.close());
    }
}

/// A better kind where a look gave one.
fn explained(doing: Doing<'_>, kind: Option<ErrorKind>, fault: Fault) -> Error {
    match kind {
        Some(kind) => doing.failed_as(kind, fault),
        None => doing.failed(fault),
    }
}

fn malformed(doing: Doing<'_>, what: &str) -> Error {
    doing.error(
        ErrorKind::Protocol,
        format!("the server's answer makes no sense: {what}"),
    )
}

#[async_trait]
impl RemoteFs for SftpFs {
    fn capabilities(&self) -> Capabilities {
        let posix_rename = self.extensions.posix_rename();
        Capabilities {
            set_permissions: true,
            set_times: true,
            set_owner: true,
            truncate: true,
            symlinks: true,
            space: self.extensions.statvfs(),
            write_at: true,
            append: true,
            atomic_replace: posix_rename,
            // A server that tells the two renames apart refuses in the plain one.
            atomic_create: posix_rename,
            fsync: self.extensions.fsync(),
            byte_names: true,
            server_copy: self.extensions.copy_data(),
            checksums: ChecksumAlgorithms::NONE,
        }
    }

    fn waits_together(&self) -> bool {
        true
    }

    async fn home(&self) -> Result<RemotePath> {
        let root = RemotePath::root();
        let doing = Doing {
            operation: "find home directory",
            path: &root,
        };
        let find = async {
            let name = self.client.one_name(Request::RealPath(b".")).await;
            let name = name.map_err(|fault| doing.failed(fault))?;
            RemotePath::parse(&name, &root).map_err(|error| malformed(doing, error.message()))
        };
        self.home.get_or_try_init(|| find).await.cloned()
    }

    async fn stat(&self, path: &RemotePath) -> Result<Metadata> {
        let doing = Doing {
            operation: "look up",
            path,
        };
        match self.client.attrs(Request::Stat(path.as_bytes())).await {
            Ok(attrs) => Ok(attrs.metadata()),
            Err(fault) => Err(doing.failed(fault)),
        }
    }

    async fn lstat(&self, path: &RemotePath) -> Result<Metadata> {
        let doing = Doing {
            operation: "look up",
            path,
        };
        match self.client.attrs(Request::Lstat(path.as_bytes())).await {
            Ok(attrs) => Ok(attrs.metadata()),
            Err(fault) => Err(doing.failed(fault)),
        }
    }

    async fn list(&self, path: &RemotePath) -> Result<Box<dyn DirPages>> {
        let doing = Doing {
            operation: "list directory",
            path,
        };
        match self.client.open(Request::OpenDir(path.as_bytes())).await {
            Ok(handle) => Ok(Box::new(SftpPages::new(handle, path.clone()))),
            Err(fault) => {
                let kind = look::why_not_listed(&self.client, path, &fault).await;
                Err(explained(doing, kind, fault))
            }
        }
    }

    async fn open_read(&self, path: &RemotePath, offset: u64) -> Result<Box<dyn FileReader>> {
        let (handle, size) = open::for_reading(&self.client, path).await?;
        Ok(Box::new(SftpReader::new(
            handle,
            path.clone(),
            self.limits.read,
            offset,
            size,
        )))
    }

    async fn open_seen(
        &self,
        path: &RemotePath,
        seen: &Metadata,
        offset: u64,
    ) -> Result<Box<dyn FileReader>> {
        if seen.file_type != FileType::File {
            return self.open_read(path, offset).await;
        }
        let handle = open::regular(&self.client, path).await?;
        Ok(Box::new(SftpReader::new(
            handle,
            path.clone(),
            self.limits.read,
            offset,
            seen.size.filter(|size| *size > 0),
        )))
    }

    async fn open_write(
        &self,
        path: &RemotePath,
        options: WriteOptions,
    ) -> Result<Box<dyn FileWriter>> {
        let (handle, offset) = open::for_writing(&self.client, path, options).await?;
        let fresh = !matches!(options.mode, WriteMode::At(_));
        let further = (options.mode == WriteMode::CreateNew && self.extensions.fsync())
            .then(|| self.further.clone());
        Ok(Box::new(SftpWriter::new(
            Stripes::new(handle, further),
            path.clone(),
            self.limits.write,
            (offset, fresh),
            &self.extensions,
        )))
    }

    async fn create_dir(&self, path: &RemotePath) -> Result<()> {
        let doing = Doing {
            operation: "create directory",
            path,
        };
        match self.client.perform(Request::MakeDir(path.as_bytes())).await {
            Ok(()) => Ok(()),
            Err(fault) => {
                let kind = look::why_not_created(&self.client, path, &fault).await;
                Err(explained(doing, kind, fault))
            }
        }
    }

    async fn remove_file(&self, path: &RemotePath) -> Result<()> {
        let doing = Doing {
            operation: "remove file",
            path,
        };
        match self.client.perform(Request::Remove(path.as_bytes())).await {
            Ok(()) => Ok(()),
            Err(fault) => {
                let kind = look::why_file_stays(&self.client, path, &fault).await;
                Err(explained(doing, kind, fault))
            }
        }
    }

    async fn remove_dir(&self, path: &RemotePath) -> Result<()> {
        let doing = Doing {
            operation: "remove directory",
            path,
        };
        let request = Request::RemoveDir(path.as_bytes());
        match self.client.perform(request).await {
            Ok(()) => Ok(()),
            Err(fault) => {
                let kind = look::why_directory_stays(&self.client, path, &fault).await;
                Err(explained(doing, kind, fault))
            }
        }
    }

    async fn rename(&self, from: &RemotePath, to: &RemotePath, overwrite: Overwrite) -> Result<()> {
        let posix = self.extensions.posix_rename();
        rename::rename(&self.client, posix, from, to, overwrite, None).await
    }

    async fn set_attributes(&self, path: &RemotePath, changes: &SetAttributes) -> Result<()> {
        let doing = Doing {
            operation: "set attributes",
            path,
        };
        let (mut attrs, accessed) = Attrs::of_changes(changes)?;
        if let Some(accessed) = accessed {
            // The other time stays what it is.
            let found = self.client.attrs(Request::Stat(path.as_bytes())).await;
            let found = found.map_err(|fault| doing.failed(fault))?;
            let modified = found.times.map_or(accessed, |(_, modified)| modified);
            attrs.times = Some((accessed, modified));
        }
        if attrs == Attrs::default() {
            return Ok(());
        }
        let request = Request::SetStat {
            path: path.as_bytes(),
            attrs,
        };
        let outcome = self.client.perform(request).await;
        outcome.map_err(|fault| doing.failed(fault))
    }

    async fn symlink(&self, target: &[u8], link: &RemotePath) -> Result<()> {
        if target.is_empty() || target.contains(&0) || target.len() > MAX_PATH_BYTES {
            return Err(Error::invalid(
                "target",
                format!("a link's target has 1 to {MAX_PATH_BYTES} bytes and no NUL"),
            ));
        }
        let doing = Doing {
            operation: "create link",
            path: link,
        };
        let request = Request::Symlink {
            target,
            link: link.as_bytes(),
        };
        match self.client.perform(request).await {
            Ok(()) => Ok(()),
            Err(fault) => {
                let kind = look::why_not_created(&self.client, link, &fault).await;
                Err(explained(doing, kind, fault))
            }
        }
    }

    async fn read_link(&self, path: &RemotePath) -> Result<Vec<u8>> {
        let doing = Doing {
            operation: "read link",
            path,
        };
        let request = Request::ReadLink(path.as_bytes());
        let target = self.client.one_name(request).await;
        match target {
            Ok(target) => Ok(target.to_vec()),
            Err(fault) => Err(doing.failed(fault)),
        }
    }

    async fn space(&self, path: &RemotePath) -> Result<SpaceInfo> {
        let doing = Doing {
            operation: "ask for space",
            path,
        };
        if !self.extensions.statvfs() {
            return Err(doing.error(
                ErrorKind::Unsupported,
                "the server does not offer statvfs@openssh.com",
            ));
        }
        let request = Request::Extended {
            name: "statvfs@openssh.com",
            strings: &[path.as_bytes()],
        };
        let answer = self.client.extended(request).await;
        let answer = answer.map_err(|fault| doing.failed(fault))?;
        space::parse_space(&mut Fields::new(answer)).map_err(|bad| malformed(doing, &bad.0))
    }
}

//! SSH: one login, then files, commands and more side by side.
//!
//! Everything here is written once, above `engine`; which library speaks the protocol
//! is a choice of the target. Knows nothing of sessions, owners and expiry.

pub(crate) mod auth;
mod backlog;
pub(crate) mod banner;
pub(crate) mod engine;
pub(crate) mod exec;
pub(crate) mod keys;
pub(crate) mod links;
pub(crate) mod login;
mod quote;
pub(crate) mod sftp;
mod spool;
pub(crate) mod terminal;

#[cfg(test)]
mod test_sshd;
#[cfg(test)]
mod tests;

use crate::error::{Error, ErrorKind, Result};
use crate::exec::{ExecOutput, ExecRequest};
use crate::fs::RemoteFs;
use crate::target::SshTarget;
use crate::terminal::TerminalRequest;
use crate::trust::TrustStore;
use async_trait::async_trait;
use engine::{Channel, ChannelKind, ChannelRequest, HostKeyCheck, Link};
use links::{Links, Slot, Spare};
use login::Login;
use sftp::SpareChannels;
use std::sync::Arc;

pub use auth::{LOG_IN, SERVER_SAID};
pub use banner::{PEER_SAID, READ_BANNER};
pub use engine::Negotiated;
pub use exec::{RUN_COMMAND, RunningCommand};
pub(crate) use terminal::Taker;
pub use terminal::{Terminal, TerminalInput, TerminalOutput};

/// [`Error::operation`] of opening SFTP on a fresh connection.
pub const OPEN_SFTP: &str = "open sftp";

/// One login on one server: the first link carries the files, and more are opened with
/// the same login when the server allows too few channels on one.
pub struct SshConnection {
    files: Arc<sftp::SftpFs>,
    links: Links,
    running: exec::Running,
}

impl SshConnection {
    /// Connects, checks the server, logs in and opens SFTP. Given up half-way, it leaves
    /// nothing behind.
    ///
    /// The login is kept as long as the connection, for further links.
    ///
    /// # Errors
    /// Those of the private key; `HostNotFound`, `ConnectionRefused`, `Unreachable`,
    /// `TimedOut` with the operation [`crate::CONNECT`]; `TimedOut` and `Protocol` with
    /// [`READ_BANNER`] for a peer that is no SSH server; those of the trust store;
    /// `AuthenticationFailed`; `Unsupported` with [`OPEN_SFTP`] for a server without SFTP.
    pub async fn connect(target: &SshTarget, trust: &TrustStore) -> Result<Self> {
        let check = trust.host_key_check(&target.host, target.port);
        Self::connect_checked(target, check).await
    }

    pub(crate) async fn connect_checked(
        target: &SshTarget,
        host_key: Arc<dyn HostKeyCheck>,
    ) -> Result<Self> {
        let login = Login::prepare(target, host_key).await?;
        let link = login.open().await?;
        let links = Links::new(link, login, target.links);
        match open_files(target, &links).await {
            Ok(files) => Ok(Self {
                files,
                links,
                running: exec::Running::default(),
            }),
            Err(error) => {
                links.close().await;
                Err(error)
            }
        }
    }

    /// The account's files.
    pub fn fs(&self) -> Arc<dyn RemoteFs> {
        self.files.clone()
    }

    /// Runs a command to its end, beside everything else on the connection. Dropping the
    /// future ends the remote process, where the server allows it. Where the server has no
    /// room for it, it waits for another to end, or runs on a further link.
    ///
    /// The command is over when the server closes its channel, which OpenSSH does once
    /// the process has exited and no child holds its output open.
    ///
    /// # Errors
    /// `InvalidInput` for a command with a NUL, and for what else cannot be right;
    /// `TimedOut`; `Unsupported` when the account may not run commands; `ChannelRefused`
    /// when the server has room on no link and nothing is running that could make some;
    /// `ConnectionLost`; `LocalIo` and `NoSpace` of this machine's disk.
    pub async fn exec(&self, request: ExecRequest) -> Result<ExecOutput> {
        self.start_exec(request).await?.output().await
    }

    /// Starts a command and hands out what comes of it while it runs. It is running, as far
    /// as the server says, when this returns. What is said of [`SshConnection::exec`] holds
    /// here as well.
    ///
    /// # Errors
    /// Those of [`SshConnection::exec`].
    pub async fn start_exec(&self, request: ExecRequest) -> Result<RunningCommand> {
        self.start_exec_holding(request, Vec::new()).await
    }

    /// Starts a command and keeps something until it has ended.
    pub(crate) async fn start_exec_holding(
        &self,
        request: ExecRequest,
        held: Vec<terminal::Held>,
    ) -> Result<RunningCommand> {
        exec::start(&self.links, &self.running, request, held).await
    }

    /// Opens a terminal, beside everything else on the connection. It has its size before
    /// anything runs in it.
    ///
    /// # Errors
    /// `InvalidInput` for a size or a text out of bounds; `Unsupported` when the account
    /// may have no terminal; `ChannelRefused`; `ConnectionLost`; `TimedOut`.
    pub async fn open_terminal(&self, request: TerminalRequest) -> Result<Terminal> {
        self.open_terminal_holding(request, Vec::new()).await
    }

    /// Opens a terminal and keeps something until it has ended.
    pub(crate) async fn open_terminal_holding(
        &self,
        request: TerminalRequest,
        mut held: Vec<terminal::Held>,
    ) -> Result<Terminal> {
        request.check()?;
        let (channel, slot) = self.open_channel(ChannelKind::Terminal).await?;
        held.push(Box::new(slot));
        terminal::open(channel, request, held).await
    }

    /// Opens a terminal whose output one taker gets, and keeps something until it has ended.
    pub(crate) async fn open_terminal_for(
        &self,
        request: TerminalRequest,
        mut held: Vec<terminal::Held>,
        taker: Arc<impl Taker>,
    ) -> Result<TerminalInput> {
        request.check()?;
        let (channel, slot) = self.open_channel(ChannelKind::Terminal).await?;
        held.push(Box::new(slot));
        terminal::open_for(channel, request, held, taker).await
    }

    /// What was negotiated on the first link.
    pub fn negotiated(&self) -> &Negotiated {
        self.links.first().negotiated()
    }

    /// How many links to the server are open.
    pub fn links(&self) -> usize {
        self.links.count()
    }

    /// The SFTP extensions the server offers, each with its version or data.
    pub fn sftp_extensions(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.extensions().iter()
    }

    /// Whether the first link and the files on it can still be used.
    pub fn is_alive(&self) -> bool {
        self.links.first().is_alive() && self.files.is_alive()
    }

    /// Waits until the connection is dead or closed. A further link that dies ends what
    /// ran on it, and not the connection.
    pub async fn closed(&self) {
        self.links.first().closed().await;
    }

    /// Closes the connection and everything on it, within a second. Commands are ended
    /// first, where the server allows it and is there to hear it.
    pub async fn close(&self) {
        self.running.end().await;
        tokio::join!(self.files.close(), self.links.close());
    }

    /// The link tunnels go through: the one the connection lives as long as.
    pub(crate) fn tunnel_link(&self) -> Arc<dyn Link> {
        self.links.first().clone()
    }

    /// Opens a channel of its own, for what is built above: terminals and tunnels. The
    /// slot is its place on its link, to be dropped after the channel.
    ///
    /// # Errors
    /// `ChannelRefused`: for a session as of [`SshConnection::exec`], for a tunnel when
    /// the server will not or cannot reach its end; `ConnectionLost`.
    pub(crate) async fn open_channel(&self, kind: ChannelKind) -> Result<(Channel, Slot)> {
        self.links.channel(kind).await
    }
}

async fn open_files(target: &SshTarget, links: &Links) -> Result<Arc<sftp::SftpFs>> {
    let link = links.first();
    let opening = async {
        let mut channel = link.open(ChannelKind::Session).await?;
        start_sftp(&mut channel).await?;
        let spare = Box::new(links.spare());
        sftp::SftpFs::open_with(channel, target.timeouts.no_progress, Some(spare)).await
    };
    match opening.await {
        Ok(files) => Ok(files),
        // The link is well: it is the server that has no SFTP, and said so or just
        // closed the channel.
        Err(error)
            if link.is_alive()
                && matches!(
                    error.kind(),
                    ErrorKind::Unsupported | ErrorKind::ConnectionLost | ErrorKind::Protocol
                ) =>
        {
            let reason = error.message().to_owned();
            Err(
                Error::new(ErrorKind::Unsupported, OPEN_SFTP, "Channel closed.")
                    .with("reason", reason)
                    .caused_by(error),
            )
        }
        Err(error) => Err(error),
    }
}

async fn start_sftp(channel: &mut Channel) -> Result<()> {
    let subsystem = ChannelRequest::Subsystem("sftp".to_owned());
    channel.sender.request(subsystem).await
}

#[async_trait]
impl SpareChannels for Spare {
    async fn spare(&self, most: usize) -> Vec<(Channel, sftp::Held)> {
        let sessions = self.sessions(most).await.into_iter();
        let starting = sessions.map(|(mut channel, slot)| async move {
            match start_sftp(&mut channel).await {
                Ok(()) => Some((channel, Box::new(slot) as sftp::Held)),
                Err(error) => {
                    tracing::debug!(%error, "no SFTP on a further channel");
                    drop(channel);
                    drop(slot);
                    None
                }
            }
        });
        let started = futures::future::join_all(starting).await;
        started.into_iter().flatten().collect()
    }
}

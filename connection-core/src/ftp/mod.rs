//! FTP and FTPS on `suppaftp`.
//!
//! One login is a small `pool` of control connections, because FTP does one thing at a
//! time on each; every operation borrows one and runs on a thread of its own, and the
//! caller waits on channels only. `link` is one such connection, `login` makes it,
//! `tls` secures it, `listing` understands what it lists, and `lookup` asks why
//! something was refused. Only this folder knows `suppaftp`.
//!
//! `suppaftp` writes every command to the `log` crate, `PASS` and `ACCT` included, at the
//! levels `debug` and `trace`. A program that forwards `log` records must keep the target
//! `suppaftp` at `info`.

mod active;
mod address;
mod attempts;
mod attributes;
mod change;
mod charset;
mod checksum;
mod conn;
mod data;
mod deadline;
mod details;
mod dial;
mod directory;
mod door;
mod facts;
mod files;
mod iac;
mod inbox;
mod interrupt;
mod keepalive;
mod link;
mod listing;
mod login;
mod lookup;
mod pool;
mod read;
mod reply;
mod room;
mod settle;
mod sign_in;
mod skills;
mod stream;
#[cfg(test)]
mod tests;
mod tls;
mod write;
mod zone;

pub use details::{FtpDetails, FtpTls};
pub use door::SECURE;
pub use sign_in::WANTS_TLS;
pub use tls::HANDSHAKE as TLS_HANDSHAKE;

use crate::error::{Error, ErrorKind, Result};
use crate::fs::RemoteFs;
use crate::target::{FtpSecurity, FtpTarget};
use crate::trust::TrustStore;
use facts::Facts;
use files::FtpFs;
use keepalive::Upkeep;
use pool::{Pool, Repeat};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tls::{CertificateCheck, TlsClient};

/// Connecting has four steps, each under the connect clock: lookup, TCP, TLS, login.
const CONNECT_STEPS: u32 = 4;
/// How long `close` waits for the threads, which end as soon as their sockets are shut.
const CLOSE_LIMIT: Duration = Duration::from_millis(900);

/// The control connections of one login, at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FtpConnections {
    /// Most there may be: [`FtpTarget::connections`].
    pub limit: usize,
    /// Most the server allows, where it refused one more; `None` while it has not. One more
    /// is tried again later, after waits that grow.
    pub allowed: Option<usize>,
    /// Those there are, those being opened included.
    pub open: usize,
    /// Of these, those in use or being opened.
    pub busy: usize,
    /// Operations that wait for one.
    pub waiting: usize,
}

/// One FTP login.
pub struct FtpConnection {
    fs: Arc<dyn RemoteFs>,
    facts: Arc<Facts>,
    pool: Arc<Pool>,
}

impl FtpConnection {
    /// Connects, secures the connection as the target says, checks the server, and logs in.
    ///
    /// # Errors
    /// `HostNotFound`, `ConnectionRefused`, `Unreachable`, `TimedOut`, `ConnectionLost` (with
    /// an empty message when the server closed without a word), `Protocol`; `LimitReached`
    /// when the server has too many connections; `Unsupported` when it cannot do TLS;
    /// `NoCommonAlgorithm`, and those of the trust store; `AuthenticationFailed`, and
    /// `PermissionDenied` when the login is refused for another reason. The message is the
    /// server's own reply where it sent one: `530 Login incorrect.`
    pub async fn connect(target: &FtpTarget, trust: &TrustStore) -> Result<Self> {
        let keepalive = target
            .timeouts
            .keepalive
            .map(|interval| interval.max(keepalive::MIN_INTERVAL));
        let (trust, host, port) = (trust.clone(), target.host.clone(), target.port);
        let check =
            Arc::new(move |leaf: &[u8], chain| trust.check_certificate(&host, port, leaf, chain));
        Self::connect_with(target, check, keepalive).await
    }

    async fn connect_with(
        target: &FtpTarget,
        check: CertificateCheck,
        keepalive: Option<Duration>,
    ) -> Result<Self> {
        Self::connect_kept(target, check, Upkeep::probing(keepalive)).await
    }

    async fn connect_kept(
        target: &FtpTarget,
        check: CertificateCheck,
        upkeep: Upkeep,
    ) -> Result<Self> {
        let addresses = crate::net::resolve(&target.host, target.port, target.timeouts.connect)
            .await
            .map_err(|e| e.with("host", target.host.as_str()))?;
        let pool = Self::log_in(target, check, &addresses).await?;
        let Some(facts) = pool.facts().cloned() else {
            return Err(Error::new(
                ErrorKind::Internal,
                "connect",
                "no login took place",
            ));
        };
        pool.track(keepalive::run(pool.clone(), upkeep));
        Ok(Self {
            fs: Arc::new(FtpFs::new(pool.clone(), facts.clone())),
            facts,
            pool,
        })
    }

    async fn log_in(
        target: &FtpTarget,
        check: CertificateCheck,
        addresses: &[SocketAddr],
    ) -> Result<Arc<Pool>> {
        let tls = match target.security {
            FtpSecurity::None => None,
            FtpSecurity::Explicit | FtpSecurity::Implicit => {
                Some(Arc::new(TlsClient::new(&target.host, target.port, check)?))
            }
        };
        let pool = Pool::new(target.clone(), addresses.to_vec(), tls);
        // Dropped with this future, it ends the login.
        let mut unfinished = ShutOnDrop(Some(pool.clone()));
        let login = pool.run("connect", Repeat::Freely, |_| Ok(()));
        match tokio::time::timeout(target.timeouts.connect * CONNECT_STEPS, login).await {
            Ok(outcome) => outcome?,
            Err(_) => {
                return Err(Error::new(ErrorKind::TimedOut, "connect", "timed out")
                    .caused_by(std::io::Error::from(std::io::ErrorKind::TimedOut)));
            }
        }
        unfinished.0 = None;
        Ok(pool)
    }

    /// The account's files.
    pub fn fs(&self) -> Arc<dyn RemoteFs> {
        self.fs.clone()
    }

    /// What was agreed with the server and what it says of itself.
    pub fn details(&self) -> FtpDetails {
        details::details(&self.facts, self.pool.target())
    }

    /// Whether the server could be reached when it was last needed or probed. A single
    /// connection it closed for idleness is replaced silently and means nothing.
    pub fn is_alive(&self) -> bool {
        self.pool.is_alive()
    }

    /// The control connections there are, and how many there may be: the configured limit,
    /// and what the server turned out to allow.
    pub fn connections(&self) -> FtpConnections {
        let census = self.pool.census();
        FtpConnections {
            limit: census.limit,
            allowed: census.allowed,
            open: census.open,
            busy: census.busy,
            waiting: census.waiting,
        }
    }

    /// Closes every connection, within a second; what is under way ends as `Cancelled`.
    pub async fn close(&self) {
        self.pool.shut();
        self.pool.wait(CLOSE_LIMIT).await;
    }
}

impl Drop for FtpConnection {
    fn drop(&mut self) {
        self.pool.shut();
    }
}

struct ShutOnDrop(Option<Arc<Pool>>);

impl Drop for ShutOnDrop {
    fn drop(&mut self) {
        if let Some(pool) = &self.0 {
            pool.shut();
        }
    }
}

//! The tunnels of a session: who opens one, and what keeps the session in use.

use super::active::{ActiveSession, InUse, Session};
use super::clock::IdleClock;
use crate::error::{Error, ErrorKind, Result};
use crate::ssh::engine::ChannelKind;
use crate::tunnel::{Endpoint, Held, Hold, TunnelConnection, TunnelId, TunnelInfo, TunnelRequest};
use std::sync::Arc;

impl ActiveSession {
    /// Opens a tunnel, which lives until it or the session is closed. While a connection is
    /// open through it, the session is in use and does not expire; an idle tunnel keeps no
    /// session.
    ///
    /// # Errors
    /// `WrongSessionType` on FTP; `InvalidInput` for a request that cannot or may not be;
    /// `LimitReached` past [`crate::tunnel::MAX_TUNNELS`]; `AlreadyExists` when the port here is in
    /// use; `ChannelRefused` when the server refuses to listen; `PermissionDenied`,
    /// `HostNotFound` for the end of a remote tunnel; `ConnectionLost`.
    pub async fn open_tunnel(&self, request: TunnelRequest) -> Result<TunnelInfo> {
        let link = self.ssh()?.tunnel_link();
        let hold = hold(self.clock.clone());
        self.tunnels.open(request, link, hold).await
    }

    /// Has the server connect to a host and port, as [`crate::tunnel::TunnelKind::Local`] does for
    /// each connection, for a program that carries the bytes itself. While it is open, the
    /// session is in use.
    ///
    /// # Errors
    /// `WrongSessionType` on FTP; `LimitReached` past
    /// [`crate::tunnel::MAX_SESSION_CONNECTIONS`]; `ChannelRefused` when the server will not or
    /// cannot reach the end; `ConnectionLost`.
    pub async fn connect_tunnel(&self, end: &Endpoint) -> Result<TunnelConnection> {
        let ssh = self.ssh()?;
        let place = self.tunnels.place()?;
        let Some(held) = hold(self.clock.clone())() else {
            let message = "the session was closed meanwhile";
            return Err(Error::new(ErrorKind::Cancelled, "connect tunnel", message));
        };
        let kind = ChannelKind::DirectTcpip {
            host: end.host.clone(),
            port: end.port,
        };
        let (channel, slot) = ssh.open_channel(kind).await?;
        let held: Vec<Held> = vec![Box::new(slot), Box::new(place), held];
        Ok(self.tunnels.carry(channel, held))
    }
}

impl Session {
    /// The tunnels, in the order they were opened.
    ///
    /// # Errors
    /// `WrongSessionType` on FTP.
    pub fn tunnels(&self) -> Result<Vec<TunnelInfo>> {
        self.ssh()?;
        Ok(self.tunnels.list())
    }

    /// One tunnel.
    ///
    /// # Errors
    /// `WrongSessionType` on FTP; `NotFound`, also for a tunnel of another session.
    pub fn tunnel(&self, id: TunnelId) -> Result<TunnelInfo> {
        self.ssh()?;
        self.tunnels.get(id)
    }

    /// Closes a tunnel and every connection through it, within a second.
    ///
    /// # Errors
    /// As of [`Session::tunnel`].
    pub async fn close_tunnel(&self, id: TunnelId) -> Result<()> {
        self.ssh()?;
        self.tunnels.close_one(id).await
    }
}

/// Makes uses of the session that do not hold the session itself, so that one that nobody
/// holds any more ends with its tunnels.
fn hold(clock: Arc<IdleClock>) -> Hold {
    Arc::new(move || InUse::begin(&clock).map(|used| Box::new(used) as Held))
}

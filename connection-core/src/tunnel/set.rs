//! The tunnels of one session: opened within limits, looked at, and ended with everything
//! that runs on them.

use super::connection::{TunnelConnection, connect};
use super::counters::Counters;
use super::pile::MAX_PILED_TOGETHER;
use super::request::{Endpoint, Reach, TunnelKind, TunnelRequest};
use super::{Held, serve};
use crate::error::{Error, ErrorKind, Result, Side};
use crate::ssh::engine::{Channel, Link};
use chrono::{DateTime, Utc};
use std::fmt;
use std::io;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Tunnels of one session.
pub const MAX_TUNNELS: usize = 16;

/// Connections through all tunnels of one session.
pub const MAX_SESSION_CONNECTIONS: usize = 256;

/// Longest wait for the tasks of a closed tunnel, which wait for no network by then.
const CLOSE_WAIT: Duration = Duration::from_millis(900);

const OPEN: &str = "open tunnel";

/// The name of a tunnel: a random UUID, 122 bits that cannot be guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TunnelId(uuid::Uuid);

impl TunnelId {
    /// Parses the text form. Anything that is not a UUID names no tunnel: `None`.
    pub fn parse(text: &str) -> Option<Self> {
        uuid::Uuid::parse_str(text).ok().map(Self)
    }
}

impl fmt::Display for TunnelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.hyphenated())
    }
}

/// A tunnel at one moment.
#[derive(Debug, Clone)]
pub struct TunnelInfo {
    /// Its name.
    pub id: TunnelId,
    /// Direction and end.
    pub kind: TunnelKind,
    /// Where it listens: on this machine, or on the server for a remote one.
    pub listens_on: Endpoint,
    /// When it was opened, by the wall clock of that moment.
    pub opened_at: DateTime<Utc>,
    /// Whether it takes connections; not once the session's connection is gone.
    pub is_open: bool,
    /// Connections at once.
    pub max_connections: usize,
    /// Connections open now.
    pub connections: u64,
    /// Connections so far, refused ones left out.
    pub connections_total: u64,
    /// Connections that were turned away or led nowhere.
    pub connections_refused: u64,
    /// Bytes carried to the server.
    pub bytes_sent: u64,
    /// Bytes carried from the server.
    pub bytes_received: u64,
    /// What last went wrong, in at most 500 characters.
    pub last_error: Option<String>,
}

/// Keeps the session in use while what it returns is held; `None` once it is over.
pub(crate) type Hold = Arc<dyn Fn() -> Option<Held> + Send + Sync>;

/// What the connections of a session's tunnels go through and share.
#[derive(Clone)]
pub(super) struct Way {
    pub(super) link: Arc<dyn Link>,
    pub(super) hold: Hold,
    /// Room for what piles up.
    pub(super) together: Arc<Semaphore>,
    /// Room for connections.
    connections: Arc<Semaphore>,
}

/// A connection's place under both limits.
pub(super) type Place = (OwnedSemaphorePermit, OwnedSemaphorePermit);

pub(super) struct Tunnel {
    id: TunnelId,
    pub(super) kind: TunnelKind,
    pub(super) reach: Reach,
    listens_on: Endpoint,
    opened_at: DateTime<Utc>,
    max_connections: usize,
    room: Arc<Semaphore>,
    pub(super) counters: Counters,
    pub(super) closing: CancellationToken,
    pub(super) tasks: TaskTracker,
    _slot: OwnedSemaphorePermit,
}

impl Tunnel {
    /// A place for another connection.
    ///
    /// # Errors
    /// `LimitReached`.
    pub(super) fn place(&self, way: &Way) -> Result<Place> {
        let full = |text: String| move |_| limit("connect tunnel", text);
        let own = self.room.clone().try_acquire_owned().map_err(full(format!(
            "{} connections are open through this tunnel already",
            self.max_connections
        )))?;
        let shared = way.connections.clone().try_acquire_owned();
        let shared = shared.map_err(full(format!(
            "{MAX_SESSION_CONNECTIONS} connections are open through this session already"
        )))?;
        Ok((own, shared))
    }

    fn info(&self) -> TunnelInfo {
        let counters = &self.counters;
        TunnelInfo {
            id: self.id,
            kind: self.kind.clone(),
            listens_on: self.listens_on.clone(),
            opened_at: self.opened_at,
            is_open: !self.closing.is_cancelled(),
            max_connections: self.max_connections,
            connections: counters.open.load(Ordering::Relaxed),
            connections_total: counters.total.load(Ordering::Relaxed),
            connections_refused: counters.refused.load(Ordering::Relaxed),
            bytes_sent: counters.sent.load(Ordering::Relaxed),
            bytes_received: counters.received.load(Ordering::Relaxed),
            last_error: counters.last_error(),
        }
    }

    async fn close(&self) {
        self.closing.cancel();
        self.tasks.close();
        if tokio::time::timeout(CLOSE_WAIT, self.tasks.wait())
            .await
            .is_err()
        {
            tracing::warn!(id = %self.id, "a tunnel did not end in time");
        }
    }
}

/// The tunnels of one session. Dropping it ends them.
pub(crate) struct Tunnels {
    tunnels: Mutex<Vec<Arc<Tunnel>>>,
    slots: Arc<Semaphore>,
    connections: Arc<Semaphore>,
    together: Arc<Semaphore>,
    closing: CancellationToken,
}

impl Default for Tunnels {
    fn default() -> Self {
        Self {
            tunnels: Mutex::default(),
            slots: Arc::new(Semaphore::new(MAX_TUNNELS)),
            connections: Arc::new(Semaphore::new(MAX_SESSION_CONNECTIONS)),
            together: Arc::new(Semaphore::new(MAX_PILED_TOGETHER)),
            closing: CancellationToken::new(),
        }
    }
}

impl Tunnels {
    /// A connection that no tunnel made, which ends with the session all the same.
    pub(crate) fn carry(&self, channel: Channel, held: Vec<Held>) -> TunnelConnection {
        connect(channel, &self.together, self.closing.clone(), held)
    }

    /// A place under the session's limit of connections, for one that no tunnel made.
    ///
    /// # Errors
    /// `LimitReached`.
    pub(crate) fn place(&self) -> Result<OwnedSemaphorePermit> {
        let place = self.connections.clone().try_acquire_owned();
        place.map_err(|_| {
            let text = format!(
                "{MAX_SESSION_CONNECTIONS} connections are open through this session already"
            );
            limit("connect tunnel", text)
        })
    }

    /// Opens a tunnel through this link.
    ///
    /// # Errors
    /// Those of [`crate::session::ActiveSession::open_tunnel`].
    pub(crate) async fn open(
        &self,
        request: TunnelRequest,
        link: Arc<dyn Link>,
        hold: Hold,
    ) -> Result<TunnelInfo> {
        request.check()?;
        let slot = self.slots.clone().try_acquire_owned().map_err(|_| {
            limit(
                OPEN,
                format!("{MAX_TUNNELS} tunnels are open in this session already"),
            )
        })?;
        let way = Way {
            link,
            hold,
            together: self.together.clone(),
            connections: self.connections.clone(),
        };
        match &request.kind {
            TunnelKind::Local(_) | TunnelKind::Dynamic => {
                let address = request.listens_on()?;
                let listener = TcpListener::bind(address).await;
                let listener = listener.map_err(|e| cannot_listen(e, &address.to_string()))?;
                let bound = listener
                    .local_addr()
                    .map_err(|e| cannot_listen(e, &address.to_string()))?;
                let listens_on = Endpoint {
                    host: bound.ip().to_string(),
                    port: bound.port(),
                };
                let serving = |tunnel| serve::here(tunnel, way, listener);
                self.add(request, listens_on, slot, serving)
            }
            TunnelKind::Remote(end) => {
                // Now and not first when somebody connects.
                serve::within_reach(end, request.reach).await?;
                let listener = way.link.listen(&request.bind_host, request.bind_port);
                let listener = listener.await?;
                let listens_on = Endpoint {
                    host: request.bind_host.clone(),
                    port: listener.port(),
                };
                let serving = |tunnel| serve::there(tunnel, way, listener);
                self.add(request, listens_on, slot, serving)
            }
        }
    }

    fn add<F>(
        &self,
        request: TunnelRequest,
        listens_on: Endpoint,
        slot: OwnedSemaphorePermit,
        serving: impl FnOnce(Arc<Tunnel>) -> F,
    ) -> Result<TunnelInfo>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let tunnel = Arc::new(Tunnel {
            id: TunnelId(uuid::Uuid::new_v4()),
            kind: request.kind,
            reach: request.reach,
            listens_on,
            opened_at: Utc::now(),
            max_connections: request.max_connections,
            room: Arc::new(Semaphore::new(request.max_connections)),
            counters: Counters::default(),
            closing: self.closing.child_token(),
            tasks: TaskTracker::new(),
            _slot: slot,
        });
        let mut tunnels = self.lock();
        // Decided while the list is held: a close that comes later finds the tunnel in it.
        if self.closing.is_cancelled() {
            let message = "the session was closed meanwhile";
            return Err(Error::new(ErrorKind::Cancelled, OPEN, message));
        }
        tunnel.tasks.spawn(serving(tunnel.clone()));
        tunnels.push(tunnel.clone());
        Ok(tunnel.info())
    }

    /// All tunnels, in the order they were opened.
    pub(crate) fn list(&self) -> Vec<TunnelInfo> {
        self.lock().iter().map(|tunnel| tunnel.info()).collect()
    }

    /// One tunnel.
    ///
    /// # Errors
    /// `NotFound`.
    pub(crate) fn get(&self, id: TunnelId) -> Result<TunnelInfo> {
        let tunnels = self.lock();
        let found = tunnels.iter().find(|tunnel| tunnel.id == id);
        found.map(|tunnel| tunnel.info()).ok_or_else(not_found)
    }

    /// Ends a tunnel and every connection through it, within a second.
    ///
    /// # Errors
    /// `NotFound`.
    pub(crate) async fn close_one(&self, id: TunnelId) -> Result<()> {
        let tunnel = {
            let mut tunnels = self.lock();
            let place = tunnels.iter().position(|tunnel| tunnel.id == id);
            tunnels.remove(place.ok_or_else(not_found)?)
        };
        tunnel.close().await;
        Ok(())
    }

    /// Ends all of them, within a second. From then on none can be opened.
    pub(crate) async fn close(&self) {
        self.closing.cancel();
        let tunnels = std::mem::take(&mut *self.lock());
        futures::future::join_all(tunnels.iter().map(|tunnel| tunnel.close())).await;
    }

    /// A panic while the lock is held leaves nothing half-done behind.
    fn lock(&self) -> MutexGuard<'_, Vec<Arc<Tunnel>>> {
        self.tunnels.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Tunnels {
    fn drop(&mut self) {
        self.closing.cancel();
    }
}

fn cannot_listen(source: io::Error, address: &str) -> Error {
    let kind = match source.kind() {
        io::ErrorKind::AddrInUse => ErrorKind::AlreadyExists,
        io::ErrorKind::PermissionDenied => ErrorKind::PermissionDenied,
        io::ErrorKind::AddrNotAvailable => ErrorKind::InvalidInput,
        _ => ErrorKind::LocalIo,
    };
    Error::new(kind, OPEN, format!("cannot listen on {address}: {source}"))
        .on(Side::Local)
        .caused_by(source)
}

fn limit(operation: &'static str, text: String) -> Error {
    Error::new(ErrorKind::LimitReached, operation, text).on(Side::Local)
}

fn not_found() -> Error {
    Error::new(ErrorKind::NotFound, "use tunnel", "Tunnel not found").on(Side::Local)
}

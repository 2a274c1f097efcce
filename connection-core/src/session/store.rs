//! The store: opens sessions within a limit, hands them out to their owners, and closes
//! the ones nobody uses.

use super::active::{ActiveSession, Connection, Session};
use super::clock::IdleClock;
use super::info::{Owner, SessionEvent, SessionId, SessionInfo};
use crate::error::{Error, ErrorKind, Result};
use crate::ftp::FtpConnection;
use crate::recording::{RecordingSettings, RecordingStore};
use crate::secret::Secret;
use crate::ssh::SshConnection;
use crate::target::{FtpTarget, SshTarget};
use crate::terminals::{ShareId, SharedTerminal, TerminalLimits, Terminals};
use crate::trust::TrustStore;
use crate::tunnel::Tunnels;
use chrono::Utc;
use dashmap::DashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, broadcast};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{Instrument, debug, info, info_span};

/// How many events a slow subscriber may lag behind before it misses some.
const EVENT_BUFFER: usize = 256;

/// The limits of a store.
#[derive(Debug, Clone)]
pub struct StoreConfig {
    /// Sessions at once, over all owners, those being opened included.
    pub max_sessions: usize,
    /// How long a session lives without being used.
    pub idle_timeout: Duration,
    /// Limits of each session's terminals.
    pub terminals: TerminalLimits,
    /// Recordings of terminals; `None` and there are none.
    pub recordings: Option<RecordingSettings>,
}

impl Default for StoreConfig {
    /// 20 sessions, 30 minutes, the terminals' own, and no recordings.
    fn default() -> Self {
        Self {
            max_sessions: 20,
            idle_timeout: Duration::from_secs(1800),
            terminals: TerminalLimits::default(),
            recordings: None,
        }
    }
}

/// An in-memory store of sessions. Cloning it gives another handle to the same store.
///
/// ```no_run
/// use connection_core::secret::Secret;
/// use connection_core::session::{Owner, SessionStore, StoreConfig};
/// use connection_core::target::{SshCredentials, SshTarget};
/// use connection_core::trust::{TrustPolicy, TrustStore};
///
/// # async fn example() -> connection_core::Result<()> {
/// let trust = TrustStore::in_memory(TrustPolicy::AcceptNew);
/// let store = SessionStore::new(StoreConfig::default(), trust);
/// let me = Owner::new("ann");
/// let login = SshCredentials { password: Some(Secret::from("…")), ..Default::default() };
/// let id = store.open_ssh(&me, &SshTarget::new("example.com", "ann", login)?, None).await?;
///
/// let session = store.get(&me, id)?;
/// let home = session.fs().home().await?;
/// # drop(home);
/// store.shutdown().await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct SessionStore(Arc<Inner>);

struct Inner {
    config: StoreConfig,
    trust: TrustStore,
    recordings: Option<RecordingStore>,
    sessions: DashMap<SessionId, Arc<Session>>,
    slots: Arc<Semaphore>,
    next_number: AtomicU64,
    events: broadcast::Sender<SessionEvent>,
    closing: CancellationToken,
    tasks: TaskTracker,
}

impl SessionStore {
    /// An empty store with a background sweep. Must be called inside a tokio runtime.
    pub fn new(config: StoreConfig, trust: TrustStore) -> Self {
        let sweep_every =
            (config.idle_timeout / 4).clamp(Duration::from_millis(50), Duration::from_secs(30));
        let inner = Arc::new(Inner {
            slots: Arc::new(Semaphore::new(
                config.max_sessions.min(Semaphore::MAX_PERMITS),
            )),
            recordings: config.recordings.clone().map(RecordingStore::new),
            config,
            trust,
            sessions: DashMap::new(),
            next_number: AtomicU64::new(0),
            events: broadcast::Sender::new(EVENT_BUFFER),
            closing: CancellationToken::new(),
            tasks: TaskTracker::new(),
        });
        let sweep = sweep_loop(Arc::downgrade(&inner), inner.closing.clone(), sweep_every);
        inner.tasks.spawn(sweep);
        Self(inner)
    }

    /// Opens an SSH session. The limit is reserved before connecting.
    ///
    /// # Errors
    /// `LimitReached`, besides those of the connection.
    pub async fn open_ssh(
        &self,
        owner: &Owner,
        target: &SshTarget,
        label: Option<String>,
    ) -> Result<SessionId> {
        let connecting = async {
            SshConnection::connect(target, &self.0.trust)
                .await
                .map(Connection::Ssh)
        };
        let place = (target.host.as_str(), target.port, target.user.as_str());
        self.open(owner, place, label, connecting).await
    }

    /// Opens an FTP session. The limit is reserved before connecting.
    ///
    /// # Errors
    /// `LimitReached`, besides those of the connection.
    pub async fn open_ftp(
        &self,
        owner: &Owner,
        target: &FtpTarget,
        label: Option<String>,
    ) -> Result<SessionId> {
        let connecting = async {
            FtpConnection::connect(target, &self.0.trust)
                .await
                .map(Connection::Ftp)
        };
        let place = (target.host.as_str(), target.port, target.user.as_str());
        self.open(owner, place, label, connecting).await
    }

    /// Takes a session for use.
    ///
    /// # Errors
    /// `SessionNotFound` when it is unknown, closed, expired, or another owner's: the four
    /// cannot be told apart.
    pub fn get(&self, owner: &Owner, id: SessionId) -> Result<ActiveSession> {
        let session = self.find(owner, id)?;
        if session.clock.enter() {
            return Ok(ActiveSession::entered(session));
        }
        self.0.expire(&session);
        Err(not_found())
    }

    /// The terminal that the token of a share shows, whoever has it. Does not count as a
    /// use.
    ///
    /// # Errors
    /// `NotFound` for a token of no share, or of one that was revoked or is over.
    pub fn shared_terminal(&self, token: &Secret) -> Result<(Arc<SharedTerminal>, ShareId)> {
        let mut sessions = self.0.sessions.iter();
        sessions
            .find_map(|session| session.terminals.shared(token))
            .ok_or_else(|| {
                Error::new(ErrorKind::NotFound, "use share", "Share not found")
                    .on(crate::Side::Local)
            })
    }

    /// The recordings of terminals.
    ///
    /// # Errors
    /// `Unsupported` when none are configured.
    pub fn recordings(&self) -> Result<&RecordingStore> {
        RecordingStore::configured(self.0.recordings.as_ref())
    }

    /// What can be told of a session, without counting as a use.
    ///
    /// # Errors
    /// `SessionNotFound`, as [`SessionStore::get`].
    pub fn info(&self, owner: &Owner, id: SessionId) -> Result<SessionInfo> {
        let session = self.find(owner, id)?;
        if session.clock.is_over() {
            return Err(not_found());
        }
        Ok(session.info())
    }

    /// The owner's sessions in the order they were opened. Waits for nothing and does not
    /// count as a use.
    pub fn list(&self, owner: &Owner) -> Vec<SessionInfo> {
        let mut sessions: Vec<Arc<Session>> = self
            .0
            .sessions
            .iter()
            .filter(|s| s.owner == *owner && !s.clock.is_over())
            .map(|s| Arc::clone(s.value()))
            .collect();
        sessions.sort_unstable_by_key(|s| s.number);
        sessions.iter().map(|s| s.info()).collect()
    }

    /// Closes a session and everything that runs on it, within a second.
    ///
    /// # Errors
    /// `SessionNotFound`, as [`SessionStore::get`].
    pub async fn close(&self, owner: &Owner, id: SessionId) -> Result<()> {
        let session = self.find(owner, id)?;
        // Held until the closing is a task of its own, so that a shutdown waits for it.
        let closing = self.0.tasks.token();
        if self.0.expire(&session) || !session.clock.end() {
            return Err(not_found());
        }
        self.0.sessions.remove(&id);
        info!(%id, "session closed");
        self.0.announce(SessionEvent::Closed(id, owner.clone()));
        let closed = self.0.tasks.spawn(async move { session.close().await });
        drop(closing);
        closed
            .await
            .map_err(|e| Error::new(ErrorKind::Internal, "close session", e.to_string()))
    }

    /// Closes every expired session, of all owners, and says how many of this owner's
    /// there were.
    pub fn cleanup(&self, owner: &Owner) -> usize {
        self.0
            .sweep()
            .iter()
            .filter(|session| session.owner == *owner)
            .count()
    }

    /// Events from now on. A subscriber that lags more than 256 events behind misses some
    /// and is told so.
    pub fn subscribe(&self) -> broadcast::Receiver<SessionEvent> {
        self.0.events.subscribe()
    }

    /// Closes every session, gives up every connecting, and returns once nothing of the
    /// store runs any more. From then on no session can be opened.
    pub async fn shutdown(&self) {
        self.0.closing.cancel();
        self.0.slots.close();
        let sessions: Vec<Arc<Session>> = self
            .0
            .sessions
            .iter()
            .map(|s| Arc::clone(s.value()))
            .collect();
        for session in sessions {
            if session.clock.end() {
                self.0.sessions.remove(&session.id);
                self.0
                    .announce(SessionEvent::Closed(session.id, session.owner.clone()));
                self.0.tasks.spawn(async move { session.close().await });
            }
        }
        self.0.tasks.close();
        self.0.tasks.wait().await;
        // Last, when every terminal has told its recorder that it has ended.
        if let Some(recordings) = &self.0.recordings {
            recordings.shutdown().await;
        }
    }

    /// How many tasks of the store are under way: one for each session that is being opened
    /// or closed, and one that looks for expired ones until a shutdown begins. A shutdown that
    /// was given up leaves so many behind.
    pub fn unfinished(&self) -> usize {
        self.0.tasks.len()
    }

    fn find(&self, owner: &Owner, id: SessionId) -> Result<Arc<Session>> {
        self.0
            .sessions
            .get(&id)
            .map(|s| Arc::clone(s.value()))
            .filter(|s| s.owner == *owner)
            .ok_or_else(not_found)
    }

    fn reserve(&self) -> Result<OwnedSemaphorePermit> {
        if self.0.closing.is_cancelled() {
            return Err(shutting_down());
        }
        let take = || Arc::clone(&self.0.slots).try_acquire_owned();
        // Sweeping only when there is no room keeps connecting cheap.
        let slot = take().or_else(|_| {
            self.0.sweep();
            take()
        });
        slot.map_err(|_| {
            Error::new(
                ErrorKind::LimitReached,
                "open session",
                format!("Maximum sessions ({}) reached", self.0.config.max_sessions),
            )
            .on(crate::Side::Local)
        })
    }

    async fn open(
        &self,
        owner: &Owner,
        (host, port, user): (&str, u16, &str),
        label: Option<String>,
        connecting: impl Future<Output = Result<Connection>>,
    ) -> Result<SessionId> {
        // A shutdown waits for what was begun before it, and cuts it short.
        let _under_way = self.0.tasks.token();
        let slot = self.reserve()?;
        let id = SessionId::random();
        let connection = tokio::select! {
            biased;
            () = self.0.closing.cancelled() => return Err(shutting_down()),
            connection = connecting.instrument(info_span!("session", %id)) => connection?,
        };
        let session = Arc::new(Session {
            id,
            number: self.0.next_number.fetch_add(1, Ordering::Relaxed),
            owner: owner.clone(),
            host: host.to_owned(),
            port,
            user: user.to_owned(),
            label: Mutex::new(label),
            opened_at: Utc::now(),
            clock: Arc::new(IdleClock::new(self.0.config.idle_timeout)),
            connection,
            terminals: Terminals::new(self.0.config.terminals.clone()),
            recordings: self.0.recordings.clone(),
            tunnels: Tunnels::default(),
            slot: Mutex::new(Some(slot)),
        });
        info!(%id, host, port, "session opened");
        // Announced before anyone can find and close it.
        self.0.announce(SessionEvent::Opened(session.info()));
        self.0.sessions.insert(id, Arc::clone(&session));
        // A shutdown that listed the sessions before this insert would leave it behind.
        if self.0.closing.is_cancelled() {
            if session.clock.end() {
                self.0.sessions.remove(&id);
                self.0.announce(SessionEvent::Closed(id, owner.clone()));
                session.close().await;
            }
            return Err(shutting_down());
        }
        Ok(id)
    }
}

impl Inner {
    fn announce(&self, event: SessionEvent) {
        // No subscriber is no error.
        let _ = self.events.send(event);
    }

    /// Takes an expired session out and closes its connection in the background. Says
    /// whether it was this call that ended it.
    fn expire(&self, session: &Arc<Session>) -> bool {
        let closing = self.tasks.token();
        if !session.clock.expire() {
            return false;
        }
        self.sessions.remove(&session.id);
        // Nobody sees it any more, so its place is free; the connection closes behind it.
        session.give_back_slot();
        debug!(id = %session.id, "session expired");
        self.announce(SessionEvent::Expired(session.id, session.owner.clone()));
        let session = Arc::clone(session);
        self.tasks.spawn(async move { session.close().await });
        drop(closing);
        true
    }

    fn sweep(&self) -> Vec<Arc<Session>> {
        // Collected first: the map must not be touched while it is iterated.
        let due: Vec<Arc<Session>> = self
            .sessions
            .iter()
            .filter(|s| s.clock.is_over())
            .map(|s| Arc::clone(s.value()))
            .collect();
        due.into_iter().filter(|s| self.expire(s)).collect()
    }
}

async fn sweep_loop(store: Weak<Inner>, closing: CancellationToken, every: Duration) {
    loop {
        tokio::select! {
            () = closing.cancelled() => return,
            () = tokio::time::sleep(every) => {}
        }
        match store.upgrade() {
            Some(store) => drop(store.sweep()),
            None => return,
        }
    }
}

impl Drop for Inner {
    /// The last handle is gone: the sweep ends now, not at its next turn.
    fn drop(&mut self) {
        self.closing.cancel();
    }
}

fn shutting_down() -> Error {
    Error::new(
        ErrorKind::Cancelled,
        "open session",
        "the server is shutting down",
    )
    .on(crate::Side::Local)
}

fn not_found() -> Error {
    Error::new(
        ErrorKind::SessionNotFound,
        "use session",
        "Session expired or not found",
    )
    .on(crate::Side::Local)
}

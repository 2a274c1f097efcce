//! One session, and one session in use. Knows nothing of the other sessions.

use super::clock::IdleClock;
use super::info::{Owner, SessionId, SessionInfo, SessionKind};
use crate::error::{Error, ErrorKind, Result};
use crate::exec::{ExecOutput, ExecRequest};
use crate::fs::RemoteFs;
use crate::ftp::FtpConnection;
use crate::recording::{NewRecording, RecordingStore, Subject};
use crate::ssh::{RunningCommand, SshConnection, Terminal};
use crate::terminal::TerminalRequest;
use crate::terminals::{SharedTerminal, TerminalId, TerminalOptions, Terminals};
use crate::tunnel::Tunnels;
use chrono::{DateTime, TimeDelta, Utc};
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;

/// What a session runs over.
pub(super) enum Connection {
    Ssh(SshConnection),
    Ftp(FtpConnection),
}

/// One authenticated connection and what belongs to it. Reached through
/// [`super::SessionStore::get`].
pub struct Session {
    pub(super) id: SessionId,
    /// Position in the order of creation.
    pub(super) number: u64,
    pub(super) owner: Owner,
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) user: String,
    pub(super) label: Mutex<Option<String>>,
    pub(super) opened_at: DateTime<Utc>,
    pub(super) clock: Arc<IdleClock>,
    pub(super) connection: Connection,
    pub(super) terminals: Terminals,
    pub(super) recordings: Option<RecordingStore>,
    pub(super) tunnels: Tunnels,
    /// The session's place under the limit; given back when it is closed, not when the
    /// last handle is dropped.
    pub(super) slot: Mutex<Option<OwnedSemaphorePermit>>,
}

impl Session {
    /// Its name.
    pub fn id(&self) -> SessionId {
        self.id
    }

    /// Its protocol.
    pub fn kind(&self) -> SessionKind {
        match self.connection {
            Connection::Ssh(_) => SessionKind::Ssh,
            Connection::Ftp(_) => SessionKind::Ftp,
        }
    }

    /// The account's files.
    pub fn fs(&self) -> Arc<dyn RemoteFs> {
        match &self.connection {
            Connection::Ssh(ssh) => ssh.fs(),
            Connection::Ftp(ftp) => ftp.fs(),
        }
    }

    /// The SSH connection beneath.
    ///
    /// # Errors
    /// `WrongSessionType` when the session speaks another protocol.
    pub fn ssh(&self) -> Result<&SshConnection> {
        match &self.connection {
            Connection::Ssh(ssh) => Ok(ssh),
            Connection::Ftp(_) => Err(Error::new(
                ErrorKind::WrongSessionType,
                "use session",
                "Not an SSH session",
            )),
        }
    }

    /// The FTP connection beneath.
    ///
    /// # Errors
    /// `WrongSessionType` when the session speaks another protocol.
    pub fn ftp(&self) -> Result<&FtpConnection> {
        match &self.connection {
            Connection::Ftp(ftp) => Ok(ftp),
            Connection::Ssh(_) => Err(Error::new(
                ErrorKind::WrongSessionType,
                "use session",
                "Not an FTP session",
            )),
        }
    }

    /// Runs a command to its end. Dropping the future ends the remote process, where the
    /// server allows it.
    ///
    /// # Errors
    /// `WrongSessionType` on FTP, besides those of the connection.
    pub async fn exec(&self, request: ExecRequest) -> Result<ExecOutput> {
        self.ssh()?.exec(request).await
    }

    /// Opens a terminal that belongs to the session: it goes on when nobody looks at it.
    /// While something runs in it, the session is in use and does not expire; left alone for
    /// [`crate::terminals::TerminalLimits::detached`], it is closed.
    ///
    /// # Errors
    /// `WrongSessionType` on FTP; `LimitReached`; `SessionNotFound` when the session was
    /// closed meanwhile; those of [`SshConnection::open_terminal`]. When it is to be recorded
    /// and cannot be: `Unsupported`, or those of [`RecordingStore::start`].
    pub async fn start_terminal(
        &self,
        request: TerminalRequest,
        options: TerminalOptions,
    ) -> Result<Arc<SharedTerminal>> {
        let ssh = self.ssh()?;
        let mut held: Vec<Box<dyn std::any::Any + Send>> = Vec::new();
        if let Some(in_use) = InUse::begin(&self.clock) {
            held.push(Box::new(in_use));
        }
        let recording = self.recording(&request, options.record)?;
        let terminals = &self.terminals;
        terminals.open(ssh, request, options, held, recording).await
    }

    fn recording(&self, request: &TerminalRequest, asked: bool) -> Result<Option<NewRecording>> {
        let store = match (&self.recordings, asked) {
            (None, false) => return Ok(None),
            (store, _) => RecordingStore::configured(store.as_ref())?,
        };
        Ok(store.wants(asked)?.then(|| {
            let subject = Subject::new(&self.info(), request);
            NewRecording::new(store.clone(), self.owner.clone(), subject)
        }))
    }

    /// The terminals that belong to it, in the order they were opened.
    pub fn terminals(&self) -> Vec<Arc<SharedTerminal>> {
        self.terminals.all()
    }

    /// A terminal that belongs to it.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn terminal(&self, id: TerminalId) -> Result<Arc<SharedTerminal>> {
        self.terminals.find(id).ok_or_else(|| {
            Error::new(ErrorKind::NotFound, "use terminal", "Terminal not found")
                .on(crate::Side::Local)
        })
    }

    /// What can be told of it now.
    pub fn info(&self) -> SessionInfo {
        let now = Utc::now();
        let ago = |d: Duration| TimeDelta::from_std(d).unwrap_or(TimeDelta::MAX);
        let remaining = self.clock.remaining();
        SessionInfo {
            id: self.id,
            kind: self.kind(),
            host: self.host.clone(),
            port: self.port,
            user: self.user.clone(),
            label: self
                .label
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone(),
            opened_at: self.opened_at,
            last_activity: now
                .checked_sub_signed(ago(self.clock.idle()))
                .unwrap_or(self.opened_at),
            expires_at: now
                .checked_add_signed(ago(remaining))
                .unwrap_or(DateTime::<Utc>::MAX_UTC),
            remaining,
            is_alive: self.is_alive(),
        }
    }

    /// Gives it another name for people.
    pub fn rename(&self, label: String) {
        *self.label.lock().unwrap_or_else(PoisonError::into_inner) = Some(label);
    }

    /// Whether the connection still lives.
    pub fn is_alive(&self) -> bool {
        match &self.connection {
            Connection::Ssh(ssh) => ssh.is_alive(),
            Connection::Ftp(ftp) => ftp.is_alive(),
        }
    }

    pub(super) async fn close(&self) {
        let connection = async {
            self.terminals.close().await;
            match &self.connection {
                Connection::Ssh(ssh) => ssh.close().await,
                Connection::Ftp(ftp) => ftp.close().await,
            }
        };
        tokio::join!(self.tunnels.close(), connection);
        self.give_back_slot();
    }

    pub(super) fn give_back_slot(&self) {
        self.slot
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
    }
}

/// A use of a session that does not hold the session itself, for what the session holds.
pub(super) struct InUse(Arc<IdleClock>);

impl InUse {
    /// `None` when the session is over.
    pub(super) fn begin(clock: &Arc<IdleClock>) -> Option<Self> {
        clock.enter().then(|| Self(Arc::clone(clock)))
    }
}

impl Drop for InUse {
    fn drop(&mut self) {
        self.0.leave();
    }
}

/// A session in use: while it is held, the session does not expire.
pub struct ActiveSession(Arc<Session>);

impl ActiveSession {
    /// Opens a terminal. Until it has ended or both its halves were
    /// dropped, the session is in use and does not expire.
    ///
    /// # Errors
    /// `WrongSessionType` on FTP, besides those of [`SshConnection::open_terminal`].
    pub async fn open_terminal(&self, request: TerminalRequest) -> Result<Terminal> {
        let ssh = self.ssh()?;
        ssh.open_terminal_holding(request, self.held()).await
    }

    /// Starts a command. Until it has ended or was dropped, the session is in use and does
    /// not expire.
    ///
    /// # Errors
    /// `WrongSessionType` on FTP, besides those of [`SshConnection::start_exec`].
    pub async fn start_exec(&self, request: ExecRequest) -> Result<RunningCommand> {
        let ssh = self.ssh()?;
        ssh.start_exec_holding(request, self.held()).await
    }

    /// The session in use once more, for what may outlive this use.
    fn held(&self) -> Vec<Box<dyn std::any::Any + Send>> {
        let mut held: Vec<Box<dyn std::any::Any + Send>> = Vec::new();
        // A session that was closed meanwhile lets nobody in, and starts nothing either.
        if let Some(in_use) = InUse::begin(&self.0.clock) {
            held.push(Box::new(in_use));
        }
        held
    }

    /// Of a session whose clock was just entered.
    pub(super) fn entered(session: Arc<Session>) -> Self {
        Self(session)
    }
}

impl Deref for ActiveSession {
    type Target = Session;

    fn deref(&self) -> &Session {
        &self.0
    }
}

impl Drop for ActiveSession {
    fn drop(&mut self) {
        self.0.clock.leave();
    }
}

//! What can be told of a session without touching it.

use chrono::{DateTime, Utc};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// The name of a session: a random UUID, 122 bits that cannot be guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SessionId(uuid::Uuid);

impl SessionId {
    pub(crate) fn random() -> Self {
        Self(uuid::Uuid::new_v4())
    }

    /// Parses the text form. Anything that is not a UUID names no session: `None`.
    pub fn parse(text: &str) -> Option<Self> {
        uuid::Uuid::parse_str(text).ok().map(Self)
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.hyphenated())
    }
}

/// Whom a session belongs to. Sessions of another owner answer exactly as if they were
/// not there.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Owner(Arc<str>);

impl Owner {
    /// An owner of this name.
    pub fn new(name: &str) -> Self {
        Self(name.into())
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.0
    }
}

/// The protocol of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SessionKind {
    /// SSH and SFTP.
    Ssh,
    /// FTP or FTPS.
    Ftp,
}

/// A session at one moment.
#[derive(Debug, Clone)]
pub struct SessionInfo {
    /// Its name.
    pub id: SessionId,
    /// Its protocol.
    pub kind: SessionKind,
    /// Host, as it was given.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// Account on the host.
    pub user: String,
    /// What people call it.
    pub label: Option<String>,
    /// When it was opened, by the wall clock of that moment.
    pub opened_at: DateTime<Utc>,
    /// When it was last used.
    pub last_activity: DateTime<Utc>,
    /// When it expires if nobody uses it.
    pub expires_at: DateTime<Utc>,
    /// Time until then; the whole idle time while it is in use.
    pub remaining: Duration,
    /// Whether its connection still lives.
    pub is_alive: bool,
}

/// Something that happened to a session.
#[derive(Debug, Clone)]
pub enum SessionEvent {
    /// It was opened.
    Opened(SessionInfo),
    /// Its owner or a shutdown closed it.
    Closed(SessionId, Owner),
    /// Nobody used it for the idle time.
    Expired(SessionId, Owner),
}

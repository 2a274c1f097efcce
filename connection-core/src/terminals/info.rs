//! What can be told of a terminal and of who is attached, and the limits of both.

use super::share::ShareId;
use crate::error::{Error, Result};
use crate::exec::ExitStatus;
use crate::recording::{RecordingId, RecordingState};
use chrono::{DateTime, Utc};
use std::fmt;
use std::time::Duration;
use uuid::Uuid;

/// Longest name, in characters.
const MAX_NAME: usize = 100;

/// The name of a terminal: a random UUID, 122 bits that cannot be guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TerminalId(Uuid);

impl TerminalId {
    pub(super) fn random() -> Self {
        Self(Uuid::new_v4())
    }

    /// Parses the text form. Anything that is not a UUID names no terminal: `None`.
    pub fn parse(text: &str) -> Option<Self> {
        Uuid::parse_str(text).ok().map(Self)
    }
}

impl fmt::Display for TerminalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.hyphenated())
    }
}

/// The number of a viewer of one terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ViewerId(pub(super) u64);

impl fmt::Display for ViewerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// What a viewer may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ViewerMode {
    /// See, type, resize and signal.
    Write,
    /// See.
    Read,
}

/// A viewer that is attached.
#[derive(Debug, Clone)]
pub struct ViewerInfo {
    /// Its number.
    pub id: ViewerId,
    /// What it may do.
    pub mode: ViewerMode,
    /// The share it came by, if it did.
    pub share: Option<ShareId>,
    /// Where it is, as whoever attached it put it.
    pub address: Option<String>,
    /// Since when, by the wall clock.
    pub attached_at: DateTime<Utc>,
    /// Bytes it has not been given yet.
    pub behind: u64,
}

/// A terminal at one moment.
#[derive(Debug, Clone)]
pub struct TerminalInfo {
    /// Its name for programs.
    pub id: TerminalId,
    /// Its name for people.
    pub name: String,
    /// Value of `TERM`.
    pub term: String,
    /// What runs in it; the account's shell if `None`.
    pub command: Option<Vec<u8>>,
    /// Width in characters.
    pub columns: u32,
    /// Height in characters.
    pub rows: u32,
    /// When it was opened, by the wall clock.
    pub opened_at: DateTime<Utc>,
    /// Offset of the first byte that is still kept.
    pub start: u64,
    /// Offset after the last byte shown so far.
    pub end: u64,
    /// How what ran in it ended; `None` while it runs, and when it ended otherwise.
    pub exit: Option<ExitStatus>,
    /// Whether anything still runs in it.
    pub is_running: bool,
    /// When it is closed if nobody attaches; `None` while somebody is.
    pub expires_at: Option<DateTime<Utc>>,
    /// Who is attached, the longest first.
    pub viewers: Vec<ViewerInfo>,
    /// Its recording, if it has one; it may have ended before the terminal.
    pub recording: Option<RecordingId>,
    /// Where that stands; `None` without one.
    pub recording_state: Option<RecordingState>,
}

/// What a terminal has beside what runs in it.
#[derive(Debug, Clone, Default)]
pub struct TerminalOptions {
    /// Its name for people: 1 to 100 characters, none of them a control character.
    /// `Terminal 1` and so on if `None`.
    pub name: Option<String>,
    /// Whether it is to be recorded, where the settings leave that to whoever opens it.
    pub record: bool,
}

/// Checks a terminal's name for people.
///
/// # Errors
/// `InvalidInput` with the field.
pub(super) fn check_name(name: &str) -> Result<()> {
    let length = name.chars().count();
    if !(1..=MAX_NAME).contains(&length) || name.chars().any(char::is_control) {
        return Err(Error::invalid(
            "name",
            format!("a name is 1 to {MAX_NAME} characters without control characters"),
        ));
    }
    Ok(())
}

/// The limits of a session's terminals.
#[derive(Debug, Clone)]
pub struct TerminalLimits {
    /// Terminals of one session that run at once.
    pub per_session: usize,
    /// Viewers of one terminal at once.
    pub viewers: usize,
    /// Shares of one terminal at once.
    pub shares: usize,
    /// Newest bytes kept of each terminal.
    pub replay: usize,
    /// How long a terminal lives that nobody is attached to, and one that has ended.
    pub detached: Duration,
}

impl Default for TerminalLimits {
    /// 32 terminals, 32 viewers and 16 shares of each, 1 MiB, 30 minutes.
    fn default() -> Self {
        Self {
            per_session: 32,
            viewers: 32,
            shares: 16,
            replay: 1024 * 1024,
            detached: Duration::from_secs(1800),
        }
    }
}

impl TerminalLimits {
    /// Bytes a viewer is given beyond what it has acknowledged: 256 KiB, or half of what
    /// is kept if that is less, so that a viewer with credit left never loses a byte.
    pub fn window(&self) -> u64 {
        (self.replay as u64 / 2).clamp(1, 256 * 1024)
    }
}

/// Why a viewer is attached no longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CloseReason {
    /// What ran in the terminal ended.
    Exited,
    /// Someone closed the terminal.
    Closed,
    /// The session was closed or expired.
    SessionClosed,
    /// The connection to the remote machine died.
    ConnectionLost,
    /// Nobody was attached for the configured time.
    Detached,
    /// The share the viewer came by was revoked, or its time is over.
    Revoked,
    /// The viewer, which only reads, fell behind what is kept.
    TooSlow,
}

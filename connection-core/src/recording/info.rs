//! What can be told of a recording.

use super::header::Header;
use super::id::RecordingId;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::time::{Duration, SystemTime};

/// How a recording ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordingEnd {
    /// With the terminal.
    Finished,
    /// At the largest size configured; the terminal went on.
    SizeLimit,
    /// Because all recordings together reached the size configured; the terminal went on.
    TotalLimit,
    /// The file could not be written, for this reason; the terminal went on.
    Failed(String),
}

/// Where the recording of a terminal stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordingState {
    /// It is being written.
    Running,
    /// It ended so.
    Ended(RecordingEnd),
    /// Someone deleted it while it was being written.
    Deleted,
}

/// A recording at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordingInfo {
    /// Its name.
    pub id: RecordingId,
    /// When it began.
    pub started: DateTime<Utc>,
    /// Whether it is being written.
    pub is_running: bool,
    /// How it ended. `None` while it goes on, and for good when the process was killed.
    pub end: Option<RecordingEnd>,
    /// How long it took, once it has ended.
    pub duration: Option<Duration>,
    /// Bytes in the file.
    pub size: u64,
    /// The session's label, or `user@host`, and the terminal's name.
    pub title: String,
    /// Host of the session, as it was given.
    pub host: String,
    /// Its TCP port.
    pub port: u16,
    /// Account on the host.
    pub user: String,
    /// What people call the session.
    pub label: Option<String>,
    /// What people call the terminal.
    pub terminal: Option<String>,
    /// What ran in it instead of the account's shell.
    pub command: Option<String>,
    /// Columns at the beginning.
    pub columns: u32,
    /// Rows at the beginning.
    pub rows: u32,
    /// Whether what was typed is in it.
    pub has_input: bool,
}

impl RecordingInfo {
    pub(super) fn new(id: RecordingId, header: Header, size: u64, is_running: bool) -> Self {
        let duration = header.duration();
        let facts = header.connection_manager;
        Self {
            id,
            started: DateTime::from_timestamp(header.timestamp, 0).unwrap_or_default(),
            is_running,
            end: facts.end,
            duration,
            size,
            title: header.title,
            host: facts.host,
            port: facts.port,
            user: facts.user,
            label: facts.label,
            terminal: facts.terminal,
            command: header.command,
            columns: header.width,
            rows: header.height,
            has_input: facts.input,
        }
    }

    /// Whether it has everything the terminal showed to its end, but for gaps it marks.
    pub fn is_complete(&self) -> bool {
        self.end == Some(RecordingEnd::Finished)
    }
}

/// Recordings of an owner.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RecordingList {
    /// The newest first.
    pub recordings: Vec<RecordingInfo>,
    /// Whether there are older ones that are not listed.
    pub has_more: bool,
    /// How many are not listed because their files cannot be read; the log names them.
    pub unreadable: usize,
}

/// A recording opened for reading.
#[derive(Debug)]
pub struct RecordingFile {
    /// What can be told of it.
    pub info: RecordingInfo,
    /// The file, at its beginning.
    pub file: File,
    /// Bytes up to the end of the last whole line. What follows is not to be read: it is
    /// being written, or was cut off when the process was killed.
    pub length: u64,
    /// When something was last written to it.
    pub modified: Option<SystemTime>,
}

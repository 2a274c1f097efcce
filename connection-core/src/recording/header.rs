//! The first line of a recording: what the format wants, and what else there is to know.

use super::info::RecordingEnd;
use crate::session::SessionInfo;
use crate::terminal::TerminalRequest;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;

/// Longest header read, in bytes. Ours are at most half of that, as every text in them is
/// clipped.
pub(super) const MAX_HEADER: usize = 16 * 1024;

/// Room left in the line for what is only known at the end, in bytes.
const SPARE: usize = 512;

/// Longest text of each kind, in bytes.
const MAX_NAME: usize = 256;
const MAX_COMMAND: usize = 1024;

/// Longest text of what ended a recording, in bytes; with its escapes it fits [`SPARE`].
const MAX_REASON: usize = 160;

/// What is recorded: one terminal of one session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Host of the session, as it was given.
    pub host: String,
    /// Its TCP port.
    pub port: u16,
    /// Account on the host.
    pub user: String,
    /// What people call the session.
    pub label: Option<String>,
    /// What people call the terminal.
    pub name: Option<String>,
    /// Terminal type, the value of `TERM`.
    pub term: String,
    /// Columns at the beginning.
    pub columns: u32,
    /// Rows at the beginning.
    pub rows: u32,
    /// What runs in the terminal instead of the account's shell.
    pub command: Option<String>,
    /// The account's shell, where it is known.
    pub shell: Option<String>,
}

impl Subject {
    /// A terminal that was asked for on a session, without a name.
    pub fn new(session: &SessionInfo, terminal: &TerminalRequest) -> Self {
        let shell = terminal.env.iter().find(|(name, _)| name == "SHELL");
        let command = terminal.command.as_ref();
        Self {
            host: session.host.clone(),
            port: session.port,
            user: session.user.clone(),
            label: session.label.clone(),
            name: None,
            term: terminal.term.clone(),
            columns: terminal.columns,
            rows: terminal.rows,
            command: command.map(|c| String::from_utf8_lossy(c).into_owned()),
            shell: shell.map(|(_, value)| value.clone()),
        }
    }
}

/// The header. Keys outside `connection_manager` are those of the format.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Header {
    version: u8,
    pub(super) width: u32,
    pub(super) height: u32,
    /// Seconds since 1970.
    pub(super) timestamp: i64,
    /// Seconds; once it has ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    duration: Option<f64>,
    #[serde(default)]
    pub(super) title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) command: Option<String>,
    #[serde(default)]
    env: BTreeMap<String, String>,
    pub(super) connection_manager: Facts,
}

/// What the format has no keys for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Facts {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) user: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) label: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) terminal: Option<String>,
    /// Whether what was typed is in it.
    pub(super) input: bool,
    /// How it ended; not there while it goes on, and for good if the process was killed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) end: Option<RecordingEnd>,
}

impl Header {
    /// Of a recording that begins now.
    pub(super) fn new(subject: &Subject, input: bool, timestamp: i64) -> Self {
        let name = |text: &str| clip(text, MAX_NAME);
        let (user, host) = (name(&subject.user), name(&subject.host));
        let session = subject.label.as_deref().map(name);
        let session = session.unwrap_or_else(|| format!("{user}@{host}"));
        let title = match &subject.name {
            Some(terminal) => format!("{session}: {}", name(terminal)),
            None => session,
        };
        let mut env = BTreeMap::from([("TERM".to_owned(), name(&subject.term))]);
        if let Some(shell) = &subject.shell {
            env.insert("SHELL".to_owned(), name(shell));
        }
        Self {
            version: 2,
            width: subject.columns,
            height: subject.rows,
            timestamp,
            duration: None,
            title,
            command: subject.command.as_deref().map(|c| clip(c, MAX_COMMAND)),
            env,
            connection_manager: Facts {
                host,
                port: subject.port,
                user,
                label: subject.label.as_deref().map(name),
                terminal: subject.name.as_deref().map(name),
                input,
                end: None,
            },
        }
    }

    /// Notes how it ended, and when.
    pub(super) fn end(&mut self, duration: Duration, end: RecordingEnd) {
        self.duration = Some(duration.as_secs_f64());
        self.connection_manager.end = Some(match end {
            RecordingEnd::Failed(text) => RecordingEnd::Failed(clip(&text, MAX_REASON)),
            other => other,
        });
    }

    /// How long it took, once it has ended. A figure that is no time is none.
    pub(super) fn duration(&self) -> Option<Duration> {
        Duration::try_from_secs_f64(self.duration?).ok()
    }

    /// The line, with room for [`Self::end`].
    pub(super) fn line(&self) -> serde_json::Result<Vec<u8>> {
        let json = serde_json::to_vec(self)?;
        let length = json.len() + SPARE + 1;
        Ok(padded(json, length))
    }

    /// The line in exactly this many bytes; `None` when it does not fit.
    pub(super) fn line_of(&self, length: usize) -> Option<Vec<u8>> {
        let json = serde_json::to_vec(self).ok()?;
        (json.len() < length).then(|| padded(json, length))
    }

    /// Reads the header from the beginning of a file; `None` when it is none of ours.
    pub(super) fn read(beginning: &[u8]) -> Option<Self> {
        let line = beginning.split_inclusive(|b| *b == b'\n').next()?;
        let header: Self = serde_json::from_slice(line.strip_suffix(b"\n")?).ok()?;
        (header.version == 2).then_some(header)
    }
}

/// Spaces may follow a JSON value.
fn padded(mut json: Vec<u8>, length: usize) -> Vec<u8> {
    json.resize(length.saturating_sub(1), b' ');
    json.push(b'\n');
    json
}

/// A text of at most this many bytes. A control character becomes a space: nobody needs it,
/// and it would take up six bytes.
fn clip(text: &str, bytes: usize) -> String {
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    let end = ends.take_while(|end| *end <= bytes).last();
    let clipped = text.get(..end.unwrap_or_default()).unwrap_or_default();
    clipped.replace(char::is_control, " ")
}

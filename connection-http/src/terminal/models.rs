//! The objects of the terminal routes.

use super::frames::mode_name;
use crate::recording_models::RecordingState;
use chrono::{DateTime, SecondsFormat, Utc};
use connection_core::exec::ExitStatus;
use connection_core::path::bytes_to_text;
use connection_core::secret::Secret;
use connection_core::terminal::TerminalRequest;
use connection_core::terminals::{ShareInfo, TerminalInfo, TerminalOptions, ViewerInfo};
use connection_core::{Error, ErrorKind, Result};
use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A terminal to be opened.
#[derive(Object, Deserialize)]
pub(crate) struct OpenTerminal {
    /// Width in characters, 1 to 500.
    cols: u32,
    /// Height in characters, 1 to 200.
    rows: u32,
    /// Value of `TERM` [default: xterm-256color].
    term: Option<String>,
    /// Environment variables; servers refuse most names without a word.
    #[serde(default)]
    #[oai(default)]
    env: BTreeMap<String, String>,
    /// What to run instead of the account's shell, as that shell understands it.
    command: Option<String>,
    /// Name for people, 1 to 100 characters [default: `Terminal 1` and so on].
    name: Option<String>,
    /// Whether it is recorded, where the server's configuration leaves that open.
    #[serde(default)]
    #[oai(default)]
    record: bool,
}

impl OpenTerminal {
    /// As the library takes it, which also checks it.
    pub(crate) fn parts(self) -> (TerminalRequest, TerminalOptions) {
        let mut request = TerminalRequest::new(self.cols, self.rows);
        if let Some(term) = self.term {
            request = request.term(term);
        }
        for (name, value) in self.env {
            request = request.env(name, value);
        }
        if let Some(command) = self.command.filter(|command| !command.is_empty()) {
            request = request.command(command);
        }
        let options = TerminalOptions {
            name: self.name,
            record: self.record,
        };
        (request, options)
    }
}

/// Changes to a terminal; what is absent stays.
#[derive(Debug, Object)]
#[allow(dead_code, reason = "read field by field; this is its description")]
pub(crate) struct ChangeTerminal {
    /// Name for people, 1 to 100 characters.
    name: Option<String>,
    /// Width in characters, together with `rows`.
    cols: Option<u32>,
    /// Height in characters, together with `cols`.
    rows: Option<u32>,
}

/// A terminal of a session.
#[derive(Debug, Object, Serialize)]
pub(crate) struct TerminalObject {
    /// Its id, a UUID.
    terminal_id: String,
    /// Its name for people.
    name: String,
    /// Value of `TERM`.
    term: String,
    /// What runs in it; absent for the account's shell.
    #[serde(skip_serializing_if = "Option::is_none")]
    command: Option<String>,
    /// Width in characters.
    cols: u32,
    /// Height in characters.
    rows: u32,
    /// When it was opened; UTC, like all times here.
    opened_at: String,
    /// Offset of the first byte that can still be had.
    start: u64,
    /// Offset after the last byte it showed.
    end: u64,
    /// Whether anything still runs in it.
    running: bool,
    /// How what ran in it ended, if it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    exit: Option<ExitObject>,
    /// When it is closed if nobody attaches; absent while somebody is.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<String>,
    /// Its recording, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    recording_id: Option<String>,
    /// Where its recording stands, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    recording: Option<RecordingState>,
    /// Who is attached, the longest first.
    viewers: Vec<ViewerObject>,
}

/// How a program ended; both are absent when the server did not say.
#[derive(Debug, Object, Serialize)]
pub(crate) struct ExitObject {
    /// Code it returned.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u32>,
    /// Signal that killed it, named without `SIG`.
    #[serde(skip_serializing_if = "Option::is_none")]
    signal: Option<String>,
}

/// Whoever is attached to a terminal.
#[derive(Debug, Object, Serialize)]
pub(crate) struct ViewerObject {
    /// Its number, as text.
    viewer_id: String,
    /// `write` or `read`.
    mode: String,
    /// The share it came by, if it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    share_id: Option<String>,
    /// Address of the client, or of the proxy before this server.
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    /// Since when.
    attached_at: String,
    /// Bytes it has not been given yet.
    behind: u64,
}

/// The terminals of a session.
#[derive(Debug, Object, Serialize)]
pub(crate) struct TerminalList {
    /// In the order they were opened.
    pub terminals: Vec<TerminalObject>,
}

/// For how long a terminal is shared.
#[derive(Debug, Object)]
#[allow(dead_code, reason = "read field by field; this is its description")]
pub(crate) struct ShareTerminal {
    /// Seconds until the link is worth nothing: 1 to 2592000, which is 30 days
    /// [default: 3600].
    expires_in: Option<u64>,
}

/// A link for watching a terminal.
#[derive(Debug, Object, Serialize)]
pub(crate) struct ShareObject {
    /// Its id, a UUID, which opens nothing.
    share_id: String,
    /// When it was made.
    created_at: String,
    /// When it is worth nothing any more.
    expires_at: String,
}

/// A link for watching a terminal, and what opens it.
#[derive(Debug, Object, Serialize)]
pub(crate) struct CreatedShare {
    /// Its id, a UUID, which opens nothing.
    share_id: String,
    /// The token of the link, for `POST /shares/tickets`. It cannot be had again.
    share: String,
    /// When it was made.
    created_at: String,
    /// When it is worth nothing any more.
    expires_at: String,
}

/// The links of a terminal.
#[derive(Debug, Object, Serialize)]
pub(crate) struct ShareList {
    /// In the order they were made.
    pub shares: Vec<ShareObject>,
}

impl From<TerminalInfo> for TerminalObject {
    fn from(info: TerminalInfo) -> Self {
        Self {
            terminal_id: info.id.to_string(),
            name: info.name,
            term: info.term,
            command: info.command.map(|command| bytes_to_text(&command)),
            cols: info.columns,
            rows: info.rows,
            opened_at: moment(info.opened_at),
            start: info.start,
            end: info.end,
            running: info.is_running,
            exit: info.exit.map(|status| {
                let (status, signal) = exit_parts(status);
                ExitObject { status, signal }
            }),
            expires_at: info.expires_at.map(moment),
            recording_id: info.recording.map(|recording| recording.to_string()),
            recording: info.recording_state.as_ref().map(Into::into),
            viewers: info.viewers.into_iter().map(ViewerObject::from).collect(),
        }
    }
}

impl From<ViewerInfo> for ViewerObject {
    fn from(info: ViewerInfo) -> Self {
        Self {
            viewer_id: info.id.to_string(),
            mode: mode_name(info.mode).to_owned(),
            share_id: info.share.map(|share| share.to_string()),
            address: info.address,
            attached_at: moment(info.attached_at),
            behind: info.behind,
        }
    }
}

impl From<ShareInfo> for ShareObject {
    fn from(info: ShareInfo) -> Self {
        Self {
            share_id: info.id.to_string(),
            created_at: moment(info.created_at),
            expires_at: moment(info.expires_at),
        }
    }
}

impl CreatedShare {
    /// A share that was just made, and its token.
    ///
    /// # Errors
    /// `Internal` for a token that is not text, which none is.
    pub(crate) fn new(info: ShareInfo, token: &Secret) -> Result<Self> {
        let token = token
            .expose_str()
            .ok_or_else(|| Error::new(ErrorKind::Internal, "share terminal", "not text"))?;
        Ok(Self {
            share_id: info.id.to_string(),
            share: token.to_owned(),
            created_at: moment(info.created_at),
            expires_at: moment(info.expires_at),
        })
    }
}

/// The code and the signal a program ended with.
pub(crate) fn exit_parts(status: ExitStatus) -> (Option<u32>, Option<String>) {
    match status {
        ExitStatus::Code(code) => (Some(code), None),
        ExitStatus::Signal(signal) => (None, Some(signal)),
        ExitStatus::Unknown => (None, None),
    }
}

fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

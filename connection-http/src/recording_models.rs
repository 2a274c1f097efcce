//! The objects of the routes about recordings.

use crate::content::{Content, binary};
use chrono::SecondsFormat;
use connection_core::recording::{
    self, RecordPolicy, RecordingEnd, RecordingInfo, RecordingList, RecordingSettings,
};
use poem::{IntoResponse, Response};
use poem_openapi::registry::{MetaMediaType, MetaResponses, Registry};
use poem_openapi::{ApiResponse, Enum, Object};
use serde::Serialize;

/// Media type of asciicast, as its authors suggest it.
pub(crate) const MEDIA_TYPE: &str = "application/x-asciicast";

/// Where a recording stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub(crate) enum RecordingState {
    /// It is being written.
    Running,
    /// It ended with its terminal.
    Complete,
    /// It ended at the largest size configured; the terminal went on.
    SizeLimit,
    /// It ended because all recordings together reached the size configured; the terminal
    /// went on.
    TotalLimit,
    /// It could not be written any more; `error` says why. The terminal went on.
    Failed,
    /// The server was killed while it was being written.
    Unfinished,
    /// It was deleted while it was being written. Only a terminal tells that.
    Deleted,
}

impl From<&RecordingEnd> for RecordingState {
    fn from(end: &RecordingEnd) -> Self {
        match end {
            RecordingEnd::Finished => Self::Complete,
            RecordingEnd::SizeLimit => Self::SizeLimit,
            RecordingEnd::TotalLimit => Self::TotalLimit,
            RecordingEnd::Failed(_) => Self::Failed,
        }
    }
}

impl From<&recording::RecordingState> for RecordingState {
    fn from(state: &recording::RecordingState) -> Self {
        match state {
            recording::RecordingState::Running => Self::Running,
            recording::RecordingState::Ended(end) => end.into(),
            recording::RecordingState::Deleted => Self::Deleted,
        }
    }
}

/// Which terminals the server records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[oai(rename_all = "kebab-case")]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RecordingPolicy {
    /// None; the recordings that are there can still be read and deleted.
    Never,
    /// Those for which it was asked when they were opened.
    OnRequest,
    /// All of them.
    Always,
}

impl From<RecordPolicy> for RecordingPolicy {
    fn from(policy: RecordPolicy) -> Self {
        match policy {
            RecordPolicy::Never => Self::Never,
            RecordPolicy::OnRequest => Self::OnRequest,
            RecordPolicy::Always => Self::Always,
        }
    }
}

/// A recording of a terminal.
#[derive(Debug, Object, Serialize)]
#[oai(skip_serializing_if_is_none)]
pub(crate) struct RecordingObject {
    /// Its id, a UUID.
    recording_id: String,
    /// Where it stands.
    state: RecordingState,
    /// With `failed`: why.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    /// When it began: RFC 3339, UTC.
    started: String,
    /// How long it took; absent while it is being written and when it was left unfinished.
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_seconds: Option<f64>,
    /// Bytes in the file.
    size: u64,
    /// The session's name, or `user@host`, and the terminal's name.
    title: String,
    /// Host of the session.
    host: String,
    /// TCP port of the session.
    port: u16,
    /// Account on the host.
    username: String,
    /// The session's name, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    session_name: Option<String>,
    /// The terminal's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    terminal_name: Option<String>,
    /// What ran in the terminal instead of the account's shell.
    #[serde(skip_serializing_if = "Option::is_none")]
    command: Option<String>,
    /// Width in characters at the beginning.
    cols: u32,
    /// Height in characters at the beginning.
    rows: u32,
    /// Whether what was typed is in it.
    input: bool,
}

impl From<RecordingInfo> for RecordingObject {
    fn from(info: RecordingInfo) -> Self {
        let state = match &info.end {
            None if info.is_running => RecordingState::Running,
            None => RecordingState::Unfinished,
            Some(end) => end.into(),
        };
        let error = match info.end {
            Some(RecordingEnd::Failed(error)) => Some(error),
            _ => None,
        };
        Self {
            recording_id: info.id.to_string(),
            state,
            error,
            started: info.started.to_rfc3339_opts(SecondsFormat::Secs, true),
            duration_seconds: info.duration.map(|d| d.as_secs_f64()),
            size: info.size,
            title: info.title,
            host: info.host,
            port: info.port,
            username: info.user,
            session_name: info.label,
            terminal_name: info.terminal,
            command: info.command,
            cols: info.columns,
            rows: info.rows,
            input: info.has_input,
        }
    }
}

/// The caller's recordings.
#[derive(Debug, Object, Serialize)]
pub(crate) struct RecordingPage {
    /// The newest first; at most 1000.
    recordings: Vec<RecordingObject>,
    /// Whether there are older ones.
    has_more: bool,
    /// How many are left out because the server cannot read their files; its log names them.
    unreadable: u64,
    /// Which terminals the server records.
    policy: RecordingPolicy,
    /// Whether what is typed is recorded too, passwords included.
    input: bool,
}

impl RecordingPage {
    /// The page of a list, on a server with these settings.
    pub(crate) fn new(list: RecordingList, settings: &RecordingSettings) -> Self {
        Self {
            recordings: list.recordings.into_iter().map(Into::into).collect(),
            has_more: list.has_more,
            unreadable: list.unreadable as u64,
            policy: settings.policy.into(),
            input: settings.input,
        }
    }
}

/// The content of a recording.
pub(crate) struct Cast(pub Content);

impl IntoResponse for Cast {
    fn into_response(self) -> Response {
        self.0.into_response()
    }
}

impl ApiResponse for Cast {
    fn meta() -> MetaResponses {
        let mut meta = Content::meta();
        for response in &mut meta.responses {
            if !response.content.is_empty() {
                response.content = vec![MetaMediaType {
                    content_type: MEDIA_TYPE,
                    schema: binary(),
                }];
            }
        }
        meta
    }

    fn register(registry: &mut Registry) {
        Content::register(registry);
    }
}

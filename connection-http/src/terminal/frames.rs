//! The text frames of a terminal's socket, and the ends of one.

use super::models::{OpenTerminal, exit_parts};
use crate::recording_models::RecordingState;
use crate::ws::Close;
use connection_core::exec::ExitStatus;
use connection_core::terminals::{
    CloseReason, SharedTerminal, ViewerInfo, ViewerInput, ViewerMode,
};
use connection_core::{Error, ErrorKind};
use serde::{Deserialize, Serialize};

/// What ran in the terminal ended.
const EXITED: Close = Close::new(1000, "exited");

/// The session was closed or expired.
const SESSION_CLOSED: Close = Close::new(4001, "session_closed");

/// Someone closed the terminal.
pub(crate) const CLOSED: Close = Close::new(4002, "closed");

/// The share was revoked or its time is over.
const REVOKED: Close = Close::new(4003, "revoked");

/// The terminal could not be opened; an `error` came before.
pub(crate) const NOT_OPENED: Close = Close::new(4004, "not_opened");

/// The connection to the remote machine died.
const CONNECTION_LOST: Close = Close::new(4005, "connection_lost");

/// Nobody was attached for the configured time.
const DETACHED: Close = Close::new(4006, "detached");

/// A viewer that only reads fell behind what is kept.
const TOO_SLOW: Close = Close::new(4008, "too_slow");

/// How a socket ends whose viewer was sent away for this reason.
pub(crate) fn close_of(reason: CloseReason) -> Close {
    match reason {
        CloseReason::Exited => EXITED,
        CloseReason::Closed => CLOSED,
        CloseReason::SessionClosed => SESSION_CLOSED,
        CloseReason::ConnectionLost => CONNECTION_LOST,
        CloseReason::Detached => DETACHED,
        CloseReason::Revoked => REVOKED,
        CloseReason::TooSlow => TOO_SLOW,
    }
}

/// A text frame of a client.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum ClientFrame {
    /// Opens a terminal.
    Open(OpenTerminal),
    /// The window has this size now.
    Resize {
        /// Width in characters.
        cols: u32,
        /// Height in characters.
        rows: u32,
    },
    /// A signal for what runs in the terminal.
    Signal {
        /// Its name without `SIG`.
        signal: String,
    },
    /// Every byte before the offset was drawn.
    Ack {
        /// The offset.
        offset: u64,
    },
}

/// A text frame of the server.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum ServerFrame<'a> {
    /// The viewer is attached.
    Opened {
        /// The terminal.
        terminal_id: String,
        /// The viewer.
        viewer_id: String,
        /// What the viewer may do.
        mode: &'static str,
        /// Name for people.
        name: String,
        /// Width in characters.
        cols: u32,
        /// Height in characters.
        rows: u32,
        /// Bytes sent beyond the last acknowledged one, at most.
        window: u64,
        /// Offset after the last byte that was shown before the viewer came; 0 for who
        /// opened the terminal.
        end: u64,
        /// Where its recording stands; null without one.
        recording: Option<RecordingState>,
    },
    /// Where the next binary byte belongs.
    Offset {
        /// Its offset.
        offset: u64,
        /// Bytes before it that are gone.
        lost: u64,
    },
    /// The terminal has this size now.
    Resize {
        /// Width in characters.
        cols: u32,
        /// Height in characters.
        rows: u32,
    },
    /// Who is attached now.
    Viewers {
        /// Each of them.
        viewers: Vec<ViewerFrame>,
    },
    /// The recording of the terminal ended, and the terminal goes on.
    Recording {
        /// How it ended.
        state: RecordingState,
    },
    /// What ran in the terminal ended.
    Exit {
        /// Code it returned.
        status: Option<u32>,
        /// Signal that killed it.
        signal: Option<String>,
    },
    /// Something was refused.
    Error {
        /// What, for programs.
        code: &'a str,
        /// What, for people.
        message: &'a str,
    },
}

/// A viewer, as the others see it.
#[derive(Debug, Serialize)]
pub(crate) struct ViewerFrame {
    viewer_id: String,
    mode: &'static str,
    shared: bool,
}

impl From<ViewerInfo> for ViewerFrame {
    fn from(info: ViewerInfo) -> Self {
        Self {
            viewer_id: info.id.to_string(),
            mode: mode_name(info.mode),
            shared: info.share.is_some(),
        }
    }
}

impl ServerFrame<'_> {
    /// The first frame for a viewer. Bytes before `end` are not the viewer's to answer.
    pub(crate) fn opened(terminal: &SharedTerminal, viewer: &ViewerInput, end: u64) -> Self {
        let info = terminal.info();
        Self::Opened {
            terminal_id: info.id.to_string(),
            viewer_id: viewer.id().to_string(),
            mode: mode_name(viewer.mode()),
            name: info.name,
            cols: info.columns,
            rows: info.rows,
            window: terminal.window(),
            end,
            recording: info.recording_state.as_ref().map(Into::into),
        }
    }

    /// How what ran in the terminal ended.
    pub(crate) fn exit(status: ExitStatus) -> Self {
        let (status, signal) = exit_parts(status);
        Self::Exit { status, signal }
    }
}

impl<'a> From<&'a Error> for ServerFrame<'a> {
    fn from(error: &'a Error) -> Self {
        let (code, message) = match error.kind() {
            // The only permission a terminal itself knows.
            ErrorKind::PermissionDenied => ("read_only", error.message()),
            ErrorKind::Internal => {
                tracing::error!(%error, "internal error");
                (error.kind().code(), "Internal server error")
            }
            kind => match error.message() {
                "" => (kind.code(), error.operation()),
                message => (kind.code(), message),
            },
        };
        Self::Error { code, message }
    }
}

/// The name of what a viewer may do.
pub(crate) fn mode_name(mode: ViewerMode) -> &'static str {
    match mode {
        ViewerMode::Write => "write",
        ViewerMode::Read => "read",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_frames_of_the_protocol_are_understood() {
        for text in [
            r#"{"type":"open","cols":80,"rows":24}"#,
            r#"{"type":"open","cols":80,"rows":24,"term":"xterm-256color","env":{"A":"b"},"command":null,"name":null,"record":false}"#,
            r#"{"type":"resize","cols":120,"rows":40}"#,
            r#"{"type":"signal","signal":"INT"}"#,
            r#"{"type":"ack","offset":9007199254740991}"#,
        ] {
            assert!(serde_json::from_str::<ClientFrame>(text).is_ok(), "{text}");
        }
        for text in [
            "",
            "[]",
            r#"{"type":"exit"}"#,
            r#"{"type":"open"}"#,
            r#"{"type":"ack","offset":-1}"#,
            r#"{"type":"ack","offset":1.5}"#,
            r#"{"type":"resize","cols":4294967296,"rows":1}"#,
        ] {
            assert!(serde_json::from_str::<ClientFrame>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_frames_of_the_protocol_are_written() {
        let written = |frame: ServerFrame<'_>| serde_json::to_string(&frame).unwrap();
        assert_eq!(
            written(ServerFrame::exit(ExitStatus::Signal("KILL".to_owned()))),
            r#"{"type":"exit","status":null,"signal":"KILL"}"#
        );
        assert_eq!(
            written(ServerFrame::Offset { offset: 3, lost: 1 }),
            r#"{"type":"offset","offset":3,"lost":1}"#
        );
        let state = RecordingState::TotalLimit;
        assert_eq!(
            written(ServerFrame::Recording { state }),
            r#"{"type":"recording","state":"total_limit"}"#
        );
    }
}

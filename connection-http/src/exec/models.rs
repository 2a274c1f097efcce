//! The objects of the routes that run commands.

use connection_core::exec::ExitStatus;
use poem_openapi::{Enum, Object, Union};
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::Duration;

use crate::extension::CodedDetail;

/// How bytes are written as text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Enum)]
pub(crate) enum ExecEncoding {
    /// As UTF-8; bytes of the output that are none become U+FFFD. No character is cut
    /// between two events.
    #[default]
    #[oai(rename = "utf-8")]
    Utf8,
    /// In base64, exactly.
    #[oai(rename = "base64")]
    Base64,
}

/// A command and what it runs with.
#[derive(Object)]
#[expect(dead_code, reason = "a description: bodies are read field by field")]
pub(crate) struct ExecOrder {
    /// For the account's shell; at most 131071 bytes (34700 with the
    /// engine libssh2), with what `directory` and `env` add; more can go through `stdin`.
    pub command: String,
    /// Its standard input, in the `encoding`; then that ends. In a terminal it is typed,
    /// and does not end.
    #[oai(write_only)]
    pub stdin: Option<String>,
    /// Environment variables, at most 64. Those the server refuses are set by the account's
    /// shell; until the command starts, other accounts of the machine can see their values
    /// in the list of processes.
    #[oai(write_only)]
    pub env: Option<BTreeMap<String, String>>,
    /// The directory to run it in; a relative path begins at the login directory. If it
    /// cannot be entered, nothing is run, the exit code is 125 and standard error says why.
    pub directory: Option<String>,
    /// A terminal to run it in; everything is standard output then.
    pub pty: Option<PtyOrder>,
    /// Seconds after which it is ended, with the status 504; at most 3600, and at most the
    /// configured time.
    pub timeout: Option<f64>,
    /// Bytes of output after which it is ended and `truncated`; at most the configured
    /// limit, which is also the default.
    pub output_limit: Option<u64>,
    /// How `stdin`, `stdout` and `stderr` are written [default: utf-8].
    pub encoding: Option<ExecEncoding>,
}

/// A terminal for a command.
#[derive(Object)]
pub(crate) struct PtyOrder {
    /// Columns, 1 to 500 [default: 80].
    pub cols: Option<u32>,
    /// Rows, 1 to 200 [default: 24].
    pub rows: Option<u32>,
    /// Its type, the value of `TERM` [default: xterm-256color].
    pub term: Option<String>,
}

/// What a command left behind.
#[derive(Debug, Object, Serialize)]
pub(crate) struct ExecResult {
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    /// How it ended.
    #[oai(flatten)]
    #[serde(flatten)]
    pub end: ExecEnd,
}

/// How a command ended. Both `exit_code` and `signal` are absent when the server did not
/// say.
#[derive(Debug, Object, Serialize)]
pub(crate) struct ExecEnd {
    /// The code it returned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<u32>,
    /// The signal that killed it, without `SIG`, such as `TERM`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signal: Option<String>,
    /// How long it ran, in milliseconds.
    pub duration_ms: u64,
    /// Whether it was ended because its output exceeded the limit; what came is then its
    /// beginning, exactly as many bytes as the limit says.
    pub truncated: bool,
}

impl ExecEnd {
    /// The end as it was told.
    pub(crate) fn new(status: ExitStatus, truncated: bool, duration: Duration) -> Self {
        let (exit_code, signal) = match status {
            ExitStatus::Code(code) => (Some(code), None),
            ExitStatus::Signal(name) => (None, Some(name)),
            ExitStatus::Unknown => (None, None),
        };
        Self {
            exit_code,
            signal,
            duration_ms: u64::try_from(duration.as_millis()).unwrap_or(u64::MAX),
            truncated,
        }
    }
}

/// Data of the event `started`: the command runs.
#[derive(Debug, Object, Serialize)]
pub(crate) struct ExecStarted {
    /// Its id among the session's commands, a UUID.
    pub exec_id: String,
}

/// Data of the events `stdout` and `stderr`: bytes as they came, at most 32 KiB.
#[derive(Debug, Object, Serialize)]
pub(crate) struct ExecText {
    /// The bytes, in the `encoding` of the request.
    pub data: String,
}

/// Data of the events of a running command: `started` first, then `stdout` and `stderr`,
/// each stream in its order, and at last one of `exit` and `error`.
#[derive(Debug, Union)]
pub(crate) enum ExecEventData {
    /// `started`.
    Started(ExecStarted),
    /// `stdout` and `stderr`.
    Output(ExecText),
    /// `exit`.
    Exit(ExecEnd),
    /// `error`.
    Error(CodedDetail),
}

/// A command that runs.
#[derive(Debug, Object, Serialize)]
pub(crate) struct ExecObject {
    /// Its id, a UUID.
    pub exec_id: String,
    /// The first 1000 characters of it.
    pub command: String,
    /// When it was asked for, RFC 3339 in UTC.
    pub since: String,
}

/// Commands of a session that run, or wait for room on the server.
#[derive(Debug, Object, Serialize)]
pub(crate) struct ExecList {
    /// In the order they were asked for.
    pub commands: Vec<ExecObject>,
}

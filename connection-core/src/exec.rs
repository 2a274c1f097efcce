//! Commands: what is run and what comes of it. Knows no protocol.

use std::time::Duration;

/// A command for the account's shell on the remote machine.
///
/// The command is run as the person typed it: it is the one place where a caller's text
/// reaches a remote shell, on purpose. No file operation of this library uses it.
#[derive(Debug, Clone)]
pub struct ExecRequest {
    pub(crate) command: Vec<u8>,
    pub(crate) output_limit: u64,
    pub(crate) timeout: Option<Duration>,
}

/// Bytes of standard output and standard error kept by default, together: 64 MiB.
pub const DEFAULT_OUTPUT_LIMIT: u64 = 64 * 1024 * 1024;

impl ExecRequest {
    /// A command with the default output limit and no total time limit.
    pub fn new(command: impl Into<Vec<u8>>) -> Self {
        Self {
            command: command.into(),
            output_limit: DEFAULT_OUTPUT_LIMIT,
            timeout: None,
        }
    }

    /// Ends the command once its output exceeds this many bytes.
    #[must_use]
    pub fn output_limit(mut self, bytes: u64) -> Self {
        self.output_limit = bytes;
        self
    }

    /// Ends the command after this time.
    #[must_use]
    pub fn timeout(mut self, timeout: Option<Duration>) -> Self {
        self.timeout = timeout;
        self
    }
}

/// How a command ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum ExitStatus {
    /// It returned this code.
    Code(u32),
    /// It was killed by this signal, named without `SIG` as in RFC 4254.
    Signal(String),
    /// The server closed the channel without saying.
    #[default]
    Unknown,
}

/// What a command left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExecOutput {
    /// Standard output.
    pub stdout: Vec<u8>,
    /// Standard error.
    pub stderr: Vec<u8>,
    /// How it ended.
    pub status: ExitStatus,
    /// Whether the command was ended because its output exceeded the limit; what is
    /// here is then its beginning.
    pub truncated: bool,
    /// How long it ran.
    pub duration: Duration,
}

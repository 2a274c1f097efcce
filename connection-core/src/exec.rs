//! Commands: what is run and what comes of it. Knows no protocol.

use crate::error::{Error, Result};
use crate::path::{MAX_PATH_BYTES, RemotePath};
use crate::terminal::{DEFAULT_TERM, check_env, check_size, check_term};
use bytes::Bytes;
use std::fmt;
use std::time::Duration;

/// A command for the account's shell on the remote machine.
///
/// The command is run as the person typed it: it is the one place where a caller's text
/// reaches a remote shell, on purpose. No file operation of this library uses it.
///
/// ```
/// use connection_core::exec::ExecRequest;
/// use std::time::Duration;
///
/// let request = ExecRequest::new("tar xf - && ls | wc -l")
///     .directory("/srv/a directory's name")
///     .env("LC_ALL", "C")
///     .stdin(std::fs::read("Cargo.toml")?)
///     .timeout(Some(Duration::from_secs(60)));
/// # let _ = request;
/// # Ok::<_, std::io::Error>(())
/// ```
#[derive(Clone)]
pub struct ExecRequest {
    pub(crate) command: Vec<u8>,
    pub(crate) stdin: Bytes,
    pub(crate) env: Vec<(String, String)>,
    pub(crate) directory: Option<Vec<u8>>,
    pub(crate) pty: Option<(u32, u32)>,
    pub(crate) term: String,
    pub(crate) output_limit: u64,
    pub(crate) timeout: Option<Duration>,
}

/// Bytes of standard output and standard error taken by default, together: 64 MiB.
pub const DEFAULT_OUTPUT_LIMIT: u64 = 64 * 1024 * 1024;

/// Longest command line, in bytes, with what is added for directory and variables. Linux
/// gives no program a longer argument (`MAX_ARG_STRLEN`), and OpenSSH ends a connection on
/// which a packet twice as long arrives. The engine libssh2 sends 34,700 at most.
pub const MAX_COMMAND_BYTES: usize = 128 * 1024 - 1;

impl ExecRequest {
    /// A command with nothing on its standard input, in the login directory, with the
    /// default output limit and no total time limit.
    pub fn new(command: impl Into<Vec<u8>>) -> Self {
        Self {
            command: command.into(),
            stdin: Bytes::new(),
            env: Vec::new(),
            directory: None,
            pty: None,
            term: DEFAULT_TERM.to_owned(),
            output_limit: DEFAULT_OUTPUT_LIMIT,
            timeout: None,
        }
    }

    /// Bytes for standard input, and then its end. They are sent while output is taken, so
    /// neither can block the other; what the command does not read is dropped.
    ///
    /// In a terminal ([`ExecRequest::pty`]) they are typed. A terminal has no end of input:
    /// who wants one types it as well (byte 4, at the beginning of a line).
    #[must_use]
    pub fn stdin(mut self, bytes: impl Into<Bytes>) -> Self {
        self.stdin = bytes.into();
        self
    }

    /// An environment variable for the command.
    ///
    /// The server is asked first, a round trip for each, and takes few names (OpenSSH's
    /// `AcceptEnv`). What it refuses is not lost: the account's shell is told to run the
    /// command with it, which needs `sh` and `env` on the remote machine. Until the command
    /// itself starts, other accounts there can then see the value in the list of processes.
    #[must_use]
    pub fn env(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.env.push((name.into(), value.into()));
        self
    }

    /// The directory the command runs in: any bytes that are no NUL, relative to the login
    /// directory unless it begins with `/`. Nothing in it means anything to a shell.
    ///
    /// SSH has no word for it, so the account's shell is told, whichever it is; it needs
    /// `sh` on the remote machine. When the directory cannot be entered the command is not
    /// run: the exit code is 125, and standard error says why in the words of that `sh`.
    #[must_use]
    pub fn directory(mut self, path: impl Into<Vec<u8>>) -> Self {
        self.directory = Some(path.into());
        self
    }

    /// The same for a path of [`crate::fs::RemoteFs`].
    #[must_use]
    pub fn directory_path(self, path: &RemotePath) -> Self {
        self.directory(path.as_bytes())
    }

    /// Runs the command in a terminal of this many columns and rows, for programs that
    /// insist on one. Everything is standard output then, lines end in CR LF, and the
    /// command's input is what [`ExecRequest::stdin`] types.
    #[must_use]
    pub fn pty(mut self, size: Option<(u32, u32)>) -> Self {
        self.pty = size;
        self
    }

    /// The terminal's type, the value of `TERM`; `xterm-256color` by default.
    #[must_use]
    pub fn term(mut self, term: impl Into<String>) -> Self {
        self.term = term.into();
        self
    }

    /// Ends the command once its output exceeds this many bytes.
    #[must_use]
    pub fn output_limit(mut self, bytes: u64) -> Self {
        self.output_limit = bytes;
        self
    }

    /// Ends the command after this time, which begins with asking for a channel.
    #[must_use]
    pub fn timeout(mut self, timeout: Option<Duration>) -> Self {
        self.timeout = timeout;
        self
    }

    /// Checks everything before a byte is sent.
    ///
    /// # Errors
    /// `InvalidInput` with the field.
    pub(crate) fn check(&self) -> Result<()> {
        check_command(&self.command)?;
        check_env(&self.env)?;
        if let Some((columns, rows)) = self.pty {
            check_size(columns, rows)?;
            check_term(&self.term)?;
        }
        match self.directory.as_deref() {
            Some(path) if path.is_empty() || path.len() > MAX_PATH_BYTES || path.contains(&0) => {
                Err(Error::invalid(
                    "directory",
                    format!("a directory is 1 to {MAX_PATH_BYTES} bytes without a NUL"),
                ))
            }
            _ => Ok(()),
        }
    }
}

/// Checks a command line.
///
/// # Errors
/// `InvalidInput`.
pub(crate) fn check_command(command: &[u8]) -> Result<()> {
    if command.contains(&0) {
        return Err(Error::invalid("command", "the command contains a NUL"));
    }
    if command.len() > MAX_COMMAND_BYTES {
        let text = format!("the command line is longer than {MAX_COMMAND_BYTES} bytes");
        return Err(Error::invalid("command", text));
    }
    Ok(())
}

/// Input and variables may be secret and are not shown.
impl fmt::Debug for ExecRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.env.iter().map(|(name, _)| name).collect();
        f.debug_struct("ExecRequest")
            .field("command", &self.command.escape_ascii().to_string())
            .field("stdin", &self.stdin.len())
            .field("env", &names)
            .field("pty", &self.pty)
            .field("output_limit", &self.output_limit)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
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

/// Something that came of a running command. Each stream comes in its order; between the two
/// it is the order in which the engine read them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExecEvent {
    /// Bytes of standard output, as they came; a character may be cut in two. Never empty.
    Stdout(Bytes),
    /// Bytes of standard error. Never empty.
    Stderr(Bytes),
    /// It ended. Comes once, after the last of its bytes.
    Exit {
        /// How.
        status: ExitStatus,
        /// Whether the command was ended because its output exceeded the limit; what came
        /// is then its beginning.
        truncated: bool,
        /// How long it ran.
        duration: Duration,
    },
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

#[cfg(test)]
mod tests {
    use super::*;

    fn field(request: &ExecRequest) -> Option<String> {
        let error = request.check().err()?;
        error.context("field").map(str::to_owned)
    }

    #[test]
    fn everything_is_checked_before_it_is_sent() {
        let request = || ExecRequest::new("x");
        let long = vec![b'x'; MAX_COMMAND_BYTES];
        assert_eq!(field(&ExecRequest::new(long.clone())), None);
        let longer = [long, b"x".to_vec()].concat();
        for (request, wrong) in [
            (request(), None),
            (ExecRequest::new("a\0b"), Some("command")),
            (ExecRequest::new(longer), Some("command")),
            (request().env("A=B", ""), Some("env")),
            (request().env("A", "\0"), Some("env")),
            (request().directory(""), Some("directory")),
            (request().directory("a\0b"), Some("directory")),
            (request().directory(vec![b'x'; 9000]), Some("directory")),
            (request().directory(b"\xff\n'!".to_vec()), None),
            (request().pty(Some((0, 24))), Some("columns")),
            (request().pty(Some((80, 201))), Some("rows")),
            (request().pty(Some((80, 24))).term(""), Some("term")),
            (request().term(""), None),
        ] {
            assert_eq!(field(&request).as_deref(), wrong, "{request:?}");
        }
    }

    #[test]
    fn what_may_be_secret_is_not_shown() {
        let request = ExecRequest::new("x").stdin("canary-1").env("N", "canary-2");
        assert!(!format!("{request:?}").contains("canary"));
    }
}

//! The one error type of the library.
//!
//! An [`Error`] says what went wrong as a stable [`ErrorKind`], while doing what
//! (`operation`), on which [`Side`] (the remote machine or this one), in the peer's
//! own words where it had any (`message`), and with which facts (`context`).
//! Callers match on the kind; people read the message. It knows no protocol and no
//! HTTP: each outer protocol turns kinds into its own form in one table.
//!
//! No secret is ever put into an error.

use std::fmt;

/// Result of a library call.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, as a caller can act on it.
///
/// The enum is exhaustive on purpose: a table from kinds to wire forms must decide
/// about each kind, so adding one is a breaking change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// A value handed in by the caller is not acceptable; the context names the field.
    InvalidInput,
    /// The host name does not resolve.
    HostNotFound,
    /// The host answered, but nothing listens on the port.
    ConnectionRefused,
    /// No route to the host, or the network is down.
    Unreachable,
    /// A clock ran out: connect, no progress, or total.
    TimedOut,
    /// The established connection is gone.
    ConnectionLost,
    /// The peer broke the protocol, or does not speak it at all.
    Protocol,
    /// No common algorithm (key exchange, cipher, host key, TLS version).
    NoCommonAlgorithm,
    /// The policy is strict and the host's key or certificate is not on record.
    HostUnknown,
    /// The host's key or certificate differs from the one on record.
    HostChanged,
    /// The host's key is marked as revoked.
    HostRevoked,
    /// The trust store cannot be read or written; nothing is trusted until it can.
    TrustStore,
    /// The server refused every credential it was offered.
    AuthenticationFailed,
    /// The private key file cannot be read.
    KeyUnreadable,
    /// What was given is not a private key in a known format.
    KeyInvalid,
    /// The private key is encrypted and no passphrase was given.
    PassphraseRequired,
    /// The private key is encrypted with another passphrase.
    PassphraseWrong,
    /// The server refuses to open another channel on this connection.
    ChannelRefused,
    /// The path does not exist.
    NotFound,
    /// The account may not do that.
    PermissionDenied,
    /// Something of that name exists already.
    AlreadyExists,
    /// A directory was needed and the path is something else.
    NotADirectory,
    /// A file was needed and the path is a directory.
    IsADirectory,
    /// The directory still has entries.
    DirectoryNotEmpty,
    /// The disk is full.
    NoSpace,
    /// The account's quota is used up.
    QuotaExceeded,
    /// The file is larger than a configured or server-side limit.
    TooLarge,
    /// The transfer ended before all promised bytes came.
    Incomplete,
    /// A partial file is not as long as the caller who goes on with it takes it to be; the
    /// context tells its `size`.
    OffsetMismatch,
    /// The server failed and did not say why in a way that can be told apart.
    Failure,
    /// The server or the protocol cannot do that.
    Unsupported,
    /// A configured limit (sessions, channels) is reached.
    LimitReached,
    /// No session of that id is there for this owner: unknown, closed, expired, or another's.
    SessionNotFound,
    /// The session's protocol has no such feature.
    WrongSessionType,
    /// The operation was given up by its caller, or its session was closed.
    Cancelled,
    /// An input or output error of this machine.
    LocalIo,
    /// A broken invariant of this library.
    Internal,
}

impl ErrorKind {
    /// Every kind, for tables and their tests.
    pub const ALL: &'static [ErrorKind] = &[
        Self::InvalidInput,
        Self::HostNotFound,
        Self::ConnectionRefused,
        Self::Unreachable,
        Self::TimedOut,
        Self::ConnectionLost,
        Self::Protocol,
        Self::NoCommonAlgorithm,
        Self::HostUnknown,
        Self::HostChanged,
        Self::HostRevoked,
        Self::TrustStore,
        Self::AuthenticationFailed,
        Self::KeyUnreadable,
        Self::KeyInvalid,
        Self::PassphraseRequired,
        Self::PassphraseWrong,
        Self::ChannelRefused,
        Self::NotFound,
        Self::PermissionDenied,
        Self::AlreadyExists,
        Self::NotADirectory,
        Self::IsADirectory,
        Self::DirectoryNotEmpty,
        Self::NoSpace,
        Self::QuotaExceeded,
        Self::TooLarge,
        Self::Incomplete,
        Self::OffsetMismatch,
        Self::Failure,
        Self::Unsupported,
        Self::LimitReached,
        Self::SessionNotFound,
        Self::WrongSessionType,
        Self::Cancelled,
        Self::LocalIo,
        Self::Internal,
    ];

    /// The stable machine-readable name, for wire forms, logs and metrics.
    pub const fn code(self) -> &'static str {
        match self {
            Self::InvalidInput => "invalid_input",
            Self::HostNotFound => "host_not_found",
            Self::ConnectionRefused => "connection_refused",
            Self::Unreachable => "unreachable",
            Self::TimedOut => "timed_out",
            Self::ConnectionLost => "connection_lost",
            Self::Protocol => "protocol_error",
            Self::NoCommonAlgorithm => "no_common_algorithm",
            Self::HostUnknown => "host_unknown",
            Self::HostChanged => "host_changed",
            Self::HostRevoked => "host_revoked",
            Self::TrustStore => "trust_store",
            Self::AuthenticationFailed => "authentication_failed",
            Self::KeyUnreadable => "key_unreadable",
            Self::KeyInvalid => "key_invalid",
            Self::PassphraseRequired => "passphrase_required",
            Self::PassphraseWrong => "passphrase_wrong",
            Self::ChannelRefused => "channel_refused",
            Self::NotFound => "not_found",
            Self::PermissionDenied => "permission_denied",
            Self::AlreadyExists => "already_exists",
            Self::NotADirectory => "not_a_directory",
            Self::IsADirectory => "is_a_directory",
            Self::DirectoryNotEmpty => "directory_not_empty",
            Self::NoSpace => "no_space",
            Self::QuotaExceeded => "quota_exceeded",
            Self::TooLarge => "too_large",
            Self::Incomplete => "incomplete",
            Self::OffsetMismatch => "offset_mismatch",
            Self::Failure => "failure",
            Self::Unsupported => "unsupported",
            Self::LimitReached => "limit_reached",
            Self::SessionNotFound => "session_not_found",
            Self::WrongSessionType => "wrong_session_type",
            Self::Cancelled => "cancelled",
            Self::LocalIo => "local_io",
            Self::Internal => "internal",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Which machine an error speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// The server at the other end, or the way there.
    Remote,
    /// This machine: its files and its limits.
    Local,
}

type Source = Box<dyn std::error::Error + Send + Sync + 'static>;

/// A failed operation. One pointer wide, so that results stay small.
#[derive(thiserror::Error)]
#[error("{}", .0.describe())]
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    side: Side,
    operation: &'static str,
    message: String,
    context: Vec<(&'static str, String)>,
    source: Option<Source>,
}

impl Inner {
    fn describe(&self) -> String {
        let mut text = format!("{}: {}", self.operation, self.message);
        for (key, value) in &self.context {
            text.push_str(&format!(", {key}: {value}"));
        }
        text
    }
}

impl Error {
    /// An error of the remote side. `operation` is a verb phrase of ours such as
    /// `"open file"`; `message` is the peer's own text, or what is wrong and what
    /// would be right.
    pub fn new(kind: ErrorKind, operation: &'static str, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            side: Side::Remote,
            operation,
            message: message.into(),
            context: Vec::new(),
            source: None,
        }))
    }

    /// An unacceptable value of the named field.
    pub fn invalid(field: &'static str, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidInput, "check input", message).with("field", field)
    }

    /// An error of this machine's file system on `path`, keeping the operating
    /// system's error as the source.
    pub fn local(operation: &'static str, path: &std::path::Path, source: std::io::Error) -> Self {
        let kind = match source.kind() {
            std::io::ErrorKind::NotFound => ErrorKind::NotFound,
            std::io::ErrorKind::PermissionDenied => ErrorKind::PermissionDenied,
            std::io::ErrorKind::AlreadyExists => ErrorKind::AlreadyExists,
            std::io::ErrorKind::IsADirectory => ErrorKind::IsADirectory,
            std::io::ErrorKind::NotADirectory => ErrorKind::NotADirectory,
            std::io::ErrorKind::StorageFull => ErrorKind::NoSpace,
            std::io::ErrorKind::QuotaExceeded => ErrorKind::QuotaExceeded,
            std::io::ErrorKind::FileTooLarge => ErrorKind::TooLarge,
            _ => ErrorKind::LocalIo,
        };
        Self::new(kind, operation, source.to_string())
            .on(Side::Local)
            .with("local_path", path.display().to_string())
            .caused_by(source)
    }

    /// Adds a fact. Never a secret.
    #[must_use]
    pub fn with(mut self, key: &'static str, value: impl Into<String>) -> Self {
        self.0.context.push((key, value.into()));
        self
    }

    /// Says which machine the error speaks of.
    #[must_use]
    pub fn on(mut self, side: Side) -> Self {
        self.0.side = side;
        self
    }

    /// Keeps the underlying error.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Source>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// What went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Which machine the error speaks of.
    pub fn side(&self) -> Side {
        self.0.side
    }

    /// What was being done.
    pub fn operation(&self) -> &'static str {
        self.0.operation
    }

    /// The peer's own text where it gave one, else what is wrong.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// A fact by its key.
    pub fn context(&self, key: &str) -> Option<&str> {
        self.0
            .context
            .iter()
            .find(|(k, _)| *k == key)
            .map(|(_, v)| v.as_str())
    }

    /// All facts, in the order they were added.
    pub fn facts(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.context.iter().map(|(k, v)| (*k, v.as_str()))
    }

    /// The operating system's error number, when one lies beneath.
    pub fn os_error(&self) -> Option<i32> {
        self.0
            .source
            .as_deref()
            .and_then(|s| s.downcast_ref::<std::io::Error>())
            .and_then(std::io::Error::raw_os_error)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("side", &self.0.side)
            .field("operation", &self.0.operation)
            .field("message", &self.0.message)
            .field("context", &self.0.context)
            .field("source", &self.0.source)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_there_once() {
        let codes: std::collections::HashSet<_> = ErrorKind::ALL.iter().map(|k| k.code()).collect();
        assert_eq!(codes.len(), ErrorKind::ALL.len());
    }

    #[test]
    fn a_local_error_names_the_path_and_keeps_the_number() {
        let e = Error::local(
            "open local file",
            std::path::Path::new("/nope"),
            std::io::Error::from_raw_os_error(2),
        );
        assert_eq!(e.kind(), ErrorKind::NotFound);
        assert_eq!(e.side(), Side::Local);
        assert_eq!(e.context("local_path"), Some("/nope"));
        assert_eq!(e.os_error(), Some(2));
        assert!(e.to_string().starts_with("open local file: "));
    }
}

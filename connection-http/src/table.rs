//! The one table from the library's errors to the status and text of the contract.
//!
//! It decides about every [`ErrorKind`] for every operation: adding a kind is a compile
//! error here until it has a text. The texts are those that clients of the contract
//! already show, so several of them quote the operating system or a library of another
//! language («`[Errno 2] No such file`»).

use crate::codes;
use crate::error::Problem;
use connection_core::session::SessionKind;
use connection_core::ssh::READ_BANNER;
use connection_core::{CONNECT, Error, ErrorKind, Side};
use poem::http::StatusCode;

/// What an error to connect is told with.
pub(crate) struct Connecting<'a> {
    /// Protocol.
    pub kind: SessionKind,
    /// Host as the request named it.
    pub host: &'a str,
    /// TCP port.
    pub port: u16,
    /// Path of the key as the request named it.
    pub key_path: Option<&'a str>,
}

/// An operation on an open session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    /// Listing a directory.
    List,
    /// Fetching a file.
    Download,
    /// Sending a file.
    Upload,
    /// Running a command.
    Execute,
}

impl Operation {
    const fn prefix(self) -> &'static str {
        match self {
            Self::List => "Failed to list files: ",
            Self::Download => "Download failed: ",
            Self::Upload => "Upload failed: ",
            Self::Execute => "Command execution failed: ",
        }
    }
}

const NO_SUCH_FILE: &str = "[Errno 2] No such file";
const NO_PERMISSION: &str = "[Errno 13] Permission denied";
const FAILURE: &str = "Failure";
const ENETUNREACH: i32 = 101;

/// The answer to an error while a session was opened.
pub(crate) fn connect_problem(error: &Error, sent: &Connecting<'_>) -> Problem {
    let problem = match sent.kind {
        SessionKind::Ssh => ssh_connect(error, sent),
        SessionKind::Ftp => ftp_connect(error),
    };
    let problem = problem.named(codes::connecting(error, sent.kind));
    match field(error, sent) {
        Some(field) => problem.about(field),
        None => problem,
    }
}

/// The field of the request that the error is about.
fn field(error: &Error, sent: &Connecting<'_>) -> Option<&'static str> {
    use ErrorKind as K;
    match error.kind() {
        K::KeyUnreadable | K::KeyInvalid => Some(match sent.key_path {
            Some(_) => "keyPath",
            None => "privateKey",
        }),
        K::PassphraseRequired | K::PassphraseWrong => Some("passphrase"),
        _ => codes::field_of(error),
    }
}

fn ssh_connect(error: &Error, sent: &Connecting<'_>) -> Problem {
    use ErrorKind as K;
    let connection = |text: &str| Problem::bad_request(format!("Connection error: {text}"));
    let failed = |text: &str| Problem::bad_request(format!("SSH connection failed: {text}"));
    let message = error.message();
    match error.kind() {
        K::InvalidInput | K::Cancelled | K::LocalIo => connection(message),
        K::HostNotFound => connection("[Errno -2] Name or service not known"),
        K::Unreachable if error.os_error() == Some(ENETUNREACH) => connection(&errno(ENETUNREACH)),
        K::ConnectionRefused | K::Unreachable => connection(&format!(
            "[Errno None] Unable to connect to port {} on {}",
            sent.port, sent.host
        )),
        K::TimedOut => match error.operation() {
            CONNECT => connection("timed out"),
            // The peer accepted and never said a word.
            READ_BANNER => failed("No existing session"),
            _ => failed(message),
        },
        // The engine's message is the contract's text, with the reset where there was one.
        K::Protocol | K::ConnectionLost | K::NoCommonAlgorithm => failed(message),
        K::HostUnknown | K::HostChanged | K::HostRevoked | K::TrustStore => {
            failed(&with_fingerprints(error))
        }
        K::AuthenticationFailed => {
            Problem::bad_request("Authentication failed - check username/password/key")
        }
        K::KeyUnreadable | K::KeyInvalid | K::PassphraseRequired | K::PassphraseWrong => {
            connection(&match sent.key_path {
                Some(path) => format!("Could not load private key from {path}"),
                None => format!("Could not load private key: {message}"),
            })
        }
        // A server without the file subsystem: connecting fails as a whole.
        K::Unsupported => failed("Channel closed."),
        K::ChannelRefused
        | K::NotFound
        | K::PermissionDenied
        | K::AlreadyExists
        | K::NotADirectory
        | K::IsADirectory
        | K::DirectoryNotEmpty
        | K::NoSpace
        | K::QuotaExceeded
        | K::TooLarge
        | K::Incomplete
        | K::OffsetMismatch
        | K::Failure => failed(message),
        // Ours is a text of the contract; a server's own is a failure like any other.
        K::LimitReached if error.side() == Side::Local => Problem::bad_request(message),
        K::LimitReached => failed(message),
        K::SessionNotFound | K::WrongSessionType | K::Internal => Problem::internal(),
    }
}

fn ftp_connect(error: &Error) -> Problem {
    use ErrorKind as K;
    let failed = |text: &str| Problem::bad_request(format!("FTP connection failed: {text}"));
    let message = error.message();
    match error.kind() {
        K::HostNotFound => failed("[Errno -2] Name or service not known"),
        K::ConnectionRefused => failed("[Errno 111] Connection refused"),
        K::TimedOut if error.operation() == CONNECT => failed("timed out"),
        K::Unreachable | K::ConnectionLost => match error.os_error() {
            Some(number) => failed(&errno(number)),
            None => failed(message),
        },
        K::HostUnknown | K::HostChanged | K::HostRevoked | K::TrustStore => {
            failed(&with_fingerprints(error))
        }
        // The server's own reply.
        K::AuthenticationFailed
        | K::InvalidInput
        | K::TimedOut
        | K::Protocol
        | K::NoCommonAlgorithm
        | K::KeyUnreadable
        | K::KeyInvalid
        | K::PassphraseRequired
        | K::PassphraseWrong
        | K::ChannelRefused
        | K::NotFound
        | K::PermissionDenied
        | K::AlreadyExists
        | K::NotADirectory
        | K::IsADirectory
        | K::DirectoryNotEmpty
        | K::NoSpace
        | K::QuotaExceeded
        | K::TooLarge
        | K::Incomplete
        | K::OffsetMismatch
        | K::Failure
        | K::Unsupported
        | K::Cancelled
        | K::LocalIo => failed(message),
        // Ours is a text of the contract; a server's own is a failure like any other.
        K::LimitReached if error.side() == Side::Local => Problem::bad_request(message),
        K::LimitReached => failed(message),
        K::SessionNotFound | K::WrongSessionType | K::Internal => Problem::internal(),
    }
}

/// The answer to an error of an operation on a session. `local_path` is the local path as
/// the client named it, or as the answer would have.
pub(crate) fn operation_problem(
    operation: Operation,
    kind: SessionKind,
    error: &Error,
    local_path: Option<&str>,
) -> Problem {
    use ErrorKind as K;
    let text = match (error.kind(), error.side(), kind) {
        (K::SessionNotFound, _, _) => return session_not_found(),
        (K::WrongSessionType, _, _) => {
            return Problem::bad_request("Not an SSH session").named(error.kind().code());
        }
        (K::Internal, _, _) => {
            tracing::error!(%error, "internal error");
            "Internal server error".to_owned()
        }
        (_, Side::Local, _) => local_text(error, local_path),
        (_, Side::Remote, SessionKind::Ssh) => ssh_text(operation, error),
        (_, Side::Remote, SessionKind::Ftp) => ftp_text(error),
    };
    Problem::failed(format!("{}{text}", operation.prefix())).named(codes::operating(error))
}

fn ssh_text(operation: Operation, error: &Error) -> String {
    use ErrorKind as K;
    let own = || match error.message() {
        "" => FAILURE.to_owned(),
        message => message.to_owned(),
    };
    match error.kind() {
        K::NotFound => NO_SUCH_FILE.to_owned(),
        // Listing a file is answered like listing nothing at all.
        K::NotADirectory if operation == Operation::List => NO_SUCH_FILE.to_owned(),
        K::PermissionDenied => NO_PERMISSION.to_owned(),
        K::IsADirectory => FAILURE.to_owned(),
        K::ConnectionLost | K::Cancelled => match operation {
            Operation::Execute => "SSH session not active".to_owned(),
            Operation::List | Operation::Download | Operation::Upload => {
                "Socket is closed".to_owned()
            }
        },
        K::InvalidInput
        | K::HostNotFound
        | K::ConnectionRefused
        | K::Unreachable
        | K::TimedOut
        | K::Protocol
        | K::NoCommonAlgorithm
        | K::HostUnknown
        | K::HostChanged
        | K::HostRevoked
        | K::TrustStore
        | K::AuthenticationFailed
        | K::KeyUnreadable
        | K::KeyInvalid
        | K::PassphraseRequired
        | K::PassphraseWrong
        | K::ChannelRefused
        | K::AlreadyExists
        | K::NotADirectory
        | K::DirectoryNotEmpty
        | K::NoSpace
        | K::QuotaExceeded
        | K::TooLarge
        | K::Incomplete
        | K::OffsetMismatch
        | K::Failure
        | K::Unsupported
        | K::LimitReached
        | K::SessionNotFound
        | K::WrongSessionType
        | K::LocalIo
        | K::Internal => own(),
    }
}

/// The server's own reply, whatever it means.
fn ftp_text(error: &Error) -> String {
    match (error.message(), error.os_error()) {
        (_, Some(number)) => errno(number),
        ("", None) => "the server closed the connection".to_owned(),
        (message, None) => message.to_owned(),
    }
}

fn local_text(error: &Error, path: Option<&str>) -> String {
    let number = error.os_error().or(match error.kind() {
        ErrorKind::NotFound => Some(2),
        ErrorKind::PermissionDenied => Some(13),
        ErrorKind::NotADirectory => Some(20),
        ErrorKind::IsADirectory => Some(21),
        _ => None,
    });
    match (number, path) {
        (Some(number), Some(path)) => format!("{}: '{path}'", errno(number)),
        (Some(number), None) => errno(number),
        (None, _) => error.message().to_owned(),
    }
}

/// The answer to closing or looking at a session that is not there.
pub(crate) fn session_not_found() -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "Session expired or not found")
}

/// The answer to an error of closing a session.
pub(crate) fn close_problem(error: &Error) -> Problem {
    if error.kind() == ErrorKind::SessionNotFound {
        Problem::new(StatusCode::NOT_FOUND, "Session not found").named(error.kind().code())
    } else {
        tracing::error!(%error, "a session could not be closed");
        Problem::internal()
    }
}

/// The message of a refused server, with the fingerprints a person compares.
fn with_fingerprints(error: &Error) -> String {
    let mut text = error.message().to_owned();
    for key in ["expected", "presented"] {
        match error.context(key) {
            Some(fingerprint) if !text.contains(fingerprint) => {
                text.push_str(&format!("; {key}: {fingerprint}"));
            }
            _ => {}
        }
    }
    text
}

/// An error number as the contract writes it: `[Errno 13] Permission denied`.
fn errno(number: i32) -> String {
    let text = std::io::Error::from_raw_os_error(number).to_string();
    let words = text
        .rsplit_once(" (os error ")
        .map_or(text.as_str(), |(words, _)| words);
    format!("[Errno {number}] {words}")
}

#[cfg(test)]
#[path = "table_tests.rs"]
mod tests;

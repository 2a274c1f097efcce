//! libssh2's error codes, and what they mean for a caller. Codes decide, texts only inform.

use super::wire::End;
use crate::error::{Error, ErrorKind};
use crate::ssh::engine::{CONNECT_FAILED, PROHIBITED, REASON};
use libssh2_sys as raw;

/// Why a call of libssh2 brought nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// Nothing yet: the same call is made again, later.
    Again,
    /// It failed with this code.
    Failed(i32),
}

impl Stop {
    /// From a code of libssh2, which is negative.
    pub(super) fn from_code(code: i32) -> Self {
        if code == raw::LIBSSH2_ERROR_EAGAIN {
            Self::Again
        } else {
            Self::Failed(code)
        }
    }

    /// From a call that returns zero when it is done.
    pub(super) fn check(code: i32) -> Result<(), Self> {
        if code == 0 {
            Ok(())
        } else {
            Err(Self::from_code(code))
        }
    }

    /// From a call that returns a length.
    pub(super) fn check_length(length: isize) -> Result<usize, Self> {
        usize::try_from(length)
            .map_err(|_| Self::from_code(i32::try_from(length).unwrap_or(i32::MIN)))
    }

    /// Whether the whole session is unusable, and not just one channel.
    pub(super) fn is_fatal(self) -> bool {
        match self {
            Self::Again => false,
            Self::Failed(code) => !matches!(
                code,
                raw::LIBSSH2_ERROR_CHANNEL_OUTOFORDER
                    | raw::LIBSSH2_ERROR_CHANNEL_FAILURE
                    | raw::LIBSSH2_ERROR_CHANNEL_REQUEST_DENIED
                    | raw::LIBSSH2_ERROR_CHANNEL_UNKNOWN
                    | raw::LIBSSH2_ERROR_CHANNEL_WINDOW_EXCEEDED
                    | raw::LIBSSH2_ERROR_CHANNEL_PACKET_EXCEEDED
                    | raw::LIBSSH2_ERROR_CHANNEL_CLOSED
                    | raw::LIBSSH2_ERROR_CHANNEL_EOF_SENT
                    | raw::LIBSSH2_ERROR_REQUEST_DENIED
                    | raw::LIBSSH2_ERROR_BAD_USE
                    | raw::LIBSSH2_ERROR_INVAL
            ),
        }
    }
}

impl From<&ssh2::Error> for Stop {
    fn from(error: &ssh2::Error) -> Self {
        match error.code() {
            ssh2::ErrorCode::Session(code) => Self::from_code(code),
            ssh2::ErrorCode::SFTP(code) => Self::Failed(code),
        }
    }
}

/// The one translation of libssh2's codes.
pub(super) fn translate(operation: &'static str, code: i32, words: &str) -> Error {
    let kind = match code {
        raw::LIBSSH2_ERROR_KEX_FAILURE | raw::LIBSSH2_ERROR_METHOD_NONE => {
            ErrorKind::NoCommonAlgorithm
        }
        raw::LIBSSH2_ERROR_TIMEOUT | raw::LIBSSH2_ERROR_SOCKET_TIMEOUT => ErrorKind::TimedOut,
        raw::LIBSSH2_ERROR_SOCKET_SEND
        | raw::LIBSSH2_ERROR_SOCKET_RECV
        | raw::LIBSSH2_ERROR_SOCKET_DISCONNECT => ErrorKind::ConnectionLost,
        raw::LIBSSH2_ERROR_AUTHENTICATION_FAILED
        | raw::LIBSSH2_ERROR_PUBLICKEY_UNVERIFIED
        | raw::LIBSSH2_ERROR_PASSWORD_EXPIRED => ErrorKind::AuthenticationFailed,
        raw::LIBSSH2_ERROR_FILE => ErrorKind::KeyInvalid,
        raw::LIBSSH2_ERROR_CHANNEL_FAILURE => ErrorKind::ChannelRefused,
        raw::LIBSSH2_ERROR_CHANNEL_REQUEST_DENIED | raw::LIBSSH2_ERROR_REQUEST_DENIED => {
            ErrorKind::Unsupported
        }
        raw::LIBSSH2_ERROR_CHANNEL_CLOSED | raw::LIBSSH2_ERROR_CHANNEL_EOF_SENT => {
            ErrorKind::Failure
        }
        raw::LIBSSH2_ERROR_METHOD_NOT_SUPPORTED | raw::LIBSSH2_ERROR_ALGO_UNSUPPORTED => {
            ErrorKind::Unsupported
        }
        raw::LIBSSH2_ERROR_ALLOC | raw::LIBSSH2_ERROR_RANDGEN => ErrorKind::Internal,
        raw::LIBSSH2_ERROR_BAD_USE | raw::LIBSSH2_ERROR_INVAL => ErrorKind::Failure,
        _ => ErrorKind::Protocol,
    };
    let words = if words.is_empty() {
        "libssh2 gave no reason"
    } else {
        words
    };
    let error = Error::new(kind, operation, words).with("libssh2_code", code.to_string());
    // The reason of a refused channel reaches us only in libssh2's own phrase for it.
    match words {
        "Channel open failure (administratively prohibited)" => error.with(REASON, PROHIBITED),
        "Channel open failure (connect failed)" => error.with(REASON, CONNECT_FAILED),
        _ => error,
    }
}

/// The link is gone, with what is known of the reason.
pub(super) fn lost(operation: &'static str, reason: &str) -> Error {
    Error::new(ErrorKind::ConnectionLost, operation, reason)
}

/// The channel is closed on a link that lives.
pub(super) fn channel_closed(operation: &'static str) -> Error {
    Error::new(
        ErrorKind::ConnectionLost,
        operation,
        "the channel is closed",
    )
}

/// How the end of the stream is told.
pub(super) fn describe_end(end: End, farewell: Option<&str>) -> String {
    match (farewell, end) {
        (Some(text), _) => format!("the server disconnected: {text}"),
        (None, End::PeerClosed) => "the server closed the connection".to_owned(),
        (None, End::Failed(number)) => std::io::Error::from_raw_os_error(number).to_string(),
        (None, End::Cut) => "the connection was ended from this side".to_owned(),
    }
}

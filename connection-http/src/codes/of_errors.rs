//! From the library's errors to names, by what they are and never by their texts.
//!
//! A kind has a name of its own. Where a kind is not enough to know what to do, the step
//! that failed or a fact of the error tells more.

use connection_core::session::SessionKind;
use connection_core::{CONNECT, Error, ErrorKind, Side, ftp, ssh, trust};

/// The peer accepted the connection and broke it off at once.
const ECONNRESET: i32 = 104;

/// The name of an error while a session was opened.
pub(crate) fn connecting(error: &Error, kind: SessionKind) -> &'static str {
    use ErrorKind as K;
    let told = |fact: &str| error.context(fact).is_some();
    match (error.kind(), kind) {
        // Whatever it says: some say it in the words of a server that is full.
        (_, SessionKind::Ftp) if told(ftp::WANTS_TLS) => "tls_required",
        (K::LimitReached, _) if error.side() == Side::Local => "session_limit",
        (K::LimitReached, _) => "server_busy",
        (K::Unreachable, _) if error.os_error() == Some(ECONNRESET) => K::ConnectionLost.code(),
        (K::HostUnknown, _) if told(trust::OBJECTION) => "certificate_invalid",
        (K::AuthenticationFailed, SessionKind::Ssh) if told(ssh::SERVER_SAID) => {
            "too_many_attempts"
        }
        (K::Protocol, SessionKind::Ssh) if error.operation() == ssh::READ_BANNER => {
            match told(ssh::PEER_SAID) {
                true => "not_ssh",
                false => K::ConnectionLost.code(),
            }
        }
        (K::Unsupported, SessionKind::Ssh) if error.operation() == ssh::OPEN_SFTP => "no_sftp",
        (K::Unsupported, SessionKind::Ftp) if error.operation() == ftp::SECURE => "tls_refused",
        (K::Protocol | K::ConnectionLost, SessionKind::Ftp)
            if error.operation() == ftp::TLS_HANDSHAKE =>
        {
            "tls_failed"
        }
        (K::AuthenticationFailed, SessionKind::Ftp) if error.context("field").is_some() => {
            "account_required"
        }
        // A reply that is one, and out of place, has its code.
        (K::Protocol, SessionKind::Ftp) if error.operation() == CONNECT && !told("reply_code") => {
            "not_ftp"
        }
        (kind, _) => kind.code(),
    }
}

/// The name of an error of an operation on a session.
pub(crate) fn operating(error: &Error) -> &'static str {
    use ErrorKind as K;
    match (error.kind(), error.side()) {
        (K::NotFound, Side::Local) => super::LOCAL_NOT_FOUND,
        (K::PermissionDenied, Side::Local) => "local_permission_denied",
        (K::NoSpace, Side::Local) => "local_no_space",
        (kind, _) => kind.code(),
    }
}

/// The fields that the library calls what requests call them. A path is none of them: each
/// route has names of its own for those.
const FIELDS: &[&str] = &[
    "accessed",
    "account",
    "algorithm",
    "bind_host",
    "command",
    "directory",
    "env",
    "expires_in",
    "from",
    "host",
    "max_connections",
    "modified",
    "partial",
    "password",
    "port",
    "size",
    "target",
    "term",
    "to",
    "username",
];

/// The field of the request that an error is about, as the request calls it.
pub(crate) fn field_of(error: &Error) -> Option<&'static str> {
    match error.context("field")? {
        "virtual_host" => Some("virtualHost"),
        field => FIELDS.iter().copied().find(|known| *known == field),
    }
}

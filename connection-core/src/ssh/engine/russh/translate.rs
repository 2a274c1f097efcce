//! The one table from the library's errors to ours, by variant and never by text.

use crate::error::{Error, ErrorKind};

/// Translates an error of the library that came while doing `operation`.
pub(super) fn translate(error: ::russh::Error, operation: &'static str) -> Error {
    use ::russh::Error as E;
    let kind = match &error {
        E::NoCommonAlgo { kind, theirs, .. } => {
            let what = format!("{kind:?}");
            let offered = theirs.join(",");
            return Error::new(
                ErrorKind::NoCommonAlgorithm,
                operation,
                format!("no common {what} algorithm; the server offers {offered}"),
            )
            .caused_by(error);
        }
        E::UnknownAlgo => ErrorKind::NoCommonAlgorithm,
        E::CouldNotReadKey | E::Keys(_) => ErrorKind::KeyInvalid,
        E::IO(_)
        | E::Disconnect
        | E::HUP
        | E::SendError
        | E::RecvError
        | E::KeepaliveTimeout
        | E::Join(_) => ErrorKind::ConnectionLost,
        E::ConnectionTimeout | E::InactivityTimeout | E::Elapsed(_) => ErrorKind::TimedOut,
        E::ChannelOpenFailure(_) => ErrorKind::ChannelRefused,
        E::RequestDenied => ErrorKind::Unsupported,
        E::NoAuthMethod | E::NotAuthenticated | E::UnsupportedAuthMethod => {
            ErrorKind::AuthenticationFailed
        }
        E::UnknownKey | E::KeyChanged { .. } => ErrorKind::HostUnknown,
        E::KexInit
        | E::Version
        | E::Kex
        | E::PacketAuth
        | E::Inconsistent
        | E::IndexOutOfBounds
        | E::WrongServerSig
        | E::PacketSize(_)
        | E::WrongChannel
        | E::Pending
        | E::DecryptionError
        | E::Utf8(_)
        | E::StrictKeyExchangeViolation { .. }
        | E::Signature(_)
        | E::SshKey(_)
        | E::SshEncoding(_) => ErrorKind::Protocol,
        // Not of the protocol: a limit or a setting of this side, or a variant that a
        // later version of the library adds.
        _ => ErrorKind::Internal,
    };
    match error {
        // The system's error stays reachable as the source, with its number.
        E::IO(source) => Error::new(kind, operation, source.to_string()).caused_by(source),
        error => Error::new(kind, operation, error.to_string()).caused_by(error),
    }
}

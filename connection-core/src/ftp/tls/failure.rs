//! What OpenSSL's errors mean. Decides by codes, never by text.

use super::super::reply::io_error;
use crate::error::{Error, ErrorKind};
use crate::trust::Objection;
use openssl::error::ErrorStack;
use openssl::ssl::{self, ErrorCode, HandshakeError};
use openssl::x509::X509VerifyResult;
use std::io;
use std::net::TcpStream;

/// [`Error::operation`] of a TLS handshake.
pub const HANDSHAKE: &str = "TLS handshake";
/// Reason codes of OpenSSL's SSL library (`sslerr.h`) that mean "nothing in common".
const NOTHING_IN_COMMON: [i32; 6] = [191, 193, 258, 1040, 1070, 1071];
/// Reason codes for a peer that sends something else than TLS: `wrong version number`,
/// `http request`, `packet length too long`, `record layer failure`.
const NOT_TLS: [i32; 4] = [267, 156, 198, 313];
/// `SSL_R_UNEXPECTED_EOF_WHILE_READING`: the connection ended without `close_notify`.
const UNEXPECTED_EOF: i32 = 294;

/// Results of verifying a chain (`x509_vfy.h`) that mean that it leads to no authority known
/// here: 2, 20 and 21 lack an issuer, 18 and 19 end in a self-signed certificate, 27 is one
/// that is not trusted for this.
const NO_AUTHORITY: [i32; 6] = [2, 18, 19, 20, 21, 27];

/// What the chain's first error means.
pub(super) fn objection(error: X509VerifyResult) -> Objection {
    let text = error.error_string().to_owned();
    if NO_AUTHORITY.contains(&error.as_raw()) {
        Objection::NoAuthority(text)
    } else {
        Objection::Wrong(text)
    }
}

/// OpenSSL could not be set up.
pub(super) fn internal(error: &ErrorStack) -> Error {
    Error::new(ErrorKind::Internal, "set up TLS", error.to_string())
}

/// A handshake that failed.
pub(super) fn handshake(error: HandshakeError<TcpStream>) -> Error {
    let error = match error {
        HandshakeError::SetupFailure(error) => return internal(&error),
        HandshakeError::Failure(mid) | HandshakeError::WouldBlock(mid) => mid.into_error(),
    };
    if has_reason(&error, &NOT_TLS) {
        let text = "the server answered in clear text where TLS begins";
        return Error::new(ErrorKind::Protocol, HANDSHAKE, text).caused_by(error);
    }
    let kind = if has_reason(&error, &NOTHING_IN_COMMON) {
        ErrorKind::NoCommonAlgorithm
    } else {
        ErrorKind::Protocol
    };
    if is_cut_off(&error) || error.code() == ErrorCode::ZERO_RETURN {
        return io_error(HANDSHAKE, io::ErrorKind::UnexpectedEof.into());
    }
    match error.into_io_error() {
        Ok(io) => io_error(HANDSHAKE, io),
        Err(error) => Error::new(kind, HANDSHAKE, error.to_string()).caused_by(error),
    }
}

/// Whether the connection ended without `close_notify`.
pub(super) fn is_cut_off(error: &ssl::Error) -> bool {
    has_reason(error, &[UNEXPECTED_EOF])
        || (error.code() == ErrorCode::SYSCALL && error.io_error().is_none())
}

fn has_reason(error: &ssl::Error, reasons: &[i32]) -> bool {
    error.ssl_error().is_some_and(|stack| {
        stack
            .errors()
            .iter()
            .any(|e| reasons.contains(&e.reason_code()))
    })
}

//! Status codes: the one table from what a server answers to what a caller can act on.
//!
//! Kinds come from codes, never from texts. Codes above 8 belong to later versions of the
//! protocol; some servers send them under version 3 as well, and they say more.

use super::codec::{Fields, Malformed};
use crate::error::{Error, ErrorKind};
use crate::path::RemotePath;
use std::sync::Arc;

pub(super) const OK: u32 = 0;
pub(super) const END_OF_FILE: u32 = 1;
pub(super) const NO_SUCH_FILE: u32 = 2;
pub(super) const PERMISSION_DENIED: u32 = 3;
pub(super) const FAILURE: u32 = 4;
pub(super) const BAD_MESSAGE: u32 = 5;
pub(super) const UNSUPPORTED: u32 = 8;

/// Longest text of a server that is kept, in bytes.
const MAX_TEXT: usize = 1024;

/// A status as the server sent it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Status {
    pub(super) code: u32,
    /// The server's own words; the code's standard name where it sent none.
    pub(super) text: Arc<str>,
}

impl Status {
    pub(super) fn decode(fields: &mut Fields) -> Result<Self, Malformed> {
        let code = fields.u32()?;
        // Servers older than version 3 end here.
        let text = if fields.remaining() == 0 {
            bytes::Bytes::new()
        } else {
            fields.string()?
        };
        let text = text.get(..text.len().min(MAX_TEXT)).unwrap_or_default();
        // A line break in a server's text must not start a new line in a log.
        let text: String = String::from_utf8_lossy(text)
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        let text = match text.trim() {
            "" => standard_name(code),
            text => text,
        };
        Ok(Self {
            code,
            text: text.into(),
        })
    }

    pub(super) fn is_ok(&self) -> bool {
        self.code == OK
    }

    /// What a caller can act on.
    pub(super) fn kind(&self) -> ErrorKind {
        match self.code {
            NO_SUCH_FILE | 10 => ErrorKind::NotFound,
            PERMISSION_DENIED | 12 | 22 => ErrorKind::PermissionDenied,
            6 | 7 => ErrorKind::ConnectionLost,
            UNSUPPORTED => ErrorKind::Unsupported,
            11 => ErrorKind::AlreadyExists,
            14 => ErrorKind::NoSpace,
            15 => ErrorKind::QuotaExceeded,
            18 => ErrorKind::DirectoryNotEmpty,
            19 => ErrorKind::NotADirectory,
            24 => ErrorKind::IsADirectory,
            // A success or an end of file where neither can be.
            OK | END_OF_FILE => ErrorKind::Protocol,
            // 5 is OpenSSH's answer to EINVAL and ENAMETOOLONG: it does not say whose fault.
            _ => ErrorKind::Failure,
        }
    }
}

/// The names OpenSSH gives the codes.
fn standard_name(code: u32) -> &'static str {
    match code {
        OK => "Success",
        END_OF_FILE => "End of file",
        NO_SUCH_FILE => "No such file",
        PERMISSION_DENIED => "Permission denied",
        FAILURE => "Failure",
        BAD_MESSAGE => "Bad message",
        6 => "No connection",
        7 => "Connection lost",
        UNSUPPORTED => "Operation unsupported",
        _ => "Unknown error",
    }
}

/// Why the session can carry no more requests.
#[derive(Debug, Clone)]
pub(super) struct Death {
    pub(super) kind: ErrorKind,
    pub(super) text: Arc<str>,
}

impl Death {
    pub(super) fn new(kind: ErrorKind, text: impl Into<Arc<str>>) -> Self {
        Self {
            kind,
            text: text.into(),
        }
    }

    /// As an error of this operation.
    pub(super) fn into_error(self, operation: &'static str) -> Error {
        Error::new(self.kind, operation, &*self.text)
    }
}

/// A request that did not give what it was for.
#[derive(Debug, Clone)]
pub(super) enum Fault {
    /// The server answered so.
    Status(Status),
    /// The session ended, or never got the request.
    Session(Death),
}

impl Fault {
    /// The server's code, when the server answered.
    pub(super) fn code(&self) -> Option<u32> {
        match self {
            Self::Status(status) => Some(status.code),
            Self::Session(_) => None,
        }
    }
}

/// An operation on a path: what its errors say.
#[derive(Debug, Clone, Copy)]
pub(super) struct Doing<'a> {
    pub(super) operation: &'static str,
    pub(super) path: &'a RemotePath,
}

impl Doing<'_> {
    /// The error of a fault.
    pub(super) fn failed(&self, fault: Fault) -> Error {
        let kind = match &fault {
            Fault::Status(status) => status.kind(),
            Fault::Session(death) => death.kind,
        };
        self.failed_as(kind, fault)
    }

    /// The error of a fault that a look afterwards gave a better kind. A session's end
    /// keeps its own.
    pub(super) fn failed_as(&self, kind: ErrorKind, fault: Fault) -> Error {
        match fault {
            Fault::Status(status) => Error::new(kind, self.operation, &*status.text)
                .with("path", self.path.to_text())
                .with("sftp_status", status.code.to_string()),
            Fault::Session(death) => death
                .into_error(self.operation)
                .with("path", self.path.to_text()),
        }
    }

    /// An error of ours.
    pub(super) fn error(&self, kind: ErrorKind, message: impl Into<String>) -> Error {
        Error::new(kind, self.operation, message).with("path", self.path.to_text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::{BufMut, Bytes, BytesMut};

    fn decode(code: u32, text: Option<&[u8]>) -> Status {
        let mut out = BytesMut::new();
        out.put_u32(code);
        if let Some(text) = text {
            out.put_u32(text.len() as u32);
            out.put_slice(text);
        }
        Status::decode(&mut Fields::new(out.freeze())).unwrap()
    }

    #[test]
    fn the_servers_text_is_kept_and_cannot_break_a_line() {
        assert_eq!(&*decode(4, Some(b"Failure")).text, "Failure");
        assert_eq!(&*decode(4, Some(b"a\r\nb\xff")).text, "a  b\u{fffd}");
        assert_eq!(decode(4, Some(&[b'x'; 9000])).text.len(), MAX_TEXT);
    }

    #[test]
    fn a_status_without_text_has_the_name_of_its_code() {
        assert_eq!(&*decode(2, None).text, "No such file");
        assert_eq!(&*decode(3, Some(b"")).text, "Permission denied");
        assert_eq!(&*decode(4711, None).text, "Unknown error");
    }

    #[test]
    fn kinds_follow_codes_whatever_the_text_says() {
        assert_eq!(decode(2, Some(b"Failure")).kind(), ErrorKind::NotFound);
        assert_eq!(decode(4, Some(b"No such file")).kind(), ErrorKind::Failure);
        assert_eq!(decode(11, None).kind(), ErrorKind::AlreadyExists);
        assert_eq!(decode(99, None).kind(), ErrorKind::Failure);
    }

    #[test]
    fn a_text_longer_than_the_packet_is_malformed() {
        let bytes = Bytes::from_static(&[0, 0, 0, 4, 0xff, 0xff, 0xff, 0xff]);
        assert!(Status::decode(&mut Fields::new(bytes)).is_err());
    }
}

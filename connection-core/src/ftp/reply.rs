//! Replies of the server, and what a refusal means: the one place where `suppaftp`'s
//! errors become ours. Decides by reply code, never by the text, which is the server's own.

use super::charset::Names;
use crate::error::{Error, ErrorKind};
use suppaftp::FtpError;

/// Longest message kept of a reply, in bytes: longer ones are noise in an error.
const MAX_MESSAGE_BYTES: usize = 1024;

/// One reply, all its lines included.
#[derive(Debug, Clone)]
pub(super) struct Reply {
    /// The code of the last line.
    pub(super) code: u16,
    body: Vec<u8>,
    /// What its text is in.
    names: Names,
}

impl Reply {
    /// Reads a reply out of its raw lines; `None` when the last one carries no code.
    pub(super) fn parse(body: Vec<u8>) -> Option<Self> {
        let last = lines(&body).next_back()?;
        let digits = last.get(..3)?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let code = digits
            .iter()
            .fold(0, |code, digit| code * 10 + u16::from(digit - b'0'));
        let names = Names::default();
        Some(Self { code, body, names })
    }

    /// The same reply, of a server whose text is in this character set.
    pub(super) fn in_charset(self, names: Names) -> Self {
        Self { names, ..self }
    }

    /// A line that may be a reply; the text it holds when it is none.
    pub(super) fn parse_line(line: Vec<u8>) -> Result<Self, String> {
        let shown = crate::path::bytes_to_text(line.get(..MAX_MESSAGE_BYTES).unwrap_or(&line));
        Self::parse(line).ok_or_else(|| shown.trim_end().to_owned())
    }

    /// Whether no more lines follow, for a reply made of a single line.
    pub(super) fn is_one_line(&self) -> bool {
        self.body.get(3) != Some(&b'-')
    }

    /// The lines, without their ends.
    pub(super) fn lines(&self) -> impl DoubleEndedIterator<Item = &[u8]> {
        lines(&self.body)
    }

    /// The last line as the server sent it: `550 No such file.`
    pub(super) fn message(&self) -> String {
        let last = self.lines().next_back().unwrap_or_default();
        let shown = last.get(..MAX_MESSAGE_BYTES).unwrap_or(last);
        self.names.shown(&unescape_iac(shown)).trim_end().to_owned()
    }

    /// Whether the server refused: any code of the 400s and 500s.
    pub(super) fn is_refusal(&self) -> bool {
        (400..600).contains(&self.code)
    }
}

fn lines(body: &[u8]) -> impl DoubleEndedIterator<Item = &[u8]> {
    body.split(|b| *b == b'\n')
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
        .filter(|line| !line.is_empty())
}

/// Turns the doubled 0xFF of Telnet framing back into one.
pub(super) fn unescape_iac(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes.iter().peekable();
    while let Some(byte) = rest.next() {
        out.push(*byte);
        if *byte == 0xFF {
            rest.next_if_eq(&&0xFF);
        }
    }
    out
}

/// Why an exchange with the server gave no result.
#[derive(Debug)]
pub(super) enum Wire {
    /// The server said no; the connection is in step.
    Refused(Reply),
    /// The connection cannot be used any more.
    Broken(Error),
}

/// Result of an exchange.
pub(super) type WireResult<T> = Result<T, Wire>;

impl Wire {
    /// As an error of this operation, without asking the server anything more.
    pub(super) fn into_error(self, operation: &'static str) -> Error {
        match self {
            Self::Refused(reply) => refusal(operation, &reply),
            Self::Broken(error) => error,
        }
    }
}

/// What a refusal means by its code alone. 550 and its like say no more than "not this
/// path": [`super::lookup::explain`] asks the server which of the reasons it is.
pub(super) fn refusal(operation: &'static str, reply: &Reply) -> Error {
    refusal_as(kind_of(reply.code), operation, reply)
}

/// A refusal whose kind is known; the message is the server's own text.
pub(super) fn refusal_as(kind: ErrorKind, operation: &'static str, reply: &Reply) -> Error {
    Error::new(kind, operation, reply.message()).with("reply_code", reply.code.to_string())
}

/// RFC 959 section 4.2, RFC 2228 and RFC 3659.
fn kind_of(code: u16) -> ErrorKind {
    match code {
        421 => ErrorKind::ConnectionLost,
        426 => ErrorKind::Incomplete,
        430 | 530 => ErrorKind::AuthenticationFailed,
        452 => ErrorKind::NoSpace,
        500 | 502 | 504 | 522 | 533..=536 => ErrorKind::Unsupported,
        503 => ErrorKind::Protocol,
        532 => ErrorKind::PermissionDenied,
        552 => ErrorKind::QuotaExceeded,
        553 => ErrorKind::PermissionDenied,
        _ => ErrorKind::Failure,
    }
}

/// `suppaftp`'s own errors. The second value says whether the connection is still in step.
pub(super) fn translate(operation: &'static str, error: FtpError, names: Names) -> Wire {
    match error {
        FtpError::UnexpectedResponse(response) => {
            match Reply::parse(response.body).map(|reply| reply.in_charset(names)) {
                Some(reply) if reply.is_refusal() => Wire::Refused(reply),
                Some(reply) => Wire::Broken(out_of_step(operation, &reply)),
                None => Wire::Broken(not_ftp(operation)),
            }
        }
        FtpError::ConnectionError(error) => Wire::Broken(io_error(operation, error)),
        FtpError::BadResponse => Wire::Broken(not_ftp(operation)),
        FtpError::SecureError(text) => {
            Wire::Broken(Error::new(ErrorKind::Protocol, operation, text))
        }
        error @ (FtpError::InvalidAddress(_) | FtpError::DataConnectionAlreadyOpen) => {
            Wire::Broken(Error::new(
                ErrorKind::Internal,
                operation,
                error.to_string(),
            ))
        }
    }
}

/// A reply that does not belong to the command: everything after it would be off by one.
pub(super) fn out_of_step(operation: &'static str, reply: &Reply) -> Error {
    refusal_as(ErrorKind::Protocol, operation, reply)
}

/// What came is no reply of any kind.
pub(super) fn not_ftp(operation: &'static str) -> Error {
    Error::new(
        ErrorKind::Protocol,
        operation,
        "the server's answer is not an FTP reply",
    )
}

/// An error of the socket.
pub(super) fn io_error(operation: &'static str, error: std::io::Error) -> Error {
    use std::io::ErrorKind as Io;
    let (kind, message) = match error.kind() {
        Io::WouldBlock | Io::TimedOut => (ErrorKind::TimedOut, "timed out".to_owned()),
        // The server closed the connection without a word.
        Io::UnexpectedEof => (ErrorKind::ConnectionLost, String::new()),
        Io::InvalidData => (ErrorKind::Protocol, error.to_string()),
        Io::InvalidInput => (ErrorKind::InvalidInput, error.to_string()),
        _ => (ErrorKind::ConnectionLost, error.to_string()),
    };
    Error::new(kind, operation, message).caused_by(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_carries_code_and_message() {
        let reply =
            Reply::parse(b"530-Go\r\n530-away\r\n530 Login incorrect.\r\n".to_vec()).unwrap();
        assert_eq!(
            (reply.code, reply.message().as_str()),
            (530, "530 Login incorrect.")
        );
    }

    #[test]
    fn what_is_not_a_reply_is_none() {
        for bad in [&b""[..], b"\r\n", b"SSH-2.0-x\r\n", b"55\r\n"] {
            assert!(Reply::parse(bad.to_vec()).is_none());
        }
    }

    #[test]
    fn a_doubled_iac_is_one_byte() {
        assert_eq!(unescape_iac(b"a\xFF\xFFb\xFF"), b"a\xFFb\xFF");
    }

    #[test]
    fn a_timeout_and_a_silent_close_are_told_apart() {
        let timed_out = io_error("x", std::io::ErrorKind::WouldBlock.into());
        assert_eq!(timed_out.kind(), ErrorKind::TimedOut);
        let closed = io_error("x", std::io::ErrorKind::UnexpectedEof.into());
        assert_eq!(
            (closed.kind(), closed.message()),
            (ErrorKind::ConnectionLost, "")
        );
    }
}

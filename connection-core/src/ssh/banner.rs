//! The identification line that opens SSH (RFC 4253 section 4.2), read with bounds.
//!
//! A server may send lines of its own before it. They are dropped here, and counted, so
//! that neither a chatty nor a hostile peer reaches a library's own reader; and a peer
//! that is no SSH server is told apart by what it did, never by a library's text. It does
//! no input or output: an engine feeds it what came.

use crate::error::{Error, ErrorKind};

/// [`Error::operation`] while the server has not identified itself yet.
pub const READ_BANNER: &str = "read banner";

/// Key of a fact of an error with the operation [`READ_BANNER`]: the beginning of what the
/// peer said instead of identifying itself. Absent when it said nothing.
pub const PEER_SAID: &str = "peer_said";

/// Longest identification line, its line end included (RFC 4253 section 4.2).
const MAX_LINE: usize = 255;

/// Lines allowed before it.
const MAX_LINES: usize = 64;

/// Bytes allowed before it.
const MAX_BYTES: usize = 16 * 1024;

/// How much of the peer's first line an error quotes.
const QUOTED: usize = 200;

/// Where the reading of the identification line stands.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// It has not come in full.
    More,
    /// It is this, without its line end.
    Version(String),
    /// The peer speaks something else, or too much.
    NotSsh(&'static str),
}

/// Reads lines until the identification line.
#[derive(Debug, Default)]
pub(crate) struct BannerReader {
    line: Vec<u8>,
    first: Vec<u8>,
    lines: usize,
    bytes: usize,
}

impl BannerReader {
    /// Takes what came and says how much of it belongs to the lines up to and including
    /// the identification line; the rest is the protocol's.
    pub(crate) fn feed(&mut self, data: &[u8]) -> (usize, Progress) {
        for (index, &byte) in data.iter().enumerate() {
            self.bytes += 1;
            if self.lines == 0 && self.first.len() < QUOTED && byte != b'\n' && byte != b'\r' {
                self.first.push(byte);
            }
            if byte != b'\n' {
                if self.line.len() < MAX_LINE {
                    self.line.push(byte);
                } else if self.line.starts_with(b"SSH-") {
                    return (
                        index + 1,
                        Progress::NotSsh("the identification is too long"),
                    );
                }
                if self.bytes >= MAX_BYTES {
                    return (
                        index + 1,
                        Progress::NotSsh("too much before the identification"),
                    );
                }
                continue;
            }
            let mut line = std::mem::take(&mut self.line);
            if line.last() == Some(&b'\r') {
                line.pop();
            }
            if line.starts_with(b"SSH-") {
                return (index + 1, version(line));
            }
            self.lines += 1;
            if self.lines > MAX_LINES {
                return (
                    index + 1,
                    Progress::NotSsh("too many lines before the identification"),
                );
            }
        }
        (data.len(), Progress::More)
    }

    /// The error for a peer that is no SSH server, or that went away first (`reset` with a
    /// connection reset). What it said is kept as a fact.
    pub(crate) fn failure(&self, why: &str, reset: Option<std::io::Error>) -> Error {
        let mut error = not_ssh(reset);
        error = error.with("reason", why);
        if self.first.is_empty() {
            error
        } else {
            let said = String::from_utf8_lossy(&self.first)
                .escape_debug()
                .to_string();
            error.with(PEER_SAID, said)
        }
    }
}

/// The error for a peer that broke off before it identified itself.
pub(crate) fn not_ssh(reset: Option<std::io::Error>) -> Error {
    let mut message = "Error reading SSH protocol banner".to_owned();
    match reset {
        Some(source) => {
            if source.raw_os_error() == Some(libc::ECONNRESET) {
                message.push_str(" [Errno 104] Connection reset by peer");
            }
            Error::new(ErrorKind::Protocol, READ_BANNER, message).caused_by(source)
        }
        None => Error::new(ErrorKind::Protocol, READ_BANNER, message),
    }
}

/// The error for a peer that accepted the connection and said nothing.
pub(crate) fn silent() -> Error {
    Error::new(
        ErrorKind::TimedOut,
        READ_BANNER,
        "no SSH banner came in time",
    )
}

fn version(line: Vec<u8>) -> Progress {
    match String::from_utf8(line) {
        Ok(text) if text.starts_with("SSH-2.0-") || text.starts_with("SSH-1.99-") => {
            Progress::Version(text)
        }
        Ok(_) => Progress::NotSsh("the server does not speak version 2 of SSH"),
        Err(_) => Progress::NotSsh("the identification is not text"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_found_however_it_is_cut() {
        let whole = b"welcome\r\nto this\nSSH-2.0-OpenSSH_9.2\r\nrest";
        for cut in 0..whole.len() {
            let mut reader = BannerReader::default();
            let mut taken = 0;
            let mut version = None;
            for part in [&whole[..cut], &whole[cut..]] {
                if version.is_some() {
                    continue;
                }
                let (used, progress) = reader.feed(part);
                taken += used;
                if let Progress::Version(text) = progress {
                    version = Some(text);
                }
            }
            assert_eq!(version.as_deref(), Some("SSH-2.0-OpenSSH_9.2"), "cut {cut}");
            assert_eq!(&whole[taken..], b"rest", "cut {cut}");
        }
    }

    #[test]
    fn nothing_is_endless() {
        let endless: Vec<Vec<u8>> = vec![
            b"x".repeat(MAX_BYTES * 2),
            b"x\n".repeat(MAX_LINES * 2),
            [b"SSH-2.0-".to_vec(), b"x".repeat(300)].concat(),
            b"SSH-1.5-old\r\n".to_vec(),
            b"SSH-2.0-\xff\r\n".to_vec(),
        ];
        for data in endless {
            let (_, progress) = BannerReader::default().feed(&data);
            assert!(matches!(progress, Progress::NotSsh(_)), "{progress:?}");
        }
    }

    #[test]
    fn an_error_quotes_the_peer_safely() {
        let mut reader = BannerReader::default();
        reader.feed(b"HTTP/1.1 400 \x1b[31mBad\r\n\r\n");
        let error = reader.failure("closed", None);
        assert_eq!(error.kind(), ErrorKind::Protocol);
        assert_eq!(error.message(), "Error reading SSH protocol banner");
        assert_eq!(
            error.context("peer_said"),
            Some("HTTP/1.1 400 \\u{1b}[31mBad")
        );
        let reset = reader.failure("reset", Some(std::io::Error::from_raw_os_error(104)));
        assert!(
            reset
                .message()
                .ends_with(" [Errno 104] Connection reset by peer")
        );
        assert_eq!(reset.os_error(), Some(104));
    }
}

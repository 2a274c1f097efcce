//! How a socket ends: the code and the reason of its close frame.

use tokio_tungstenite::tungstenite::protocol::CloseFrame;

/// A close frame: a code of RFC 6455 section 7.4, or one of ours from 4000 on, and its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Close {
    /// The code.
    pub code: u16,
    /// Its name; at most 123 bytes (RFC 6455 section 5.5).
    pub reason: &'static str,
}

impl Close {
    /// The server stops.
    pub const SHUTTING_DOWN: Self = Self::new(1001, "shutting_down");

    /// The client sent what the protocol has no meaning for.
    pub const PROTOCOL: Self = Self::new(1002, "protocol");

    /// A text frame was not UTF-8.
    pub const NOT_TEXT: Self = Self::new(1007, "not_utf8");

    /// A message was larger than [`MESSAGE_LIMIT`](super::socket::MESSAGE_LIMIT).
    pub const TOO_LARGE: Self = Self::new(1009, "too_large");

    /// Nothing came from the client for too long.
    pub const SILENT: Self = Self::new(4007, "silent");

    /// A close with this code and its name.
    pub const fn new(code: u16, reason: &'static str) -> Self {
        Self { code, reason }
    }

    pub(super) fn frame(self) -> CloseFrame {
        CloseFrame {
            code: self.code.into(),
            reason: self.reason.into(),
        }
    }
}

//! The socket as libssh2 sees it: bytes out always fit, bytes in are counted.
//!
//! libssh2 sends one packet at a time, and a packet that was sent by half blocks every
//! other one until the same call with the same pointers comes again; some of its calls
//! (EOF, keepalive) keep that packet on the stack, where the pointer is luck. So libssh2
//! is never told that a send would block: a packet goes into [`Wire::out`] whole, and the
//! owner thread carries the bytes to the socket. No half-sent packet exists, and a call
//! given up early leaves nothing behind on the wire. The buffer stays small because the
//! owner starts no write while it is filled, and reads nothing from a peer that takes
//! nothing (see [`Wire::begin_pass`]).
//!
//! The first bytes in are the identification line, whatever the server sent before it: they
//! are read here, with bounds, and a peer that is no SSH server is told apart before
//! libssh2 sees a byte. Of the rest of SSH it knows nothing.

use crate::error::Error;
use crate::net;
use crate::ssh::banner::{BannerReader, Progress};
use socket2::SockRef;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::os::fd::{AsRawFd, RawFd};
use std::time::Instant;

/// Unsent bytes past which nothing more is read: what is left to send then are answers
/// to what was read, and a peer that reads nothing must not make them pile up.
const UNSENT_LIMIT: usize = 1024 * 1024;

/// Capacity the unsent buffer is shrunk to when it runs empty.
const KEPT_CAPACITY: usize = 256 * 1024;

/// Bytes read at once while the identification line is looked for.
const LINE_PIECE: usize = 1024;

/// Why no more bytes come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// The peer closed its side.
    PeerClosed,
    /// The operating system reported this error.
    Failed(i32),
    /// This side ended it: every further call fails at once.
    Cut,
}

/// A non-blocking socket with an unbounded-looking way out.
pub(super) struct Wire {
    stream: TcpStream,
    out: Vec<u8>,
    sent: usize,
    received: u64,
    received_at: Instant,
    allowance: usize,
    drained: bool,
    end: Option<End>,
    farewell: Option<String>,
    /// The reason code of that message.
    farewell_reason: i32,
    /// Until the identification line has come.
    banner: Option<BannerReader>,
    /// The identification line and what came behind it, to be handed out first.
    ahead: std::io::Cursor<Vec<u8>>,
    /// Why the peer is no SSH server.
    refusal: Option<Error>,
}

impl Wire {
    /// Takes a socket that is already in non-blocking mode.
    pub(super) fn new(stream: TcpStream) -> Self {
        Self {
            stream,
            out: Vec::new(),
            sent: 0,
            received: 0,
            received_at: Instant::now(),
            allowance: 0,
            drained: false,
            end: None,
            farewell: None,
            farewell_reason: 0,
            banner: Some(BannerReader::default()),
            ahead: std::io::Cursor::default(),
            refusal: None,
        }
    }

    /// Whether the server has identified itself.
    pub(super) fn identified(&self) -> bool {
        self.banner.is_none()
    }

    /// Why the peer is no SSH server, if that is how it ended.
    pub(super) fn take_refusal(&mut self) -> Option<Error> {
        self.refusal.take()
    }

    /// The descriptor, for `poll` only.
    pub(super) fn fd(&self) -> RawFd {
        self.stream.as_raw_fd()
    }

    /// Starts a pass in which at most `allowance` bytes are read, so that one busy channel
    /// cannot keep the owner from the others.
    pub(super) fn begin_pass(&mut self, allowance: usize) {
        self.allowance = allowance;
        self.drained = self.unsent() > UNSENT_LIMIT;
    }

    /// Whether reading waits for the peer to take bytes first.
    pub(super) fn reading_paused(&self) -> bool {
        self.unsent() > UNSENT_LIMIT
    }

    /// Whether the socket was found empty in this pass.
    pub(super) fn drained(&self) -> bool {
        self.drained
    }

    /// Bytes libssh2 has sent and the socket has not taken.
    pub(super) fn unsent(&self) -> usize {
        self.out.len() - self.sent
    }

    /// Bytes received since the beginning.
    pub(super) fn received(&self) -> u64 {
        self.received
    }

    /// When the last byte came.
    pub(super) fn received_at(&self) -> Instant {
        self.received_at
    }

    /// Why no more bytes come, once that is so.
    pub(super) fn end(&self) -> Option<End> {
        self.end
    }

    /// The text of the server's disconnect message.
    pub(super) fn farewell(&self) -> Option<&str> {
        self.farewell.as_deref()
    }

    /// The reason code of that message (RFC 4253 section 11.1), once it came.
    pub(super) fn farewell_reason(&self) -> Option<i32> {
        self.farewell.as_ref().map(|_| self.farewell_reason)
    }

    /// Keeps the server's disconnect message.
    pub(super) fn set_farewell(&mut self, reason: i32, text: String) {
        self.farewell = Some(text);
        self.farewell_reason = reason;
    }

    /// Ends the connection: from now on every call of libssh2 fails at once, so that
    /// freeing it waits for nothing.
    pub(super) fn cut(&mut self) {
        self.end = Some(End::Cut);
        self.out = Vec::new();
        self.sent = 0;
        // A socket the peer has reset already cannot be shut down, and needs not.
        let _ = self.stream.shutdown(std::net::Shutdown::Both);
    }

    /// Reads for libssh2. Negative: an error number. The end of the stream looks like
    /// "nothing yet", so that what came before it is still delivered; the owner sees
    /// [`Wire::end`].
    pub(super) fn receive(&mut self, buffer: &mut [u8]) -> isize {
        match self.end {
            Some(End::Cut) => return negative(libc::ECONNRESET),
            Some(End::PeerClosed | End::Failed(_)) => return negative(libc::EAGAIN),
            None => {}
        }
        let length = buffer.len().min(self.allowance);
        let Some(buffer) = buffer.get_mut(..length).filter(|b| !b.is_empty()) else {
            return negative(libc::EAGAIN);
        };
        if !self.identified() {
            self.identify();
        }
        if let Ok(count @ 1..) = self.ahead.read(buffer) {
            return isize::try_from(count).unwrap_or(isize::MAX);
        }
        match self.take(buffer) {
            Some(count) => isize::try_from(count).unwrap_or(isize::MAX),
            None => negative(libc::EAGAIN),
        }
    }

    /// Reads from the socket; `None` when there is nothing, or nothing more: see `end`.
    fn take(&mut self, buffer: &mut [u8]) -> Option<usize> {
        if self.drained || self.end.is_some() {
            return None;
        }
        loop {
            match self.stream.read(buffer) {
                Ok(0) => {
                    self.end = Some(End::PeerClosed);
                    return None;
                }
                Ok(count) => {
                    self.allowance -= count.min(self.allowance);
                    self.received += count as u64;
                    self.received_at = Instant::now();
                    net::acknowledge(SockRef::from(&self.stream), count);
                    return Some(count);
                }
                Err(error) => match error.kind() {
                    ErrorKind::Interrupted => {}
                    ErrorKind::WouldBlock => {
                        self.drained = true;
                        return None;
                    }
                    _ => {
                        self.end = Some(End::Failed(error.raw_os_error().unwrap_or(libc::EIO)));
                        return None;
                    }
                },
            }
        }
    }

    /// Looks for the identification line in what has come.
    fn identify(&mut self) {
        let mut piece = [0; LINE_PIECE];
        while let Some(mut reader) = self.banner.take() {
            let Some(count) = self.take(&mut piece) else {
                self.refusal = match self.end {
                    Some(End::Failed(number)) => {
                        let reset = std::io::Error::from_raw_os_error(number);
                        Some(reader.failure("the connection broke", Some(reset)))
                    }
                    Some(_) => Some(reader.failure("the peer closed the connection", None)),
                    None => None,
                };
                self.banner = Some(reader);
                return;
            };
            let came = piece.get(..count).unwrap_or_default();
            match reader.feed(came) {
                (_, Progress::More) => self.banner = Some(reader),
                (taken, Progress::Version(version)) => {
                    let mut ahead = format!("{version}\r\n").into_bytes();
                    ahead.extend_from_slice(came.get(taken..).unwrap_or_default());
                    self.ahead = std::io::Cursor::new(ahead);
                }
                (_, Progress::NotSsh(why)) => {
                    self.refusal = Some(reader.failure(why, None));
                    self.end = Some(End::Failed(libc::EPROTO));
                    self.banner = Some(reader);
                    return;
                }
            }
        }
    }

    /// Takes a packet of libssh2, whole.
    pub(super) fn send(&mut self, packet: &[u8]) -> isize {
        if self.end == Some(End::Cut) {
            return negative(libc::EPIPE);
        }
        self.out.extend_from_slice(packet);
        isize::try_from(packet.len()).unwrap_or(isize::MAX)
    }

    /// Carries unsent bytes to the socket as far as it takes them; true when some went.
    pub(super) fn flush(&mut self) -> bool {
        let mut any = false;
        while let Some(rest) = self.out.get(self.sent..).filter(|r| !r.is_empty()) {
            match self.stream.write(rest) {
                Ok(count) if count > 0 => {
                    self.sent += count;
                    any = true;
                }
                Ok(_) => break,
                Err(error) => match error.kind() {
                    ErrorKind::Interrupted => {}
                    ErrorKind::WouldBlock => break,
                    _ => {
                        self.end = self
                            .end
                            .or(Some(End::Failed(error.raw_os_error().unwrap_or(libc::EIO))));
                        self.sent = self.out.len();
                    }
                },
            }
        }
        if self.unsent() == 0 {
            self.out.clear();
            self.out.shrink_to(KEPT_CAPACITY);
            self.sent = 0;
        } else if self.sent > KEPT_CAPACITY {
            self.out.drain(..self.sent);
            self.sent = 0;
        }
        any
    }
}

fn negative(errno: i32) -> isize {
    -(errno as isize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    fn pair() -> (Wire, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let near = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (far, _) = listener.accept().unwrap();
        near.set_nonblocking(true).unwrap();
        let mut wire = Wire::new(near);
        wire.banner = None;
        (wire, far)
    }

    #[test]
    fn the_identification_comes_first_whatever_was_said_before() {
        let (mut wire, mut far) = pair();
        wire.banner = Some(BannerReader::default());
        far.write_all(b"welcome\r\nSSH-2.0-x\r\nrest").unwrap();
        drop(far);
        let mut buffer = [0; 5];
        let mut got = Vec::new();
        while got.len() < 15 {
            wire.begin_pass(1 << 20);
            let count = wire.receive(&mut buffer);
            if count > 0 {
                got.extend_from_slice(&buffer[..count as usize]);
            }
        }
        assert_eq!(got, b"SSH-2.0-x\r\nrest");
        assert!(wire.identified());
        assert!(wire.take_refusal().is_none());
    }

    #[test]
    fn what_came_before_the_end_is_read_and_the_end_is_no_error() {
        let (mut wire, mut far) = pair();
        far.write_all(b"last words").unwrap();
        drop(far);
        let mut buffer = [0; 4];
        let mut got = Vec::new();
        while wire.end().is_none() {
            wire.begin_pass(1 << 20);
            let count = wire.receive(&mut buffer);
            if count > 0 {
                got.extend_from_slice(&buffer[..count as usize]);
            }
        }
        assert_eq!(got, b"last words");
        assert_eq!(wire.end(), Some(End::PeerClosed));
        assert_eq!(wire.receive(&mut buffer), negative(libc::EAGAIN));
    }

    #[test]
    fn a_pass_reads_no_more_than_its_allowance() {
        let (mut wire, mut far) = pair();
        far.write_all(&[7; 100]).unwrap();
        let mut buffer = [0; 64];
        let mut count = 0;
        while count <= 0 {
            wire.begin_pass(10);
            count = wire.receive(&mut buffer);
        }
        assert!(count <= 10);
        wire.begin_pass(0);
        assert_eq!(wire.receive(&mut buffer), negative(libc::EAGAIN));
    }

    #[test]
    fn a_peer_that_takes_nothing_stops_the_reading_and_never_the_sending() {
        let (mut wire, mut far) = pair();
        let packet = [1; 32 * 1024];
        while !wire.reading_paused() {
            assert_eq!(wire.send(&packet), packet.len() as isize);
            wire.flush();
        }
        far.write_all(b"x").unwrap();
        wire.begin_pass(100);
        assert_eq!(wire.receive(&mut [0; 1]), negative(libc::EAGAIN));
        wire.cut();
        assert_eq!(wire.send(&packet), negative(libc::EPIPE));
        assert_eq!(wire.receive(&mut [0; 1]), negative(libc::ECONNRESET));
    }
}

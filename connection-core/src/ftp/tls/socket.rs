//! A TLS connection as `suppaftp` reads, writes and closes it.

use super::super::iac::{Ahead, take_ahead};
use super::failure::is_cut_off;
use openssl::ssl::{ErrorCode, SslStream};
use socket2::SockRef;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use suppaftp::{FtpError, FtpResult, TlsStream};

/// How long the end of an upload waits for the server to close its side.
const LONGEST_FAREWELL: Duration = Duration::from_secs(1);

/// What a data connection's handshake told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Start {
    /// It resumed the control connection's session.
    Resumed,
    /// It resumed nothing.
    Anew,
    /// The server closed it at once, without a byte: an empty file, or a refusal, as its
    /// reply will say.
    ClosedAtOnce,
}

/// A TLS connection that says goodbye when dropped: a server takes an upload that ends
/// without `close_notify` for a cut one.
#[derive(Debug)]
pub(in super::super) struct TlsSocket {
    inner: Session,
    /// `None` on a control connection.
    start: Option<Start>,
    farewell: bool,
}

/// The readable and writable side of it.
#[derive(Debug)]
pub(in super::super) struct Session {
    stream: SslStream<TcpStream>,
    cut_off: Arc<AtomicBool>,
    /// The server's end was seen.
    ended: bool,
    /// On a control connection: what goes out before anything else.
    ahead: Option<Ahead>,
}

impl TlsSocket {
    /// A control connection whose server was accepted.
    pub(super) fn control(stream: SslStream<TcpStream>, ahead: Ahead) -> Self {
        let mut socket = Self::new(stream, None);
        socket.inner.ahead = Some(ahead);
        socket
    }

    /// A data connection whose server was accepted.
    pub(super) fn data(stream: SslStream<TcpStream>) -> Self {
        let start = if stream.ssl().session_reused() {
            Start::Resumed
        } else {
            Start::Anew
        };
        Self::new(stream, Some(start))
    }

    fn new(stream: SslStream<TcpStream>, start: Option<Start>) -> Self {
        Self {
            inner: Session {
                stream,
                cut_off: Arc::default(),
                ended: false,
                ahead: None,
            },
            start,
            farewell: true,
        }
    }

    /// Set once the connection ended without `close_notify`: whoever sits on the network
    /// can have cut it, so the length has to be checked by other means.
    pub(in super::super) fn cut_off(&self) -> Arc<AtomicBool> {
        self.inner.cut_off.clone()
    }

    /// What a data connection's handshake told.
    pub(in super::super) fn start(&self) -> Option<Start> {
        self.start
    }

    /// Looks whether the server closes at once, for at most `patience`, after which a
    /// server that transfers to us has begun and one that waits for an upload is silent.
    pub(super) fn watch(&mut self, patience: Duration) -> io::Result<()> {
        let socket = self.inner.stream.get_ref();
        let clock = socket.read_timeout()?;
        socket.set_read_timeout(Some(patience))?;
        match self.inner.stream.ssl_peek(&mut [0]) {
            Ok(_) => {}
            // Silence, and nothing else.
            Err(error) if error.code() == ErrorCode::WANT_READ => {}
            // Its end, or a reset: servers that refuse read nothing of what was sent to them.
            Err(error) => {
                if error.code() != ErrorCode::ZERO_RETURN {
                    self.inner.cut_off.store(true, Ordering::Release);
                }
                self.inner.ended = true;
                self.start = Some(Start::ClosedAtOnce);
            }
        }
        self.inner.stream.get_ref().set_read_timeout(clock)
    }

    /// Hears an upload's server out after the goodbye: tickets for the next data
    /// connection lie among what it sent since the handshake, and closing a socket with
    /// unread bytes resets it, which can overtake what was uploaded.
    fn hear_out(&mut self) -> io::Result<()> {
        let stream = &mut self.inner.stream;
        stream.get_ref().shutdown(Shutdown::Write)?;
        let deadline = Instant::now() + LONGEST_FAREWELL;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            stream.get_ref().set_read_timeout(Some(left))?;
            match stream.ssl_read(&mut [0; 1024]) {
                Ok(read) if read > 0 => {}
                Err(error)
                    if error.code() == ErrorCode::WANT_READ && error.io_error().is_none() => {}
                _ => break,
            }
        }
        // `suppaftp` drains the socket once more, without a deadline.
        SockRef::from(stream.get_ref()).shutdown(Shutdown::Read)
    }
}

impl TlsStream for TlsSocket {
    type InnerStream = Session;

    fn tcp_stream(mut self) -> FtpResult<TcpStream> {
        self.farewell = false;
        self.inner
            .stream
            .get_ref()
            .try_clone()
            .map_err(FtpError::ConnectionError)
    }

    fn get_ref(&self) -> &TcpStream {
        self.inner.stream.get_ref()
    }

    fn mut_ref(&mut self) -> &mut Session {
        &mut self.inner
    }
}

impl Drop for TlsSocket {
    fn drop(&mut self) {
        if !self.farewell {
            return;
        }
        // Best effort: the peer may be gone, and the outcome is told by the control
        // connection's last reply.
        let said = self.inner.stream.shutdown().is_ok();
        if said && self.start.is_some() && !self.inner.ended {
            let _ = self.hear_out();
        }
    }
}

impl Read for Session {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        loop {
            let error = match self.stream.ssl_read(buf) {
                Ok(n) => return Ok(n),
                Err(error) => error,
            };
            if error.code() == ErrorCode::ZERO_RETURN {
                self.ended = true;
                return Ok(0);
            }
            if is_cut_off(&error) {
                self.ended = true;
                self.cut_off.store(true, Ordering::Release);
                return Ok(0);
            }
            if error.code() == ErrorCode::WANT_READ && error.io_error().is_none() {
                continue;
            }
            return Err(error.into_io_error().unwrap_or_else(io::Error::other));
        }
    }
}

impl Write for Session {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        if let Some(ahead) = &self.ahead {
            let first = take_ahead(ahead);
            if !first.is_empty() {
                self.stream.write_all(&first)?;
            }
        }
        self.stream.write(buf)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

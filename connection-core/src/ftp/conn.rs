//! A connection as `suppaftp` knows it, with TLS or without.
//!
//! `suppaftp` keeps plain sockets to itself, and reads replies off a control connection as
//! they lie there (see [`super::inbox`] for why that will not do). A connection of our own it
//! takes from its TLS connector only, so that is where it gets all of them: [`Connector`]
//! hands over the control connection that was greeted and secured before, and makes every
//! data connection, under TLS or not.

use super::data::Exchange;
use super::iac;
use super::inbox::{Behind, Inbox, Source};
use super::skills::Trial;
use super::tls::{Start, TlsSocket};
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};
use suppaftp::{FtpResult, TlsConnector, TlsStream};

/// What `suppaftp` says to a connection it takes for one under TLS: `PBSZ 0` and `PROT P`.
const TLS_COMMANDS: usize = 2;
/// The answer a plain connection gives to these by itself.
const ACCEPTED: &[u8] = b"200 \r\n";

/// A control or data connection.
#[derive(Debug)]
pub(super) struct Conn {
    stream: Stream,
    /// Of a control connection.
    inbox: Option<Inbox>,
    /// Whether the server of a control connection takes 0xFF twice for once.
    iac: Option<Arc<Trial>>,
    /// Commands that are answered here, and never sent.
    to_swallow: usize,
    swallowed: usize,
}

#[derive(Debug)]
enum Stream {
    Plain(TcpStream),
    Tls(TlsSocket),
}

impl Conn {
    /// A control connection in clear text, nothing read yet.
    pub(super) fn plain(socket: TcpStream) -> Self {
        Self::new(Stream::Plain(socket), Some(Inbox::default()))
    }

    /// A control connection under TLS, nothing read yet.
    pub(super) fn secured(socket: TlsSocket) -> Self {
        Self::new(Stream::Tls(socket), Some(Inbox::default()))
    }

    /// A data connection in clear text.
    pub(super) fn plain_data(socket: TcpStream) -> Self {
        Self::new(Stream::Plain(socket), None)
    }

    fn new(stream: Stream, inbox: Option<Inbox>) -> Self {
        Self {
            stream,
            inbox,
            iac: None,
            to_swallow: 0,
            swallowed: 0,
        }
    }

    /// The next reply on a control connection, empty at its end.
    ///
    /// # Errors
    /// Those of [`Inbox::next`].
    pub(super) fn next_reply(&mut self) -> io::Result<Vec<u8>> {
        match &mut self.inbox {
            Some(inbox) => inbox.next(&mut self.stream),
            None => Ok(Vec::new()),
        }
    }

    /// What arrives behind the replies.
    pub(super) fn behind(&self) -> Behind {
        self.inbox.as_ref().map(Inbox::behind).unwrap_or_default()
    }

    /// The socket alone, for TLS to begin on: what was read beyond the replies goes with this
    /// connection, since anybody on the way may have said it.
    ///
    /// # Errors
    /// No handle is left.
    pub(super) fn into_socket(self) -> io::Result<TcpStream> {
        self.get_ref().try_clone()
    }

    /// What goes out is in the form the server takes.
    pub(super) fn speak(&mut self, iac: Arc<Trial>) {
        self.iac = Some(iac);
    }

    /// Whether what is sent is encrypted.
    pub(super) fn is_secured(&self) -> bool {
        matches!(self.stream, Stream::Tls(_))
    }

    /// See [`TlsSocket::cut_off`]; `None` without TLS.
    pub(super) fn cut_off(&self) -> Option<Arc<AtomicBool>> {
        match &self.stream {
            Stream::Plain(_) => None,
            Stream::Tls(socket) => Some(socket.cut_off()),
        }
    }

    /// What a data connection's handshake told.
    pub(super) fn start(&self) -> Option<Start> {
        match &self.stream {
            Stream::Plain(_) => None,
            Stream::Tls(socket) => socket.start(),
        }
    }
}

impl Source for Stream {
    fn socket(&self) -> &TcpStream {
        match self {
            Self::Plain(socket) => socket,
            Self::Tls(socket) => socket.get_ref(),
        }
    }
}

impl Read for Stream {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.read(buf),
            Self::Tls(socket) => socket.mut_ref().read(buf),
        }
    }
}

impl Write for Stream {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.write(buf),
            Self::Tls(socket) => socket.mut_ref().write(buf),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(socket) => socket.flush(),
            Self::Tls(socket) => socket.mut_ref().flush(),
        }
    }
}

impl Read for Conn {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.swallowed > 0 {
            self.swallowed -= 1;
            let mut answer = ACCEPTED;
            return answer.read(buf);
        }
        match &mut self.inbox {
            Some(inbox) => inbox.read(&mut self.stream, buf),
            None => self.stream.read(buf),
        }
    }
}

impl Write for Conn {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        if self.to_swallow > 0 {
            // A command is written whole.
            self.to_swallow -= 1;
            self.swallowed += 1;
            return Ok(buf.len());
        }
        if let Some(line) = self
            .iac
            .as_ref()
            .and_then(|twice| iac::as_taken(twice, buf))
        {
            self.stream.write_all(&line)?;
            return Ok(buf.len());
        }
        self.stream.write(buf)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

impl TlsStream for Conn {
    type InnerStream = Self;

    fn tcp_stream(self) -> FtpResult<TcpStream> {
        self.get_ref()
            .try_clone()
            .map_err(suppaftp::FtpError::ConnectionError)
    }

    fn get_ref(&self) -> &TcpStream {
        self.stream.socket()
    }

    fn mut_ref(&mut self) -> &mut Self {
        self
    }
}

impl Drop for Conn {
    fn drop(&mut self) {
        // `suppaftp` waits for the end of what it takes for TLS once an upload is done,
        // without a clock; a plain connection has no end to wait for.
        if let (Stream::Plain(socket), None) = (&self.stream, &self.inbox) {
            // Fails only on a socket that is not connected any more.
            let _ = socket.shutdown(Shutdown::Both);
        }
    }
}

/// Where `suppaftp` gets the connections of one client.
#[derive(Debug)]
pub(super) struct Connector {
    tls: Option<Exchange>,
    control: Mutex<Option<Conn>>,
}

impl Connector {
    /// One whose first connection is this control connection.
    pub(super) fn new(mut control: Conn, tls: Option<Exchange>) -> Self {
        if !control.is_secured() {
            control.to_swallow = TLS_COMMANDS;
        }
        Self {
            tls,
            control: Mutex::new(Some(control)),
        }
    }
}

impl TlsConnector for Connector {
    type Stream = Conn;

    fn connect(&self, domain: &str, stream: TcpStream) -> FtpResult<Conn> {
        let control = {
            let mut control = self.control.lock().unwrap_or_else(PoisonError::into_inner);
            control.take()
        };
        match (control, &self.tls) {
            (Some(control), _) => Ok(control),
            (None, Some(tls)) => {
                let socket = tls.connect(domain, stream)?;
                Ok(Conn::new(Stream::Tls(socket), None))
            }
            (None, None) => Ok(Conn::plain_data(stream)),
        }
    }
}

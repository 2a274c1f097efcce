//! Data connections: who connects to whom, and that it is the right one.
//!
//! In passive mode `suppaftp` asks the server for a port and connects to it through
//! [`DataDialer::dial`], which goes to the control connection's peer whatever address the
//! server named.
//!
//! Where `suppaftp`'s own way does not do, the data connection is made here and *carried*
//! into the transfer. That is active mode, whose wait for the server cannot be given up
//! there and has no clock over TLS's handshake, and passive replies in a form it does not
//! read. Only a transfer that `suppaftp` opened itself gets its last reply read, so it is let
//! open one in its own active mode: the line it sends for that is exchanged for ours
//! ([`Tap`]), a connection of this process to its listener ends its wait, and the socket it
//! got is exchanged for the real one, over TLS in [`Exchange`] and without in
//! [`DataDialer::exchange`]. Whoever else connects to that listener, which nobody was told
//! of, exchanges a socket that carries nothing.

use super::active::Listener;
use super::dial;
use super::interrupt::Interrupt;
use super::link::Client;
use super::tls::{LinkTls, TlsSocket};
use crate::error::{Error, ErrorKind};
use crate::target::{FtpDataMode, FtpTarget, Timeouts};
use std::io;
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use suppaftp::types::ActivePeerCheck;
use suppaftp::{Encoding, FtpError, FtpResult, TlsConnector};

const OPERATION: &str = "open data connection";
/// Longest wait of `suppaftp` for the connection that ends its wait, which is there before
/// it waits.
const CARRYING: Duration = Duration::from_secs(5);

/// Makes the data connections of one control connection.
#[derive(Debug)]
pub(super) struct DataDialer {
    peer: SocketAddr,
    local: SocketAddr,
    mode: FtpDataMode,
    clocks: Timeouts,
    transfer: Option<Duration>,
    interrupt: Arc<Interrupt>,
    /// The passive command was answered: what fails after it is the transfer's own command.
    reached: AtomicBool,
    /// A mismatch of addresses was told.
    told: AtomicBool,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    error: Option<Error>,
    carried: Option<Carried>,
}

/// A data connection of our own on its way into a transfer.
#[derive(Debug)]
struct Carried {
    /// What is sent in place of the next command line.
    line: Option<String>,
    /// A second line was sent, so the first was accepted.
    accepted: bool,
    source: Option<Source>,
    /// The other end of the socket that will be exchanged.
    decoy: Option<TcpStream>,
}

/// Where the real socket comes from.
#[derive(Debug)]
pub(super) enum Source {
    /// It is connected.
    Connected(TcpStream),
    /// The server will connect.
    Listening(Listener),
}

impl DataDialer {
    /// For the control connection between these two addresses.
    pub(super) fn new(
        peer: SocketAddr,
        local: SocketAddr,
        target: &FtpTarget,
        interrupt: Arc<Interrupt>,
    ) -> Arc<Self> {
        Arc::new(Self {
            peer,
            local,
            mode: target.data_mode,
            clocks: target.timeouts,
            transfer: target.transfer_limit,
            interrupt,
            reached: AtomicBool::new(false),
            told: AtomicBool::new(false),
            state: Mutex::default(),
        })
    }

    /// Has the client make its data connections here, and send names through `names`.
    pub(super) fn fit(self: &Arc<Self>, client: Client, names: impl Encoding + 'static) -> Client {
        let dialer = self.clone();
        let mut client = client
            .passive_stream_builder(move |named| dialer.dial(named))
            .active_mode(CARRYING);
        // Decides about the socket that is exchanged, and about no other.
        client.set_active_peer_check(ActivePeerCheck::Any);
        client.set_encoding(Tap {
            names,
            dialer: self.clone(),
        });
        client
    }

    /// TLS for the client's control and data connections.
    pub(super) fn secure(self: &Arc<Self>, tls: LinkTls) -> Exchange {
        Exchange {
            tls,
            dialer: self.clone(),
        }
    }

    /// The server's address.
    pub(super) fn peer(&self) -> SocketAddr {
        self.peer
    }

    /// Who connects.
    pub(super) fn mode(&self) -> FtpDataMode {
        self.mode
    }

    /// The clocks.
    pub(super) fn clocks(&self) -> &Timeouts {
        &self.clocks
    }

    /// Longest time of a transfer.
    pub(super) fn transfer_limit(&self) -> Option<Duration> {
        self.transfer
    }

    /// Another transfer begins.
    pub(super) fn begin(&self) {
        self.reached.store(false, Ordering::Release);
        let mut state = self.lock();
        state.error = None;
        state.carried = None;
    }

    /// The transfer is open, or will not be: what was on its way for it is let go.
    pub(super) fn end(&self) {
        self.lock().carried = None;
    }

    /// Whether the server answered the passive command with an address.
    pub(super) fn was_reached(&self) -> bool {
        self.reached.load(Ordering::Acquire)
    }

    /// Whether the server accepted what was sent in place of `suppaftp`'s line.
    pub(super) fn was_accepted(&self) -> bool {
        self.lock()
            .carried
            .as_ref()
            .is_some_and(|carried| carried.accepted)
    }

    /// Whether the server answered anything since the transfer began.
    pub(super) fn was_answered(&self) -> bool {
        self.was_reached() || self.was_accepted()
    }

    /// Connects to the port the server named, see [`Self::connect`].
    fn dial(&self, named: SocketAddr) -> FtpResult<TcpStream> {
        self.reached.store(true, Ordering::Release);
        self.connect(named).map_err(|error| self.fail(error))
    }

    /// Connects to the port the server named. The address it named is not trusted: it may
    /// be that of a third host, or one from behind the server's own translation.
    pub(super) fn connect(&self, named: SocketAddr) -> Result<TcpStream, Error> {
        if named.ip().to_canonical() != self.peer.ip().to_canonical()
            && !self.told.swap(true, Ordering::Relaxed)
        {
            tracing::warn!(named = %named.ip(), used = %self.peer.ip(), "the server named another host for the data connection");
        }
        if named.port() == 0 {
            let text = "the server named port 0";
            return Err(Error::new(ErrorKind::Protocol, OPERATION, text));
        }
        // All of the peer's address, a link-local one's interface included.
        let mut address = self.peer;
        address.set_port(named.port());
        dial::data(
            address,
            self.clocks.connect,
            self.clocks.no_progress,
            &self.interrupt,
        )
    }

    /// Listens for the server.
    pub(super) fn listen(&self) -> Result<Listener, Error> {
        Listener::bind(self.local, &self.interrupt).map_err(|error| {
            let text = format!("cannot listen for the data: {error}");
            Error::new(ErrorKind::LocalIo, OPERATION, text)
                .on(crate::error::Side::Local)
                .caused_by(error)
        })
    }

    /// Has the next transfer use this data connection; the server is sent `line`, which it
    /// must answer with 200.
    pub(super) fn carry(&self, line: String, source: Source) {
        self.lock().carried = Some(Carried {
            line: Some(line),
            accepted: false,
            source: Some(source),
            decoy: None,
        });
    }

    /// The real socket of the carried data connection; `None` when there is none on its way.
    pub(super) fn exchange(&self) -> Option<Result<TcpStream, Error>> {
        let source = {
            let mut state = self.lock();
            let carried = state.carried.as_mut()?;
            carried.decoy = None;
            carried.source.take()?
        };
        Some(match source {
            Source::Connected(stream) => Ok(stream),
            Source::Listening(listener) => listener.accept(
                self.peer.ip(),
                self.clocks.connect,
                self.clocks.no_progress,
                &self.interrupt,
            ),
        })
    }

    /// What is sent in place of this command line, if anything.
    fn outgoing(&self, line: &str) -> Option<String> {
        let mut state = self.lock();
        let carried = state.carried.as_mut()?;
        let Some(own) = carried.line.take() else {
            carried.accepted = true;
            return None;
        };
        let connected = super::address::named_by(line)
            .ok_or_else(|| io::Error::from(io::ErrorKind::InvalidData))
            .and_then(|listener| TcpStream::connect_timeout(&listener, CARRYING));
        match connected {
            Ok(decoy) => carried.decoy = Some(decoy),
            Err(error) => state.error = Some(super::reply::io_error(OPERATION, error)),
        }
        Some(own + "\r\n")
    }

    /// Whether the data connection failed in a way that another port may cure.
    pub(super) fn takes_another_port(&self, error: &FtpError) -> bool {
        let dialled = matches!(error, FtpError::ConnectionError(_));
        dialled
            && self.lock().error.as_ref().is_some_and(|error| {
                matches!(
                    error.kind(),
                    ErrorKind::ConnectionRefused | ErrorKind::Unreachable | ErrorKind::TimedOut
                )
            })
    }

    /// An error for `suppaftp` to pass on, with the typed one behind it.
    pub(super) fn fail(&self, error: Error) -> FtpError {
        self.lock().error = Some(error);
        FtpError::ConnectionError(io::ErrorKind::NotConnected.into())
    }

    /// The typed error behind the one `suppaftp` passes on.
    pub(super) fn take_error(&self) -> Option<Error> {
        self.lock().error.take()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Sees every command line on its way out.
#[derive(Debug)]
struct Tap<E> {
    names: E,
    dialer: Arc<DataDialer>,
}

impl<E: Encoding> Encoding for Tap<E> {
    fn decode(&self, bytes: &[u8]) -> String {
        self.names.decode(bytes)
    }

    fn encode(&self, text: &str) -> io::Result<Vec<u8>> {
        match self.dialer.outgoing(text) {
            Some(own) => Ok(own.into_bytes()),
            None => self.names.encode(text),
        }
    }
}

/// The connector of one control connection, which puts a carried data connection under TLS
/// in place of the one it is given.
#[derive(Debug)]
pub(super) struct Exchange {
    tls: LinkTls,
    dialer: Arc<DataDialer>,
}

impl TlsConnector for Exchange {
    type Stream = TlsSocket;

    fn connect(&self, domain: &str, stream: TcpStream) -> FtpResult<TlsSocket> {
        let stream = match self.dialer.exchange() {
            None => stream,
            Some(Ok(real)) => real,
            Some(Err(error)) => {
                let text = error.message().to_owned();
                self.dialer.lock().error = Some(error);
                return Err(FtpError::SecureError(text));
            }
        };
        self.tls.connect(domain, stream)
    }
}

//! Active mode: this side listens, and the server connects.
//!
//! Listens on the control connection's own address and a port of the system's choice, for
//! one transfer. Only the control connection's peer is let in: whoever else reaches the port
//! first would get the file, or could put another in its place.

use super::dial;
use super::interrupt::Interrupt;
use crate::error::{Error, ErrorKind};
use socket2::SockRef;
use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

const OPERATION: &str = "open data connection";
/// Longest wait in `accept` before it is looked whether the operation was given up, on
/// systems where the end of the socket does not wake it.
const SLICE: Duration = Duration::from_millis(100);
/// Connections of strangers that are dropped before the transfer is.
const MAX_STRANGERS: usize = 16;

/// A port the server is to connect to.
#[derive(Debug)]
pub(super) struct Listener {
    socket: TcpListener,
    address: SocketAddr,
}

impl Listener {
    /// Listens on this address of the machine, on any port.
    pub(super) fn bind(mut local: SocketAddr, interrupt: &Interrupt) -> io::Result<Self> {
        local.set_port(0);
        let socket = TcpListener::bind(local)?;
        let address = socket.local_addr()?;
        interrupt.guard_listener(&socket)?;
        Ok(Self { socket, address })
    }

    /// Where it listens.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Waits for the server, within the clock.
    ///
    /// # Errors
    /// `TimedOut`; `Unreachable` when the server has something to say instead of connecting;
    /// `Protocol` when too many others connect; `Cancelled` when the operation was given up.
    pub(super) fn accept(
        self,
        peer: IpAddr,
        clock: Duration,
        no_progress: Duration,
        interrupt: &Interrupt,
    ) -> Result<TcpStream, Error> {
        let accepted = self.accept_from(peer, Instant::now() + clock, interrupt);
        interrupt.release_listener();
        let stream = accepted?;
        dial::settle(&stream, no_progress)
            .and_then(|()| interrupt.guard_data(&stream))
            .map_err(|error| super::reply::io_error(OPERATION, error))?;
        Ok(stream)
    }

    fn accept_from(
        &self,
        peer: IpAddr,
        deadline: Instant,
        interrupt: &Interrupt,
    ) -> Result<TcpStream, Error> {
        let mut strangers = 0;
        let mut spoke = false;
        loop {
            if interrupt.is_fired() {
                return Err(Error::new(ErrorKind::Cancelled, OPERATION, "given up"));
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let text = "the server did not connect for the data";
                return Err(Error::new(ErrorKind::TimedOut, OPERATION, text)
                    .with("address", self.address.to_string()));
            }
            // The clock of reads holds for `accept` as well.
            SockRef::from(&self.socket)
                .set_read_timeout(Some(left.min(SLICE).max(Duration::from_millis(1))))
                .map_err(|error| super::reply::io_error(OPERATION, error))?;
            match self.socket.accept() {
                Ok((stream, from)) if from.ip().to_canonical() == peer.to_canonical() => {
                    return Ok(stream);
                }
                Ok((_dropped, from)) => {
                    tracing::warn!(%from, server = %peer, "a stranger connected to the port of a data connection");
                    strangers += 1;
                    if strangers == MAX_STRANGERS {
                        let text = "too many strangers connect to the port of the data connection";
                        return Err(Error::new(ErrorKind::Protocol, OPERATION, text));
                    }
                }
                Err(error) if is_timeout(&error) => {
                    // It may have connected before it spoke: one more look, and then it is a
                    // refusal (425), or its end, and there is nothing to wait for.
                    if !spoke {
                        spoke = interrupt.has_unread();
                    } else if !interrupt.is_fired() {
                        let text = "the server could not connect for the data";
                        return Err(Error::new(ErrorKind::Unreachable, OPERATION, text)
                            .with("address", self.address.to_string()));
                    }
                }
                // Shut down from outside: seen at the head of the loop.
                Err(_) if interrupt.is_fired() => {}
                Err(error) => return Err(super::reply::io_error(OPERATION, error)),
            }
        }
    }
}

fn is_timeout(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::Interrupted
    )
}

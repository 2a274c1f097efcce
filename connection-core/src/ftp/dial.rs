//! TCP connections to the server, each guarded by the interrupt of its operation. The name
//! is looked up before, once for the whole session: always the same host.

use super::interrupt::Interrupt;
use crate::CONNECT;
use crate::error::{Error, ErrorKind, Result};
use socket2::{Domain, SockRef, Socket, TcpKeepalive, Type};
use std::io;
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// Connects the control connection to the first address that answers, within the clock.
pub(super) fn control(
    addresses: &[SocketAddr],
    clock: Duration,
    interrupt: &Interrupt,
) -> Result<TcpStream> {
    let deadline = Instant::now() + clock;
    let mut last = None;
    for address in addresses {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            break;
        }
        match open(*address, left, |socket| interrupt.guard_control(socket)) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = Some((*address, error)),
        }
    }
    Err(match last {
        Some((address, error)) => dial_error(address, error),
        None => Error::new(ErrorKind::TimedOut, CONNECT, "timed out")
            .caused_by(io::Error::from(io::ErrorKind::TimedOut)),
    })
}

/// Connects a data connection.
pub(super) fn data(
    address: SocketAddr,
    connect: Duration,
    no_progress: Duration,
    interrupt: &Interrupt,
) -> Result<TcpStream> {
    open(address, connect, |socket| interrupt.guard_data(socket))
        .and_then(|stream| {
            set_clock(&stream, no_progress)?;
            Ok(stream)
        })
        .map_err(|error| dial_error(address, error).with("connection", "data"))
}

/// Sets how long one read or write may wait.
pub(super) fn set_clock(stream: &TcpStream, clock: Duration) -> io::Result<()> {
    stream.set_read_timeout(Some(clock))?;
    stream.set_write_timeout(Some(clock))
}

fn open(
    address: SocketAddr,
    clock: Duration,
    guard: impl FnOnce(&TcpStream) -> io::Result<()>,
) -> io::Result<TcpStream> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    let stream = TcpStream::from(socket);
    // Guarded before it connects, so that giving up ends a connect that hangs.
    guard(&stream)?;
    SockRef::from(&stream).connect_timeout(&address.into(), clock)?;
    settle(&stream, clock)?;
    Ok(stream)
}

/// Sets a connected socket up. TCP's own probes keep the ways through address translators
/// open: a control connection says nothing while a long transfer runs beside it.
pub(super) fn settle(stream: &TcpStream, clock: Duration) -> io::Result<()> {
    let socket = SockRef::from(stream);
    socket.set_tcp_nodelay(true)?;
    socket.set_tcp_keepalive(
        &TcpKeepalive::new()
            .with_time(Duration::from_secs(30))
            .with_interval(Duration::from_secs(10)),
    )?;
    set_clock(stream, clock)
}

fn dial_error(address: SocketAddr, error: io::Error) -> Error {
    use io::ErrorKind as Io;
    let (kind, message) = match error.kind() {
        Io::ConnectionRefused => (ErrorKind::ConnectionRefused, error.to_string()),
        Io::TimedOut | Io::WouldBlock => (ErrorKind::TimedOut, "timed out".to_owned()),
        Io::HostUnreachable | Io::NetworkUnreachable | Io::NetworkDown | Io::AddrNotAvailable => {
            (ErrorKind::Unreachable, error.to_string())
        }
        _ => (ErrorKind::ConnectionLost, error.to_string()),
    };
    Error::new(kind, CONNECT, message)
        .with("address", address.to_string())
        .caused_by(error)
}

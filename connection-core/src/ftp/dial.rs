//! TCP connections to the server: the name looked up once, then always the same host.

use super::interrupt::Interrupt;
use crate::error::{Error, ErrorKind, Result};
use socket2::{Domain, SockRef, Socket, TcpKeepalive, Type};
use std::io;
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// Looks a host name up.
///
/// # Errors
/// `HostNotFound`, also for a text that cannot be a host name at all; `TimedOut`.
pub(super) async fn resolve(host: &str, port: u16, clock: Duration) -> Result<Vec<SocketAddr>> {
    if !may_be_host(host) {
        return Err(not_found(host, io::ErrorKind::InvalidInput.into()));
    }
    match tokio::time::timeout(clock, tokio::net::lookup_host((host, port))).await {
        Err(_) => Err(Error::new(ErrorKind::TimedOut, "connect", "timed out")
            .with("host", host)
            .caused_by(io::Error::from(io::ErrorKind::TimedOut))),
        Ok(Err(error)) => Err(not_found(host, error)),
        Ok(Ok(found)) => {
            let found: Vec<_> = found.collect();
            if found.is_empty() {
                return Err(not_found(host, io::ErrorKind::NotFound.into()));
            }
            Ok(found)
        }
    }
}

fn not_found(host: &str, error: io::Error) -> Error {
    Error::new(
        ErrorKind::HostNotFound,
        "connect",
        "Name or service not known",
    )
    .with("host", host)
    .caused_by(error)
}

/// A colon is only allowed in an IPv6 address; a URL or `host:port` is not a host.
fn may_be_host(host: &str) -> bool {
    let plain = |c: char| !c.is_whitespace() && !"/\\[]@?#:".contains(c);
    host.parse::<IpAddr>().is_ok()
        || host.split_once('%').is_some_and(|(address, zone)| {
            address.parse::<IpAddr>().is_ok() && zone.chars().all(plain)
        })
        || host.chars().all(plain)
}

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
        None => Error::new(ErrorKind::TimedOut, "connect", "timed out")
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
    let socket = SockRef::from(&stream);
    socket.connect_timeout(&address.into(), clock)?;
    socket.set_tcp_nodelay(true)?;
    socket.set_tcp_keepalive(
        &TcpKeepalive::new()
            .with_time(Duration::from_secs(30))
            .with_interval(Duration::from_secs(10)),
    )?;
    set_clock(&stream, clock)?;
    Ok(stream)
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
    Error::new(kind, "connect", message)
        .with("address", address.to_string())
        .caused_by(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_be_a_host_is_looked_up() {
        for good in [
            "localhost",
            "ftp.example.com",
            "10.0.0.1",
            "::1",
            "fe80::1%eth0",
            "bücher.example",
        ] {
            assert!(may_be_host(good), "{good}");
        }
        for bad in ["a b", "ftp://h", "h:21", "[::1]", "h/x", "u@h"] {
            assert!(!may_be_host(bad), "{bad}");
        }
    }

    #[tokio::test]
    async fn a_url_is_not_found() {
        let error = resolve("ftp://h", 21, Duration::from_secs(1))
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::HostNotFound);
    }
}

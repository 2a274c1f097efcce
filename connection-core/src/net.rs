//! Name lookup and TCP connect, for every protocol: one clock over both, every address
//! tried, and sockets that notice a dead peer. Knows neither SSH nor FTP.

use crate::error::{Error, ErrorKind, Result};
use crate::target::Timeouts;
use socket2::{SockRef, TcpKeepalive};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{Instant, timeout, timeout_at};

/// [`Error::operation`] of everything up to an established TCP connection.
pub const CONNECT: &str = "connect";

/// Addresses of one name that are tried: more than any honest name has.
const MAX_ADDRESSES: usize = 16;

/// Shortest time one of several addresses gets, however many are left.
const MIN_ATTEMPT: Duration = Duration::from_millis(250);

/// How often TCP itself probes a link whose owner wants no probes of the protocol.
const DEFAULT_PROBE: Duration = Duration::from_secs(60);

/// Resolves the host and connects to it, within the connect clock.
///
/// The socket has no Nagle delay, is probed while idle, and gives up unacknowledged data
/// after four probe intervals, which is also when the protocols above give the link up.
///
/// # Errors
/// `HostNotFound` (also for a text that can be no host name), `ConnectionRefused`,
/// `Unreachable`, `TimedOut`; each with the operation [`CONNECT`], `host` and `port`.
pub(crate) async fn dial(host: &str, port: u16, timeouts: &Timeouts) -> Result<TcpStream> {
    attempt(host, port, timeouts)
        .await
        .map_err(|e| e.with("host", host).with("port", port.to_string()))
}

/// Looks a host up, within `clock`; a bounded number of addresses, at least one.
///
/// # Errors
/// `HostNotFound` (also for a text that can be no host name), `TimedOut`; each with the
/// operation [`CONNECT`].
pub(crate) async fn resolve(host: &str, port: u16, clock: Duration) -> Result<Vec<SocketAddr>> {
    if !is_host(host) {
        return Err(not_found());
    }
    match timeout(clock, tokio::net::lookup_host((host, port))).await {
        Err(_) => Err(timed_out("the name lookup")),
        Ok(Err(source)) => Err(not_found()
            .with("resolver", source.to_string())
            .caused_by(source)),
        Ok(Ok(found)) => {
            let addresses: Vec<SocketAddr> = found.take(MAX_ADDRESSES).collect();
            if addresses.is_empty() {
                return Err(not_found());
            }
            Ok(addresses)
        }
    }
}

async fn attempt(host: &str, port: u16, timeouts: &Timeouts) -> Result<TcpStream> {
    let deadline = Instant::now() + timeouts.connect;
    let addresses = resolve(host, port, timeouts.connect).await?;
    let mut failure: Option<Error> = None;
    for (tried, address) in addresses.iter().enumerate() {
        let now = Instant::now();
        let left = deadline.saturating_duration_since(now);
        let share = left / u32::try_from(addresses.len() - tried).unwrap_or(u32::MAX);
        let until = (now + share.max(MIN_ATTEMPT)).min(deadline);
        let outcome = match timeout_at(until, connect(*address, timeouts)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(source)) => translate(source),
            Err(_) => timed_out("the connection"),
        };
        // An answer of the machine itself says more than an address without a route.
        let better = failure
            .as_ref()
            .is_none_or(|f| f.kind() == ErrorKind::Unreachable);
        if better {
            failure = Some(outcome.with("address", address.to_string()));
        }
    }
    Err(failure.unwrap_or_else(not_found))
}

async fn connect(address: SocketAddr, timeouts: &Timeouts) -> std::io::Result<TcpStream> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    let stream = socket.connect(address).await?;
    stream.set_nodelay(true)?;
    let probe = timeouts.keepalive.unwrap_or(DEFAULT_PROBE);
    // The kernel counts in whole seconds and refuses zero.
    let whole = probe.max(Duration::from_secs(1));
    let options = SockRef::from(&stream);
    options.set_tcp_keepalive(
        &TcpKeepalive::new()
            .with_time(whole)
            .with_interval(whole)
            .with_retries(3),
    )?;
    #[cfg(target_os = "linux")]
    options.set_tcp_user_timeout(Some(probe.saturating_mul(4)))?;
    Ok(stream)
}

/// Up to this many bytes at once are taken for a message somebody waits for.
const MESSAGE: usize = 4096;

/// To be called after `received` bytes were read: has a short message acknowledged at once.
///
/// OpenSSH's server keeps Nagle's delay until a terminal is asked for. Of two short messages
/// in a row it sends the second when the first is acknowledged, and a system that has
/// nothing to send acknowledges after 40 ms: without this, each login takes that much
/// longer. The kernel falls back into the delay by itself, so it is asked each time.
pub(crate) fn acknowledge(socket: SockRef<'_>, received: usize) {
    #[cfg(target_os = "linux")]
    if received <= MESSAGE {
        // A hint: without it everything works, later.
        let _ = socket.set_tcp_quickack(true);
    }
    #[cfg(not(target_os = "linux"))]
    let _ = (socket, received, MESSAGE);
}

/// The one table from the system's connect errors to kinds.
fn translate(source: std::io::Error) -> Error {
    use std::io::ErrorKind as Io;
    let kind = match source.kind() {
        Io::ConnectionRefused => ErrorKind::ConnectionRefused,
        Io::TimedOut => ErrorKind::TimedOut,
        _ => ErrorKind::Unreachable,
    };
    Error::new(kind, CONNECT, source.to_string()).caused_by(source)
}

fn timed_out(what: &str) -> Error {
    Error::new(ErrorKind::TimedOut, CONNECT, format!("{what} timed out"))
}

fn not_found() -> Error {
    Error::new(
        ErrorKind::HostNotFound,
        CONNECT,
        "Name or service not known",
    )
}

/// Whether the text can name a host at all. Resolvers differ in what they make of spaces,
/// URLs, `host:port` and brackets, so none of them is asked.
fn is_host(text: &str) -> bool {
    if text.contains(':') {
        let address = text
            .split_once('%')
            .map_or(text, |(address, _zone)| address);
        return matches!(address.parse::<IpAddr>(), Ok(IpAddr::V6(_)));
    }
    !text.is_empty()
        && text.len() <= 253
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_host_names_are_looked_up() {
        for good in [
            "localhost",
            "a.b-c.example",
            "127.0.0.1",
            "::1",
            "fe80::1%eth0",
            "my_host",
        ] {
            assert!(is_host(good), "{good}");
        }
        for bad in [
            "",
            "a b",
            "[::1]",
            "host:22",
            "ssh://host",
            "host/",
            "a\tb",
            "user@host",
            "1.2.3.4:22",
        ] {
            assert!(!is_host(bad), "{bad}");
        }
    }

    #[tokio::test]
    async fn each_failure_has_its_kind() {
        let timeouts = Timeouts::default();
        let closed = crate::test_ports::Closed::new();
        let port = closed.port;
        let refused = dial("127.0.0.1", port, &timeouts).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
        assert_eq!(refused.os_error(), Some(111));
        assert_eq!(refused.operation(), CONNECT);
        assert_eq!(refused.context("port"), Some(port.to_string().as_str()));
        for bad in ["no such host", "[::1]", "127.0.0.1:22", "nowhere.invalid"] {
            let error = dial(bad, 22, &timeouts).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::HostNotFound, "{bad}: {error}");
        }
    }

    #[tokio::test]
    async fn a_socket_is_quick_and_watched() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let stream = dial("localhost", port, &Timeouts::default()).await.unwrap();
        let options = SockRef::from(&stream);
        assert!(stream.nodelay().unwrap());
        assert!(options.keepalive().unwrap());
        assert_eq!(
            options.tcp_user_timeout().unwrap(),
            Some(Duration::from_secs(60))
        );
    }

    /// A full accept queue drops handshakes, as a firewall would.
    #[tokio::test]
    async fn a_silent_address_times_out() {
        let socket =
            socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
        let any: SocketAddr = "127.0.0.1:0".parse().unwrap();
        socket.bind(&any.into()).unwrap();
        socket.listen(0).unwrap();
        let port = socket.local_addr().unwrap().as_socket().unwrap().port();
        let timeouts = Timeouts {
            connect: Duration::from_millis(300),
            ..Timeouts::default()
        };
        let mut fillers = Vec::new();
        let error = loop {
            match dial("127.0.0.1", port, &timeouts).await {
                Ok(stream) => fillers.push(stream),
                Err(error) => break error,
            }
            assert!(fillers.len() < 16, "the accept queue never filled");
        };
        assert_eq!(error.kind(), ErrorKind::TimedOut);
        assert_eq!(error.operation(), CONNECT);
    }
}

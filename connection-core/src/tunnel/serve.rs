//! What the tasks of a tunnel do: accept, find the other end, have bytes carried.

use super::connection::{TunnelConnection, connect};
use super::counters::{Counters, Open};
use super::relay::{prepare, relay, reset_on_drop};
use super::request::{Endpoint, Reach, TunnelKind};
use super::set::{Place, Tunnel, Way};
use super::{Held, socks};
use crate::error::{Error, ErrorKind, Result, Side};
use crate::net;
use crate::ssh::engine::{Channel, ChannelKind, Listener};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};

/// Longest time for a client to say where it wants to go.
const SOCKS_CLOCK: Duration = Duration::from_secs(10);

/// Longest time for a connection to an end on this side, its name lookup included.
const DIAL_CLOCK: Duration = Duration::from_secs(10);

/// Pause after a failed accept, such as with no descriptor left.
const ACCEPT_AGAIN: Duration = Duration::from_millis(100);

/// Accepts connections of this machine until the tunnel or the link ends.
pub(super) async fn here(tunnel: Arc<Tunnel>, way: Way, listener: TcpListener) {
    loop {
        let accepted = tokio::select! {
            biased;
            () = tunnel.closing.cancelled() => break,
            () = way.link.closed() => break tunnel.counters.note(&link_lost()),
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _)) => {
                reset_on_drop(&stream);
                match tunnel.place(&way) {
                    Ok(place) => {
                        let work = from_here(tunnel.clone(), way.clone(), stream);
                        start(&tunnel, place, work);
                    }
                    Err(full) => tunnel.counters.refuse(&full),
                }
            }
            Err(error) => {
                tunnel.counters.note(&local("accept connection", error));
                sleep(ACCEPT_AGAIN).await;
            }
        }
    }
    tunnel.closing.cancel();
}

/// Takes the server's connections until the tunnel or the link ends.
pub(super) async fn there(tunnel: Arc<Tunnel>, way: Way, mut listener: Box<dyn Listener>) {
    loop {
        let accepted = tokio::select! {
            biased;
            () = tunnel.closing.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok(channel) => match tunnel.place(&way) {
                Ok(place) => {
                    let work = from_there(tunnel.clone(), way.clone(), channel);
                    start(&tunnel, place, work);
                }
                Err(full) => tunnel.counters.refuse(&full),
            },
            Err(error) => {
                tunnel.counters.note(&error);
                break;
            }
        }
    }
    tunnel.closing.cancel();
    listener.close().await;
}

/// Runs one connection as a task of the tunnel, which ends with it.
fn start(tunnel: &Tunnel, place: Place, work: impl Future<Output = ()> + Send + 'static) {
    let closing = tunnel.closing.clone();
    tunnel.tasks.spawn(async move {
        tokio::select! {
            biased;
            () = closing.cancelled() => {}
            () = work => {}
        }
        drop(place);
    });
}

async fn from_here(tunnel: Arc<Tunnel>, way: Way, mut stream: TcpStream) {
    let counters = &tunnel.counters;
    let Some(held) = (way.hold)() else {
        return counters.refuse(&link_lost());
    };
    let end = match destination(&tunnel.kind, &mut stream).await {
        Ok(end) => end,
        Err(error) => return counters.refuse(&error),
    };
    let connected = connect_there(&tunnel, &way, &end, held).await;
    // Before the client is told: it may ask for the count at once.
    if let Err(error) = &connected {
        counters.refuse(error);
    }
    let refusal = connected.as_ref().err().map(socks::Reply::to);
    let told = match &tunnel.kind {
        TunnelKind::Dynamic => tell(&mut stream, refusal).await,
        TunnelKind::Local(_) | TunnelKind::Remote(_) => Ok(()),
    };
    match (connected, told) {
        (Ok(connection), Ok(())) => carry(counters, stream, connection).await,
        (Ok(_), Err(error)) => counters.refuse(&error),
        (Err(_), _) => {}
    }
}

/// Where a connection of this machine is meant to go.
async fn destination(kind: &TunnelKind, stream: &mut TcpStream) -> Result<Endpoint> {
    prepare(stream).map_err(|e| local("accept connection", e))?;
    match kind {
        TunnelKind::Local(end) | TunnelKind::Remote(end) => Ok(end.clone()),
        TunnelKind::Dynamic => timeout(SOCKS_CLOCK, socks::negotiate(stream))
            .await
            .map_err(|_| slow("the client did not say where it wants to go"))?,
    }
}

/// Tells the client of a SOCKS proxy what became of its request.
async fn tell(stream: &mut TcpStream, refusal: Option<socks::Reply>) -> Result<()> {
    socks::reply(stream, refusal.unwrap_or(socks::Reply::Succeeded)).await?;
    if refusal.is_some() {
        // The reply shall reach the client before the end does.
        let _ = socket2::SockRef::from(&*stream).set_linger(None);
    }
    Ok(())
}

async fn connect_there(
    tunnel: &Tunnel,
    way: &Way,
    end: &Endpoint,
    held: Held,
) -> Result<TunnelConnection> {
    let kind = ChannelKind::DirectTcpip {
        host: end.host.clone(),
        port: end.port,
    };
    let channel = way.link.open(kind).await.map_err(|e| at(e, end))?;
    let closing = tunnel.closing.clone();
    Ok(connect(channel, &way.together, closing, vec![held]))
}

async fn from_there(tunnel: Arc<Tunnel>, way: Way, channel: Channel) {
    let counters = &tunnel.counters;
    let Some(held) = (way.hold)() else { return };
    // Before anything is waited for: it takes what the server sends meanwhile.
    let closing = tunnel.closing.clone();
    let connection = connect(channel, &way.together, closing, vec![held]);
    let TunnelKind::Remote(end) = &tunnel.kind else {
        return;
    };
    match dial(end, tunnel.reach).await {
        Ok(stream) => carry(counters, stream, connection).await,
        Err(error) => counters.refuse(&error),
    }
}

async fn carry(counters: &Counters, stream: TcpStream, connection: TunnelConnection) {
    Counters::add(&counters.total, 1);
    let _open = Open::of(counters);
    match relay(stream, connection, counters).await {
        Ok(()) => {}
        // A client that breaks off is no error of the tunnel's.
        Err(error) if error.kind() == ErrorKind::LocalIo => {
            tracing::debug!(%error, "a connection of a tunnel broke off");
        }
        Err(error) => counters.note(&error),
    }
}

/// The addresses of an end on this side that may be dialled.
///
/// # Errors
/// `PermissionDenied` when there are only others, besides those of the lookup.
pub(super) async fn within_reach(end: &Endpoint, reach: Reach) -> Result<Vec<SocketAddr>> {
    let found = net::resolve(&end.host, end.port, DIAL_CLOCK).await?;
    let allowed: Vec<SocketAddr> = found
        .into_iter()
        .filter(|address| reach.allows(address.ip()))
        .collect();
    if allowed.is_empty() {
        let message = "the end of a remote tunnel must be on this machine's loopback interface: \
                       others are not allowed here";
        let error = Error::new(ErrorKind::PermissionDenied, "connect tunnel", message);
        return Err(at(error.on(Side::Local), end));
    }
    Ok(allowed)
}

/// Connects to an end on this side.
async fn dial(end: &Endpoint, reach: Reach) -> Result<TcpStream> {
    let dialling = async {
        let mut failure = None;
        for address in within_reach(end, reach).await? {
            match TcpStream::connect(address).await {
                Ok(stream) => {
                    prepare(&stream).map_err(|e| local("connect tunnel", e))?;
                    return Ok(stream);
                }
                Err(error) => failure = Some(local("connect tunnel", error)),
            }
        }
        Err(failure.unwrap_or_else(link_lost))
    };
    timeout(DIAL_CLOCK, dialling)
        .await
        .unwrap_or_else(|_| Err(slow("the end on this side does not answer")))
        .map_err(|e| at(e, end))
}

fn at(error: Error, end: &Endpoint) -> Error {
    error.with("end", end.to_string())
}

fn slow(message: &str) -> Error {
    Error::new(ErrorKind::TimedOut, "connect tunnel", message).on(Side::Local)
}

fn link_lost() -> Error {
    Error::new(
        ErrorKind::ConnectionLost,
        "connect tunnel",
        "the session's connection is gone",
    )
}

fn local(operation: &'static str, source: std::io::Error) -> Error {
    Error::new(ErrorKind::LocalIo, operation, source.to_string())
        .on(Side::Local)
        .caused_by(source)
}

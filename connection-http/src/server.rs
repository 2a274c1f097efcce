//! The accept loop: connections within a limit, each with clocks, until told to stop.
//!
//! It is our own because the framework's has no clock on a request's head, no limit of
//! connections, no `TCP_NODELAY`, and spins when the process runs out of descriptors.

use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use poem::web::{LocalAddr, RemoteAddr};
use poem::{Addr, Request, Response};
use socket2::{SockRef, TcpKeepalive};
use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{debug, info, warn};

/// Wait after a failed accept: what it lacks, mostly descriptors, comes back with time.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// How long a client may leave sent bytes unacknowledged or its window shut before the
/// connection counts as dead.
#[cfg(target_os = "linux")]
const STALLED_CLIENT: Duration = Duration::from_secs(60);

/// After this long without traffic a connection is probed, so that the command of a client
/// whose machine is gone does not run on.
const PROBE_AFTER: Duration = Duration::from_secs(30);
const PROBE_EVERY: Duration = Duration::from_secs(10);

/// Largest request head, in bytes. It is looked for before each read, and a read may bring as
/// much again.
const HEAD_LIMIT: usize = 64 * 1024;

/// The limits of a server.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections at once; more wait in the system's queue.
    pub connections: usize,
    /// Longest time for a request's head; also for the next one on an idle connection.
    pub header_timeout: Duration,
    /// Longest time for requests in progress once the server is told to stop.
    pub drain_timeout: Duration,
}

/// Serves until `shutdown` resolves, then lets requests in progress end, at most for the
/// drain time. When it returns, no connection is left.
pub async fn serve<H, F>(
    listener: TcpListener,
    handler: H,
    limits: Limits,
    shutdown: impl Future<Output = ()>,
) where
    H: Fn(Request) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Response> + Send + 'static,
{
    let slots = Arc::new(Semaphore::new(
        limits.connections.min(Semaphore::MAX_PERMITS),
    ));
    let tasks = TaskTracker::new();
    let stop = CancellationToken::new();
    let cut = CancellationToken::new();
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = async {
            let slot = Arc::clone(&slots).acquire_owned().await;
            (slot, listener.accept().await)
        };
        let (slot, accepted) = tokio::select! {
            () = &mut shutdown => break,
            accepted = accepted => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                warn!(%error, "accept failed");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let connection = connection(stream, peer, handler.clone(), limits, stop.clone());
        let cut = cut.clone();
        tasks.spawn(async move {
            // Dropping the connection drops the handler's future, and with it what runs.
            tokio::select! {
                () = cut.cancelled() => {}
                () = connection => {}
            }
            drop(slot);
        });
    }
    drop(listener);
    stop.cancel();
    tasks.close();
    if tokio::time::timeout(limits.drain_timeout, tasks.wait())
        .await
        .is_err()
    {
        info!(
            connections = tasks.len(),
            "cutting requests that did not end in time"
        );
        cut.cancel();
        tasks.wait().await;
    }
}

async fn connection<H, F>(
    stream: TcpStream,
    peer: SocketAddr,
    handler: H,
    limits: Limits,
    stop: CancellationToken,
) where
    H: Fn(Request) -> F,
    F: Future<Output = Response>,
{
    let local = match prepare(&stream) {
        Ok(local) => local,
        Err(error) => {
            debug!(%error, "the client went away at once");
            return;
        }
    };
    let service = service_fn(|request: hyper::Request<Incoming>| {
        let request = Request::from((
            request,
            LocalAddr(Addr::SocketAddr(local)),
            RemoteAddr(Addr::SocketAddr(peer)),
            poem::http::uri::Scheme::HTTP,
        ));
        let answer = handler(request);
        async move { Ok::<_, Infallible>(hyper::Response::from(answer.await)) }
    });
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(limits.header_timeout)
        .max_buf_size(HEAD_LIMIT);
    // A connection that switched to a WebSocket ends here; who accepted the socket has it.
    let mut connection = pin!(
        http.serve_connection(TokioIo::new(stream), service)
            .with_upgrades()
    );
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        debug!(%error, %peer, "connection ended");
    }
}

fn prepare(stream: &TcpStream) -> io::Result<SocketAddr> {
    stream.set_nodelay(true)?;
    let socket = SockRef::from(stream);
    socket.set_tcp_keepalive(
        &TcpKeepalive::new()
            .with_time(PROBE_AFTER)
            .with_interval(PROBE_EVERY),
    )?;
    #[cfg(target_os = "linux")]
    socket.set_tcp_user_timeout(Some(STALLED_CLIENT))?;
    stream.local_addr()
}

#[cfg(test)]
#[path = "server_tests.rs"]
mod tests;

//! The sockets of a server: how many there are, and their common end.

use super::close::Close;
use super::pumps::{self, Ended, Stream};
use super::socket::{Socket, config};
use super::upgrade::{Switching, Upgrade};
use crate::error::{Outcome, Problem};
use futures::{SinkExt, StreamExt};
use poem::http::StatusCode;
use poem::{OnUpgrade, Upgraded};
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::Role;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{Instrument, Span, debug, info};

/// The clocks on every socket.
#[derive(Debug, Clone, Copy)]
pub struct Clocks {
    /// Time between two pings, which keep proxies from closing a quiet connection.
    pub ping_every: Duration,
    /// A client from which nothing came for so long, not even the answer to a ping, is gone.
    pub silent_for: Duration,
    /// How long a route may go on when its client is gone, the client may take to read
    /// what was sent before the end, and to answer that end; each.
    pub ending: Duration,
}

impl Default for Clocks {
    /// 20 seconds, 60 seconds, 3 seconds.
    fn default() -> Self {
        Self {
            ping_every: Duration::from_secs(20),
            silent_for: Duration::from_secs(60),
            ending: Duration::from_secs(3),
        }
    }
}

/// Bytes read and thrown away from a client that was refused: closing a connection with
/// unread bytes in it would take the reason away from it.
const DISCARDED: u64 = 4 << 20;

/// The WebSockets of a server. Cloning it gives another handle to the same ones.
#[derive(Clone)]
pub struct Sockets(Arc<Inner>);

struct Inner {
    clocks: Clocks,
    slots: Arc<Semaphore>,
    tasks: TaskTracker,
    /// Every socket is to be closed.
    closing: CancellationToken,
    /// And now without a word.
    cut: CancellationToken,
}

impl Sockets {
    /// Room for this many sockets.
    pub fn new(most: usize, clocks: Clocks) -> Self {
        Self(Arc::new(Inner {
            clocks,
            slots: Arc::new(Semaphore::new(most.min(Semaphore::MAX_PERMITS))),
            tasks: TaskTracker::new(),
            closing: CancellationToken::new(),
            cut: CancellationToken::new(),
        }))
    }

    /// Grants an upgrade. `serve` runs once the client has switched, and what it comes to
    /// is how the socket is closed.
    ///
    /// # Errors
    /// 503 when there are too many sockets, or the server stops.
    pub fn accept<S, F>(&self, upgrade: Upgrade, serve: S) -> Outcome<Switching>
    where
        S: FnOnce(Socket) -> F + Send + 'static,
        F: Future<Output = Close> + Send + 'static,
    {
        // Counted before looking: whoever closes either sees it or is seen.
        let counted = self.0.tasks.token();
        if self.0.closing.is_cancelled() {
            return Err(unavailable("The server is shutting down", "cancelled"));
        }
        let slot = Arc::clone(&self.0.slots)
            .try_acquire_owned()
            .map_err(|_| unavailable("The limit of WebSockets is reached", "limit_reached"))?;
        let (answer, upgraded) = upgrade.grant();
        let inner = Arc::clone(&self.0);
        let task = async move {
            let cut = inner.cut.clone();
            tokio::select! {
                () = cut.cancelled() => debug!("cut"),
                () = inner.run(upgraded, serve) => {}
            }
            drop((slot, counted));
        };
        self.0.tasks.spawn(task.instrument(Span::current()));
        Ok(answer)
    }

    /// Closes every socket with 1001, and after `within` without waiting for the client.
    /// When it returns, no socket is left, and none can be opened.
    pub async fn close(&self, within: Duration) {
        self.0.closing.cancel();
        self.0.tasks.close();
        if timeout(within, self.0.tasks.wait()).await.is_err() {
            info!(sockets = self.0.tasks.len(), "cutting sockets");
            self.0.cut.cancel();
            self.0.tasks.wait().await;
        }
    }
}

impl Inner {
    async fn run<S, F>(&self, upgraded: OnUpgrade, serve: S)
    where
        S: FnOnce(Socket) -> F,
        F: Future<Output = Close>,
    {
        let Ok(upgraded) = upgraded.await else {
            debug!("the client went away before it switched");
            return;
        };
        let started = Instant::now();
        let stream = WebSocketStream::from_raw_socket(upgraded, Role::Server, Some(config())).await;
        let ended = self.converse(stream, serve).await;
        let seconds = started.elapsed().as_secs();
        match ended {
            Ok(close) => info!(close.code, close.reason, seconds, "socket closed"),
            Err(()) => info!(seconds, "socket ended: the client is gone"),
        }
    }

    /// From the first frame to the last. Answers the close frame that was sent, if one was.
    async fn converse<S, F>(&self, stream: Stream, serve: S) -> Result<Close, ()>
    where
        S: FnOnce(Socket) -> F,
        F: Future<Output = Close>,
    {
        let clocks = self.clocks;
        let (mut sink, mut stream) = stream.split();
        let (socket, to_route, from_route) = Socket::new();
        // Keeps the pings going when the route has nothing more to say.
        let outgoing = socket.writer.clone();
        let mut route = Box::pin(serve(socket));
        let (close, ended) = {
            let mut write = pin!(pumps::write(&mut sink, from_route, clocks.ping_every));
            let mut ended = None;
            let mut writing = true;
            let close = {
                let mut read = pin!(pumps::read(&mut stream, to_route, clocks.silent_for));
                let mut reading = true;
                let mut patience = pin!(sleep(Duration::MAX));
                loop {
                    tokio::select! {
                        biased;
                        () = self.closing.cancelled() => break Close::SHUTTING_DOWN,
                        close = &mut route => break close,
                        cause = &mut read, if reading => {
                            reading = false;
                            ended = Some(cause);
                            patience.set(sleep(clocks.ending));
                        }
                        _ = &mut write, if writing => {
                            writing = false;
                            ended = ended.or(Some(Ended::Broken));
                            patience.set(sleep(clocks.ending));
                        }
                        // The route did not end by itself.
                        () = &mut patience, if ended.is_some() => break Close::PROTOCOL,
                    }
                }
            };
            drop((route, outgoing));
            let close = match ended {
                Some(Ended::Refused(why)) => why,
                _ => close,
            };
            if !writing {
                ended = Some(Ended::Broken);
            } else if !matches!(ended, Some(Ended::Broken | Ended::Closed)) {
                // What the route said last comes before its end.
                match timeout(clocks.ending, write).await {
                    Ok(Ok(())) => {}
                    Ok(Err(_)) | Err(_) => return Err(()),
                }
            }
            (close, ended)
        };
        match ended {
            Some(Ended::Broken) => Err(()),
            Some(Ended::Closed) => {
                // Reading on is what sends the answer to the client's close frame.
                let _ = timeout(clocks.ending, async {
                    while stream.next().await.is_some() {}
                })
                .await;
                Err(())
            }
            None => {
                let farewell = async {
                    sink.send(Message::Close(Some(close.frame()))).await.ok()?;
                    while let Some(Ok(_)) = stream.next().await {}
                    Some(())
                };
                let _ = timeout(clocks.ending, farewell).await;
                Ok(close)
            }
            Some(Ended::Refused(_)) => {
                let farewell = async {
                    sink.send(Message::Close(Some(close.frame()))).await.ok()?;
                    discard(sink.reunite(stream).ok()?.get_mut()).await;
                    Some(())
                };
                let _ = timeout(clocks.ending, farewell).await;
                Ok(close)
            }
        }
    }
}

/// Reads a connection to its end when what comes has no meaning any more.
async fn discard(raw: &mut Upgraded) {
    let _ = raw.shutdown().await;
    let _ = tokio::io::copy(&mut raw.take(DISCARDED), &mut tokio::io::sink()).await;
}

fn unavailable(detail: &str, code: &'static str) -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail).with_code(code)
}

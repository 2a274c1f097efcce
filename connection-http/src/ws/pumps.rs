//! The two directions between a socket and its route, and the clocks on them.

use super::close::Close;
use super::socket::Frame;
use bytes::Bytes;
use futures::stream::{SplitSink, SplitStream};
use futures::{SinkExt, StreamExt};
use poem::Upgraded;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::{Error, Message};

pub(super) type Stream = WebSocketStream<Upgraded>;

/// Why nothing more comes from the client, or goes to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// It said so.
    Closed,
    /// The connection broke.
    Broken,
    /// It is told why.
    Refused(Close),
}

/// Hands frames to the route until there are no more. While the route does not take them
/// the client's silence is ours, and is not held against it.
pub(super) async fn read(
    stream: &mut SplitStream<Stream>,
    to_route: mpsc::Sender<Frame>,
    silent_for: Duration,
) -> Ended {
    loop {
        let frame = match timeout(silent_for, stream.next()).await {
            Err(_) => return Ended::Refused(Close::SILENT),
            Ok(None) => return Ended::Broken,
            Ok(Some(Err(error))) => return ended_by(&error),
            Ok(Some(Ok(message))) => match message {
                Message::Binary(data) => Frame::Binary(data),
                Message::Text(text) => Frame::Text(text),
                Message::Close(_) => return Ended::Closed,
                // A ping has been answered by the library already.
                Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => continue,
            },
        };
        // A route that listens no longer may still have something to say.
        let _ = to_route.send(frame).await;
    }
}

fn ended_by(error: &Error) -> Ended {
    match error {
        Error::Capacity(_) => Ended::Refused(Close::TOO_LARGE),
        Error::Utf8(_) => Ended::Refused(Close::NOT_TEXT),
        // A connection that ends without a close frame is a protocol error to the library.
        Error::Protocol(
            tokio_tungstenite::tungstenite::error::ProtocolError::ResetWithoutClosingHandshake,
        ) => Ended::Broken,
        Error::Protocol(_) => Ended::Refused(Close::PROTOCOL),
        _ => Ended::Broken,
    }
}

/// Sends what the route gives, and pings, until the route is dropped or the client gone.
///
/// # Errors
/// The client is gone.
pub(super) async fn write(
    sink: &mut SplitSink<Stream, Message>,
    mut from_route: mpsc::Receiver<Message>,
    ping_every: Duration,
) -> Result<(), Error> {
    let mut pings = interval_at(Instant::now() + ping_every, ping_every);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let first = tokio::select! {
            biased;
            message = from_route.recv() => match message {
                Some(message) => message,
                None => return Ok(()),
            },
            _ = pings.tick() => Message::Ping(Bytes::new()),
        };
        sink.feed(first).await?;
        // What is there already goes out in the same packets.
        while let Ok(more) = from_route.try_recv() {
            sink.feed(more).await?;
        }
        sink.flush().await?;
    }
}

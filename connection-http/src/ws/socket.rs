//! A socket as a route sees it: frames in, frames out.

use bytes::Bytes;
use serde::Serialize;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};

/// Largest message a client may send, in bytes, whole or in fragments.
pub(crate) const MESSAGE_LIMIT: usize = 64 * 1024;

/// Allocated for every socket from the start: small, as there may be hundreds.
const READ_BUFFER: usize = 8 * 1024;

/// Bytes that may wait in the socket's own buffer; a message beyond them waits outside.
const WRITE_BUFFER: usize = 64 * 1024;

/// Frames waiting on either side of a route: enough to keep it busy.
const QUEUE: usize = 2;

pub(super) fn config() -> WebSocketConfig {
    WebSocketConfig::default()
        .max_message_size(Some(MESSAGE_LIMIT))
        .max_frame_size(Some(MESSAGE_LIMIT))
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        // One message may come on top of a full buffer, and a ping on top of that.
        .max_write_buffer_size(4 * WRITE_BUFFER)
}

/// What a client sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// Bytes.
    Binary(Bytes),
    /// Text, which by the protocol is UTF-8.
    Text(Utf8Bytes),
}

/// The client is gone, or the socket is being closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gone;

/// An open WebSocket.
pub struct Socket {
    incoming: mpsc::Receiver<Frame>,
    /// Where frames for the client go.
    pub writer: Writer,
}

/// The direction to the client. What waits is bounded: a frame waits for the client to
/// take those before it.
#[derive(Clone)]
pub struct Writer(mpsc::Sender<Message>);

impl Socket {
    /// A socket, and its other ends.
    pub(super) fn new() -> (Self, mpsc::Sender<Frame>, mpsc::Receiver<Message>) {
        let (to_route, incoming) = mpsc::channel(QUEUE);
        let (outgoing, from_route) = mpsc::channel(QUEUE);
        let writer = Writer(outgoing);
        (Self { incoming, writer }, to_route, from_route)
    }

    /// The next frame; `None` once the client is gone. Cancel-safe.
    pub async fn next(&mut self) -> Option<Frame> {
        self.incoming.recv().await
    }
}

impl Writer {
    /// Sends bytes, in one frame. Kept below 64 KiB, they hold up nobody else's frames.
    ///
    /// # Errors
    /// The client is gone.
    pub async fn binary(&self, data: Bytes) -> Result<(), Gone> {
        self.send(Message::Binary(data)).await
    }

    /// Sends an object as JSON.
    ///
    /// # Errors
    /// The client is gone.
    pub async fn json<T: Serialize + Sync>(&self, object: &T) -> Result<(), Gone> {
        match serde_json::to_string(object) {
            Ok(text) => self.send(Message::text(text)).await,
            Err(error) => {
                tracing::error!(%error, "a frame could not be written");
                Err(Gone)
            }
        }
    }

    async fn send(&self, message: Message) -> Result<(), Gone> {
        self.0.send(message).await.map_err(|_| Gone)
    }
}

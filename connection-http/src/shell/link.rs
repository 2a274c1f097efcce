//! The WebSocket: opening it, and its frames.

use super::Failure;
use super::api::{Server, refusal};
use bytes::Bytes;
use futures::stream::SplitStream;
use futures::{SinkExt, StreamExt};
use serde::Deserialize;
use serde_json::json;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

/// Longest time for the handshake and for the first frame.
const WITHIN: Duration = Duration::from_secs(30);

/// The server pings three times as often: without anything for so long it is not there.
const SILENT: Duration = Duration::from_secs(60);

/// Largest message of the server.
const MESSAGE_LIMIT: usize = 1 << 20;

/// What the socket is to show.
#[derive(Debug, Clone)]
pub(super) enum Wanted {
    /// A new terminal.
    Open {
        command: Option<String>,
        name: Option<String>,
        term: Option<String>,
    },
    /// One that is there.
    Attach {
        terminal: String,
        from: Option<u64>,
        read_only: bool,
    },
}

/// Something from the server.
#[derive(Debug)]
pub(super) enum Heard {
    Data(Bytes),
    Frame(ServerFrame),
    /// The close frame.
    Closed(u16, String),
    /// The connection broke, or is dead.
    Cut,
}

/// A text frame of the server, as far as this client looks at it.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum ServerFrame {
    Opened {
        terminal_id: String,
        mode: String,
        cols: u32,
        rows: u32,
        window: u64,
        end: u64,
    },
    Offset {
        offset: u64,
        lost: u64,
    },
    Exit {
        status: Option<u32>,
        signal: Option<String>,
    },
    Error {
        code: String,
        message: String,
    },
    #[serde(other)]
    Other,
}

/// Why there is no socket.
pub(super) enum NoLink {
    /// The server says no, which asking again does not change.
    Refused(Failure),
    /// It could not be reached or is busy.
    Away(Failure),
}

/// An open socket. Frames go out from a task of its own, so that a server that is slow to
/// take them is still heard.
pub(super) struct Link {
    incoming: SplitStream<WebSocketStream<TcpStream>>,
    outgoing: mpsc::Sender<Message>,
    sending: JoinHandle<()>,
}

impl Drop for Link {
    fn drop(&mut self) {
        self.sending.abort();
    }
}

impl Link {
    pub(super) async fn open(
        server: &Server,
        session: &str,
        wanted: &Wanted,
        (cols, rows): (u32, u32),
    ) -> Result<Self, NoLink> {
        let mut path = format!("{}/ws/terminal/{session}", server.prefix);
        if let Wanted::Attach {
            terminal,
            from,
            read_only,
        } = wanted
        {
            path.push_str(&format!("?terminal={terminal}"));
            if let Some(from) = from {
                path.push_str(&format!("&from={from}"));
            }
            if *read_only {
                path.push_str("&mode=read");
            }
        }
        let socket = handshake(server, &path).await?;
        let (mut sink, incoming) = socket.split();
        let (outgoing, mut frames) = mpsc::channel(4);
        let sending = tokio::spawn(async move {
            while let Some(frame) = frames.recv().await {
                if sink.send(frame).await.is_err() {
                    // The other direction tells.
                    return;
                }
            }
            let _ = sink.send(Message::Close(None)).await;
        });
        let link = Self {
            incoming,
            outgoing,
            sending,
        };
        if let Wanted::Open {
            command,
            name,
            term,
        } = wanted
        {
            let order = json!({
                "type": "open", "cols": cols, "rows": rows, "term": term,
                "command": command, "name": name,
            });
            // A server that is gone is heard of at the first frame.
            let _ = link.outgoing.send(Message::text(order.to_string())).await;
        }
        Ok(link)
    }

    /// Where frames for the server go; bounded.
    pub(super) fn outgoing(&self) -> &mpsc::Sender<Message> {
        &self.outgoing
    }

    /// What comes next. Cancel-safe.
    pub(super) async fn next(&mut self) -> Heard {
        loop {
            let message = match timeout(SILENT, self.incoming.next()).await {
                Ok(Some(Ok(message))) => message,
                Ok(Some(Err(_)) | None) | Err(_) => return Heard::Cut,
            };
            match message {
                Message::Binary(data) => return Heard::Data(data),
                Message::Text(text) => {
                    return match serde_json::from_str(&text) {
                        Ok(frame) => Heard::Frame(frame),
                        Err(_) => Heard::Closed(1002, "protocol".to_owned()),
                    };
                }
                Message::Close(Some(frame)) => {
                    return Heard::Closed(frame.code.into(), frame.reason.to_string());
                }
                Message::Close(None) => return Heard::Cut,
                Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
            }
        }
    }

    /// Says goodbye, within a moment.
    pub(super) async fn close(mut self) {
        let _ = timeout(Duration::from_secs(1), async {
            let _ = self.outgoing.send(Message::Close(None)).await;
            while let Some(Ok(_)) = self.incoming.next().await {}
        })
        .await;
    }
}

async fn handshake(server: &Server, path: &str) -> Result<WebSocketStream<TcpStream>, NoLink> {
    let broken = |error: Error| NoLink::Away(Failure::new(format!("no WebSocket: {error}")));
    let mut request = format!("ws://{}{path}", server.authority)
        .into_client_request()
        .map_err(broken)?;
    if let Some(value) = server.authorization().and_then(|v| v.parse().ok()) {
        request.headers_mut().insert("authorization", value);
    }
    let stream = server.connect().await.map_err(NoLink::Away)?;
    let config = WebSocketConfig::default()
        .max_message_size(Some(MESSAGE_LIMIT))
        .max_frame_size(Some(MESSAGE_LIMIT));
    let shaking = client_async_with_config(request, stream, Some(config));
    match timeout(WITHIN, shaking).await {
        Ok(Ok((socket, _))) => Ok(socket),
        Ok(Err(Error::Http(answer))) => {
            let status = answer.status().as_u16();
            let body = answer.body().as_deref().unwrap_or_default();
            let failure = refusal(status, body);
            Err(match status {
                500.. | 408 | 429 => NoLink::Away(failure),
                _ => NoLink::Refused(failure),
            })
        }
        Ok(Err(error)) => Err(broken(error)),
        Err(_) => Err(NoLink::Away(Failure::new("the server does not answer"))),
    }
}

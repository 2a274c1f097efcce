//! The conversation over a socket that carries one connection. Knows neither addresses nor
//! who may connect.

use crate::ws::{Close, Frame, Gone, Socket, Writer};
use connection_core::tunnel::{TunnelConnection, TunnelInput, TunnelOutput};
use connection_core::{Error, ErrorKind};
use serde::{Deserialize, Serialize};

/// Both directions have ended.
const CLOSED: Close = Close::new(1000, "closed");
const SESSION_CLOSED: Close = Close::new(4001, "session_closed");
const CONNECTION_LOST: Close = Close::new(4005, "connection_lost");
const TOO_SLOW: Close = Close::new(4008, "too_slow");

/// The one text frame, either way: the sender of it sends no more bytes.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
enum Word {
    Eof {},
}

/// Carries bytes until both directions have ended or one side is gone.
pub(crate) async fn carry(mut socket: Socket, connection: TunnelConnection) -> Close {
    let TunnelConnection { input, output } = connection;
    let writer = socket.writer.clone();
    let closed = output.closed();
    let down = tell(output, &writer);
    let up = hear(&mut socket, input);
    tokio::pin!(down, up);
    let (mut up_over, mut down_over) = (false, false);
    while !(up_over && down_over) {
        tokio::select! {
            told = &mut down, if !down_over => match told {
                Ok(()) => down_over = true,
                Err(close) => return close,
            },
            heard = &mut up, if !up_over => match heard {
                Ok(()) => up_over = true,
                Err(close) => return close,
            },
            () = closed.cancelled(), if down_over => break,
        }
    }
    CLOSED
}

/// Sends what comes from the other end.
///
/// # Errors
/// How the socket is to end before its time.
async fn tell(mut output: TunnelOutput, writer: &Writer) -> Result<(), Close> {
    let broken = output.broken();
    while let Some(data) = output.next().await.map_err(|error| close_of(&error))? {
        tokio::select! {
            biased;
            // A client that takes nothing would never come to the reason: what is next.
            () = broken.cancelled() => {}
            sent = writer.binary(data) => sent.map_err(|Gone| CLOSED)?,
        }
    }
    writer.json(&Word::Eof {}).await.map_err(|Gone| CLOSED)
}

/// Hands on what the client sends, to its last byte or to where the other end takes no more.
///
/// # Errors
/// How the socket is to end before its time.
async fn hear(socket: &mut Socket, mut input: TunnelInput) -> Result<(), Close> {
    // How the connection ended, where a write or the end fails, the other direction tells.
    while let Some(frame) = socket.next().await {
        match frame {
            Frame::Binary(data) if data.is_empty() => {}
            Frame::Binary(data) => {
                if input.write(data).await.is_err() {
                    return Ok(());
                }
            }
            Frame::Text(text) => {
                let Ok(Word::Eof {}) = serde_json::from_str(&text) else {
                    return Err(Close::PROTOCOL);
                };
                let _ = input.eof().await;
                return Ok(());
            }
        }
    }
    Err(CLOSED)
}

fn close_of(error: &Error) -> Close {
    match error.kind() {
        ErrorKind::Cancelled => SESSION_CLOSED,
        ErrorKind::LimitReached => TOO_SLOW,
        _ => CONNECTION_LOST,
    }
}

//! Carries bytes between a TCP connection of this machine and one through the server, both
//! ways, each side's end to the other.

use super::connection::TunnelConnection;
use super::counters::Counters;
use crate::error::{Error, ErrorKind, Result, Side};
use bytes::BytesMut;
use socket2::{SockRef, TcpKeepalive};
use std::pin::pin;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Bytes read at once: a full packet of SSH.
const READ: usize = 32 * 1024;

/// How often an idle peer is probed by TCP.
const PROBE: Duration = Duration::from_secs(60);

/// Makes a socket of a tunnel quick, and watched.
pub(super) fn prepare(stream: &TcpStream) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    SockRef::from(stream).set_tcp_keepalive(&TcpKeepalive::new().with_time(PROBE))
}

/// Has the socket end by a reset: its peer shall not take a cut for the end of the data.
pub(super) fn reset_on_drop(stream: &TcpStream) {
    // Without it the peer sees an end, later or sooner.
    let _ = SockRef::from(stream).set_linger(Some(Duration::ZERO));
}

/// Carries bytes until both sides have ended.
///
/// # Errors
/// `ConnectionLost`, `LimitReached` as of [`super::TunnelOutput::next`]; `LocalIo` when the
/// client broke off. The stream is reset then.
pub(super) async fn relay(
    mut stream: TcpStream,
    connection: TunnelConnection,
    counters: &Counters,
) -> Result<()> {
    // Also when this is given up half-way.
    reset_on_drop(&stream);
    let carried = carry(&mut stream, connection, counters).await;
    if carried.is_ok() {
        // What is still on its way to the client is for the system to deliver.
        let _ = SockRef::from(&stream).set_linger(None);
    }
    carried
}

async fn carry(
    stream: &mut TcpStream,
    connection: TunnelConnection,
    counters: &Counters,
) -> Result<()> {
    let TunnelConnection {
        mut input,
        mut output,
    } = connection;
    let (closed, broken) = (output.closed(), output.broken());
    let (mut from_client, mut to_client) = stream.split();
    let up = async {
        let mut buffer = BytesMut::new();
        loop {
            buffer.reserve(READ);
            let count = from_client.read_buf(&mut buffer).await.map_err(client)?;
            let sent = match count {
                0 => input.eof().await,
                _ => input.write(buffer.split().freeze()).await,
            };
            // Where the other end takes nothing more it may still send, and how the
            // connection ended is told there.
            if count == 0 || sent.is_err() {
                return Ok(());
            }
            Counters::add(&counters.sent, count);
        }
    };
    let down = async {
        while let Some(data) = output.next().await? {
            tokio::select! {
                biased;
                // What is next tells how.
                () = broken.cancelled() => continue,
                written = to_client.write_all(&data) => written.map_err(client)?,
            }
            Counters::add(&counters.received, data.len());
        }
        to_client.shutdown().await.map_err(client)
    };
    let (mut up, mut down) = (pin!(up), pin!(down));
    let (mut up_over, mut down_over) = (false, false);
    while !(up_over && down_over) {
        tokio::select! {
            ended = &mut up, if !up_over => {
                ended?;
                up_over = true;
            }
            ended = &mut down, if !down_over => {
                ended?;
                down_over = true;
            }
            () = closed.cancelled(), if down_over => break,
        }
    }
    Ok(())
}

fn client(source: std::io::Error) -> Error {
    Error::new(ErrorKind::LocalIo, "carry bytes", source.to_string())
        .on(Side::Local)
        .caused_by(source)
}

//! The conversation over a socket that shows a terminal. Knows neither addresses nor who
//! may attach.

use super::frames::{CLOSED, ClientFrame, NOT_OPENED, ServerFrame, close_of};
use super::models::OpenTerminal;
use crate::ws::{Close, Frame, Gone, Socket, Writer};
use bytes::Bytes;
use connection_core::ErrorKind;
use connection_core::session::ActiveSession;
use connection_core::terminals::{
    Attach, SharedTerminal, Viewer, ViewerEvent, ViewerInput, ViewerMode, ViewerOutput,
};
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::timeout;

/// How long a client that attaches to no terminal has to say what it wants to open.
const OPEN_WITHIN: Duration = Duration::from_secs(10);

/// Opens the terminal that the first frame asks for and shows it.
pub(crate) async fn open(
    mut socket: Socket,
    session: ActiveSession,
    address: Option<String>,
) -> Close {
    let order = match timeout(OPEN_WITHIN, socket.next()).await {
        Ok(Some(Frame::Text(text))) => match serde_json::from_str(&text) {
            Ok(ClientFrame::Open(order)) => order,
            _ => return Close::PROTOCOL,
        },
        _ => return Close::PROTOCOL,
    };
    match opened(&session, order, address).await {
        Ok((terminal, viewer)) => {
            // Running terminals count as a use of the session by themselves.
            drop(session);
            converse(socket, terminal, viewer, 0).await
        }
        Err(error) => {
            tracing::debug!(%error, "a terminal was not opened");
            // Whether the client still hears it is the same to the end.
            let _ = socket.writer.json(&ServerFrame::from(&error)).await;
            NOT_OPENED
        }
    }
}

async fn opened(
    session: &ActiveSession,
    order: OpenTerminal,
    address: Option<String>,
) -> connection_core::Result<(Arc<SharedTerminal>, Viewer)> {
    let (request, options) = order.parts();
    let terminal = session.start_terminal(request, options).await?;
    let mut attach = Attach::new(ViewerMode::Write).from(0);
    attach.address = address;
    let viewer = terminal.attach(attach)?;
    Ok((terminal, viewer))
}

/// Shows a terminal to a viewer until one of them leaves.
pub(crate) async fn show(socket: Socket, terminal: Arc<SharedTerminal>, viewer: Viewer) -> Close {
    let end = terminal.info().end;
    converse(socket, terminal, viewer, end).await
}

async fn converse(
    mut socket: Socket,
    terminal: Arc<SharedTerminal>,
    viewer: Viewer,
    end: u64,
) -> Close {
    let Viewer { input, output } = viewer;
    let writer = socket.writer.clone();
    let first = ServerFrame::opened(&terminal, &input, end);
    if writer.json(&first).await.is_err() {
        return CLOSED;
    }
    let (progress, sent) = watch::channel(0);
    let telling = tell(output, &writer, progress);
    let hearing = hear(&mut socket, &input, &writer, sent);
    tokio::pin!(telling, hearing);
    tokio::select! {
        told = &mut telling => match told {
            Ok(close) => close,
            // Nothing more can be told; what the client said before it went still counts.
            Err(Gone) => hearing.await.err().unwrap_or(CLOSED),
        },
        heard = &mut hearing => heard.err().unwrap_or(CLOSED),
    }
}

/// Tells the client what the viewer is told, to its end. `progress` is the offset after the
/// last byte that was sent.
async fn tell(
    mut output: ViewerOutput,
    writer: &Writer,
    progress: watch::Sender<u64>,
) -> Result<Close, Gone> {
    loop {
        match output.next().await {
            ViewerEvent::Data(data) => {
                let count = data.len() as u64;
                writer.binary(data).await?;
                progress.send_modify(|offset| *offset += count);
            }
            ViewerEvent::Offset { offset, lost } => {
                writer.json(&ServerFrame::Offset { offset, lost }).await?;
                progress.send_replace(offset);
            }
            ViewerEvent::Resized { columns, rows } => {
                let (cols, rows) = (columns, rows);
                writer.json(&ServerFrame::Resize { cols, rows }).await?;
            }
            ViewerEvent::Viewers(viewers) => {
                let viewers = viewers.into_iter().map(Into::into).collect();
                writer.json(&ServerFrame::Viewers { viewers }).await?;
            }
            ViewerEvent::Recording(state) => {
                let state = (&state).into();
                writer.json(&ServerFrame::Recording { state }).await?;
            }
            ViewerEvent::Exited(status) => writer.json(&ServerFrame::exit(status)).await?,
            ViewerEvent::Closed(reason) => return Ok(close_of(reason)),
            // Of a later version of the library: nothing the protocol has words for.
            _ => {}
        }
    }
}

/// Does what the client asks for, until it is gone.
///
/// # Errors
/// How the socket is to end when the client does not keep to the protocol.
async fn hear(
    socket: &mut Socket,
    input: &ViewerInput,
    writer: &Writer,
    mut sent: watch::Receiver<u64>,
) -> Result<(), Close> {
    while let Some(frame) = socket.next().await {
        let done = match frame {
            Frame::Binary(data) => type_in(input, data, &mut sent).await,
            Frame::Text(text) => match serde_json::from_str(&text) {
                Ok(ClientFrame::Resize { cols, rows }) => input.resize(cols, rows).await,
                Ok(ClientFrame::Signal { signal }) => input.signal(&signal).await,
                Ok(ClientFrame::Ack { offset }) => input.ack(offset),
                Ok(ClientFrame::Open(_)) | Err(_) => return Err(Close::PROTOCOL),
            },
        };
        match done {
            Ok(()) => {}
            // Its end is about to be told.
            Err(error) if error.kind() == ErrorKind::ConnectionLost => {}
            // A client that is gone is noticed by the next frame.
            Err(error) => drop(writer.json(&ServerFrame::from(&error)).await),
        }
    }
    Ok(())
}

/// Types bytes. While the remote side takes none, acknowledgements wait behind them in the
/// socket, so what was sent counts as drawn: else a program that first wants to be rid of
/// its output and a client that pastes would wait for each other.
async fn type_in(
    input: &ViewerInput,
    data: Bytes,
    sent: &mut watch::Receiver<u64>,
) -> connection_core::Result<()> {
    let acknowledging = async {
        loop {
            let offset = *sent.borrow_and_update();
            // Sent to a viewer that has been sent away meanwhile: nothing is lost by it.
            let _ = input.ack(offset);
            if sent.changed().await.is_err() {
                pending::<()>().await;
            }
        }
    };
    tokio::select! {
        biased;
        typed = input.write(data) => typed,
        () = acknowledging => Ok(()),
    }
}

//! The two tasks of a session: one sends packets whole and in order, one takes what
//! comes and keeps the clock.

use super::codec::Malformed;
use super::frames::Frames;
use super::status::Death;
use super::table::{Queued, Shared};
use crate::error::{Error, ErrorKind};
use crate::ssh::engine::{ChannelEvent, ChannelReceiver, ChannelSender};
use bytes::{Bytes, BytesMut};
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::UnboundedReceiver;

/// Requests gathered into one write at most: a full pipeline of reads is one SSH packet.
const BATCH: usize = 64;

/// A payload is handed to the channel in pieces of this many bytes, so that a slow line
/// shows that it moves before a whole write went through.
const PIECE: usize = 32 * 1024;

/// Payloads below this are copied behind their head; a write of its own costs more.
const COPY_BELOW: usize = 4096;

/// Sends requests until the session ends, then closes the channel.
pub(super) async fn send(
    shared: Arc<Shared>,
    mut sender: Box<dyn ChannelSender>,
    mut queue: UnboundedReceiver<Queued>,
) {
    let outcome = tokio::select! {
        biased;
        () = shared.stop.cancelled() => Ok(()),
        outcome = send_all(&shared, sender.as_mut(), &mut queue) => outcome,
    };
    if let Err(error) = outcome {
        shared.end(death_of(&error));
    }
    sender.close().await;
}

async fn send_all(
    shared: &Shared,
    sender: &mut dyn ChannelSender,
    queue: &mut UnboundedReceiver<Queued>,
) -> Result<(), Error> {
    let mut batch = Vec::with_capacity(BATCH);
    while queue.recv_many(&mut batch, BATCH).await > 0 {
        let mut heads = BytesMut::new();
        let mut rooms = Vec::with_capacity(batch.len());
        for Queued { frame, room } in batch.drain(..) {
            heads.extend_from_slice(&frame.head);
            if frame.payload.len() < COPY_BELOW {
                heads.extend_from_slice(&frame.payload);
                rooms.push(room);
                continue;
            }
            put(shared, sender, heads.split().freeze()).await?;
            put(shared, sender, frame.payload).await?;
            drop(room);
        }
        if !heads.is_empty() {
            put(shared, sender, heads.freeze()).await?;
        }
    }
    Ok(())
}

async fn put(
    shared: &Shared,
    sender: &mut dyn ChannelSender,
    mut bytes: Bytes,
) -> Result<(), Error> {
    while !bytes.is_empty() {
        let piece = bytes.split_to(bytes.len().min(PIECE));
        sender.write(piece).await?;
        // The window let it through: the other side still takes bytes.
        shared.moved();
    }
    Ok(())
}

/// Takes what comes until the session ends.
pub(super) async fn receive(
    shared: Arc<Shared>,
    mut receiver: Box<dyn ChannelReceiver>,
    mut frames: Frames,
    no_progress: Duration,
) {
    let death = tokio::select! {
        biased;
        () = shared.stop.cancelled() => return,
        death = receive_all(&shared, receiver.as_mut(), &mut frames, no_progress) => death,
    };
    shared.end(death);
}

async fn receive_all(
    shared: &Arc<Shared>,
    receiver: &mut dyn ChannelReceiver,
    frames: &mut Frames,
    no_progress: Duration,
) -> Death {
    let mut ending = None;
    loop {
        frames.set_max_packet(shared.max_packet());
        if let Err(malformed) = deliver_all(shared, frames) {
            return broken(&malformed);
        }
        let event = match next(shared, receiver, no_progress).await {
            Ok(event) => event,
            Err(death) => return death,
        };
        shared.moved();
        match event {
            Some(ChannelEvent::Data(bytes)) => frames.push(bytes),
            Some(ChannelEvent::Stderr(text)) => {
                tracing::debug!(bytes = text.len(), "the SFTP server wrote to stderr");
            }
            Some(ChannelEvent::ExitStatus(code)) => ending = Some(format!("with code {code}")),
            Some(ChannelEvent::ExitSignal(name)) => ending = Some(format!("by signal {name}")),
            Some(ChannelEvent::Eof) | None => {
                let place = if frames.is_clean() {
                    ""
                } else {
                    " in the middle of a packet"
                };
                let how = ending.map(|how| format!(" {how}")).unwrap_or_default();
                return Death::new(
                    ErrorKind::ConnectionLost,
                    format!("the SFTP server ended{how}{place}"),
                );
            }
        }
    }
}

fn deliver_all(shared: &Arc<Shared>, frames: &mut Frames) -> Result<(), Malformed> {
    while let Some(packet) = frames.next()? {
        shared.deliver(packet)?;
    }
    Ok(())
}

/// The next event, unless nothing moves for `no_progress` while replies are due.
async fn next(
    shared: &Shared,
    receiver: &mut dyn ChannelReceiver,
    no_progress: Duration,
) -> Result<Option<ChannelEvent>, Death> {
    // One future for all turns of the clock: it need not be safe to start again.
    let mut event = pin!(receiver.next());
    loop {
        let Some(deadline) = shared.deadline(no_progress) else {
            // A limit beyond the clock's end is none.
            return event.await.map_err(|error| death_of(&error));
        };
        tokio::select! {
            biased;
            event = &mut event => return event.map_err(|error| death_of(&error)),
            () = tokio::time::sleep_until(deadline.into()) => {}
        }
        if shared
            .deadline(no_progress)
            .is_some_and(|deadline| deadline <= Instant::now())
        {
            return Err(Death::new(
                ErrorKind::TimedOut,
                format!(
                    "the SFTP server has been silent for {:.1} s while replies were due",
                    no_progress.as_secs_f64()
                ),
            ));
        }
    }
}

fn death_of(error: &Error) -> Death {
    Death::new(error.kind(), error.message())
}

fn broken(malformed: &Malformed) -> Death {
    Death::new(
        ErrorKind::Protocol,
        format!("the SFTP server broke the protocol: {}", malformed.0),
    )
}

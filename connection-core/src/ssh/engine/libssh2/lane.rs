//! One channel on the owner thread: carries its outbox to libssh2 and libssh2's bytes to
//! its events.
//!
//! A channel whose receiver takes nothing is read no further: libssh2 then leaves its
//! window closed and the server stops, while every other channel goes on.
//!
//! The two streams of a command are two queues in libssh2: within one, order is kept;
//! between them it is the order of reading, not of the wire.

use super::error::Stop;
use super::ffi::{RawChannel, Session, Stream};
use super::port::{Outbox, Port};
use crate::ssh::engine::ChannelEvent;
use bytes::{Buf, Bytes};
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;

/// Reads of one stream in one pass, so that a quick receiver does not hold the pass up.
const READS: usize = 16;

/// What a pass grants a lane.
pub(super) struct Grant<'a> {
    /// Buffer to read into.
    pub(super) scratch: &'a mut [u8],
    /// Unsent bytes past which no write is started.
    pub(super) unsent_limit: usize,
    /// Whether a request of this lane waits for its answer.
    pub(super) busy: bool,
}

/// A channel and what is on its way through it.
pub(super) struct Lane {
    key: u64,
    raw: Option<RawChannel>,
    port: Arc<Port>,
    events: Option<mpsc::Sender<ChannelEvent>>,
    outbox: Outbox,
    shell: bool,
    stderr_first: bool,
    eof_sent: bool,
    eof_told: bool,
    exit_told: bool,
}

/// What the receiver's queue said.
enum Room<'a> {
    Free(mpsc::Permit<'a, ChannelEvent>),
    Full,
    NobodyListens,
}

impl Lane {
    /// A lane for a fresh channel.
    pub(super) fn new(
        key: u64,
        raw: RawChannel,
        port: Arc<Port>,
        events: mpsc::Sender<ChannelEvent>,
    ) -> Self {
        Self {
            key,
            raw: Some(raw),
            port,
            events: Some(events),
            outbox: Outbox::default(),
            shell: false,
            stderr_first: false,
            eof_sent: false,
            eof_told: false,
            exit_told: false,
        }
    }

    /// The channel's number on this link.
    pub(super) fn key(&self) -> u64 {
        self.key
    }

    /// Whether a terminal is on it.
    pub(super) fn is_shell(&self) -> bool {
        self.shell
    }

    /// Whether requests can be made on it.
    pub(super) fn is_open(&self) -> bool {
        self.raw.is_some() && !self.outbox.close
    }

    /// Whether it is closed to its end and can be forgotten.
    pub(super) fn is_gone(&self) -> bool {
        self.raw.is_none()
    }

    /// The channel for a request, and the mark that a terminal is on it.
    pub(super) fn raw(&mut self) -> Option<(&mut bool, &mut RawChannel)> {
        self.raw.as_mut().map(|raw| (&mut self.shell, raw))
    }

    /// Wants the channel closed.
    pub(super) fn close(&mut self) {
        self.outbox.close = true;
    }

    /// Ends the waits of both halves because the link is gone.
    pub(super) fn fail(&mut self) {
        self.events = None;
        self.port.shut();
    }

    /// Sends EOF and CLOSE without waiting for the server's, because the link is closing.
    pub(super) fn say_goodbye(&mut self) {
        if let Some(raw) = &mut self.raw {
            let _ = raw.close();
        }
    }

    /// Takes the channel forward; true when something moved. `Err`: the session is unusable.
    pub(super) fn step(
        &mut self,
        session: &Session,
        grant: &mut Grant<'_>,
    ) -> Result<bool, String> {
        let mut progress = false;
        if let Some(more) = self.port.take() {
            progress = true;
            self.outbox.writes.extend(more.writes);
            self.outbox.signals.extend(more.signals);
            self.outbox.resize = more.resize.or(self.outbox.resize);
            self.outbox.eof |= more.eof;
            self.outbox.close |= more.close;
        }
        let moved = self
            .send(session, grant)
            .and_then(|sent| {
                if self.outbox.close {
                    return Ok(sent | self.finish_close(session, grant)?);
                }
                Ok(sent | self.receive(session, grant)?)
            })
            .or_else(|stop| match stop {
                Stop::Again => Ok(false),
                Stop::Failed(_) => Err(session.last_words()),
            })?;
        Ok(progress | moved)
    }

    /// Sends what the outbox has.
    fn send(&mut self, session: &Session, grant: &Grant<'_>) -> Result<bool, Stop> {
        let Some(raw) = &mut self.raw else {
            return Ok(false);
        };
        let mut progress = false;
        while let Some(name) = self.outbox.signals.front() {
            match raw.signal(name) {
                Err(Stop::Again) => return Ok(progress),
                result => tolerate(result)?,
            }
            self.outbox.signals.pop_front();
            progress = true;
        }
        if let Some((columns, rows)) = self.outbox.resize {
            match raw.resize(columns, rows) {
                Err(Stop::Again) => return Ok(progress),
                result => tolerate(result)?,
            }
            self.outbox.resize = None;
            progress = true;
        }
        while let Some(write) = self.outbox.writes.front_mut() {
            if session.wire().unsent() >= grant.unsent_limit {
                return Ok(progress);
            }
            let sent = match raw.write(&write.data) {
                Ok(sent) => sent,
                Err(Stop::Again) => 0,
                Err(stop) if stop.is_fatal() => return Err(stop),
                // Closed or past EOF: the bytes have nowhere to go.
                Err(_) => write.data.len(),
            };
            if sent == 0 {
                if raw.write_window() == 0 {
                    self.port.stall();
                }
                return Ok(progress);
            }
            progress = true;
            write.data.advance(sent);
            let mut room = sent.min(write.room);
            write.room -= room;
            if write.data.is_empty() {
                room += write.room;
                self.outbox.writes.pop_front();
            }
            self.port.give_room(room);
        }
        if self.outbox.eof && !self.eof_sent {
            match raw.send_eof() {
                Err(Stop::Again) => return Ok(progress),
                result => tolerate(result)?,
            }
            self.eof_sent = true;
            progress = true;
        }
        Ok(progress)
    }

    /// Brings the channel's close to its end. Queued bytes go first, as far as the
    /// server's window lets them.
    fn finish_close(&mut self, session: &Session, grant: &Grant<'_>) -> Result<bool, Stop> {
        if self.events.is_some() {
            self.port.finish();
            self.port.shut();
            self.events = None;
        }
        let Some(raw) = &mut self.raw else {
            return Ok(false);
        };
        if grant.busy || (!self.outbox.writes.is_empty() && raw.write_window() > 0) {
            pump(session, raw)?;
            return Ok(false);
        }
        self.outbox.writes.clear();
        match raw.close() {
            Err(Stop::Again) => return Ok(false),
            result => tolerate(result)?,
        }
        self.raw = None;
        Ok(true)
    }

    /// Reads both streams, and after them the end of the channel.
    fn receive(&mut self, session: &Session, grant: &mut Grant<'_>) -> Result<bool, Stop> {
        let order = if self.stderr_first {
            [Stream::Err, Stream::Out]
        } else {
            [Stream::Out, Stream::Err]
        };
        self.stderr_first = !self.stderr_first;
        let mut progress = false;
        let mut ended = 0;
        for stream in order {
            for _ in 0..READS {
                let Some(raw) = &mut self.raw else {
                    return Ok(progress);
                };
                let room = room(&self.port, self.events.as_ref());
                if matches!(room, Room::Full) {
                    pump(session, raw)?;
                    return Ok(progress);
                }
                let count = match raw.read(stream, grant.scratch) {
                    Ok(0) => {
                        ended += 1;
                        break;
                    }
                    Ok(count) => count,
                    Err(Stop::Again) => break,
                    Err(stop) => return Err(stop),
                };
                progress = true;
                if let Room::Free(permit) = room {
                    let data =
                        Bytes::copy_from_slice(grant.scratch.get(..count).unwrap_or_default());
                    permit.send(match stream {
                        Stream::Out => ChannelEvent::Data(data),
                        Stream::Err => ChannelEvent::Stderr(data),
                    });
                }
            }
        }
        if ended == order.len() {
            progress |= self.end()?;
        }
        Ok(progress)
    }

    /// Tells the end of the channel: EOF, how the command ended, and the close.
    fn end(&mut self) -> Result<bool, Stop> {
        let Some(raw) = &mut self.raw else {
            return Ok(false);
        };
        let Some(closed) = raw.remote_closed()? else {
            return Ok(false);
        };
        let mut progress = false;
        if !self.eof_told {
            match room(&self.port, self.events.as_ref()) {
                Room::Full => return Ok(progress),
                Room::Free(permit) => permit.send(ChannelEvent::Eof),
                Room::NobodyListens => {}
            }
            self.eof_told = true;
            progress = true;
        }
        if !self.exit_told {
            // The signal first: the status reads 0 beside one.
            let exit = raw
                .exit_signal()
                .map(ChannelEvent::ExitSignal)
                .or_else(|| raw.exit_status().map(ChannelEvent::ExitStatus));
            if let Some(exit) = exit {
                match room(&self.port, self.events.as_ref()) {
                    Room::Full => return Ok(progress),
                    Room::Free(permit) => permit.send(exit),
                    Room::NobodyListens => {}
                }
                self.exit_told = true;
                progress = true;
            }
        }
        if closed {
            self.port.finish();
            self.port.shut();
            self.events = None;
            self.outbox.writes.clear();
            self.outbox.close = true;
            progress = true;
        }
        Ok(progress)
    }
}

/// Takes packets off the socket, because other channels may wait for them, and leaves
/// this channel's bytes where they are.
fn pump(session: &Session, raw: &mut RawChannel) -> Result<(), Stop> {
    if session.wire().drained() {
        return Ok(());
    }
    match raw.read(Stream::Out, &mut []) {
        Ok(_) | Err(Stop::Again) => Ok(()),
        Err(stop) => Err(stop),
    }
}

/// A place in the receiver's queue.
fn room<'a>(port: &Port, events: Option<&'a mpsc::Sender<ChannelEvent>>) -> Room<'a> {
    let Some(events) = events else {
        return Room::NobodyListens;
    };
    match events.try_reserve() {
        Ok(permit) => return Room::Free(permit),
        Err(TrySendError::Closed(())) => return Room::NobodyListens,
        Err(TrySendError::Full(())) => port.set_starved(),
    }
    // Again, because the receiver may have taken everything before it could see the mark.
    match events.try_reserve() {
        Ok(permit) => Room::Free(permit),
        Err(TrySendError::Closed(())) => Room::NobodyListens,
        Err(TrySendError::Full(())) => Room::Full,
    }
}

/// An error of one channel - it is closed, or past its EOF - is not one of the link.
fn tolerate(result: Result<(), Stop>) -> Result<(), Stop> {
    match result {
        Err(stop) if stop.is_fatal() => Err(stop),
        _ => Ok(()),
    }
}

//! The two halves of a channel on the async side, and what they share with the owner
//! thread: an outbox of bytes and wishes, and the room left in it.
//!
//! Nothing here calls libssh2, and no future here holds anything that its drop could lose:
//! a write is queued whole or not at all, an event is taken when the future returns it.

use super::control::Operation;
use super::error::{channel_closed, lost};
use super::shared::{Shared, lock};
use crate::error::{Error, ErrorKind, Result};
use crate::ssh::engine::{
    Channel, ChannelEvent, ChannelReceiver, ChannelRequest, ChannelSender, Stalls,
};
use async_trait::async_trait;
use bytes::Bytes;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use tokio::sync::{Semaphore, mpsc, oneshot};

/// Bytes a sender may have queued before its writes wait. One write larger than that
/// takes all of it.
const OUTBOX_BYTES: usize = 1024 * 1024;

/// Events a receiver may leave untaken before its channel is read no further.
const EVENTS: usize = 16;

/// Longest command, in bytes: the library refuses a larger packet (`MAX_SSH_PACKET_LEN`)
/// and does not say why.
const COMMAND_BYTES: usize = 34_700;

/// Signals that may wait to be sent.
const SIGNALS: usize = 16;

/// What the halves of a channel share with the owner thread.
pub(super) struct Port {
    shared: Arc<Shared>,
    outbox: Mutex<Outbox>,
    filled: AtomicBool,
    room: Semaphore,
    starved: AtomicBool,
    finished: AtomicBool,
    stalls: Stalls,
}

/// What the sender wants, taken by the owner thread in one piece.
#[derive(Default)]
pub(super) struct Outbox {
    /// Bytes, in order.
    pub(super) writes: VecDeque<Write>,
    /// EOF after the writes.
    pub(super) eof: bool,
    /// Signals, in order, ahead of the writes.
    pub(super) signals: VecDeque<String>,
    /// The last size asked for, ahead of the writes.
    pub(super) resize: Option<(u32, u32)>,
    /// The end of the channel.
    pub(super) close: bool,
}

/// Bytes to send, and the room they take.
pub(super) struct Write {
    /// What is left of them.
    pub(super) data: Bytes,
    /// Room to give back.
    pub(super) room: usize,
}

impl Port {
    /// A channel's port, the channel for the caller, and the way for its events.
    pub(super) fn open(
        shared: &Arc<Shared>,
        key: u64,
    ) -> (Arc<Self>, Channel, mpsc::Sender<ChannelEvent>) {
        let port = Arc::new(Self {
            shared: shared.clone(),
            outbox: Mutex::default(),
            filled: AtomicBool::new(false),
            room: Semaphore::new(OUTBOX_BYTES),
            starved: AtomicBool::new(false),
            finished: AtomicBool::new(false),
            stalls: Stalls::default(),
        });
        let (sender, receiver) = mpsc::channel(EVENTS);
        let guard = Arc::new(CloseOnDrop(port.clone()));
        let channel = Channel {
            sender: Box::new(Sender {
                key,
                guard: guard.clone(),
            }),
            receiver: Box::new(Receiver {
                events: receiver,
                guard,
            }),
        };
        (port, channel, sender)
    }

    fn edit(&self, change: impl FnOnce(&mut Outbox)) {
        change(&mut lock(&self.outbox));
        self.filled.store(true, Ordering::SeqCst);
        self.shared.wake();
    }

    /// What was asked for since the last call, for the owner thread.
    pub(super) fn take(&self) -> Option<Outbox> {
        self.filled
            .swap(false, Ordering::SeqCst)
            .then(|| std::mem::take(&mut *lock(&self.outbox)))
    }

    /// Bytes wait for the server's window.
    pub(super) fn stall(&self) {
        self.stalls.count();
    }

    /// Gives room back to the sender.
    pub(super) fn give_room(&self, bytes: usize) {
        if bytes > 0 {
            self.room.add_permits(bytes);
        }
    }

    /// Asks the receiver to wake the owner thread once it has taken half of its events.
    pub(super) fn set_starved(&self) {
        self.starved.store(true, Ordering::SeqCst);
    }

    /// Says that the channel ends because it was closed, and not because the link died.
    pub(super) fn finish(&self) {
        self.finished.store(true, Ordering::SeqCst);
    }

    /// Ends the waits of the sender.
    pub(super) fn shut(&self) {
        self.room.close();
    }

    fn end_error(&self, operation: &'static str) -> Error {
        if self.finished.load(Ordering::SeqCst) {
            channel_closed(operation)
        } else {
            lost(operation, &self.shared.reason())
        }
    }
}

/// Closes the channel when both halves are gone.
struct CloseOnDrop(Arc<Port>);

impl Drop for CloseOnDrop {
    fn drop(&mut self) {
        self.0.edit(|outbox| outbox.close = true);
    }
}

struct Sender {
    key: u64,
    guard: Arc<CloseOnDrop>,
}

impl Sender {
    fn port(&self) -> &Port {
        &self.guard.0
    }

    fn check_open(&self, operation: &'static str) -> Result<()> {
        if self.port().room.is_closed() {
            return Err(self.port().end_error(operation));
        }
        Ok(())
    }
}

#[async_trait]
impl ChannelSender for Sender {
    async fn request(&mut self, request: ChannelRequest) -> Result<()> {
        const DOING: &str = "send channel request";
        self.check_open(DOING)?;
        if matches!(&request, ChannelRequest::Exec(command) if command.len() > COMMAND_BYTES) {
            let text = format!("libssh2 sends no command longer than {COMMAND_BYTES} bytes");
            return Err(Error::invalid("command", text));
        }
        let (reply, answer) = oneshot::channel();
        self.port().shared.submit(
            DOING,
            Operation::Request {
                key: self.key,
                request,
                reply,
            },
        )?;
        match answer.await {
            Ok(result) => result,
            Err(_) => Err(self.port().end_error(DOING)),
        }
    }

    async fn write(&mut self, data: Bytes) -> Result<()> {
        const DOING: &str = "write to channel";
        let room = data.len().min(OUTBOX_BYTES);
        let permits = u32::try_from(room).unwrap_or(u32::MAX);
        match self.port().room.acquire_many(permits).await {
            Ok(permit) => permit.forget(),
            Err(_) => return Err(self.port().end_error(DOING)),
        }
        if !data.is_empty() {
            self.port()
                .edit(|outbox| outbox.writes.push_back(Write { data, room }));
        }
        Ok(())
    }

    async fn eof(&mut self) -> Result<()> {
        self.check_open("send end of file")?;
        self.port().edit(|outbox| outbox.eof = true);
        Ok(())
    }

    async fn signal(&mut self, name: &str) -> Result<()> {
        const DOING: &str = "send signal";
        self.check_open(DOING)?;
        let mut full = false;
        self.port().edit(|outbox| {
            full = outbox.signals.len() >= SIGNALS;
            if !full {
                outbox.signals.push_back(name.to_owned());
            }
        });
        if full {
            return Err(Error::new(
                ErrorKind::LimitReached,
                DOING,
                format!("{SIGNALS} signals wait to be sent already"),
            ));
        }
        Ok(())
    }

    async fn resize(&mut self, columns: u32, rows: u32) -> Result<()> {
        self.check_open("resize terminal")?;
        self.port()
            .edit(|outbox| outbox.resize = Some((columns, rows)));
        Ok(())
    }

    async fn close(&mut self) {
        self.port().edit(|outbox| outbox.close = true);
    }

    fn stalls(&self) -> Stalls {
        self.port().stalls.clone()
    }
}

struct Receiver {
    events: mpsc::Receiver<ChannelEvent>,
    guard: Arc<CloseOnDrop>,
}

#[async_trait]
impl ChannelReceiver for Receiver {
    async fn next(&mut self) -> Result<Option<ChannelEvent>> {
        let event = self.events.recv().await;
        let port = &self.guard.0;
        if event.is_none() && !port.finished.load(Ordering::SeqCst) {
            return Err(port.end_error("read from channel"));
        }
        if self.events.len() <= EVENTS / 2 && port.starved.swap(false, Ordering::SeqCst) {
            port.shared.wake();
        }
        Ok(event)
    }

    fn can_wait(&self) -> bool {
        true
    }
}

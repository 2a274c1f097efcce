//! What is due: requests entered, replies delivered, and the end of it all.
//!
//! A request is entered into the table and put into the sending queue in one step, so
//! that the table never waits for something that was not sent. A request that is given up
//! stays in the table, without a receiver, until its reply comes: the reply is swallowed,
//! and a handle in it is closed. It knows no files and no pipelining.

use super::call::Call;
use super::codec::Malformed;
use super::frames::Packet;
use super::reply::{Expect, Reply};
use super::request::{Frame, Request};
use super::status::{Death, Fault};
use crate::error::ErrorKind;
use bytes::Buf;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tokio_util::sync::CancellationToken;

/// Bytes of requests that may wait to be sent. Small, so that a question about one file
/// does not wait behind megabytes of another; large enough to keep the channel busy.
const QUEUE_BYTES: usize = 1024 * 1024;

/// Requests that may be under way at once: eight transfers of 8 MiB in pieces of 32 KiB
/// fit twice. Callers wait for room beyond it.
const MAX_PENDING: usize = 4096;

/// How many times longer silence is borne while a slow request is under way.
const SLOW_FACTOR: u32 = 10;

/// A request on its way to the sending task.
pub(super) struct Queued {
    pub(super) frame: Frame,
    /// Room in the queue, given back once it is sent. Closing a handle needs none, so
    /// that it can be done while dropping; their number is that of the open handles.
    pub(super) room: Option<OwnedSemaphorePermit>,
}

/// A reply that is due.
struct Due {
    expect: Expect,
    slow: bool,
    /// `None` once the request was given up.
    to: Option<oneshot::Sender<Result<Reply, Death>>>,
    /// Its part of [`MAX_PENDING`].
    _slot: Option<OwnedSemaphorePermit>,
}

struct Table {
    due: HashMap<u32, Due>,
    next_id: u32,
    /// Slow requests among those that are due.
    slow: usize,
    death: Option<Death>,
    /// When something last moved in either direction, or replies began to be due.
    moved: Instant,
}

/// What the client's handles and its tasks have in common.
pub(super) struct Shared {
    table: Mutex<Table>,
    queue: mpsc::UnboundedSender<Queued>,
    room: Arc<Semaphore>,
    slots: Arc<Semaphore>,
    max_packet: AtomicUsize,
    /// Ends the tasks.
    pub(super) stop: CancellationToken,
}

impl Shared {
    /// An empty table, and the other end of its queue.
    pub(super) fn new(max_packet: usize) -> (Arc<Self>, mpsc::UnboundedReceiver<Queued>) {
        let (queue, queued) = mpsc::unbounded_channel();
        let shared = Self {
            table: Mutex::new(Table {
                due: HashMap::new(),
                next_id: 1,
                slow: 0,
                death: None,
                moved: Instant::now(),
            }),
            queue,
            room: Arc::new(Semaphore::new(QUEUE_BYTES)),
            slots: Arc::new(Semaphore::new(MAX_PENDING)),
            max_packet: AtomicUsize::new(max_packet),
            stop: CancellationToken::new(),
        };
        (Arc::new(shared), queued)
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        // Nothing panics while it is held; and a table after a panic is still a table.
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Longest packet taken from the server.
    pub(super) fn max_packet(&self) -> usize {
        self.max_packet.load(Ordering::Relaxed)
    }

    /// Sets it.
    pub(super) fn set_max_packet(&self, max_packet: usize) {
        self.max_packet.store(max_packet, Ordering::Relaxed);
    }

    /// Something moved: the peer is alive.
    pub(super) fn moved(&self) {
        self.table().moved = Instant::now();
    }

    /// When replies have been due for `limit` without anything moving; a time a whole
    /// `limit` away when nothing is due.
    pub(super) fn deadline(&self, limit: Duration) -> Option<Instant> {
        let table = self.table();
        let from = if table.due.is_empty() {
            Instant::now()
        } else {
            table.moved
        };
        let factor = if table.slow > 0 { SLOW_FACTOR } else { 1 };
        from.checked_add(limit.checked_mul(factor)?)
    }

    /// Enters a request once there is room for it in the queue.
    pub(super) async fn submit(self: &Arc<Self>, request: Request<'_>) -> Result<Call, Fault> {
        let cost = request.cost().min(QUEUE_BYTES);
        let cost = u32::try_from(cost).unwrap_or(u32::MAX);
        let (Ok(slot), Ok(room)) = (
            self.slots.clone().acquire_owned().await,
            self.room.clone().acquire_many_owned(cost).await,
        ) else {
            return Err(self.death());
        };
        self.enter(&request, Some(room), Some(slot))
    }

    /// Enters a request and queues it, in one step.
    pub(super) fn enter(
        self: &Arc<Self>,
        request: &Request<'_>,
        room: Option<OwnedSemaphorePermit>,
        slot: Option<OwnedSemaphorePermit>,
    ) -> Result<Call, Fault> {
        let mut table = self.table();
        if let Some(death) = &table.death {
            return Err(Fault::Session(death.clone()));
        }
        let mut id = table.next_id;
        while table.due.contains_key(&id) {
            id = id.wrapping_add(1);
        }
        table.next_id = id.wrapping_add(1);
        if table.due.is_empty() {
            table.moved = Instant::now();
        }
        let frame = request.encode(id);
        if self.queue.send(Queued { frame, room }).is_err() {
            let death = Death::new(ErrorKind::ConnectionLost, "the SFTP session has ended");
            return Err(Fault::Session(death));
        }
        let (to, reply) = oneshot::channel();
        let slow = request.is_slow();
        table.slow += usize::from(slow);
        table.due.insert(
            id,
            Due {
                expect: request.expect(),
                slow,
                to: Some(to),
                _slot: slot,
            },
        );
        Ok(Call::new(id, reply, self.clone()))
    }

    /// Closes a handle and does not wait for the answer.
    pub(super) fn close_handle(self: &Arc<Self>, handle: &[u8]) {
        // On a dead session there is nothing left to close.
        if let Ok(call) = self.enter(&Request::Close(handle), None, None) {
            drop(call);
        }
    }

    /// Gives a request up; whether its reply was still due.
    pub(super) fn give_up(&self, id: u32) -> bool {
        match self.table().due.get_mut(&id) {
            Some(due) => {
                due.to = None;
                true
            }
            None => false,
        }
    }

    /// Takes a packet to the request it answers.
    pub(super) fn deliver(self: &Arc<Self>, mut packet: Packet) -> Result<(), Malformed> {
        let id = packet
            .body
            .try_get_u32()
            .map_err(|_| Malformed::new("a packet without a request id"))?;
        let expect = match self.table().due.get(&id) {
            Some(due) => due.expect,
            None => {
                return Err(Malformed::new(format!(
                    "a reply to request {id}, which is not under way"
                )));
            }
        };
        let reply = Reply::decode(packet.kind, packet.body, expect)?;
        let orphan = {
            let mut table = self.table();
            let Some(due) = table.due.remove(&id) else {
                return Ok(());
            };
            table.slow -= usize::from(due.slow);
            match due.to {
                // Sent while the table is held: see `Call::drop`.
                Some(to) => to.send(Ok(reply)).err().and_then(Result::ok),
                None => Some(reply),
            }
        };
        if let Some(Reply::Handle(handle)) = orphan {
            self.close_handle(&handle);
        }
        Ok(())
    }

    /// Ends the session: everyone who waits is told so, and the tasks stop.
    pub(super) fn end(&self, death: Death) {
        let due = {
            let mut table = self.table();
            if table.death.is_some() {
                return;
            }
            tracing::debug!(kind = %death.kind, reason = &*death.text, "SFTP session ended");
            // What is asked later meets a connection that is gone, whatever ended it.
            let later = match death.kind {
                ErrorKind::Cancelled => death.kind,
                _ => ErrorKind::ConnectionLost,
            };
            table.death = Some(Death::new(later, death.text.clone()));
            table.slow = 0;
            std::mem::take(&mut table.due)
        };
        for to in due.into_values().filter_map(|due| due.to) {
            // Its caller may have left meanwhile.
            let _ = to.send(Err(death.clone()));
        }
        self.room.close();
        self.slots.close();
        self.stop.cancel();
    }

    /// Whether requests can still be made.
    pub(super) fn is_alive(&self) -> bool {
        self.table().death.is_none()
    }

    /// Replies that are due, those of given-up requests included.
    #[cfg(test)]
    pub(super) fn due(&self) -> usize {
        self.table().due.len()
    }

    pub(super) fn death(&self) -> Fault {
        let death = self.table().death.clone();
        Fault::Session(
            death.unwrap_or_else(|| {
                Death::new(ErrorKind::ConnectionLost, "the SFTP session has ended")
            }),
        )
    }

    /// The reply's type was checked when it came; a misfit is the server's all the same.
    pub(super) fn misfit(&self, reply: &Reply) -> Fault {
        let death = Death::new(
            ErrorKind::Protocol,
            format!("the SFTP server gave an unfitting reply: {reply:.60?}"),
        );
        self.end(death.clone());
        Fault::Session(death)
    }
}

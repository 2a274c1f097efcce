//! Requests and their replies: ids, the table of what is due, and giving up.
//!
//! A request is entered into the table and put into the sending queue in one step, so
//! that the table never waits for something that was not sent. A request that is given up
//! stays in the table, without a receiver, until its reply comes: the reply is swallowed,
//! and a handle in it is closed. It knows no files and no pipelining.

use super::attrs::Attrs;
use super::codec::{Expect, Frame, Malformed, NameEntry, Reply, Request};
use super::frames::Packet;
use super::status::{Death, Fault};
use super::tasks;
use crate::error::ErrorKind;
use crate::ssh::engine::Channel;
use bytes::{Buf, Bytes};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Bytes of requests that may wait to be sent. Small, so that a question about one file
/// does not wait behind megabytes of another; large enough to keep the channel busy.
const QUEUE_BYTES: usize = 1024 * 1024;

/// Requests that may be under way at once: eight transfers of 8 MiB in pieces of 32 KiB
/// fit twice. Callers wait for room beyond it.
const MAX_PENDING: usize = 4096;

/// Longest wait of [`Client::close`] for the tasks, which wait for nothing themselves.
const CLOSE_WAIT: Duration = Duration::from_millis(900);

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
    /// `None` once the request was given up.
    to: Option<oneshot::Sender<Result<Reply, Death>>>,
    /// Its part of [`MAX_PENDING`].
    _slot: Option<OwnedSemaphorePermit>,
}

struct Table {
    due: HashMap<u32, Due>,
    next_id: u32,
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
    fn table(&self) -> MutexGuard<'_, Table> {
        // Nothing panics while it is held; and a table after a panic is still a table.
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Longest packet taken from the server.
    pub(super) fn max_packet(&self) -> usize {
        self.max_packet.load(Ordering::Relaxed)
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
        from.checked_add(limit)
    }

    /// Enters a request and queues it, in one step.
    fn enter(
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
        table.due.insert(
            id,
            Due {
                expect: request.expect(),
                to: Some(to),
                _slot: slot,
            },
        );
        Ok(Call {
            id,
            reply,
            answered: false,
            shared: self.clone(),
        })
    }

    /// Closes a handle and does not wait for the answer.
    fn close_handle(self: &Arc<Self>, handle: &[u8]) {
        // On a dead session there is nothing left to close.
        if let Ok(call) = self.enter(&Request::Close(handle), None, None) {
            drop(call);
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
            match table.due.entry(id) {
                Entry::Occupied(due) => match due.remove().to {
                    // Sent while the table is held: see `Call::drop`.
                    Some(to) => to.send(Ok(reply)).err().and_then(Result::ok),
                    None => Some(reply),
                },
                Entry::Vacant(_) => None,
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

    fn death(&self) -> Fault {
        let death = self.table().death.clone();
        Fault::Session(
            death.unwrap_or_else(|| {
                Death::new(ErrorKind::ConnectionLost, "the SFTP session has ended")
            }),
        )
    }
}

/// A request under way. Dropping it gives the request up.
pub(super) struct Call {
    id: u32,
    reply: oneshot::Receiver<Result<Reply, Death>>,
    answered: bool,
    shared: Arc<Shared>,
}

impl Call {
    /// Waits for the reply. Dropping this future does not give the request up.
    pub(super) async fn reply(&mut self) -> Result<Reply, Fault> {
        let reply = (&mut self.reply).await;
        self.answered = true;
        self.sort(reply.ok())
    }

    /// The reply, if it is there already.
    pub(super) fn try_reply(&mut self) -> Option<Result<Reply, Fault>> {
        match self.reply.try_recv() {
            Err(oneshot::error::TryRecvError::Empty) => None,
            reply => {
                self.answered = true;
                Some(self.sort(reply.ok()))
            }
        }
    }

    fn sort(&self, reply: Option<Result<Reply, Death>>) -> Result<Reply, Fault> {
        match reply {
            Some(Ok(Reply::Status(status))) if !status.is_ok() => Err(Fault::Status(status)),
            Some(Ok(reply)) => Ok(reply),
            Some(Err(death)) => Err(Fault::Session(death)),
            None => Err(self.shared.death()),
        }
    }

    /// Waits for a reply that is a success and nothing more.
    pub(super) async fn done(mut self) -> Result<(), Fault> {
        match self.reply().await? {
            Reply::Status(_) => Ok(()),
            other => Err(self.shared.misfit(&other)),
        }
    }
}

impl Shared {
    /// The reply's type was checked when it came; a misfit is the server's all the same.
    fn misfit(&self, reply: &Reply) -> Fault {
        let death = Death::new(
            ErrorKind::Protocol,
            format!("the SFTP server gave an unfitting reply: {reply:.60?}"),
        );
        self.end(death.clone());
        Fault::Session(death)
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        if self.answered {
            return;
        }
        let given_up = match self.shared.table().due.get_mut(&self.id) {
            Some(due) => {
                due.to = None;
                true
            }
            None => false,
        };
        // The reply came, but was not read any more. It is either in the table or here,
        // because it is delivered while the table is held.
        if !given_up && let Ok(Ok(Reply::Handle(handle))) = self.reply.try_recv() {
            self.shared.close_handle(&handle);
        }
    }
}

/// An open handle of the server. Dropping it closes it in the background.
pub(super) struct OpenHandle {
    client: Arc<Client>,
    handle: Bytes,
    open: bool,
}

impl OpenHandle {
    pub(super) fn bytes(&self) -> &[u8] {
        &self.handle
    }

    pub(super) fn client(&self) -> &Arc<Client> {
        &self.client
    }

    /// Closes it and waits for the server's answer.
    pub(super) async fn close(mut self) -> Result<(), Fault> {
        self.open = false;
        let call = self
            .client
            .shared
            .enter(&Request::Close(&self.handle), None, None)?;
        call.done().await
    }
}

impl Drop for OpenHandle {
    fn drop(&mut self) {
        if self.open {
            self.client.shared.close_handle(&self.handle);
        }
    }
}

/// The client's side of one SFTP session. Dropping the last one ends it.
pub(super) struct Client {
    shared: Arc<Shared>,
    tasks: TaskTracker,
}

impl Client {
    /// Takes over a channel on which the versions have been exchanged; `frames` holds
    /// what came behind the server's.
    pub(super) fn start(
        channel: Channel,
        frames: super::frames::Frames,
        max_packet: usize,
        no_progress: Duration,
    ) -> Arc<Self> {
        let (queue, queued) = mpsc::unbounded_channel();
        let shared = Arc::new(Shared {
            table: Mutex::new(Table {
                due: HashMap::new(),
                next_id: 1,
                death: None,
                moved: Instant::now(),
            }),
            queue,
            room: Arc::new(Semaphore::new(QUEUE_BYTES)),
            slots: Arc::new(Semaphore::new(MAX_PENDING)),
            max_packet: AtomicUsize::new(max_packet),
            stop: CancellationToken::new(),
        });
        let tasks = TaskTracker::new();
        tasks.spawn(tasks::send(shared.clone(), channel.sender, queued));
        tasks.spawn(tasks::receive(
            shared.clone(),
            channel.receiver,
            frames,
            no_progress,
        ));
        Arc::new(Self { shared, tasks })
    }

    /// Sets the longest packet taken from the server.
    pub(super) fn set_max_packet(&self, max_packet: usize) {
        self.shared.max_packet.store(max_packet, Ordering::Relaxed);
    }

    /// Runs to its end what must not stop halfway when its caller leaves. It ends with
    /// the session, since all it waits for are replies.
    pub(super) async fn see_through<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, Fault> {
        self.tasks
            .spawn(work)
            .await
            .map_err(|_| self.shared.death())
    }

    /// Sends a request, waiting for room in the queue but not for the reply.
    pub(super) async fn submit(&self, request: Request<'_>) -> Result<Call, Fault> {
        let shared = &self.shared;
        let cost = request.cost().min(QUEUE_BYTES);
        let cost = u32::try_from(cost).unwrap_or(u32::MAX);
        let (Ok(slot), Ok(room)) = (
            shared.slots.clone().acquire_owned().await,
            shared.room.clone().acquire_many_owned(cost).await,
        ) else {
            return Err(shared.death());
        };
        shared.enter(&request, Some(room), Some(slot))
    }

    /// A request that succeeds or fails and gives nothing.
    pub(super) async fn perform(&self, request: Request<'_>) -> Result<(), Fault> {
        self.submit(request).await?.done().await
    }

    /// A request that gives a handle.
    pub(super) async fn open(self: &Arc<Self>, request: Request<'_>) -> Result<OpenHandle, Fault> {
        match self.submit(request).await?.reply().await? {
            Reply::Handle(handle) => Ok(OpenHandle {
                client: self.clone(),
                handle,
                open: true,
            }),
            other => Err(self.shared.misfit(&other)),
        }
    }

    /// A request that gives attributes.
    pub(super) async fn attrs(&self, request: Request<'_>) -> Result<Attrs, Fault> {
        match self.submit(request).await?.reply().await? {
            Reply::Attrs(attrs) => Ok(attrs),
            other => Err(self.shared.misfit(&other)),
        }
    }

    /// A request that gives exactly one name.
    pub(super) async fn one_name(&self, request: Request<'_>) -> Result<Bytes, Fault> {
        match self.submit(request).await?.reply().await? {
            Reply::Names(names) if names.len() == 1 => Ok(names
                .into_iter()
                .next()
                .map(|entry: NameEntry| entry.name)
                .unwrap_or_default()),
            other => Err(self.shared.misfit(&other)),
        }
    }

    /// An extension that gives data.
    pub(super) async fn extended(&self, request: Request<'_>) -> Result<Bytes, Fault> {
        match self.submit(request).await?.reply().await? {
            Reply::Extended(data) => Ok(data),
            other => Err(self.shared.misfit(&other)),
        }
    }

    /// The fault of a reply that makes no sense; it ends the session.
    pub(super) fn reject(&self, reply: &Reply) -> Fault {
        self.shared.misfit(reply)
    }

    /// Whether requests can still be made.
    pub(super) fn is_alive(&self) -> bool {
        self.shared.table().death.is_none()
    }

    /// Ends the session and waits for its tasks, under a second.
    pub(super) async fn close(&self) {
        self.shared.end(Death::new(
            ErrorKind::Cancelled,
            "the SFTP session was closed",
        ));
        self.tasks.close();
        if tokio::time::timeout(CLOSE_WAIT, self.tasks.wait())
            .await
            .is_err()
        {
            tracing::warn!("the tasks of an SFTP session did not end in time");
        }
    }

    /// Replies that are due, those of given-up requests included.
    #[cfg(test)]
    pub(super) fn due(&self) -> usize {
        self.shared.table().due.len()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.shared.end(Death::new(
            ErrorKind::Cancelled,
            "the SFTP session was dropped",
        ));
    }
}

//! One SFTP session: requests go in, replies come out, two tasks in between.

use super::attrs::Attrs;
use super::call::{Call, OpenHandle};
use super::further::Held;
use super::pace::{Transfer, Transfers};
use super::reply::{NameEntry, Reply};
use super::request::Request;
use super::status::{Death, Fault};
use super::table::Shared;
use super::tasks;
use crate::error::ErrorKind;
use crate::ssh::engine::{Channel, Stalls};
use bytes::Bytes;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::task::TaskTracker;

/// Longest wait of [`Client::close`] for the tasks, which wait for nothing themselves.
const CLOSE_WAIT: Duration = Duration::from_millis(900);

/// The client's side of one SFTP session. Dropping the last one ends it.
pub(super) struct Client {
    shared: Arc<Shared>,
    tasks: TaskTracker,
    transfers: Transfers,
    stalls: Stalls,
}

impl Client {
    /// Takes over a channel on which the versions have been exchanged; `frames` holds
    /// what came behind the server's. `held` is kept until the channel is closed.
    pub(super) fn start(
        channel: Channel,
        frames: super::frames::Frames,
        max_packet: usize,
        no_progress: Duration,
        held: Option<Held>,
    ) -> Arc<Self> {
        let (shared, queued) = Shared::new(max_packet);
        let tasks = TaskTracker::new();
        let runtime = channel.receiver.runtime();
        let stalls = channel.sender.stalls();
        let sending = tasks::send(shared.clone(), channel.sender, queued);
        tasks.spawn_on(
            async move {
                sending.await;
                drop(held);
            },
            &runtime,
        );
        let receiving = tasks::receive(shared.clone(), channel.receiver, frames, no_progress);
        tasks.spawn_on(receiving, &runtime);
        Arc::new(Self {
            shared,
            tasks,
            transfers: Transfers::default(),
            stalls,
        })
    }

    /// Counts one more transfer, as long as what comes back is kept.
    pub(super) fn transfer(&self) -> Transfer {
        self.transfers.join()
    }

    /// Sends CLOSE for a handle; the answer is not waited for here.
    pub(super) fn close_handle(&self, handle: &[u8]) -> Result<Call, Fault> {
        self.shared.enter(&Request::Close(handle), None, None)
    }

    /// Sets the longest packet taken from the server.
    pub(super) fn set_max_packet(&self, max_packet: usize) {
        self.shared.set_max_packet(max_packet);
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

    /// Does something beside, for as long as the session lives.
    pub(super) fn beside(&self, work: impl Future<Output = ()> + Send + 'static) {
        let shared = self.shared.clone();
        self.tasks.spawn(async move {
            tokio::select! {
                biased;
                () = shared.stop.cancelled() => {}
                () = work => {}
            }
        });
    }

    /// How often the channel's window held up what was sent.
    pub(super) fn stalls(&self) -> u64 {
        self.stalls.so_far()
    }

    /// The longest packet taken from the server.
    pub(super) fn max_packet(&self) -> usize {
        self.shared.max_packet()
    }

    /// Sends a request, waiting for room in the queue but not for the reply.
    pub(super) async fn submit(&self, request: Request<'_>) -> Result<Call, Fault> {
        self.shared.submit(request).await
    }

    /// A request that succeeds or fails and gives nothing.
    pub(super) async fn perform(&self, request: Request<'_>) -> Result<(), Fault> {
        self.submit(request).await?.done().await
    }

    /// A request that gives a handle.
    pub(super) async fn open(self: &Arc<Self>, request: Request<'_>) -> Result<OpenHandle, Fault> {
        match self.submit(request).await?.reply().await? {
            Reply::Handle(handle) => Ok(OpenHandle::new(self.clone(), handle)),
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
        self.shared.is_alive()
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
        self.shared.due()
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

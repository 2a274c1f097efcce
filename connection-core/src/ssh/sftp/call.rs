//! A request under way and an open handle: what is given up or closed when it is dropped.

use super::client::Client;
use super::reply::Reply;
use super::status::{Death, Fault};
use super::table::Shared;
use bytes::Bytes;
use std::sync::Arc;
use tokio::sync::oneshot;

/// A request under way. Dropping it gives the request up.
pub(super) struct Call {
    id: u32,
    reply: oneshot::Receiver<Result<Reply, Death>>,
    answered: bool,
    shared: Arc<Shared>,
}

impl Call {
    pub(super) fn new(
        id: u32,
        reply: oneshot::Receiver<Result<Reply, Death>>,
        shared: Arc<Shared>,
    ) -> Self {
        Self {
            id,
            reply,
            answered: false,
            shared,
        }
    }

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

    /// The fault of a reply that makes no sense; it ends the session.
    pub(super) fn reject(&self, reply: &Reply) -> Fault {
        self.shared.misfit(reply)
    }

    /// Waits for a reply that is a success and nothing more.
    pub(super) async fn done(mut self) -> Result<(), Fault> {
        match self.reply().await? {
            Reply::Status(_) => Ok(()),
            other => Err(self.shared.misfit(&other)),
        }
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        if self.answered {
            return;
        }
        let given_up = self.shared.give_up(self.id);
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
    pub(super) fn new(client: Arc<Client>, handle: Bytes) -> Self {
        Self {
            client,
            handle,
            open: true,
        }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.handle
    }

    pub(super) fn client(&self) -> &Arc<Client> {
        &self.client
    }

    /// Sends CLOSE behind what was sent before; the answer is not waited for here.
    pub(super) fn begin_close(&mut self) -> Result<Call, Fault> {
        self.open = false;
        self.client.close_handle(&self.handle)
    }
}

impl Drop for OpenHandle {
    fn drop(&mut self) {
        if self.open {
            // Given up at once; on a dead session there is nothing left to close.
            drop(self.client.close_handle(&self.handle));
        }
    }
}

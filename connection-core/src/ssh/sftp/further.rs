//! Further SFTP channels of a session, for files that are written over several at once.
//!
//! At most three, whoever needs them: writers share them as they share the first. They
//! come with the first writer that asks and go with the last one that uses them, because
//! each takes a place among the channels the server allows, and a process there.
//!
//! It knows no files. Where channels come from is its owner's: [`SpareChannels`].

use super::client::Client;
use super::handshake;
use crate::ssh::engine::Channel;
use async_trait::async_trait;
use std::any::Any;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::Semaphore;

/// Channels beside the first: four windows of 2 MiB, which OpenSSH grants, are the 8 MiB
/// that a transfer has in flight at most.
pub(super) const MOST: usize = 3;

/// Something that is kept as long as a channel is open.
pub(crate) type Held = Box<dyn Any + Send>;

/// Gives channels that can be done without.
#[async_trait]
pub(crate) trait SpareChannels: Send + Sync {
    /// At most so many channels on which the `sftp` subsystem runs, each with what is to
    /// be dropped after it. Fewer or none where others may need them: nothing is waited
    /// for but the server's answers.
    async fn spare(&self, most: usize) -> Vec<(Channel, Held)>;
}

/// The further channels of a session.
pub(super) struct Further {
    channels: Option<Box<dyn SpareChannels>>,
    no_progress: Duration,
    /// One asks at a time; who comes meanwhile gets what it got.
    turn: Semaphore,
    clients: Mutex<Vec<Weak<Client>>>,
}

impl Further {
    /// None yet. Without a source of channels there never will be.
    pub(super) fn new(channels: Option<Box<dyn SpareChannels>>, no_progress: Duration) -> Self {
        Self {
            channels,
            no_progress,
            turn: Semaphore::new(1),
            clients: Mutex::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Weak<Client>>> {
        // Nothing panics while it is held.
        self.clients.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn alive(&self) -> Vec<Arc<Client>> {
        let clients = self.lock();
        let clients = clients.iter().filter_map(Weak::upgrade);
        clients.filter(|client| client.is_alive()).collect()
    }

    /// Those there are, and new ones for those that are missing, where they are to be had.
    pub(super) async fn clients(&self, max_packet: usize) -> Vec<Arc<Client>> {
        let Some(channels) = &self.channels else {
            return Vec::new();
        };
        // It is never closed.
        let Ok(_turn) = self.turn.acquire().await else {
            return Vec::new();
        };
        let mut clients = self.alive();
        let missing = MOST.saturating_sub(clients.len());
        if missing > 0 {
            let spare = channels.spare(missing).await;
            let starting = spare
                .into_iter()
                .map(|(channel, held)| self.start(channel, held, max_packet));
            let started = futures::future::join_all(starting).await;
            clients.extend(started.into_iter().flatten());
            *self.lock() = clients.iter().map(Arc::downgrade).collect();
        }
        clients
    }

    async fn start(
        &self,
        mut channel: Channel,
        held: Held,
        max_packet: usize,
    ) -> Option<Arc<Client>> {
        match handshake::exchange(&mut channel, self.no_progress).await {
            Ok((frames, _)) => Some(Client::start(
                channel,
                frames,
                max_packet,
                self.no_progress,
                Some(held),
            )),
            Err(error) => {
                tracing::debug!(%error, "no further SFTP channel");
                channel.sender.close().await;
                drop(channel);
                drop(held);
                None
            }
        }
    }

    /// Ends them, under a second.
    pub(super) async fn close(&self) {
        let clients = self.alive();
        futures::future::join_all(clients.iter().map(|client| client.close())).await;
    }
}

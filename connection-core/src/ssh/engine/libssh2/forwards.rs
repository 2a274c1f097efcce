//! Listeners on the server's side: the half the owner thread works, and the half the async
//! side holds.
//!
//! Asking for one is a control operation; accepting is a look at libssh2's queue in every
//! pass; stopping is one message without an answer, sent once the async half is gone. What
//! came for a listener that is stopping is accepted first and closed like any channel, so
//! that stopping never waits for the server.

use super::error::{Stop, lost};
use super::ffi::{RawListener, Session};
use super::lane::Lane;
use super::port::Port;
use super::shared::Shared;
use crate::error::Result;
use crate::ssh::engine::{ACCEPT_QUEUE, Channel, Listener};
use async_trait::async_trait;
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;

/// A listener on the owner thread.
pub(super) struct Forward {
    raw: RawListener,
    takes: mpsc::Sender<Channel>,
}

impl Forward {
    /// Both halves of a listener.
    pub(super) fn open(
        raw: RawListener,
        port: u16,
        shared: &Arc<Shared>,
    ) -> (Self, Box<dyn Listener>) {
        let (takes, accepted) = mpsc::channel(ACCEPT_QUEUE);
        let listener = Libssh2Listener {
            port,
            accepted,
            shared: shared.clone(),
        };
        (Self { raw, takes }, Box::new(listener))
    }

    /// Hands over what came, or stops when nobody is there to take it: `false` once that is
    /// done. `Err`: the session is unusable.
    pub(super) fn step(
        &mut self,
        session: &Session,
        shared: &Arc<Shared>,
        lanes: &mut Vec<Lane>,
        next_key: &mut u64,
    ) -> Result<bool, String> {
        loop {
            let raw = match self.raw.accept() {
                Ok(raw) => raw,
                Err(Stop::Again) => break,
                Err(Stop::Failed(_)) => return Err(session.last_words()),
            };
            *next_key += 1;
            let (port, channel, events) = Port::open(shared, *next_key);
            lanes.push(Lane::new(*next_key, raw, port, events));
            match self.takes.try_send(channel) {
                Ok(()) => {}
                // Dropping a channel closes it.
                Err(TrySendError::Full(channel) | TrySendError::Closed(channel)) => drop(channel),
            }
        }
        if !self.takes.is_closed() {
            return Ok(true);
        }
        match self.raw.cancel() {
            Ok(()) => Ok(false),
            Err(Stop::Again) => Ok(true),
            Err(Stop::Failed(_)) => Err(session.last_words()),
        }
    }
}

/// A listener on the async side.
struct Libssh2Listener {
    port: u16,
    accepted: mpsc::Receiver<Channel>,
    shared: Arc<Shared>,
}

#[async_trait]
impl Listener for Libssh2Listener {
    fn port(&self) -> u16 {
        self.port
    }

    async fn accept(&mut self) -> Result<Channel> {
        match self.accepted.recv().await {
            Some(channel) => Ok(channel),
            None => Err(lost("accept from the server", &self.shared.reason())),
        }
    }

    async fn close(&mut self) {
        self.accepted.close();
        self.shared.wake();
    }
}

impl Drop for Libssh2Listener {
    fn drop(&mut self) {
        self.accepted.close();
        self.shared.wake();
    }
}

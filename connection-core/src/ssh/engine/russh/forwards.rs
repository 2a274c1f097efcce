//! Listeners on the server's side: who asked for which, and the channels opened for them.
//!
//! The session task looks here for the taker of a channel the server opens, and never
//! waits: a taker that is slow has a queue, and one with a full queue has the channel
//! refused.

use super::handler::Callbacks;
use super::translate::translate;
use super::wire::{Wire, lock};
use crate::error::{Error, ErrorKind, Result};
use crate::ssh::engine::{ACCEPT_QUEUE, Channel, Listener, refused_to_listen};
use ::russh::client::Handle;
use async_trait::async_trait;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;
use tokio::task::JoinHandle;

const LISTEN: &str = "listen on the server";
const ACCEPT: &str = "accept from the server";

/// Longest wait for the server's answer to a cancelled forward.
const CANCEL: Duration = Duration::from_millis(250);

/// The forwards of one link.
#[derive(Default)]
pub(super) struct Forwards {
    list: Mutex<List>,
    /// Held while the server is asked, so that at most one port is still to be told.
    asking: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct List {
    next: u64,
    entries: Vec<Forward>,
}

struct Forward {
    id: u64,
    host: String,
    /// `None` until the server has told which one it chose.
    port: Option<u16>,
    takes: mpsc::Sender<Channel>,
}

/// Who takes a channel.
pub(super) enum Taker {
    /// Its place in the queue.
    Ready(mpsc::OwnedPermit<Channel>),
    /// The queue is full.
    Full,
    /// No such forward was asked for.
    Nobody,
}

impl Forwards {
    /// Who takes a channel for a connection to this address of the server.
    ///
    /// The port decides (RFC 4254 section 7.2) and the address only between several of one
    /// port: servers write an address in other ways than they were asked with. The channel
    /// may come before this side has read which port the server chose.
    pub(super) fn taker(&self, host: &str, port: u32) -> Taker {
        let list = lock(&self.list);
        let of_port = |told: bool| {
            let mut found = list.entries.iter().filter(move |f| match f.port {
                Some(own) => told && u32::from(own) == port,
                None => !told,
            });
            let first = found.next()?;
            if first.host == host {
                return Some(first);
            }
            Some(found.find(|f| f.host == host).unwrap_or(first))
        };
        let Some(forward) = of_port(true).or_else(|| of_port(false)) else {
            return Taker::Nobody;
        };
        match forward.takes.clone().try_reserve_owned() {
            Ok(place) => Taker::Ready(place),
            Err(TrySendError::Full(_)) => Taker::Full,
            Err(TrySendError::Closed(_)) => Taker::Nobody,
        }
    }

    fn add(&self, host: &str, port: u16) -> (u64, mpsc::Receiver<Channel>) {
        let (takes, accepted) = mpsc::channel(ACCEPT_QUEUE);
        let mut list = lock(&self.list);
        list.next += 1;
        let id = list.next;
        list.entries.push(Forward {
            id,
            host: host.to_owned(),
            port: (port != 0).then_some(port),
            takes,
        });
        (id, accepted)
    }

    fn told(&self, id: u64, port: u16) {
        if let Some(forward) = lock(&self.list).entries.iter_mut().find(|f| f.id == id) {
            forward.port = Some(port);
        }
    }

    fn remove(&self, id: u64) {
        lock(&self.list).entries.retain(|f| f.id != id);
    }
}

/// Takes the forward off the list unless the server agreed to it.
struct Asking {
    forwards: Arc<Forwards>,
    id: u64,
    agreed: bool,
}

impl Drop for Asking {
    fn drop(&mut self) {
        if !self.agreed {
            self.forwards.remove(self.id);
        }
    }
}

/// Asks the server to listen.
pub(super) async fn listen(
    handle: Arc<Handle<Callbacks>>,
    wire: Arc<Wire>,
    forwards: Arc<Forwards>,
    host: String,
    port: u16,
) -> Result<RusshListener> {
    let _one = forwards.asking.lock().await;
    let (id, accepted) = forwards.add(&host, port);
    let mut asking = Asking {
        forwards: forwards.clone(),
        id,
        agreed: false,
    };
    let answer = handle.tcpip_forward(host.clone(), u32::from(port));
    let told = match wire.answer(LISTEN, answer).await? {
        Ok(told) => told,
        Err(::russh::Error::RequestDenied) => return Err(refused_to_listen(LISTEN, &host, port)),
        Err(_) if !wire.is_alive() => return Err(wire.lost_error(LISTEN)),
        Err(error) => return Err(translate(error, LISTEN)),
    };
    // A server that was asked for a certain port does not repeat it.
    let chosen = match port {
        0 => u16::try_from(told).ok().filter(|chosen| *chosen != 0),
        asked => Some(asked),
    };
    let Some(chosen) = chosen else {
        return Err(Error::new(
            ErrorKind::Protocol,
            LISTEN,
            "the server does not say on which port it listens",
        ));
    };
    forwards.told(id, chosen);
    asking.agreed = true;
    Ok(RusshListener {
        id,
        host,
        port: chosen,
        accepted,
        handle,
        wire,
        forwards: forwards.clone(),
        stopped: false,
    })
}

/// A port the server listens on.
pub(super) struct RusshListener {
    id: u64,
    host: String,
    port: u16,
    accepted: mpsc::Receiver<Channel>,
    handle: Arc<Handle<Callbacks>>,
    wire: Arc<Wire>,
    forwards: Arc<Forwards>,
    stopped: bool,
}

impl RusshListener {
    /// Has the server told, in a task of the link.
    fn stop(&mut self) -> Option<JoinHandle<()>> {
        if std::mem::replace(&mut self.stopped, true) {
            return None;
        }
        self.forwards.remove(self.id);
        self.accepted.close();
        if !self.wire.is_alive() {
            return None;
        }
        let (handle, wire) = (self.handle.clone(), self.wire.clone());
        let (host, port) = (self.host.clone(), u32::from(self.port));
        let telling = async move {
            tokio::select! {
                // A server that refuses had stopped listening before.
                _ = handle.cancel_tcpip_forward(host, port) => {}
                () = wire.gone.cancelled() => {}
                () = wire.killed.cancelled() => {}
            }
        };
        Some(self.wire.tasks.spawn_on(telling, &self.wire.runtime))
    }
}

#[async_trait]
impl Listener for RusshListener {
    fn port(&self) -> u16 {
        self.port
    }

    async fn accept(&mut self) -> Result<Channel> {
        tokio::select! {
            biased;
            accepted = self.accepted.recv() => {
                accepted.ok_or_else(|| self.wire.lost_error(ACCEPT))
            }
            () = self.wire.gone.cancelled() => Err(self.wire.lost_error(ACCEPT)),
            () = self.wire.killed.cancelled() => Err(self.wire.lost_error(ACCEPT)),
        }
    }

    async fn close(&mut self) {
        if let Some(telling) = self.stop() {
            let _ = tokio::time::timeout(CANCEL, telling).await;
        }
    }
}

impl Drop for RusshListener {
    fn drop(&mut self) {
        drop(self.stop());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_what_was_asked_for_has_a_taker() {
        let forwards = Forwards::default();
        let is = |taker: &Taker, ready: bool| matches!(taker, Taker::Ready(_)) == ready;
        assert!(is(&forwards.taker("127.0.0.1", 80), false));
        let (one, mut first) = forwards.add("127.0.0.1", 80);
        let (_, mut other) = forwards.add("localhost", 80);
        assert!(is(&forwards.taker("127.0.0.1", 80), true));
        assert!(is(&forwards.taker("127.0.0.1", 81), false));
        assert!(is(&forwards.taker("127.0.0.1", 80 + 65_536), false));
        // Each has its own queue.
        let Taker::Ready(place) = forwards.taker("localhost", 80) else {
            panic!("refused");
        };
        drop(place);
        other.close();
        assert!(matches!(forwards.taker("localhost", 80), Taker::Nobody));
        forwards.remove(one);
        first.close();
        assert!(matches!(forwards.taker("127.0.0.1", 80), Taker::Nobody));
        // A port that is still to be told takes what is nobody else's.
        let (chosen, _third) = forwards.add("127.0.0.1", 0);
        assert!(is(&forwards.taker("127.0.0.1", 4000), true));
        forwards.told(chosen, 4001);
        assert!(is(&forwards.taker("127.0.0.1", 4000), false));
        assert!(is(&forwards.taker("127.0.0.1", 4001), true));
    }

    #[tokio::test]
    async fn a_full_queue_turns_away() {
        let forwards = Forwards::default();
        let (_, _accepted) = forwards.add("127.0.0.1", 80);
        let places: Vec<Taker> = (0..ACCEPT_QUEUE)
            .map(|_| forwards.taker("127.0.0.1", 80))
            .collect();
        assert!(matches!(forwards.taker("127.0.0.1", 80), Taker::Full));
        drop(places);
        assert!(matches!(forwards.taker("127.0.0.1", 80), Taker::Ready(_)));
    }
}

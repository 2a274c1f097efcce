//! Room for another command: the server allows a number of channels on one connection
//! and does not say which. Knows channels, and nothing of what runs on them.
//!
//! OpenSSH allows ten. A channel that is refused while others of this connection are in
//! use waits for one of them instead of failing; with nothing to wait for, the refusal is
//! the answer.

use crate::error::{Error, ErrorKind, Result};
use crate::ssh::engine::{Channel, ChannelKind, Link};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;

/// How long a server may take to free a closed channel: OpenSSH does it only after it
/// answered what came right behind the close.
const JUST_NOW: Duration = Duration::from_secs(1);

/// First and longest pause before it is asked again within that time.
const SETTLE: Duration = Duration::from_millis(10);
const MAX_SETTLE: Duration = Duration::from_millis(200);

/// The session channels of one connection that come and go.
#[derive(Default)]
pub(crate) struct Slots {
    /// Asked for and not answered. The answers come in the server's order, but the tasks
    /// that wait for them run in any: a refusal may be seen before the grants it is due to.
    opening: AtomicUsize,
    used: AtomicUsize,
    /// How many were given back, ever.
    freed: AtomicUsize,
    last_freed: Mutex<Option<Instant>>,
    changed: Notify,
}

/// A channel in use; dropping it makes room.
pub(crate) struct Slot<'a>(&'a Slots);

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        *lock(&self.0.last_freed) = Some(Instant::now());
        // In this order: who sees nothing in use also sees that something was freed.
        self.0.freed.fetch_add(1, Ordering::SeqCst);
        self.0.used.fetch_sub(1, Ordering::SeqCst);
        self.0.changed.notify_waiters();
    }
}

struct Opening<'a>(&'a Slots);

impl Drop for Opening<'_> {
    fn drop(&mut self) {
        self.0.opening.fetch_sub(1, Ordering::SeqCst);
        self.0.changed.notify_waiters();
    }
}

impl Slots {
    /// Opens a session channel, waiting for room while there is something to wait for.
    ///
    /// # Errors
    /// Those of the link; `ChannelRefused` only with no other slot in use.
    pub(crate) async fn open(&self, link: &dyn Link) -> Result<(Channel, Slot<'_>)> {
        let mut settle = SETTLE;
        loop {
            let freed = self.freed.load(Ordering::SeqCst);
            let refusal = match self.attempt(link).await {
                Err(error) if error.kind() == ErrorKind::ChannelRefused => error,
                outcome => return outcome,
            };
            self.room(link, freed, &mut settle, refusal).await?;
        }
    }

    async fn attempt(&self, link: &dyn Link) -> Result<(Channel, Slot<'_>)> {
        self.opening.fetch_add(1, Ordering::SeqCst);
        let opening = Opening(self);
        let channel = link.open(ChannelKind::Session).await?;
        // Counted as used before it stops counting as being opened.
        self.used.fetch_add(1, Ordering::SeqCst);
        let slot = Slot(self);
        drop(opening);
        Ok((channel, slot))
    }

    /// Waits until another attempt may succeed, or gives the refusal back.
    async fn room(
        &self,
        link: &dyn Link,
        freed: usize,
        settle: &mut Duration,
        refusal: Error,
    ) -> Result<()> {
        loop {
            // Listening begins before looking, so that no change is missed.
            let changed = self.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            // The other way round than they are counted: what moves meanwhile is seen in
            // its later place.
            let opening = self.opening.load(Ordering::SeqCst);
            let used = self.used.load(Ordering::SeqCst);
            if self.freed.load(Ordering::SeqCst) != freed {
                *settle = SETTLE;
                return Ok(());
            }
            let just_now = lock(&self.last_freed).is_some_and(|at| at.elapsed() < JUST_NOW);
            if opening == 0 && used == 0 && !just_now {
                return Err(refusal);
            }
            tokio::select! {
                () = changed => {}
                () = link.closed() => return Ok(()),
                () = tokio::time::sleep(*settle), if just_now => {
                    *settle = settle.saturating_mul(2).min(MAX_SETTLE);
                    return Ok(());
                }
            }
        }
    }
}

/// A panic while the lock is held leaves nothing half-done behind.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ssh::engine::{
        ChannelEvent, ChannelReceiver, ChannelRequest, ChannelSender, Negotiated,
    };
    use async_trait::async_trait;
    use bytes::Bytes;
    use std::sync::Arc;

    /// A server with room for so many channels, which are free once they are dropped.
    struct Server {
        room: usize,
        open: Arc<AtomicUsize>,
    }

    struct Half(Option<Arc<AtomicUsize>>);

    impl Drop for Half {
        fn drop(&mut self) {
            if let Some(open) = &self.0 {
                open.fetch_sub(1, Ordering::SeqCst);
            }
        }
    }

    #[async_trait]
    impl ChannelSender for Half {
        async fn request(&mut self, _: ChannelRequest) -> Result<()> {
            Ok(())
        }
        async fn write(&mut self, _: Bytes) -> Result<()> {
            Ok(())
        }
        async fn eof(&mut self) -> Result<()> {
            Ok(())
        }
        async fn signal(&mut self, _: &str) -> Result<()> {
            Ok(())
        }
        async fn resize(&mut self, _: u32, _: u32) -> Result<()> {
            Ok(())
        }
        async fn close(&mut self) {}
    }

    #[async_trait]
    impl ChannelReceiver for Half {
        async fn next(&mut self) -> Result<Option<ChannelEvent>> {
            Ok(None)
        }
    }

    #[async_trait]
    impl Link for Server {
        async fn open(&self, _: ChannelKind) -> Result<Channel> {
            tokio::task::yield_now().await;
            let granted = self
                .open
                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| {
                    (n < self.room).then_some(n + 1)
                });
            // The answer reaches its task some time later.
            for _ in 0..8 {
                tokio::task::yield_now().await;
            }
            match granted {
                Ok(_) => Ok(Channel {
                    sender: Box::new(Half(Some(self.open.clone()))),
                    receiver: Box::new(Half(None)),
                }),
                Err(_) => Err(Error::new(ErrorKind::ChannelRefused, "open", "full")),
            }
        }
        fn negotiated(&self) -> &Negotiated {
            unreachable!("nobody asks")
        }
        fn is_alive(&self) -> bool {
            true
        }
        async fn closed(&self) {
            std::future::pending().await
        }
        async fn close(&self) {}
    }

    async fn outcomes(room: usize, users: usize) -> Vec<Result<()>> {
        let server = Arc::new(Server {
            room,
            open: Arc::default(),
        });
        let slots = Arc::new(Slots::default());
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..users {
            let (server, slots) = (server.clone(), slots.clone());
            tasks.spawn(async move {
                let (channel, slot) = slots.open(&*server).await?;
                tokio::task::yield_now().await;
                drop(channel);
                drop(slot);
                Ok(())
            });
        }
        let all = tasks.join_all();
        tokio::time::timeout(Duration::from_secs(30), all)
            .await
            .expect("nobody waits for ever")
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn everyone_gets_a_turn() {
        for room in [1, 3, 10] {
            for _ in 0..20 {
                for outcome in outcomes(room, 40).await {
                    outcome.unwrap();
                }
            }
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn without_any_room_everyone_is_told() {
        for _ in 0..20 {
            for outcome in outcomes(0, 40).await {
                assert_eq!(outcome.unwrap_err().kind(), ErrorKind::ChannelRefused);
            }
        }
    }
}

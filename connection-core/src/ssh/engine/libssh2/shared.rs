//! What the async side and the owner thread share about a link: the inbox of control
//! operations, the wake-up, and how far the link's life has come.
//!
//! Locks here are held for a few instructions and never across a call of libssh2.

use super::control::Operation;
use super::error::lost;
use crate::error::{Error, ErrorKind, Result};
use std::collections::VecDeque;
use std::io::{Read, Write};
use std::os::fd::{AsRawFd, RawFd};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// Control operations that may wait for their turn on one link.
const INBOX_LIMIT: usize = 256;

/// How far the link's life has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// It can carry something.
    Open,
    /// It carries nothing any more; the thread is clearing up.
    Ended,
    /// The thread has let go of everything.
    Gone,
}

/// Shared by the link, its channels and the owner thread.
pub(super) struct Shared {
    inbox: Mutex<Inbox>,
    waker: Waker,
    closing: AtomicBool,
    identified: AtomicBool,
    stage: watch::Sender<Stage>,
}

struct Inbox {
    operations: VecDeque<Operation>,
    end: Option<String>,
}

impl Shared {
    /// Whether the server has identified itself as one that speaks SSH.
    pub(super) fn identified(&self) -> bool {
        self.identified.load(Ordering::Acquire)
    }

    /// The server has identified itself.
    pub(super) fn set_identified(&self) {
        self.identified.store(true, Ordering::Release);
    }

    /// The shared part, and the owner thread's end of the wake-up.
    pub(super) fn new() -> std::io::Result<(Self, WakeEnd)> {
        let (waker, wake_end) = Waker::new()?;
        let shared = Self {
            inbox: Mutex::new(Inbox {
                operations: VecDeque::new(),
                end: None,
            }),
            waker,
            closing: AtomicBool::new(false),
            identified: AtomicBool::new(false),
            stage: watch::Sender::new(Stage::Open),
        };
        Ok((shared, wake_end))
    }

    /// Puts an operation in the queue.
    pub(super) fn submit(&self, doing: &'static str, operation: Operation) -> Result<()> {
        let mut inbox = lock(&self.inbox);
        if let Some(reason) = &inbox.end {
            return Err(lost(doing, reason));
        }
        if inbox.operations.len() >= INBOX_LIMIT {
            return Err(Error::new(
                ErrorKind::LimitReached,
                doing,
                format!("{INBOX_LIMIT} operations wait on this connection already"),
            ));
        }
        inbox.operations.push_back(operation);
        drop(inbox);
        self.wake();
        Ok(())
    }

    /// Takes the queued operations.
    pub(super) fn take_operations(&self) -> VecDeque<Operation> {
        std::mem::take(&mut lock(&self.inbox).operations)
    }

    /// Ends the link: queued operations and later ones fail with this reason.
    pub(super) fn end(&self, reason: &str) {
        let left = {
            let mut inbox = lock(&self.inbox);
            inbox.end.get_or_insert_with(|| reason.to_owned());
            std::mem::take(&mut inbox.operations)
        };
        for operation in left {
            operation.fail(reason);
        }
        self.advance(Stage::Ended);
    }

    /// Why the link ended.
    pub(super) fn reason(&self) -> String {
        lock(&self.inbox)
            .end
            .clone()
            .unwrap_or_else(|| "the connection was ended".to_owned())
    }

    /// Whether the link has ended.
    pub(super) fn has_ended(&self) -> bool {
        *self.stage.borrow() != Stage::Open || self.closing()
    }

    /// Marks a step of the link's end.
    pub(super) fn advance(&self, stage: Stage) {
        if stage == Stage::Gone {
            self.waker.close();
        }
        self.stage.send_if_modified(|now| {
            let later = stage > *now;
            if later {
                *now = stage;
            }
            later
        });
    }

    /// Waits until the link's end has come this far.
    pub(super) async fn reached(&self, stage: Stage) {
        let mut receiver = self.stage.subscribe();
        // It fails only without a sender, and `self` holds one.
        let _ = receiver.wait_for(|now| *now >= stage).await;
    }

    /// Asks the owner thread to end the link.
    pub(super) fn close(&self) {
        self.closing.store(true, Ordering::SeqCst);
        self.wake();
    }

    /// Whether the end was asked for.
    pub(super) fn closing(&self) -> bool {
        self.closing.load(Ordering::SeqCst)
    }

    /// Ends the owner thread's wait.
    pub(super) fn wake(&self) {
        self.waker.wake();
    }
}

/// A lock whose holder panicked guards plain data that is as good as before.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ends a wait in `poll`; many calls before it ends cost one byte.
struct Waker {
    pipe: Mutex<Option<UnixStream>>,
    pending: std::sync::Arc<AtomicBool>,
}

/// The end of the wake-up that `poll` watches.
pub(super) struct WakeEnd {
    pipe: UnixStream,
    pending: std::sync::Arc<AtomicBool>,
}

impl Waker {
    fn new() -> std::io::Result<(Self, WakeEnd)> {
        let (near, far) = UnixStream::pair()?;
        near.set_nonblocking(true)?;
        far.set_nonblocking(true)?;
        let pending = std::sync::Arc::new(AtomicBool::new(false));
        Ok((
            Self {
                pipe: Mutex::new(Some(near)),
                pending: pending.clone(),
            },
            WakeEnd { pipe: far, pending },
        ))
    }

    fn wake(&self) {
        if !self.pending.swap(true, Ordering::SeqCst)
            && let Some(pipe) = lock(&self.pipe).as_mut()
        {
            // A full pipe wakes as well.
            let _ = pipe.write(&[1]);
        }
    }

    /// Gives the descriptor back, although channels of the dead link may still be held.
    fn close(&self) {
        lock(&self.pipe).take();
    }
}

impl WakeEnd {
    /// The descriptor, for `poll` only.
    pub(super) fn fd(&self) -> RawFd {
        self.pipe.as_raw_fd()
    }

    /// Takes the wake-up back, before what it was for is looked at. It reads in any case:
    /// a byte may come after the mark it belongs to was taken.
    ///
    /// The mark goes last. The other way round, a byte that came in between would be read and
    /// its mark stay: no later wake-up would write one, and the thread would sleep on, over
    /// the request to end as well.
    pub(super) fn clear(&mut self) {
        let mut buffer = [0; 16];
        while matches!(self.pipe.read(&mut buffer), Ok(count) if count == buffer.len()) {}
        self.pending.store(false, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::AtomicUsize;
    use std::time::{Duration, Instant};

    /// Two threads each do something and wake; who waits must see both, every time.
    #[test]
    fn no_wake_up_is_lost_to_one_that_comes_while_another_is_taken_back() {
        const ROUNDS: usize = 30_000;
        const LOST: Duration = Duration::from_secs(5);
        let (waker, mut end) = Waker::new().unwrap();
        let waker = Arc::new(waker);
        let done = Arc::new(AtomicUsize::new(0));
        let seen = Arc::new(AtomicUsize::new(0));
        let wakers: Vec<_> = (0..2)
            .map(|_| {
                let (waker, done, seen) = (waker.clone(), done.clone(), seen.clone());
                std::thread::spawn(move || {
                    for round in 0..ROUNDS {
                        done.fetch_add(1, Ordering::SeqCst);
                        waker.wake();
                        // Until the other one was seen too.
                        while seen.load(Ordering::SeqCst) <= round {
                            std::thread::yield_now();
                        }
                    }
                })
            })
            .collect();
        for round in 0..ROUNDS {
            loop {
                end.clear();
                if done.load(Ordering::SeqCst) >= 2 * (round + 1) {
                    break;
                }
                let begun = Instant::now();
                crate::ssh::engine::libssh2::ffi::poll(end.fd(), true, false, end.fd(), LOST);
                let slept = begun.elapsed() >= LOST;
                let there = done.load(Ordering::SeqCst) >= 2 * (round + 1);
                assert!(!(slept && there), "slept over a wake-up in round {round}");
            }
            seen.store(round + 1, Ordering::SeqCst);
        }
        for waker in wakers {
            waker.join().unwrap();
        }
    }
}

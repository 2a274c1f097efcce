//! From a working thread to its caller: a bounded channel that knows a clean end from a
//! thread that vanished, and that gives the work up when the caller lets go.

use super::interrupt::{Abort, GiveUpOnDrop};
use super::link::Link;
use super::pool::{Pool, Repeat, Slot, thread_gone};
use crate::error::{Error, ErrorKind, Result};
use std::future::Future;
use std::sync::Arc;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

enum Item<T> {
    Next(T),
    End(Result<()>),
}

/// The receiving end. Dropped, it ends the work.
pub(super) struct Feed<T> {
    items: mpsc::Receiver<Item<T>>,
    first: Option<Item<T>>,
    ended: bool,
    operation: &'static str,
    _guard: GiveUpOnDrop,
}

impl<T: Send + 'static> Feed<T> {
    /// Runs the job on a connection of its own and waits for its first item, or its end;
    /// a job that fails before its first item fails here.
    pub(super) async fn start(
        pool: &Arc<Pool>,
        operation: &'static str,
        depth: usize,
        job: impl FnMut(&mut Link, &Pump<T>) -> Result<()> + Send + 'static,
    ) -> Result<Self> {
        let slot = pool.listing_slot(operation).await?;
        Self::start_on(slot, pool, operation, depth, job).await
    }

    /// As [`Self::start`], for the transfer of a file, which may wait longer for those
    /// before it.
    pub(super) async fn start_transfer(
        pool: &Arc<Pool>,
        operation: &'static str,
        depth: usize,
        job: impl FnMut(&mut Link, &Pump<T>) -> Result<()> + Send + 'static,
    ) -> Result<Self> {
        let slot = pool.stream_slot(operation).await?;
        Self::start_on(slot, pool, operation, depth, job).await
    }

    async fn start_on(
        slot: Slot,
        pool: &Arc<Pool>,
        operation: &'static str,
        depth: usize,
        mut job: impl FnMut(&mut Link, &Pump<T>) -> Result<()> + Send + 'static,
    ) -> Result<Self> {
        let abort = Abort::default();
        let guard = GiveUpOnDrop(abort.clone());
        let (sender, items) = mpsc::channel(depth);
        let pump = Pump {
            waiter: Waiter::new(pool, &abort),
            sender: sender.clone(),
            operation,
        };
        let waiter = pump.waiter.clone();
        pool.spawn(
            operation,
            Repeat::Freely,
            slot,
            abort,
            move |link| job(link, &pump),
            move |result| {
                // A receiver that is gone does not want to know.
                let _ = waiter.wait(sender.send(Item::End(result)));
            },
        )?;
        let mut feed = Self {
            items,
            first: None,
            ended: false,
            operation,
            _guard: guard,
        };
        match feed.items.recv().await {
            Some(Item::End(Err(error))) => Err(error),
            None => Err(thread_gone(operation)),
            first => {
                feed.first = first;
                Ok(feed)
            }
        }
    }

    /// The next item; `None` once the work ended well.
    pub(super) async fn next(&mut self) -> Result<Option<T>> {
        if self.ended {
            return Ok(None);
        }
        let item = match self.first.take() {
            Some(item) => Some(item),
            None => self.items.recv().await,
        };
        match item {
            Some(Item::Next(value)) => Ok(Some(value)),
            Some(Item::End(result)) => {
                self.ended = true;
                result.map(|()| None)
            }
            None => Err(thread_gone(self.operation)),
        }
    }
}

/// The sending end, on the thread.
pub(super) struct Pump<T> {
    sender: mpsc::Sender<Item<T>>,
    waiter: Waiter,
    operation: &'static str,
}

impl<T> Pump<T> {
    /// Hands an item over; waits while the caller has enough of them.
    ///
    /// # Errors
    /// `Cancelled` when nobody wants it any more.
    pub(super) fn send(&self, value: T) -> Result<()> {
        match self.sender.try_send(Item::Next(value)) {
            Ok(()) => Ok(()),
            Err(mpsc::error::TrySendError::Full(item)) => {
                match self.waiter.wait(self.sender.send(item)) {
                    Some(Ok(())) => Ok(()),
                    _ => Err(given_up(self.operation)),
                }
            }
            Err(mpsc::error::TrySendError::Closed(_)) => Err(given_up(self.operation)),
        }
    }
}

/// Waits on a thread for something of the async world, until the operation is given up or
/// the session closed.
#[derive(Clone)]
pub(super) struct Waiter {
    runtime: Handle,
    abort: Abort,
    closing: CancellationToken,
}

impl Waiter {
    /// For an operation of this pool.
    pub(super) fn new(pool: &Pool, abort: &Abort) -> Self {
        Self {
            runtime: pool.runtime().clone(),
            abort: abort.clone(),
            closing: pool.closing().clone(),
        }
    }

    /// `None` when the wait was ended from outside.
    pub(super) fn wait<F: Future>(&self, future: F) -> Option<F::Output> {
        self.runtime.block_on(async {
            tokio::select! {
                biased;
                output = future => Some(output),
                () = self.abort.token().cancelled() => None,
                () = self.closing.cancelled() => None,
            }
        })
    }
}

/// The error of an operation its caller does not want any more.
pub(super) fn given_up(operation: &'static str) -> Error {
    Error::new(ErrorKind::Cancelled, operation, "given up")
}

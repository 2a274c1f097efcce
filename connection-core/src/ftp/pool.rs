//! The control connections of one login, and the threads that work on them.
//!
//! FTP does one thing at a time on a control connection, so a session keeps several under
//! one login: each operation borrows one for itself, and more are opened as they are
//! needed. How many there may be is kept in [`super::room`]; a server that refuses one more
//! has operations queue for those there are.
//!
//! An operation runs on a thread of its own, because `suppaftp`'s sockets block; the caller
//! only ever waits on channels. Nothing is blocked for good: every socket has its clock,
//! and giving up shuts the socket down.
//!
//! A server that allows a single connection does one thing at a time. Beside a download that
//! its caller has not read to the end, the next operation waits, and fails as `LimitReached`
//! once it has waited as long as it may: which of the two matters more, the caller alone can
//! tell. It never waits for ever, even when both are the same caller.

mod opening;
mod upkeep;

use super::attempts::Attempts;
use super::facts::Facts;
use super::interrupt::{Abort, WeakAbort};
use super::link::Link;
use super::room::{Census, Lane, Lease, Place, Room};
use super::stream::given_up;
use super::tls::TlsClient;
use crate::error::{Error, ErrorKind, Result};
use crate::target::FtpTarget;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// A connection not heard of for longer is asked whether it lives before a command that must
/// not be sent twice.
const TRUSTED_ONCE: Duration = Duration::from_secs(1);
/// The same before any other command: a way that was closed silently would cost it the whole
/// no-progress clock.
const TRUSTED: Duration = Duration::from_secs(30);
/// Longest wait for the answer to that.
const PROBE_CLOCK: Duration = Duration::from_secs(15);
/// Longest wait of a file's transfer for a connection in use elsewhere. Others wait as long
/// as the no-progress clock says.
const LONGEST_QUEUE: Duration = Duration::from_secs(300);
/// Whether an operation may be sent again when the connection proves dead before it
/// answered anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repeat {
    /// It changes nothing, or its first command does not.
    Freely,
    /// Only when the server certainly did not take it.
    Never,
}

/// Room for a connection.
pub(super) type Slot = Lease<Link>;

/// The pool.
pub(super) struct Pool {
    target: FtpTarget,
    addresses: Vec<SocketAddr>,
    /// The address that answered first; further connections go to the same machine.
    chosen: OnceLock<SocketAddr>,
    tls: Option<Arc<TlsClient>>,
    facts: OnceLock<Arc<Facts>>,
    room: Arc<Room<Link>>,
    attempts: Attempts,
    /// The operations under way, to end them all.
    operations: Mutex<Vec<WeakAbort>>,
    closing: CancellationToken,
    alive: AtomicBool,
    runtime: Handle,
    threads: TaskTracker,
}

impl Pool {
    /// A pool without a connection yet.
    pub(super) fn new(
        target: FtpTarget,
        addresses: Vec<SocketAddr>,
        tls: Option<Arc<TlsClient>>,
    ) -> Arc<Self> {
        let room = Room::new(target.connections);
        Arc::new(Self {
            target,
            addresses,
            chosen: OnceLock::new(),
            tls,
            facts: OnceLock::new(),
            room,
            attempts: Attempts::default(),
            operations: Mutex::default(),
            closing: CancellationToken::new(),
            alive: AtomicBool::new(true),
            runtime: Handle::current(),
            threads: TaskTracker::new(),
        })
    }

    /// Whom it belongs to.
    pub(super) fn target(&self) -> &FtpTarget {
        &self.target
    }

    /// What the server can do; `None` before the first login.
    pub(super) fn facts(&self) -> Option<&Arc<Facts>> {
        self.facts.get()
    }

    /// Whether the server was reachable when it was last needed.
    pub(super) fn is_alive(&self) -> bool {
        self.alive.load(Ordering::Acquire) && !self.closing.is_cancelled()
    }

    /// Cancelled when the pool is closed.
    pub(super) fn closing(&self) -> &CancellationToken {
        &self.closing
    }

    /// How many connections there are, and how many there may be.
    pub(super) fn census(&self) -> Census {
        self.room.census()
    }

    /// How many connections there are.
    #[cfg(test)]
    pub(super) fn open_count(&self) -> usize {
        self.census().open
    }

    /// Where the jobs' channels are waited on.
    pub(super) fn runtime(&self) -> &Handle {
        &self.runtime
    }

    /// Ends every connection, without waiting for anything.
    pub(super) fn shut(&self) {
        self.closing.cancel();
        self.threads.close();
        let idle = self.room.close();
        for operation in std::mem::take(&mut *self.operations()) {
            if let Some(abort) = operation.upgrade() {
                abort.give_up();
            }
        }
        for link in idle {
            link.interrupt().fire();
        }
    }

    /// Runs a task that ends with the pool.
    pub(super) fn track(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.threads.spawn_on(task, &self.runtime);
    }

    /// Waits for the threads to end, at most for `limit`.
    pub(super) async fn wait(&self, limit: Duration) {
        if tokio::time::timeout(limit, self.threads.wait())
            .await
            .is_err()
        {
            tracing::warn!("threads of a closed FTP session are still ending");
        }
    }

    /// Waits for a connection and runs the job on it. Dropping the future gives the job up.
    pub(super) async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        operation: &'static str,
        repeat: Repeat,
        job: impl FnMut(&mut Link) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let slot = self.slot(Lane::Short, Place::Back, operation).await?;
        let abort = Abort::default();
        let _guard = super::interrupt::GiveUpOnDrop(abort.clone());
        let (done, outcome) = oneshot::channel();
        self.spawn(operation, repeat, slot, abort, job, move |result| {
            // The caller may be gone; then nobody wants the result.
            let _ = done.send(result);
        })?;
        outcome
            .await
            .unwrap_or_else(|_| Err(thread_gone(operation)))
    }

    /// Brings work to its end even when its caller leaves: given up midway, it would leave
    /// behind what nobody expects. The clocks of its connection bound it, and closing the
    /// pool ends it.
    pub(super) async fn see_through<T: Send + 'static>(
        &self,
        operation: &'static str,
        work: impl Future<Output = Result<T>> + Send + 'static,
    ) -> Result<T> {
        let (done, outcome) = oneshot::channel();
        self.track(async move {
            // The caller may be gone; then nobody wants the result.
            let _ = done.send(work.await);
        });
        outcome
            .await
            .unwrap_or_else(|_| Err(thread_gone(operation)))
    }

    /// Waits for a connection for a file's transfer.
    pub(super) async fn stream_slot(&self, operation: &'static str) -> Result<Slot> {
        self.slot(Lane::Transfer, Place::Back, operation).await
    }

    /// Waits for a connection for a listing.
    pub(super) async fn listing_slot(&self, operation: &'static str) -> Result<Slot> {
        self.slot(Lane::Listing, Place::Back, operation).await
    }

    async fn slot(&self, lane: Lane, place: Place, operation: &'static str) -> Result<Slot> {
        let most = match lane {
            Lane::Short | Lane::Listing => self.target.timeouts.no_progress,
            Lane::Transfer => LONGEST_QUEUE,
        };
        let answer = self.room.ask(lane, place);
        tokio::select! {
            biased;
            () = self.closing.cancelled() => Err(closed(operation)),
            answer = tokio::time::timeout(most, answer) => match answer {
                Ok(Ok(slot)) => Ok(slot),
                Ok(Err(_)) => Err(closed(operation)),
                Err(_) => Err(self.full(operation)),
            },
        }
    }

    fn full(&self, operation: &'static str) -> Error {
        let census = self.census();
        let (most, who) = match census.allowed {
            Some(allowed) => (allowed, "the server allows"),
            None => (census.limit, "this session may have"),
        };
        let text = match most {
            1 => format!("the only connection {who} is in use"),
            most => format!("all {most} connections {who} are in use"),
        };
        Error::new(ErrorKind::LimitReached, operation, text).with("connections", most.to_string())
    }

    /// Runs the job on a thread; `done` gets its outcome once the connection is back.
    pub(super) fn spawn<T: Send + 'static>(
        self: &Arc<Self>,
        operation: &'static str,
        repeat: Repeat,
        slot: Slot,
        abort: Abort,
        mut job: impl FnMut(&mut Link) -> Result<T> + Send + 'static,
        done: impl FnOnce(Result<T>) + Send + 'static,
    ) -> Result<()> {
        self.register(&abort);
        let pool = self.clone();
        let token = self.threads.token();
        std::thread::Builder::new()
            .name("ftp".to_owned())
            .spawn(move || {
                // For the timers of the deadlines.
                let _context = pool.runtime.enter();
                let outcome = pool.work(operation, repeat, slot, &abort, &mut job);
                drop(job);
                done(outcome);
                drop(token);
            })
            .map(drop)
            .map_err(|error| {
                Error::new(ErrorKind::Internal, operation, "no thread to run on").caused_by(error)
            })
    }

    fn register(&self, abort: &Abort) {
        let mut operations = self.operations();
        operations.retain(|known| known.upgrade().is_some());
        operations.push(abort.downgrade());
        drop(operations);
        if self.closing.is_cancelled() {
            abort.give_up();
        }
    }

    fn work<T>(
        &self,
        operation: &'static str,
        repeat: Repeat,
        mut slot: Slot,
        abort: &Abort,
        job: &mut impl FnMut(&mut Link) -> Result<T>,
    ) -> Result<T> {
        let mut retried = false;
        loop {
            let (mut link, pooled);
            (link, slot, pooled) = self.borrow(operation, repeat, slot, abort)?;
            link.lend();
            let outcome = job(&mut link);
            let stale = pooled && !retried && link.was_stale() && outcome.is_err();
            let unheard = match &outcome {
                Err(error) => {
                    repeat == Repeat::Freely || error.context("reply_code") == Some("421")
                }
                Ok(_) => false,
            };
            abort.detach();
            if self.closing.is_cancelled() && outcome.is_err() {
                self.end(link);
                return Err(closed(operation));
            }
            if !(stale && unheard) || abort.is_given_up() {
                self.give_back(link, slot);
                return outcome;
            }
            retried = true;
            self.end_as_old_as(link);
            slot.renew();
        }
    }

    /// An idle connection that still lives, or a new one.
    fn borrow(
        &self,
        operation: &'static str,
        repeat: Repeat,
        mut slot: Slot,
        abort: &Abort,
    ) -> Result<(Link, Slot, bool)> {
        let trusted = match repeat {
            Repeat::Freely => TRUSTED,
            Repeat::Never => TRUSTED_ONCE,
        };
        loop {
            if self.closing.is_cancelled() {
                return Err(closed(operation));
            }
            if abort.is_given_up() {
                return Err(given_up(operation));
            }
            if let Some(mut link) = slot.take() {
                abort.attach(link.interrupt());
                let fresh = link.heard_at().elapsed() < trusted
                    && link.is_usable()
                    && !link.interrupt().has_unread();
                if fresh || link.answers(self.probe_clock()) {
                    return Ok((link, slot, true));
                }
                abort.detach();
                self.end_as_old_as(link);
                slot.renew();
                continue;
            }
            match self.open_patiently(operation, abort) {
                Ok(link) => {
                    self.opened(&mut slot);
                    return Ok((link, slot, false));
                }
                Err(_) if self.closing.is_cancelled() => return Err(closed(operation)),
                // Its socket was shut down: that says nothing of the server.
                Err(_) if abort.is_given_up() => return Err(given_up(operation)),
                Err(error) => slot = self.make_do(operation, slot, error, abort)?,
            }
        }
    }

    /// Takes a connection back: for others to use, or to its end.
    fn give_back(&self, mut link: Link, slot: Slot) {
        if !link.is_usable() {
            self.end(link);
            drop(slot);
            return;
        }
        link.rest();
        if let Some(link) = slot.give_back(link) {
            self.end(link);
        }
    }

    fn end(&self, link: Link) {
        self.attempts.ended_one();
        link.interrupt().fire();
        drop(link);
    }

    /// Ends a connection that turned out to be dead, and the idle ones that were not heard
    /// of for as long: what ended it ended them.
    fn end_as_old_as(&self, link: Link) {
        let heard = link.heard_at();
        self.end(link);
        for dead in self.room.drain_idle(|idle| idle.heard_at() <= heard) {
            self.end(dead);
        }
    }

    fn probe_clock(&self) -> Duration {
        PROBE_CLOCK.min(self.target.timeouts.no_progress)
    }

    fn operations(&self) -> MutexGuard<'_, Vec<WeakAbort>> {
        self.operations
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn closed(operation: &'static str) -> Error {
    Error::new(ErrorKind::Cancelled, operation, "the session was closed")
}

/// The error of an operation whose thread ended without a word.
pub(super) fn thread_gone(operation: &'static str) -> Error {
    Error::new(
        ErrorKind::Internal,
        operation,
        "the operation's thread ended early",
    )
}

//! The control connections of one login, and the threads that work on them.
//!
//! FTP does one thing at a time on a control connection, so a session keeps several under
//! one login: each operation borrows one for itself, and more are opened as they are
//! needed. A server that refuses one more teaches the pool its cap: the refused slot is
//! held back for a while, and operations queue for the connections there are.
//!
//! An operation runs on a thread of its own, because `suppaftp`'s sockets block; the caller
//! only ever waits on channels. Nothing is blocked for good: every socket has its clock,
//! and giving up shuts the socket down.

use super::facts::Facts;
use super::interrupt::{Abort, Interrupt};
use super::link::Link;
use super::login;
use super::slots::{Lane, Slot, Slots};
use super::stream::given_up;
use super::tls::TlsClient;
use crate::error::{Error, ErrorKind, Result};
use crate::target::FtpTarget;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// An idle connection older than this is asked whether it lives before a command that must
/// not be sent twice.
const TRUSTED_IDLE: Duration = Duration::from_secs(1);

/// Whether an operation may be sent again when the connection proves dead before it
/// answered anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repeat {
    /// It changes nothing, or its first command does not.
    Freely,
    /// Only when the server certainly did not take it.
    Never,
}

/// The pool.
pub(super) struct Pool {
    target: FtpTarget,
    addresses: Vec<SocketAddr>,
    /// The address that answered first; further connections go to the same machine.
    chosen: OnceLock<SocketAddr>,
    tls: Option<Arc<TlsClient>>,
    facts: OnceLock<Arc<Facts>>,
    slots: Slots,
    state: Mutex<State>,
    closing: CancellationToken,
    alive: AtomicBool,
    runtime: Handle,
    threads: TaskTracker,
}

#[derive(Default)]
struct State {
    idle: Vec<Link>,
    /// Connections there are, idle and lent out.
    open: usize,
    interrupts: Vec<Weak<Interrupt>>,
}

impl Pool {
    /// A pool without a connection yet.
    pub(super) fn new(
        target: FtpTarget,
        addresses: Vec<SocketAddr>,
        tls: Option<Arc<TlsClient>>,
    ) -> Arc<Self> {
        let closing = CancellationToken::new();
        Arc::new(Self {
            target,
            addresses,
            chosen: OnceLock::new(),
            tls,
            facts: OnceLock::new(),
            slots: Slots::new(closing.clone()),
            state: Mutex::default(),
            closing,
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

    /// Ends every connection, without waiting for anything.
    pub(super) fn shut(&self) {
        self.closing.cancel();
        self.threads.close();
        let (idle, interrupts) = {
            let mut state = self.lock();
            (
                std::mem::take(&mut state.idle),
                std::mem::take(&mut state.interrupts),
            )
        };
        for interrupt in interrupts.iter().filter_map(Weak::upgrade) {
            interrupt.fire();
        }
        drop(idle);
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

    /// Waits for a slot and runs the job on a connection of its own. Dropping the future
    /// gives the job up.
    pub(super) async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        operation: &'static str,
        repeat: Repeat,
        job: impl FnMut(&mut Link) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let slot = self.slots.take(Lane::Short, operation).await?;
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

    /// Waits for a slot of the lane for long transfers.
    pub(super) async fn stream_slot(&self, operation: &'static str) -> Result<Slot> {
        self.slots.take(Lane::Stream, operation).await
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
        let pool = self.clone();
        let token = self.threads.token();
        std::thread::Builder::new()
            .name("ftp".to_owned())
            .spawn(move || {
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
            self.give_back(link);
            if self.closing.is_cancelled() && outcome.is_err() {
                return Err(closed(operation));
            }
            if !(stale && unheard) || abort.is_given_up() {
                return outcome;
            }
            retried = true;
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
        loop {
            if self.closing.is_cancelled() {
                return Err(closed(operation));
            }
            while let Some(mut link) = self.take_idle() {
                abort.attach(link.interrupt());
                let checked = repeat == Repeat::Freely
                    || link.idle_since().elapsed() < TRUSTED_IDLE
                    || link.expect(operation, "NOOP", &[200]).is_ok();
                if checked && link.is_usable() {
                    return Ok((link, slot, true));
                }
                self.give_back(link);
            }
            match self.open(abort) {
                Ok(link) => return Ok((link, slot, false)),
                // Its socket was shut down: that says nothing of the server.
                Err(_) if abort.is_given_up() => return Err(given_up(operation)),
                Err(error) if self.lock().open > 0 && login::means_crowded(&error) => {
                    tracing::debug!(%error, "the server refuses one more connection");
                    slot = self.wait_for_another(operation, slot, abort)?;
                }
                Err(error) => {
                    self.alive.store(false, Ordering::Release);
                    return Err(error);
                }
            }
        }
    }

    fn wait_for_another(&self, operation: &'static str, slot: Slot, abort: &Abort) -> Result<Slot> {
        let lane = slot.lane();
        slot.hold_back(&self.runtime);
        self.runtime.block_on(async {
            tokio::select! {
                slot = self.slots.take(lane, operation) => slot,
                () = abort.token().cancelled() => Err(given_up(operation)),
            }
        })
    }

    /// Opens one more connection; it counts as lent out.
    pub(super) fn open(&self, abort: &Abort) -> Result<Link> {
        let addresses = match self.chosen.get() {
            Some(chosen) => std::slice::from_ref(chosen),
            None => &self.addresses,
        };
        let opened = login::open(
            &self.target,
            addresses,
            self.tls.as_ref(),
            self.facts.get().cloned(),
            abort,
        );
        let link = opened?;
        self.facts.get_or_init(|| link.facts());
        self.chosen
            .get_or_init(|| SocketAddr::new(link.peer(), self.target.port));
        self.alive.store(true, Ordering::Release);
        let mut state = self.lock();
        state.open += 1;
        state.interrupts.retain(|known| known.strong_count() > 0);
        state.interrupts.push(Arc::downgrade(link.interrupt()));
        drop(state);
        if self.closing.is_cancelled() {
            link.interrupt().fire();
        }
        Ok(link)
    }

    /// Takes an idle connection, the one used last first; dead ones are dropped.
    pub(super) fn take_idle(&self) -> Option<Link> {
        loop {
            let link = self.lock().idle.pop()?;
            if link.is_usable() && !link.interrupt().has_unread() {
                return Some(link);
            }
            self.lock().open -= 1;
        }
    }

    /// Takes every idle connection that nobody used since `age`.
    pub(super) fn take_older(&self, age: Duration) -> Vec<Link> {
        let mut state = self.lock();
        let (old, young) = std::mem::take(&mut state.idle)
            .into_iter()
            .partition(|link: &Link| link.idle_since().elapsed() >= age);
        state.idle = young;
        old
    }

    /// Takes a connection back: for others to use, or to its end.
    pub(super) fn give_back(&self, mut link: Link) {
        let mut state = self.lock();
        if link.is_usable() && !self.closing.is_cancelled() {
            link.rest();
            state.idle.push(link);
        } else {
            state.open = state.open.saturating_sub(1);
            drop(state);
            link.interrupt().fire();
        }
    }

    /// Takes a connection back that was only probed: it keeps its age.
    pub(super) fn put_back(&self, link: Link) {
        if self.closing.is_cancelled() {
            self.discard(link);
        } else {
            self.lock().idle.insert(0, link);
        }
    }

    /// Ends a connection that is not needed any more.
    pub(super) fn discard(&self, link: Link) {
        link.interrupt().fire();
        self.give_back(link);
    }

    /// How many connections there are.
    pub(super) fn open_count(&self) -> usize {
        self.lock().open
    }

    /// Where the jobs' channels are waited on.
    pub(super) fn runtime(&self) -> &Handle {
        &self.runtime
    }

    /// The server could not be reached again.
    pub(super) fn mark_dead(&self) {
        self.alive.store(false, Ordering::Release);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
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

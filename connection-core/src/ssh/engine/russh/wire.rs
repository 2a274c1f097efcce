//! What the parts of one link share: whether it lives, when bytes last came, why it ended,
//! and how to end it. Knows sockets and clocks, and nothing of SSH messages.
//!
//! The library offers no way to abort its session task, so the link is ended from below:
//! the socket is shut down, every read and write of the task fails, and the task ends. The
//! socket itself belongs to the task; `gone` fires once it is closed.

use crate::error::{Error, ErrorKind};
use socket2::SockRef;
use std::net::Shutdown;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// An answer to a request comes within the no-progress clock, or within this many of them
/// while bytes keep coming: a long queue of data may lie before it.
const PATIENCE: u32 = 10;

/// Bytes that count as progress within one clock. Answers to probes are far smaller.
const PROGRESS_BYTES: u64 = 4096;

/// Why a link ended.
#[derive(Debug, Clone)]
pub(super) struct Lost {
    pub(super) message: String,
    /// Reason code of the server's `SSH_MSG_DISCONNECT`, when it sent one.
    pub(super) disconnect: Option<u32>,
    /// The server refused the last method and named no other.
    pub(super) no_auth_method: bool,
}

pub(super) struct Wire {
    start: Instant,
    /// Milliseconds after `start` at which a byte last came.
    last: AtomicU64,
    received: AtomicU64,
    pub(super) version: OnceLock<String>,
    socket: Weak<TcpStream>,
    refusal: Mutex<Option<Error>>,
    lost: OnceLock<Lost>,
    /// The socket is closed and the session task over.
    pub(super) gone: CancellationToken,
    /// The link was ended from this side; nobody waits for it any more.
    pub(super) killed: CancellationToken,
    /// Small tasks of channels, such as a close that waits for its turn.
    pub(super) tasks: TaskTracker,
    pub(super) runtime: tokio::runtime::Handle,
    pub(super) no_progress: Duration,
}

impl Wire {
    pub(super) fn new(socket: &Arc<TcpStream>, no_progress: Duration) -> Self {
        Self {
            start: Instant::now(),
            last: AtomicU64::new(0),
            received: AtomicU64::new(0),
            version: OnceLock::new(),
            socket: Arc::downgrade(socket),
            refusal: Mutex::new(None),
            lost: OnceLock::new(),
            gone: CancellationToken::new(),
            killed: CancellationToken::new(),
            tasks: TaskTracker::new(),
            runtime: tokio::runtime::Handle::current(),
            no_progress,
        }
    }

    /// Notes that bytes came.
    pub(super) fn heard(&self, bytes: usize) {
        let now = u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last.store(now, Ordering::Relaxed);
        self.received
            .fetch_add(u64::try_from(bytes).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    fn last_heard(&self) -> Instant {
        self.start + Duration::from_millis(self.last.load(Ordering::Relaxed))
    }

    /// Keeps the typed error for `connect` to return in place of the library's. The first
    /// one counts.
    pub(super) fn refuse(&self, error: Error) {
        let mut refusal = lock(&self.refusal);
        if refusal.is_none() {
            *refusal = Some(error);
        }
    }

    pub(super) fn take_refusal(&self) -> Option<Error> {
        lock(&self.refusal).take()
    }

    /// Notes why the link ended. The first reason counts.
    pub(super) fn lose(&self, lost: Lost) {
        let _ = self.lost.set(lost);
    }

    pub(super) fn lose_because(&self, message: &str) {
        self.lose(Lost {
            message: message.to_owned(),
            disconnect: None,
            no_auth_method: false,
        });
    }

    pub(super) fn reason(&self) -> Option<&Lost> {
        self.lost.get()
    }

    /// The error of a wait that the end of the link cut short.
    pub(super) fn lost_error(&self, operation: &'static str) -> Error {
        let lost = self.reason();
        let message = lost.map_or("the connection is closed", |l| l.message.as_str());
        let error = Error::new(ErrorKind::ConnectionLost, operation, message);
        match lost.and_then(|l| l.disconnect) {
            Some(code) => error.with("disconnect", code.to_string()),
            None => error,
        }
    }

    pub(super) fn is_alive(&self) -> bool {
        !self.gone.is_cancelled() && !self.killed.is_cancelled()
    }

    /// Ends the link now, without a word to the server.
    pub(super) fn kill(&self) {
        self.lose_because("the connection was closed on this side");
        self.killed.cancel();
        if let Some(socket) = self.socket.upgrade() {
            // Fails only where the peer went first, which ends the task as well.
            let _ = SockRef::from(&*socket).shutdown(Shutdown::Both);
        }
    }

    /// Ends the link once the peer was silent for four intervals: three probes went
    /// unanswered by then. Counts bytes and not answers, so a server that ignores probes
    /// but talks is not cut, and keeps counting while the session task is stuck in a write.
    pub(super) async fn watch(self: Arc<Self>, interval: Duration) {
        let patience = interval.saturating_mul(4);
        loop {
            let deadline = self.last_heard() + patience;
            tokio::select! {
                () = self.gone.cancelled() => return,
                () = self.killed.cancelled() => return,
                () = tokio::time::sleep_until(deadline) => {}
            }
            if self.last_heard() + patience <= Instant::now() {
                self.lose_because("the server stayed silent for three probes");
                self.kill();
                return;
            }
        }
    }

    /// Waits for the server's answer to a request.
    ///
    /// # Errors
    /// `ConnectionLost`, `TimedOut`.
    pub(super) async fn answer<T>(
        &self,
        operation: &'static str,
        wait: impl Future<Output = T>,
    ) -> Result<T, Error> {
        tokio::pin!(wait);
        for _ in 0..PATIENCE {
            let before = self.received.load(Ordering::Relaxed);
            tokio::select! {
                biased;
                value = &mut wait => return Ok(value),
                () = self.gone.cancelled() => return Err(self.lost_error(operation)),
                () = self.killed.cancelled() => return Err(self.lost_error(operation)),
                () = tokio::time::sleep(self.no_progress) => {}
            }
            if self.received.load(Ordering::Relaxed) < before.saturating_add(PROGRESS_BYTES) {
                break;
            }
        }
        Err(Error::new(
            ErrorKind::TimedOut,
            operation,
            "the server did not answer in time",
        ))
    }
}

/// A panic while one of these locks is held leaves nothing half-done behind.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

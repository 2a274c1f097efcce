//! The terminals of one session: opened within a limit, found by id, and ended with it.

use super::info::{CloseReason, TerminalId, TerminalLimits, TerminalOptions};
use super::input::Input;
use super::recorded;
use super::share::{ShareId, TokenHash};
use super::shared::SharedTerminal;
use super::state::End;
use crate::error::{Error, ErrorKind, Result};
use crate::recording::{NewRecording, Recorder, RecordingState};
use crate::secret::Secret;
use crate::ssh::{SshConnection, TerminalInput};
use crate::terminal::TerminalRequest;
use std::any::Any;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Instant;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Ended terminals that are kept for who was not there at the end.
const ENDED_KEPT: usize = 8;

/// The terminals of a session.
pub(crate) struct Terminals {
    limits: TerminalLimits,
    inner: Arc<Inner>,
    /// Ends every terminal, and is cancelled when this is dropped.
    over: CancellationToken,
    tasks: TaskTracker,
}

#[derive(Default)]
struct Inner {
    /// In the order of opening.
    all: Mutex<Vec<Arc<SharedTerminal>>>,
    opening: AtomicU64,
    next_number: AtomicU64,
}

impl Terminals {
    pub(crate) fn new(limits: TerminalLimits) -> Self {
        Self {
            limits,
            inner: Arc::default(),
            over: CancellationToken::new(),
            tasks: TaskTracker::new(),
        }
    }

    /// Opens a terminal, and keeps something until what runs in it has ended.
    ///
    /// # Errors
    /// `LimitReached`; `InvalidInput` with the field; those of a recording's file; those of
    /// the connection.
    pub(crate) async fn open(
        &self,
        ssh: &SshConnection,
        request: TerminalRequest,
        options: TerminalOptions,
        held: Vec<Box<dyn Any + Send>>,
        recording: Option<NewRecording>,
    ) -> Result<Arc<SharedTerminal>> {
        let _opening = self.reserve()?;
        let number = self.inner.next_number.fetch_add(1, Ordering::Relaxed) + 1;
        let (terminal, inputs) =
            SharedTerminal::new(&request, options, self.limits.clone(), number)?;
        let terminal = Arc::new(terminal);
        let recorder = match recording {
            Some(recording) => Some(recording.begin(terminal.info().name).await?),
            None => None,
        };
        let recording = recorder.as_ref().map(Recorder::watch);
        let recorded = recorded::Opening::new(&terminal, recorder);
        let input = ssh
            .open_terminal_for(request, held, terminal.clone())
            .await?;
        let mut all = self.inner.lock();
        if self.over.is_cancelled() {
            return Err(session_closed());
        }
        all.push(terminal.clone());
        recorded.succeeded();
        let runtime = input.runtime();
        let keeping = keep(
            terminal.clone(),
            (input, inputs),
            recording,
            self.over.clone(),
            Arc::downgrade(&self.inner),
        );
        self.tasks.spawn_on(keeping, &runtime);
        Ok(terminal)
    }

    /// All of them, in the order of opening.
    pub(crate) fn all(&self) -> Vec<Arc<SharedTerminal>> {
        let all = self.inner.lock();
        all.iter().filter(|t| !t.is_closed()).cloned().collect()
    }

    /// The one of this id.
    pub(crate) fn find(&self, id: TerminalId) -> Option<Arc<SharedTerminal>> {
        let all = self.inner.lock();
        let found = all.iter().find(|t| t.id() == id && !t.is_closed());
        found.cloned()
    }

    /// The one that this token shows, and the share it is of.
    pub(crate) fn shared(&self, token: &Secret) -> Option<(Arc<SharedTerminal>, ShareId)> {
        let token = TokenHash::of(token);
        let all = self.inner.lock();
        let mut open = all.iter().filter(|t| !t.is_closed());
        open.find_map(|t| Some((t.clone(), t.share_of(token)?)))
    }

    /// Ends all of them, and returns once none of their tasks runs any more.
    pub(crate) async fn close(&self) {
        {
            // Under the lock, so that one just opened is either here or sees the end.
            let all = self.inner.lock();
            self.over.cancel();
            for terminal in all.iter() {
                terminal.end_with(End::Closed(CloseReason::SessionClosed));
            }
        }
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// A place under the limit, until the opening has come to its end.
    fn reserve(&self) -> Result<Opening<'_>> {
        let all = self.inner.lock();
        let running = all.iter().filter(|t| !t.has_ended()).count() as u64;
        let most = self.limits.per_session;
        if running + self.inner.opening.load(Ordering::Relaxed) >= most as u64 {
            return Err(Error::new(
                ErrorKind::LimitReached,
                "open terminal",
                format!("the session has {most} terminals, which is the most"),
            )
            .on(crate::Side::Local));
        }
        // Counted while the lock is held, so that two do not both see the last place.
        self.inner.opening.fetch_add(1, Ordering::Relaxed);
        Ok(Opening(&self.inner))
    }
}

impl Drop for Terminals {
    fn drop(&mut self) {
        self.over.cancel();
    }
}

struct Opening<'a>(&'a Inner);

impl Drop for Opening<'_> {
    fn drop(&mut self) {
        self.0.opening.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Inner {
    /// A panic while the lock is held leaves nothing half-done behind.
    fn lock(&self) -> MutexGuard<'_, Vec<Arc<SharedTerminal>>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn forget(&self, id: TerminalId) {
        self.lock().retain(|t| t.id() != id);
    }

    /// Forgets the oldest ended ones past those that are kept.
    fn thin_out(&self) {
        let mut all = self.lock();
        let ended = all.iter().filter(|t| t.has_ended()).count();
        let mut too_many = ended.saturating_sub(ENDED_KEPT);
        all.retain(|t| {
            let goes = too_many > 0 && t.has_ended();
            too_many -= usize::from(goes);
            if goes {
                t.close();
            }
            !goes
        });
    }
}

/// Types into a terminal what its viewers want, until it is forgotten: closed, over with
/// its session, or left alone for too long.
async fn keep(
    terminal: Arc<SharedTerminal>,
    (mut input, mut inputs): (TerminalInput, mpsc::Receiver<Input>),
    recording: Option<watch::Receiver<RecordingState>>,
    session_over: CancellationToken,
    set: Weak<Inner>,
) {
    let typing = async {
        while let Some(next) = inputs.recv().await {
            let done = match next {
                Input::Data(data) => {
                    terminal.lock().recording.typed(&data);
                    input.write(data).await
                }
                Input::Resize(columns, rows) => input.resize(columns, rows).await,
                Input::Signal(name) => input.signal(&name).await,
            };
            if let Err(error) = done {
                // Its end is told by what it showed, with the reason.
                tracing::debug!(%error, "nothing more can be typed");
                break;
            }
        }
        // Whoever waits for room is told: there will be none.
        inputs.close();
        std::future::pending().await
    };
    let ended = async {
        terminal.ended.cancelled().await;
        if let Some(set) = set.upgrade() {
            set.thin_out();
        }
        std::future::pending().await
    };
    tokio::select! {
        () = typing => {}
        () = ended => {}
        never = recorded::watch(&terminal, recording) => match never {},
        () = terminal.over.cancelled() => {}
        () = session_over.cancelled() => {
            terminal.end_with(End::Closed(CloseReason::SessionClosed));
        }
        () = alone(&terminal) => {
            terminal.end_with(End::Closed(CloseReason::Detached));
        }
    }
    input.close().await;
    if let Some(set) = set.upgrade() {
        set.forget(terminal.id());
    }
}

/// Waits until nobody has been attached for too long.
async fn alone(terminal: &SharedTerminal) {
    loop {
        // A permit is kept for a change between the look and the wait.
        let left = terminal.left.notified();
        match terminal.deadline() {
            None => left.await,
            Some(deadline) if deadline <= Instant::now() => return,
            Some(deadline) => tokio::select! {
                () = left => {}
                () = tokio::time::sleep_until(deadline.into()) => {}
            },
        }
    }
}

fn session_closed() -> Error {
    Error::new(
        ErrorKind::SessionNotFound,
        "open terminal",
        "Session expired or not found",
    )
    .on(crate::Side::Local)
}

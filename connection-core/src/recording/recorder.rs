//! The recorder: takes what a terminal tells without ever waiting, and the task that writes
//! it down.

use super::header::{Header, Subject};
use super::id::RecordingId;
use super::info::{RecordingEnd, RecordingState};
use super::queue::{Event, Phase, Queue, Wake, What};
#[cfg(test)]
use super::room::Room;
use super::sink::{Sink, Written};
use crate::session::Owner;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, Semaphore, watch};

/// How long events gather before they are written: the most that a killed process loses,
/// besides what the disk takes.
const GATHER: Duration = Duration::from_millis(500);

/// Takes what happens in one terminal. Every method returns at once, whatever the disk
/// does, and none fails. Dropping it finishes the recording.
pub struct Recorder {
    shared: Arc<Shared>,
    keeps_input: bool,
}

impl Recorder {
    pub(super) fn new(shared: Arc<Shared>, keeps_input: bool) -> Self {
        Self {
            shared,
            keeps_input,
        }
    }

    /// Name of the recording.
    pub fn id(&self) -> RecordingId {
        self.shared.id
    }

    /// Where it stands, from now on. The last that is told is never `Running`.
    pub fn watch(&self) -> watch::Receiver<RecordingState> {
        self.shared.state.subscribe()
    }

    /// The terminal showed these bytes.
    pub fn output(&self, bytes: &[u8]) {
        self.shared
            .push(|queue, at| queue.push_bytes(at, bytes, What::Shown));
    }

    /// These bytes were typed. They are dropped here unless the settings want them.
    pub fn input(&self, bytes: &[u8]) {
        if self.keeps_input {
            self.shared
                .push(|queue, at| queue.push_bytes(at, bytes, What::Typed));
        }
    }

    /// The terminal has this size now.
    pub fn resize(&self, columns: u32, rows: u32) {
        self.shared
            .push(|queue, at| queue.push_size(at, columns, rows));
    }

    /// This many bytes that the terminal showed did not come here.
    pub fn gap(&self, lost: u64) {
        if lost > 0 {
            self.shared.push(|queue, at| queue.push_gap(at, lost));
        }
    }

    /// Whether nothing waits for the writer.
    #[cfg(test)]
    pub(super) fn is_taken(&self) -> bool {
        self.shared.lock().is_empty()
    }

    /// Whether nothing is being dropped.
    #[cfg(test)]
    pub(super) fn has_room(&self) -> bool {
        !self.shared.lock().is_full()
    }

    /// The terminal has ended. The rest is written in the background; a store that shuts
    /// down waits for it.
    pub fn finish(self) {
        drop(self);
    }
}

impl Recorder {
    /// What was to be recorded never began: the file goes.
    pub(crate) fn discard(self) {
        self.shared.discard();
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.shared.end();
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder")
            .field("id", &self.shared.id)
            .finish_non_exhaustive()
    }
}

/// What the recorder, its writer and the store have in common.
pub(super) struct Shared {
    id: RecordingId,
    owner: Owner,
    started: Instant,
    queue: Mutex<Queue>,
    /// There is something to write, or the end has come.
    waiting: Notify,
    /// It is not to gather any longer.
    urgent: Notify,
    unwanted: AtomicBool,
    state: watch::Sender<RecordingState>,
}

impl Shared {
    pub(super) fn new(id: RecordingId, owner: Owner) -> Self {
        Self {
            id,
            owner,
            started: Instant::now(),
            queue: Mutex::default(),
            waiting: Notify::new(),
            urgent: Notify::new(),
            unwanted: AtomicBool::new(false),
            state: watch::Sender::new(RecordingState::Running),
        }
    }

    pub(super) fn id(&self) -> RecordingId {
        self.id
    }

    pub(super) fn owner(&self) -> &Owner {
        &self.owner
    }

    /// Nothing more comes; what waits is written and the file closed.
    pub(super) fn end(&self) {
        self.enter(Phase::Ending);
    }

    /// Nothing is to be left of it.
    fn discard(&self) {
        self.unwanted.store(true, Ordering::Release);
        self.give_up();
    }

    /// Whether nothing is to be left of it.
    pub(super) fn is_unwanted(&self) -> bool {
        self.unwanted.load(Ordering::Acquire)
    }

    /// Nothing more is written.
    pub(super) fn give_up(&self) {
        self.enter(Phase::Over);
    }

    /// Nobody writes any more, and nobody could be told why.
    fn abandoned(&self) {
        self.give_up();
        let end = RecordingEnd::Failed("the writer ended".to_owned());
        self.state.send_replace(RecordingState::Ended(end));
    }

    fn enter(&self, phase: Phase) {
        let mut queue = self.lock();
        if queue.phase != Phase::Over {
            queue.phase = phase;
        }
        if queue.phase == Phase::Over {
            queue.take(Duration::ZERO);
        }
        drop(queue);
        self.wake(Wake::Now);
    }

    fn push(&self, event: impl FnOnce(&mut Queue, Duration) -> Wake) {
        let mut queue = self.lock();
        if queue.phase != Phase::Running {
            return;
        }
        let wake = event(&mut queue, self.started.elapsed());
        drop(queue);
        self.wake(wake);
    }

    fn wake(&self, wake: Wake) {
        match wake {
            Wake::Nobody => {}
            Wake::Soon => self.waiting.notify_one(),
            Wake::Now => {
                self.waiting.notify_one();
                self.urgent.notify_one();
            }
        }
    }

    fn take(&self) -> (Vec<Event>, Phase) {
        let mut queue = self.lock();
        (queue.take(self.started.elapsed()), queue.phase)
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes a recording to its end. `disk` bounds the batches written at once.
pub(super) async fn write(shared: Arc<Shared>, mut sink: Sink, disk: Arc<Semaphore>) {
    loop {
        shared.waiting.notified().await;
        tokio::select! {
            () = shared.urgent.notified() => {}
            () = tokio::time::sleep(GATHER) => {}
        }
        let Ok(turn) = disk.acquire().await else {
            shared.abandoned();
            return;
        };
        let (events, phase) = shared.take();
        match phase {
            Phase::Over => {
                shared.state.send_replace(RecordingState::Deleted);
                return;
            }
            Phase::Running if events.is_empty() => continue,
            Phase::Running | Phase::Ending => {}
        }
        let ended = shared.started.elapsed();
        let batch = tokio::task::spawn_blocking(move || {
            let end = match sink.write(events) {
                Ok(Written::All) if phase == Phase::Running => return (sink, None),
                Ok(Written::All) => RecordingEnd::Finished,
                Ok(Written::UpToLimit) => RecordingEnd::SizeLimit,
                Ok(Written::UpToTotal) => RecordingEnd::TotalLimit,
                Err(error) => RecordingEnd::Failed(error.to_string()),
            };
            let end = sink.close(ended, end);
            (sink, Some(end))
        });
        let outcome = batch.await;
        drop(turn);
        match outcome {
            Ok((same, None)) => sink = same,
            Ok((_, Some(end))) => {
                shared.give_up();
                tell(&shared, &end);
                shared.state.send_replace(RecordingState::Ended(end));
                return;
            }
            // The runtime ends, or a broken invariant, which the panic hook has told.
            Err(_) => {
                shared.abandoned();
                return;
            }
        }
    }
}

fn tell(shared: &Shared, end: &RecordingEnd) {
    let id = shared.id;
    match end {
        RecordingEnd::Finished => tracing::debug!(recording = %id, "recording finished"),
        RecordingEnd::SizeLimit => {
            tracing::warn!(recording = %id, "a recording ended at its largest size");
        }
        RecordingEnd::TotalLimit => tracing::warn!(
            recording = %id,
            "a recording ended: all of them together reached their largest size"
        ),
        RecordingEnd::Failed(error) => {
            tracing::warn!(recording = %id, %error, "a recording ended: it cannot be written");
        }
    }
}

/// The header of a recording that begins now.
pub(super) fn header(subject: &Subject, keeps_input: bool) -> Header {
    Header::new(subject, keeps_input, chrono::Utc::now().timestamp())
}

/// A recorder on a file that is there already, for tests of slow and full disks.
#[cfg(test)]
pub(super) fn record_to(
    file: std::fs::File,
    subject: &Subject,
    max_size: u64,
) -> std::io::Result<(Recorder, impl Future<Output = ()> + use<>)> {
    let shared = Arc::new(Shared::new(RecordingId::random(), Owner::new("test")));
    let room = Arc::new(Room::new(std::path::Path::new("/nonexistent"), u64::MAX));
    let part = room.enter(shared.id());
    let sink = Sink::new(file, header(subject, true), max_size, part)?;
    let writing = write(Arc::clone(&shared), sink, Arc::new(Semaphore::new(1)));
    Ok((Recorder::new(shared, true), writing))
}

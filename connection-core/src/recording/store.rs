//! The store: begins recordings, and gives their owners those there are.

use super::files::{OwnerFiles, make_private, unusable};
use super::header::Subject;
use super::id::RecordingId;
use super::info::{RecordingFile, RecordingInfo, RecordingList};
use super::recorder::{Recorder, Shared, header, write};
use super::room::Room;
use super::settings::RecordingSettings;
use super::sink::Sink;
use crate::error::{Error, ErrorKind, Result, Side};
use crate::session::Owner;
use dashmap::DashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

/// Recordings of an owner that are listed at most.
const MAX_LISTED: usize = 1000;

/// Batches written at once, over all recordings: more would make no disk faster.
const WRITES_AT_ONCE: usize = 8;

/// Bytes there must be for a recording that begins: its header and a first screen.
const BEGINNING: u64 = 16 * 1024;

/// Longest wait for what is still to be written when the store shuts down.
const SHUTDOWN: Duration = Duration::from_secs(5);

/// The recordings of all owners. Cloning it gives another handle to the same store.
#[derive(Clone)]
pub struct RecordingStore(Arc<Inner>);

struct Inner {
    settings: RecordingSettings,
    /// Those being written.
    running: DashMap<RecordingId, Arc<Shared>>,
    disk: Arc<Semaphore>,
    room: Arc<Room>,
    tasks: TaskTracker,
}

impl RecordingStore {
    /// A store with these settings. Touches no file.
    pub fn new(settings: RecordingSettings) -> Self {
        let room = Room::new(&settings.directory, settings.total_size);
        Self(Arc::new(Inner {
            settings,
            room: Arc::new(room),
            running: DashMap::new(),
            disk: Arc::new(Semaphore::new(WRITES_AT_ONCE)),
            tasks: TaskTracker::new(),
        }))
    }

    /// The store there is.
    ///
    /// # Errors
    /// `Unsupported`: there is none, because none is configured.
    pub(crate) fn configured(store: Option<&Self>) -> Result<&Self> {
        store.ok_or_else(|| {
            Error::new(
                ErrorKind::Unsupported,
                "use recordings",
                "Recording is not configured",
            )
            .on(Side::Local)
        })
    }

    /// Its settings.
    pub fn settings(&self) -> &RecordingSettings {
        &self.0.settings
    }

    /// Makes the directory, so that a wrong one is known before a terminal needs it. Blocks.
    ///
    /// # Errors
    /// `LocalIo` and the like.
    pub fn prepare(&self) -> Result<()> {
        let directory = &self.0.settings.directory;
        make_private(directory).map_err(|e| unusable("prepare recordings", directory, e))
    }

    /// Whether a terminal is to be recorded whose opener did or did not ask for it.
    ///
    /// # Errors
    /// `Unsupported`: it was asked for and the settings forbid it.
    pub fn wants(&self, asked: bool) -> Result<bool> {
        self.0.settings.policy.decide(asked)
    }

    /// Begins a recording of this terminal, whatever the policy. Must be called inside a
    /// tokio runtime.
    ///
    /// # Errors
    /// The file cannot be made: `NoSpace`, `QuotaExceeded`, which is also the answer where
    /// all recordings together have reached their limit, `LocalIo`; `Cancelled` when the
    /// store is shutting down.
    pub async fn start(&self, owner: &Owner, subject: &Subject) -> Result<Recorder> {
        if self.0.tasks.is_closed() {
            return Err(Error::new(
                ErrorKind::Cancelled,
                "record terminal",
                "the server is shutting down",
            )
            .on(Side::Local));
        }
        let inner = Arc::clone(&self.0);
        let files = inner.files(owner);
        let shared = Arc::new(Shared::new(RecordingId::random(), owner.clone()));
        let header = header(subject, inner.settings.input);
        // A task of its own: a caller that gives up leaves a recording that was finished at
        // once, and nothing that runs on.
        let begun = self.0.tasks.spawn(async move {
            let id = shared.id();
            let limit = inner.settings.max_size;
            let mut part = inner.room.enter(id);
            let sink = blocking(move || {
                if !part.covers(BEGINNING, limit) {
                    return Err(no_room(part.limit()));
                }
                let file = files.create(id)?;
                Sink::new(file, header, limit, part).map_err(|error| {
                    // What has no header is no recording.
                    let _ = files.remove(id);
                    files.failed("record terminal", id, error)
                })
            })
            .await?;
            inner.running.insert(id, Arc::clone(&shared));
            // A shutdown that went through the list before this insert missed it.
            if inner.tasks.is_closed() {
                shared.end();
            }
            let recorder = Recorder::new(Arc::clone(&shared), inner.settings.input);
            let disk = Arc::clone(&inner.disk);
            let store = Arc::clone(&inner);
            inner.tasks.spawn(async move {
                write(Arc::clone(&shared), sink, disk).await;
                if shared.is_unwanted() {
                    let files = store.files(shared.owner());
                    // Whoever deleted it meanwhile wanted the same.
                    if let Err(error) = blocking(move || files.remove(id)).await {
                        tracing::debug!(recording = %id, %error, "nothing to discard");
                    }
                }
                store.running.remove(&id);
            });
            tracing::info!(recording = %id, "recording started");
            Ok(recorder)
        });
        begun.await.map_err(broken)?
    }

    /// The owner's recordings. One that cannot be read hides no other.
    ///
    /// # Errors
    /// `LocalIo` and the like, of the directory.
    pub async fn list(&self, owner: &Owner) -> Result<RecordingList> {
        let inner = Arc::clone(&self.0);
        let files = inner.files(owner);
        blocking(move || {
            let mut ids = files.ids()?;
            let has_more = ids.len() > MAX_LISTED;
            ids.truncate(MAX_LISTED);
            let mut recordings = Vec::with_capacity(ids.len());
            let mut unreadable = 0;
            for id in ids {
                match files.info(id, |id| inner.running.contains_key(&id)) {
                    Ok(info) => recordings.push(info),
                    // Deleted meanwhile, or no recording of ours.
                    Err(error) if error.kind() == ErrorKind::NotFound => {}
                    // The others can be told all the same.
                    Err(error) => {
                        tracing::warn!(recording = %id, %error, "recording left out of the list");
                        unreadable += 1;
                    }
                }
            }
            recordings.sort_by_key(|r: &RecordingInfo| std::cmp::Reverse(r.started));
            Ok(RecordingList {
                recordings,
                has_more,
                unreadable,
            })
        })
        .await
    }

    /// One of the owner's recordings.
    ///
    /// # Errors
    /// `NotFound`, also when it is another owner's; `LocalIo` and the like.
    pub async fn info(&self, owner: &Owner, id: RecordingId) -> Result<RecordingInfo> {
        let inner = Arc::clone(&self.0);
        let files = inner.files(owner);
        blocking(move || files.info(id, |id| inner.running.contains_key(&id))).await
    }

    /// Opens one of the owner's recordings for reading. It ends at the last whole line,
    /// also while it is being written.
    ///
    /// # Errors
    /// As [`Self::info`].
    pub async fn open(&self, owner: &Owner, id: RecordingId) -> Result<RecordingFile> {
        let inner = Arc::clone(&self.0);
        let files = inner.files(owner);
        blocking(move || files.open(id, |id| inner.running.contains_key(&id))).await
    }

    /// Deletes one of the owner's recordings, and ends it if it is being written.
    ///
    /// # Errors
    /// As [`Self::info`].
    pub async fn delete(&self, owner: &Owner, id: RecordingId) -> Result<()> {
        let running = self.0.running.get(&id).map(|r| Arc::clone(r.value()));
        let running = running.filter(|running| running.owner() == owner);
        let files = self.0.files(owner);
        blocking(move || files.remove(id)).await?;
        if let Some(running) = running {
            running.give_up();
        }
        tracing::info!(recording = %id, "recording deleted");
        Ok(())
    }

    /// Ends every recording that is being written and waits until it is on disk, or for 5
    /// seconds. From then on none can be started.
    pub async fn shutdown(&self) {
        self.0.tasks.close();
        for running in &self.0.running {
            running.end();
        }
        if tokio::time::timeout(SHUTDOWN, self.0.tasks.wait())
            .await
            .is_err()
        {
            tracing::warn!("recordings were left unfinished: the disk does not answer");
        }
    }
}

/// A recording that begins when its terminal is opened.
pub(crate) struct NewRecording {
    store: RecordingStore,
    owner: Owner,
    subject: Subject,
}

impl NewRecording {
    /// The recording of this terminal, which people do not call anything yet.
    pub(crate) fn new(store: RecordingStore, owner: Owner, subject: Subject) -> Self {
        Self {
            store,
            owner,
            subject,
        }
    }

    /// Begins it, under the terminal's name for people.
    ///
    /// # Errors
    /// As [`RecordingStore::start`].
    pub(crate) async fn begin(mut self, name: String) -> Result<Recorder> {
        self.subject.name = Some(name);
        self.store.start(&self.owner, &self.subject).await
    }
}

impl Inner {
    fn files(&self, owner: &Owner) -> OwnerFiles {
        OwnerFiles::new(&self.settings.directory, owner)
    }
}

/// The error of a recording for which the others leave no room.
fn no_room(limit: u64) -> Error {
    Error::new(
        ErrorKind::QuotaExceeded,
        "record terminal",
        format!(
            "There is no room for another recording: all of them together may have {limit} bytes"
        ),
    )
    .on(Side::Local)
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(broken)?
}

fn broken(error: tokio::task::JoinError) -> Error {
    Error::new(ErrorKind::Internal, "use recordings", error.to_string())
}

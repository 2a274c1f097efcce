//! The recording of a terminal, if it has one, and telling its viewers that it ended.

use super::shared::SharedTerminal;
use crate::recording::{Recorder, RecordingEnd, RecordingId, RecordingState};
use std::sync::Arc;
use tokio::sync::watch;

/// A recorder while the terminal runs, and the recording's name ever after.
#[derive(Default)]
pub(super) struct Recording {
    recorder: Option<Recorder>,
    id: Option<RecordingId>,
    state: Option<RecordingState>,
    /// Counts what viewers are to be told, so that one sees what it was not told of.
    changes: u64,
}

impl Recording {
    /// Its name.
    pub(super) fn id(&self) -> Option<RecordingId> {
        self.id
    }

    /// Where it stands.
    pub(super) fn state(&self) -> Option<RecordingState> {
        self.state.clone()
    }

    /// What viewers were to be told so far.
    pub(super) fn changes(&self) -> u64 {
        self.changes
    }

    pub(super) fn shown(&self, data: &[u8]) {
        if let Some(recorder) = &self.recorder {
            recorder.output(data);
        }
    }

    pub(super) fn typed(&self, data: &[u8]) {
        if let Some(recorder) = &self.recorder {
            recorder.input(data);
        }
    }

    pub(super) fn resized(&self, columns: u32, rows: u32) {
        if let Some(recorder) = &self.recorder {
            recorder.resize(columns, rows);
        }
    }

    /// The terminal has ended.
    pub(super) fn finish(&mut self) {
        if let Some(recorder) = self.recorder.take() {
            recorder.finish();
        }
    }
}

/// A terminal that is being opened, with its recording: unless it is, nothing of that is
/// left.
pub(super) struct Opening(Option<Arc<SharedTerminal>>);

impl Opening {
    pub(super) fn new(terminal: &Arc<SharedTerminal>, recorder: Option<Recorder>) -> Self {
        terminal.lock().recording = Recording {
            id: recorder.as_ref().map(Recorder::id),
            state: recorder.as_ref().map(|_| RecordingState::Running),
            recorder,
            changes: 0,
        };
        Self(Some(Arc::clone(terminal)))
    }

    /// It is open.
    pub(super) fn succeeded(mut self) {
        self.0 = None;
    }
}

impl Drop for Opening {
    fn drop(&mut self) {
        let Some(terminal) = &self.0 else {
            return;
        };
        let recorder = terminal.lock().recording.recorder.take();
        if let Some(recorder) = recorder {
            recorder.discard();
        }
    }
}

/// Waits until the recording has ended, and tells the viewers unless it ended with the
/// terminal. Never ends by itself.
pub(super) async fn watch(
    terminal: &SharedTerminal,
    state: Option<watch::Receiver<RecordingState>>,
) -> std::convert::Infallible {
    if let Some(mut state) = state {
        let over = state.wait_for(|state| *state != RecordingState::Running);
        let over = over.await.map(|over| over.clone());
        // Without a word its writer is gone, and so is the whole runtime.
        let gone = |_| RecordingState::Ended(RecordingEnd::Failed(String::new()));
        ended(terminal, over.unwrap_or_else(gone));
    }
    std::future::pending().await
}

fn ended(terminal: &SharedTerminal, how: RecordingState) {
    let mut state = terminal.lock();
    let is_news = state.end.is_none() || how != RecordingState::Ended(RecordingEnd::Finished);
    state.recording.state = Some(how);
    state.recording.changes += u64::from(is_news);
    drop(state);
    terminal.changed.send_replace(());
}

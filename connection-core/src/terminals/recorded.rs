//! The recording of a terminal, if it has one.

use super::shared::SharedTerminal;
use crate::recording::{Recorder, RecordingId};
use std::sync::Arc;

/// A recorder while the terminal runs, and the recording's name ever after.
#[derive(Default)]
pub(super) struct Recording {
    recorder: Option<Recorder>,
    id: Option<RecordingId>,
}

impl Recording {
    /// Its name.
    pub(super) fn id(&self) -> Option<RecordingId> {
        self.id
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
            recorder,
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

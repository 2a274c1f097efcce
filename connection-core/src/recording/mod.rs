//! Recordings of terminals: asciicast v2 files that are written while a terminal runs.
//!
//! [`RecordingStore::start`] begins one and hands out its [`Recorder`], which is told what
//! the terminal shows. Knows nothing of channels, sockets and viewers.
//!
//! # The file
//! One a recording, `<directory>/<owner>/<id>.cast`, for the account of this process alone.
//! What there is to know about it is in its first line, under keys the format leaves free,
//! so that nothing can get out of step with it. That line has spare room at its end, where
//! duration and outcome are written once the recording has ended; until then it counts as
//! unfinished. So does one whose process was killed: everything up to the last flush is
//! there, at most a second is missing, and readers cut off a last line that is not whole.
//!
//! # The terminal comes first
//! A recorder never waits and never fails. What it is told goes to a bounded queue and is
//! written by a task of its own, in batches on the threads for blocking work. No thread is
//! held between two batches: a thread for each recording would cost hundreds of them, and
//! long-lived ones would take the places of everything else that blocks. At most a few
//! batches are written at once, so that a disk which hangs cannot take those places either.
//! While the disk is slower than the terminal, what does not fit is dropped and the place
//! marked; a disk that fails ends the recording, which its header, the log and the
//! terminal's viewers are told. So are they when there is no room left for it: all
//! recordings together have a limit, and none is deleted for another.

mod asciicast;
mod files;
mod header;
mod id;
mod info;
mod queue;
mod recorder;
mod room;
mod settings;
mod sink;
mod store;

pub use header::Subject;
pub use id::RecordingId;
pub use info::{RecordingEnd, RecordingFile, RecordingInfo, RecordingList, RecordingState};
pub use recorder::Recorder;
pub use settings::{DEFAULT_MAX_SIZE, DEFAULT_TOTAL_SIZE, RecordPolicy, RecordingSettings};
pub(crate) use store::NewRecording;
pub use store::RecordingStore;

#[cfg(test)]
mod tests;

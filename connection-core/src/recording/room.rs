//! The room all recordings together may take up, over all owners. Blocks, so not for the
//! async threads.
//!
//! Nothing is ever deleted to make room: a recording may be evidence, and whoever fills the
//! directory must not thereby get rid of what is in it. Where there is no room, none begins,
//! and those being written end and say so.

use super::files::SUFFIX;
use super::id::RecordingId;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Bytes a recording asks for beyond what it needs, where there are as many: it then need
/// not ask for each line. By no more than that it keeps others from the last of the room.
const SHARE: u64 = 16 * 1024;

/// The room, and who has how much of it.
#[derive(Debug)]
pub(super) struct Room {
    directory: PathBuf,
    limit: u64,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    /// Bytes of the recordings nobody writes any more; `None` before they were counted.
    /// Never less than they have: those deleted meanwhile are noticed by counting anew,
    /// which is done before anybody is refused.
    finished: Option<u64>,
    /// What each of those being written may fill.
    running: HashMap<RecordingId, u64>,
}

impl Room {
    /// Room for `limit` bytes below the directory of all recordings. Touches no file.
    pub(super) fn new(directory: &Path, limit: u64) -> Self {
        Self {
            directory: directory.to_owned(),
            limit,
            taken: Mutex::default(),
        }
    }

    /// Bytes all recordings together may have.
    pub(super) fn limit(&self) -> u64 {
        self.limit
    }

    /// The part of one recording that begins, which is nothing yet.
    pub(super) fn enter(self: &Arc<Self>, id: RecordingId) -> Part {
        Part {
            room: Arc::clone(self),
            id,
            held: 0,
        }
    }

    /// Lets a recording have `wanted` bytes, or `least` where there is no more; answers how
    /// many.
    fn allot(&self, id: RecordingId, least: u64, wanted: u64) -> Option<u64> {
        let mut taken = self.lock();
        let fitting = |taken: &Taken| {
            let others = taken.others(id);
            let free = self.limit.checked_sub(others)?;
            (least <= free).then(|| wanted.max(least).min(free))
        };
        let allotted = match taken.finished.is_some().then(|| fitting(&taken)).flatten() {
            Some(allotted) => allotted,
            None => {
                taken.finished = Some(count(&self.directory, &taken.running));
                fitting(&taken)?
            }
        };
        taken.running.insert(id, allotted);
        Some(allotted)
    }

    fn leave(&self, id: RecordingId, left: u64) {
        let mut taken = self.lock();
        if taken.running.remove(&id).is_some()
            && let Some(finished) = &mut taken.finished
        {
            *finished = finished.saturating_add(left);
        }
    }

    /// A panic while the lock is held leaves numbers that are counted anew.
    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    /// Bytes that are not this recording's.
    fn others(&self, id: RecordingId) -> u64 {
        let running = self.running.iter().filter(|(other, _)| **other != id);
        let running = running.fold(0_u64, |sum, (_, held)| sum.saturating_add(*held));
        running.saturating_add(self.finished.unwrap_or(0))
    }
}

/// The part of the room one recording has, until it is dropped.
#[derive(Debug)]
pub(super) struct Part {
    room: Arc<Room>,
    id: RecordingId,
    held: u64,
}

impl Part {
    /// Bytes all recordings together may have.
    pub(super) fn limit(&self) -> u64 {
        self.room.limit()
    }

    /// Whether the recording may have `size` bytes altogether, which `most` bounds.
    pub(super) fn covers(&mut self, size: u64, most: u64) -> bool {
        if size <= self.held {
            return true;
        }
        let wanted = size.saturating_add(SHARE).min(most);
        match self.room.allot(self.id, size, wanted) {
            Some(held) => {
                self.held = held;
                true
            }
            None => false,
        }
    }

    /// The recording has `size` bytes and is written no more.
    pub(super) fn settle(&mut self, size: u64) {
        self.held = size;
        self.room.leave(self.id, size);
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // Unless it was settled it is given up, and the next count tells what is there of it.
        self.room.leave(self.id, self.held);
    }
}

/// Bytes of all recordings but those being written. What cannot be read is not counted: it
/// is none of ours, or gone.
fn count(directory: &Path, running: &HashMap<RecordingId, u64>) -> u64 {
    let Ok(owners) = std::fs::read_dir(directory) else {
        return 0;
    };
    let files = owners
        .flatten()
        .filter_map(|owner| std::fs::read_dir(owner.path()).ok())
        .flat_map(Iterator::flatten);
    let mut sum = 0_u64;
    for file in files {
        let name = file.file_name();
        let name = name.to_str().and_then(|name| name.strip_suffix(SUFFIX));
        match name.and_then(RecordingId::parse) {
            Some(id) if !running.contains_key(&id) => {
                let size = file.metadata().map_or(0, |metadata| metadata.len());
                sum = sum.saturating_add(size);
            }
            _ => {}
        }
    }
    sum
}

#[cfg(test)]
#[path = "tests/room.rs"]
mod tests;

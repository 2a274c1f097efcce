//! The threads this engine's links run on: a few, each with a runtime of its own, and a
//! link stays on one of them.
//!
//! Between the socket and a file's bytes stand two tasks, the library's session and the
//! SFTP client. On a runtime that moves tasks between threads each packet wakes the other
//! task on another thread: a gigabyte took 50,000 context switches where one thread takes
//! 20,000, and a fifth more processor time. Readers and writers of files stay on the
//! caller's runtime and work beside the decryption; they are woken once per SFTP reply.
//!
//! The threads are the process's: they are started with the first link and never end.

use crate::error::{Error, ErrorKind, Result};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};
use tokio::runtime::{Builder, Handle};

const START: &str = "start engine thread";

/// Threads at most; a link needs only one, and more links than threads share.
const MAX_THREADS: usize = 16;

static THREADS: LazyLock<Threads> = LazyLock::new(|| Threads {
    started: Mutex::default(),
    most: std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(MAX_THREADS),
    next: AtomicUsize::new(0),
});

struct Threads {
    started: Mutex<Vec<Handle>>,
    most: usize,
    next: AtomicUsize,
}

/// The thread of a new link: they take turns.
///
/// # Errors
/// `Internal` when the system has no thread or descriptor left.
pub(super) fn next() -> Result<Handle> {
    let mut started = THREADS
        .started
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    if started.len() < THREADS.most {
        let thread = start(started.len())?;
        started.push(thread.clone());
        return Ok(thread);
    }
    let turn = THREADS.next.fetch_add(1, Ordering::Relaxed) % started.len().max(1);
    started
        .get(turn)
        .cloned()
        .ok_or_else(|| Error::new(ErrorKind::Internal, START, "there is no thread"))
}

fn start(number: usize) -> Result<Handle> {
    let failed = |e| Error::new(ErrorKind::Internal, START, "the system refuses").caused_by(e);
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(failed)?;
    let handle = runtime.handle().clone();
    std::thread::Builder::new()
        .name(format!("ssh-{number}"))
        .spawn(move || runtime.block_on(std::future::pending::<()>()))
        .map_err(failed)?;
    Ok(handle)
}

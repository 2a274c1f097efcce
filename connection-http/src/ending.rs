//! The end of the program, and the bound on how long it may take.
//!
//! SIGTERM or ctrl-c asks for it: requests and sockets get the drain time, sessions
//! [`CLOSING`], and what still works on threads of its own [`LEFT`]. Each step is bounded
//! where it is made; behind them all stands the time of [`LAST`] beyond the drain time,
//! after which the process ends whatever its threads do, and a second signal, which ends it
//! at once. Signals are heard by a thread with a runtime of its own, so that nothing that
//! blocks the server's threads (a name lookup that hangs, a disk that does not answer)
//! keeps them from being heard.
//!
//! Knows nothing of what is being ended.

use std::io;
use std::process;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

/// How long sessions may take to close once requests and sockets are gone. One closes within
/// a second whatever its network does, and all do so side by side.
pub(crate) const CLOSING: Duration = Duration::from_secs(3);

/// How long is waited for work on threads that nobody can interrupt.
pub(crate) const LEFT: Duration = Duration::from_secs(1);

/// Beyond the drain time, the process lives no longer than this after the first signal.
pub(crate) const LAST: Duration = Duration::from_secs(5);

/// How long a last line of the log may take: whoever reads the log may be what is stuck.
const LAST_WORDS: Duration = Duration::from_millis(250);

/// Exit status of an end that was cut short.
const CUT_SHORT: i32 = 1;

/// Hears the signals and bounds the end.
pub(crate) struct Ending {
    asked: CancellationToken,
    step: Arc<Mutex<&'static str>>,
}

impl Ending {
    /// Hears SIGTERM and ctrl-c from now on.
    ///
    /// # Errors
    /// The system has no thread or no descriptor for it.
    pub(crate) fn watch(drain: Duration) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let signals = {
            let _inside = runtime.enter();
            Signals {
                terminate: signal(SignalKind::terminate())?,
                interrupt: signal(SignalKind::interrupt())?,
            }
        };
        let ending = Self {
            asked: CancellationToken::new(),
            step: Arc::new(Mutex::new("requests and sockets")),
        };
        let (asked, step) = (ending.asked.clone(), Arc::clone(&ending.step));
        thread::Builder::new()
            .name("signals".to_owned())
            .spawn(move || hear(&runtime, signals, drain, &asked, &step))?;
        Ok(ending)
    }

    /// Resolves at the first signal.
    pub(crate) async fn asked(&self) {
        self.asked.cancelled().await;
    }

    /// Says what is being ended now, for the case that it takes too long.
    pub(crate) fn at(&self, step: &'static str) {
        *self.step.lock().unwrap_or_else(PoisonError::into_inner) = step;
    }
}

struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

fn hear(
    runtime: &Runtime,
    mut signals: Signals,
    drain: Duration,
    asked: &CancellationToken,
    step: &Mutex<&'static str>,
) {
    runtime.block_on(signals.next());
    asked.cancel();
    tell(|| info!("stopping"));
    let why = runtime.block_on(async {
        tokio::select! {
            () = signals.next() => "a second signal",
            () = tokio::time::sleep(drain.saturating_add(LAST)) => "the time for it is over",
        }
    });
    let step = *step.lock().unwrap_or_else(PoisonError::into_inner);
    tell(move || warn!(why, cut = step, "the end is cut short"));
    process::exit(CUT_SHORT)
}

/// Writes to the log and waits a moment for it, not longer.
fn tell(line: impl FnOnce() + Send + 'static) {
    let (told, waiting) = mpsc::channel();
    let writing = thread::Builder::new().spawn(move || {
        line();
        // Nobody waits any more for a line that came late.
        let _ = told.send(());
    });
    if writing.is_ok() {
        let _ = waiting.recv_timeout(LAST_WORDS);
    }
}

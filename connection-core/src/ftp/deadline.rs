//! The total clock: ends a connection when the whole of something takes too long, however
//! many bytes trickle in. The sockets' own clocks only see silence.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::task::AbortHandle;

/// A deadline that runs until it is dropped.
#[derive(Debug)]
pub(super) struct Deadline {
    passed: Arc<AtomicBool>,
    timer: Option<AbortHandle>,
}

impl Deadline {
    /// Calls `end` when the clock runs out. Needs the runtime's context, which every thread
    /// of the pool has.
    pub(super) fn set(clock: Duration, end: impl FnOnce() + Send + 'static) -> Self {
        let passed = Arc::new(AtomicBool::new(false));
        let told = passed.clone();
        let timer = Handle::try_current().ok().map(|runtime| {
            let task = runtime.spawn(async move {
                tokio::time::sleep(clock).await;
                told.store(true, Ordering::Release);
                end();
            });
            task.abort_handle()
        });
        Self { passed, timer }
    }

    /// Whether the clock ran out.
    pub(super) fn has_passed(&self) -> bool {
        self.passed.load(Ordering::Acquire)
    }
}

impl Drop for Deadline {
    fn drop(&mut self) {
        if let Some(timer) = &self.timer {
            timer.abort();
        }
    }
}

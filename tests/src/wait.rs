//! Waiting for a condition with a deadline. Tests poll; they never sleep a guessed time.

use std::time::{Duration, Instant};

/// Time between two looks at a condition: short beside any deadline, long beside a look.
const POLL: Duration = Duration::from_millis(5);

/// How long the harness and its tests wait for what must happen. It only keeps a test from
/// hanging, so it is far longer than a busy machine needs.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Waits until `condition` holds.
///
/// # Panics
/// When it does not hold within `deadline`; the message names `what` and the caller's line.
///
/// ```no_run
/// # use connection_tests::{Sshd, eventually};
/// # use std::time::Duration;
/// # let sshd = Sshd::start();
/// eventually(Duration::from_secs(5), "sshd has no session left", || sshd.connections() == 0);
/// ```
#[track_caller]
pub fn eventually(deadline: Duration, what: &str, mut condition: impl FnMut() -> bool) {
    if poll(deadline, || condition().then_some(())).is_none() {
        panic!("not within {deadline:?}: {what}");
    }
}

/// Waits until `look` gives a value for which `good` holds, and returns it.
///
/// # Panics
/// When that does not happen within `deadline`; the message shows the last value seen.
#[track_caller]
pub fn eventually_value<T: std::fmt::Debug>(
    deadline: Duration,
    what: &str,
    mut look: impl FnMut() -> T,
    good: impl Fn(&T) -> bool,
) -> T {
    let end = Instant::now() + deadline;
    loop {
        let value = look();
        if good(&value) {
            return value;
        }
        if Instant::now() >= end {
            panic!("not within {deadline:?}: {what}; last seen: {value:?}");
        }
        std::thread::sleep(POLL);
    }
}

/// Waits until `look` gives a value; `None` when it does not within `deadline`. It looks at least
/// once, and once more at the end.
pub fn poll<T>(deadline: Duration, mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let end = Instant::now() + deadline;
    loop {
        let late = Instant::now() >= end;
        if let Some(value) = look() {
            return Some(value);
        }
        if late {
            return None;
        }
        std::thread::sleep(POLL);
    }
}

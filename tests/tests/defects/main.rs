//! What the backend this one replaces failed at: each case is something a user saw.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test's helpers fail the test, as the test itself does"
)]

mod commands;
mod files;
mod ftp;
mod hosts;
mod process;
mod sessions;

use std::time::Duration;

/// Longest wait for what should be there at once.
const SOON: Duration = Duration::from_secs(60);

/// Processes of this machine whose command line holds this text.
fn processes(text: &str) -> usize {
    std::fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .filter_map(|entry| std::fs::read(entry.path().join("cmdline")).ok())
        .filter(|line| String::from_utf8_lossy(line).contains(text))
        .count()
}

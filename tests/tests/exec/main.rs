//! Commands with their input, their surroundings and their output as it comes: through the
//! library and through the API, on both engines, with a real sshd.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test's helpers fail the test, as the test itself does"
)]

mod api;
mod events;
mod ground;
mod library;
mod surroundings;

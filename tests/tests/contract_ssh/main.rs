//! The contract on SSH sessions, with real sshd servers, on both engines: the shapes of
//! answers and the texts of errors.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test's helpers fail the test, as the test itself does"
)]

mod codes;
mod connecting;
mod execute;
mod failures;
mod listing;
mod sessions;
mod transfers;

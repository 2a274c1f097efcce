//! Terminals over WebSockets on a real sshd, through both engines: what a client sees of
//! the protocol, who is let in, and how a socket ends.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test's helpers fail the test, as the test itself does"
)]

mod doors;
mod ends;
mod protocol;
mod routes;
mod shares;

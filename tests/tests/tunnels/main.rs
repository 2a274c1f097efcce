//! Tunnels of a session over a real sshd, on both engines.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test's helpers fail the test, as the test itself does"
)]

mod carrying;
mod ending;
mod ground;
mod http;
mod limits;
mod refusing;
mod socket;
mod socks;
mod stalled;

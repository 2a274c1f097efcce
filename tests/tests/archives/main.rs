//! Folders and several files as one stream: what `connection_core::archive` and
//! `/connections/{id}/archive` make is unpacked by other programs and compared.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test's helpers fail the test, as the test itself does"
)]

mod broken;
mod fetching;
#[path = "../operations/ground.rs"]
#[allow(dead_code, reason = "shared with other tests, which use more of it")]
mod ground;
mod hostile;
mod large;
mod memory;
mod program;
mod refusals;
mod tickets;
mod trees;
mod unpack;

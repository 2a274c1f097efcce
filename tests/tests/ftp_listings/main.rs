//! Listings over FTP: times in the zone of every server, names that mean something to a
//! shell, and forms of `LIST` that no server here sends by itself.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test's helpers fail the test, as the test itself does"
)]

mod forms;
mod ground;
mod names;
mod zones;

//! Sessions: authenticated connections held in memory, per owner, until they are closed
//! or nobody has used them for a while.
//!
//! Knows connections only by what they offer (files, commands) and nothing of HTTP.
//!
//! # Expiry
//! The clock is the monotonic one, so a step of the wall clock closes nothing. A session
//! expires when it was idle for the configured time; being used is not being idle, however
//! long it takes: [`SessionStore::get`] hands out an [`ActiveSession`], and while one is
//! held the session cannot expire. Taking and dropping it both count as activity. Expiry is
//! decided on read as well as by a background sweep, by one atomic step, so a session is
//! either used or expired and never both.

mod active;
mod clock;
mod info;
mod store;
mod tunnels;

pub use active::{ActiveSession, Session};
pub use info::{Owner, SessionEvent, SessionId, SessionInfo, SessionKind};
pub use store::{SessionStore, StoreConfig};

//! Terminals over HTTP: what is asked for and answered, and the conversation over a socket.
//! The protocol is described in `frontend-contract/TERMINAL.md`.

pub(crate) mod frames;
pub(crate) mod models;
pub(crate) mod socket;

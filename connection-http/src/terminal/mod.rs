//! Terminals over HTTP: what is asked for and answered, and the conversation over a socket.
//! The protocol is described in `frontend-contract/TERMINAL.md`.

pub mod frames;
pub mod models;
pub mod socket;

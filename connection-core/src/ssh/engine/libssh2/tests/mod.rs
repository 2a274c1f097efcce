//! The engine against a real OpenSSH server.

mod commands;
mod death;
mod keys;
mod load;
mod sshd;

//! Remote connections as sessions: files, commands, terminals and tunnels over SSH/SFTP and
//! FTP/FTPS, for programs that embed it and for the servers built on it.
//!
//! A [`session::Session`] is one authenticated connection, logged in once; everything a
//! person wants from it runs side by side on it. [`session::SessionStore`] holds sessions
//! in memory, per owner, and lets them expire. [`fs::RemoteFs`] is the file system of a
//! session, whatever the protocol.
//!
//! | to | look at |
//! |---|---|
//! | connect | [`session::SessionStore`], [`target::SshTarget`], [`target::FtpTarget`], [`trust`] |
//! | list, rename, delete | [`fs::RemoteFs`]; for whole trees [`tree`] |
//! | download and upload | [`transfer`]; as streams [`fs_io`]; folders as one file [`archive`] |
//! | run commands | [`session::Session::exec`], [`session::ActiveSession::start_exec`] |
//! | have a terminal | [`terminals`], and their recordings [`recording`] |
//! | forward ports | [`tunnel`] |
//! | tell failures apart | [`Error`], [`ErrorKind`] |
//!
//! The library reads no environment, knows no HTTP and prints nothing: what it needs is
//! handed in, what it has to say is an [`Error`] or a `tracing` event.

pub mod archive;
pub mod checksum;
pub mod error;
pub mod exec;
pub mod fs;
pub mod fs_io;
pub mod ftp;
mod local_file;
mod net;
pub mod path;
pub mod recording;
mod ring;
pub mod secret;
pub mod session;
pub mod ssh;
pub mod target;
pub mod terminal;
pub mod terminals;
pub mod transfer;
pub mod tree;
pub mod trust;
pub mod tunnel;

#[cfg(test)]
mod test_ports;
#[cfg(test)]
mod tests;

pub use error::{Error, ErrorKind, Result, Side};
pub use net::CONNECT;

/// The example of the README, compiled with the documentation tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

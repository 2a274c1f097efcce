//! The servers. Each file knows one program; `service` and `process` know how any of them is
//! started, watched and ended.

pub mod account;
pub mod asyncssh;
pub mod certs;
pub mod ftp;
pub mod install;
pub mod keys;
mod ports;
pub(crate) mod process;
pub mod service;
pub mod sshd;
mod syslog;
mod target;
pub mod tcp;

//! Real servers on loopback for the tests of the workspace.
//!
//! A server starts with one call, listens on a port of its own below a directory of its own, and
//! is gone when its handle is dropped or the test process ends, however it ends.
//!
//! ```no_run
//! use connection_tests::Sshd;
//!
//! let sshd = Sshd::start();
//! println!("{}:{} {} {}", sshd.host(), sshd.port(), sshd.user(), sshd.password());
//! ```
//!
//! The servers are real programs that `scripts/install-test-servers.sh` unpacks; one that is
//! missing is a failure that names the script, never a skipped test. They know nothing of the
//! crates under test; [`manager`] runs our own program beside them.
//!
//! # What needs root
//!
//! A server that checks a password must know an account. None is created on the machine: as root
//! the server runs in mount and PID namespaces of its own where `/etc/passwd`, `/etc/shadow` and
//! `/etc/pam.d` are files of the test (see [`servers::account`]). Without root (or without the
//! right to create namespaces) [`Sshd`] runs sshd as the current user for key logins and asyncssh
//! for password logins; of the FTP servers only [`Pyftpdlib`] starts then.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a harness reports a broken test environment by failing the test"
)]

pub mod chaos;
pub mod conformance;
pub mod http_fs;
pub mod manager;
pub mod noise;
pub mod screen;
pub mod servers;
pub mod terminal_socket;
pub mod wait;

pub use chaos::{ChaosProxy, Direction};
pub use http_fs::HttpFs;
pub use noise::noise;
pub use servers::asyncssh::AsyncSsh;
pub use servers::certs::{Authority, Certificate};
pub use servers::ftp::scripted::ScriptedFtp;
pub use servers::ftp::{FtpServer, ProFtpd, PureFtpd, Pyftpdlib, Tls, Vsftpd};
pub use servers::keys::{HostKeys, KeyFormat, KeyKind, UserKey};
pub use servers::service::Service;
pub use servers::sshd::{Sftp, Sshd, SshdBuilder};
pub use servers::tcp::TcpServer;
pub use terminal_socket::{Event, TerminalSocket};
pub use wait::{eventually, eventually_value};

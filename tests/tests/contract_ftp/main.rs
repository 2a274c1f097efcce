//! The contract on FTP sessions, with vsftpd, Pure-FTPd and pyftpdlib, plain and with TLS.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test's helpers fail the test, as the test itself does"
)]

mod codes;
mod connecting;
mod sessions;

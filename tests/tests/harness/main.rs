//! The harness proves itself: every server starts, answers a client that is not ours, and leaves
//! nothing behind.

#![allow(
    clippy::unwrap_used,
    reason = "a test's helpers fail the test, as the test itself does"
)]

mod asyncssh;
mod ftp;
mod network;
mod ssh;

use std::process::{Command, Output, Stdio};

use connection_tests::servers::install;

/// Runs Python of the test servers' environment; the script's words are its `sys.argv[1:]`.
fn python(script: &str, args: &[&str]) -> Output {
    Command::new(install::python())
        .args(["-c", script])
        .args(args)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// The trimmed standard output of a client that must have succeeded.
#[track_caller]
fn printed(output: &Output) -> String {
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}\n{stderr}", output.status);
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

//! Runs a command over SSH and ends with its exit code.
//!
//! `cargo run -p connection-examples --example run -- HOST PORT USER KEYFILE COMMAND`

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for the terminal"
)]

use connection_core::exec::{ExecRequest, ExitStatus};
use std::io::Write;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let login = connection_examples::login("COMMAND").await?;
    let session = login.store.get(&login.owner, login.id)?;

    let output = session.exec(ExecRequest::new(login.rest.join(" "))).await?;
    std::io::stdout().write_all(&output.stdout)?;
    std::io::stderr().write_all(&output.stderr)?;

    drop(session);
    login.store.shutdown().await;
    Ok(match output.status {
        ExitStatus::Code(code) => ExitCode::from(u8::try_from(code).unwrap_or(u8::MAX)),
        ExitStatus::Signal(name) => {
            eprintln!("killed by SIG{name}");
            ExitCode::FAILURE
        }
        ExitStatus::Unknown => ExitCode::FAILURE,
    })
}

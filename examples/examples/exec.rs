//! Runs a command in a directory with standard input, and prints what it says as it comes.
//!
//! `cargo run -p connection-examples --example exec -- HOST PORT USER KEYFILE DIRECTORY COMMAND`

#![allow(clippy::print_stderr, reason = "a program for the terminal")]

use connection_core::exec::{ExecEvent, ExecRequest};
use std::io::{Read, Write};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let login = connection_examples::login("DIRECTORY COMMAND").await?;
    let session = login.store.get(&login.owner, login.id)?;
    let [directory, command] = login.rest.as_slice() else {
        return Err("a directory and a command are needed".into());
    };
    let mut input = Vec::new();
    std::io::stdin().read_to_end(&mut input)?;

    let request = ExecRequest::new(command.as_str())
        .directory(directory.as_str())
        .stdin(input);
    let mut running = session.start_exec(request).await?;
    while let Some(event) = running.next().await? {
        match event {
            ExecEvent::Stdout(bytes) => {
                std::io::stdout().write_all(&bytes)?;
                std::io::stdout().flush()?;
            }
            ExecEvent::Stderr(bytes) => std::io::stderr().write_all(&bytes)?,
            ExecEvent::Exit { status, .. } => eprintln!("ended: {status:?}"),
            _ => {}
        }
    }

    drop(session);
    login.store.shutdown().await;
    Ok(())
}

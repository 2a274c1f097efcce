//! Drives a terminal over SSH as a person would: types a command, looks away in the middle
//! of what it shows, comes back where it was, and ends with the shell's exit code.
//!
//! `cargo run -p connection-examples --example terminal -- HOST PORT USER KEYFILE COMMAND`

#![allow(clippy::print_stderr, reason = "a program for the terminal")]

use connection_core::exec::ExitStatus;
use connection_core::terminal::TerminalRequest;
use connection_core::terminals::{Attach, TerminalOptions, ViewerEvent, ViewerMode};
use std::io::Write;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let login = connection_examples::login("COMMAND").await?;
    let session = login.store.get(&login.owner, login.id)?;

    // The size is there before anything runs.
    let request = TerminalRequest::new(100, 30).command("exec bash --norc --noprofile");
    let terminal = session
        .start_terminal(request, TerminalOptions::default())
        .await?;

    // A viewer that types, and leaves as soon as it has seen something. The terminal goes on.
    let mut viewer = terminal.attach(Attach::new(ViewerMode::Write))?;
    let keys = format!("{}\nexit\n", login.rest.join(" "));
    viewer.input.write(keys).await?;
    let mut shown = 0;
    while shown == 0 {
        if let ViewerEvent::Data(data) = viewer.output.next().await {
            std::io::stdout().write_all(&data)?;
            shown += data.len() as u64;
        }
    }
    drop(viewer);

    // Another one goes on at the very next byte.
    let mut viewer = terminal.attach(Attach::new(ViewerMode::Read).from(shown))?;
    let mut status = ExitStatus::Unknown;
    loop {
        match viewer.output.next().await {
            ViewerEvent::Offset { lost, .. } if lost > 0 => eprintln!("[{lost} bytes are gone]"),
            ViewerEvent::Data(data) => {
                std::io::stdout().write_all(&data)?;
                shown += data.len() as u64;
                // Drawn: there may be more.
                viewer.input.ack(shown)?;
            }
            ViewerEvent::Exited(how) => status = how,
            ViewerEvent::Closed(reason) => {
                eprintln!("[{reason:?}]");
                break;
            }
            _ => {}
        }
    }

    drop((viewer, session));
    login.store.shutdown().await;
    Ok(match status {
        ExitStatus::Code(code) => ExitCode::from(u8::try_from(code).unwrap_or(u8::MAX)),
        _ => ExitCode::FAILURE,
    })
}

//! `connection-manager shell`: a person's or a script's terminal, shown in the one it runs in.
//!
//! A client of the WebSocket like any other (`frontend-contract/TERMINAL.md`); knows nothing
//! of the server's inside. What runs in the terminal belongs to the server: a cut is
//! attached again at the exact byte, and detaching leaves it running.

mod api;
mod held;
mod keys;
mod link;
mod old;
mod raw;
mod screen;
mod talk;

use api::{Server, SessionEntry};
use link::Wanted;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// What the program ends with when it is not the remote side's word, as `ssh` does.
const FAILED: u8 = 255;

/// What is typed after `connection-manager shell`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Keys: Ctrl-] then d, or ~. at the beginning of a line, leaves the terminal running and ends \
this program; Ctrl-] twice types one, ~~ types ~. Where input is no terminal there are no such \
keys, and its end is typed as Ctrl-D. What is typed while the connection is cut is kept, up to \
4096 bytes, and typed when the terminal is attached again.\n\n\
The exit code is that of what ran in the terminal, 128 and its number for a signal, 0 after \
leaving it, 255 when something went wrong.\n\n\
The access token is read from --token-file or CONNECTION_MANAGER_TOKEN.")]
pub struct ShellArgs {
    /// Session: its id, a beginning of it that no other has, or its name
    pub session: String,

    /// Address of the server
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8000")]
    pub url: String,

    /// File with the access token
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,

    /// Attach to this terminal instead of opening one: its id, or a beginning of it
    #[arg(long, value_name = "ID", conflicts_with_all = ["command", "name"])]
    pub terminal: Option<String>,

    /// Watch without typing; Ctrl-C leaves
    #[arg(long, requires = "terminal")]
    pub read_only: bool,

    /// Run this instead of the account's shell
    #[arg(long, value_name = "COMMAND")]
    pub command: Option<String>,

    /// Name of the new terminal
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,

    /// Type of the new terminal
    #[arg(long, env = "TERM", value_name = "TYPE")]
    pub term: Option<String>,

    /// List the terminals of the session and exit
    #[arg(long)]
    pub list: bool,
}

/// What went wrong, in words for a person.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Failure(String);

impl Failure {
    fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

/// Runs the client to its end. `token` is that of the environment.
pub(crate) fn main(args: ShellArgs, token: Option<String>) -> ExitCode {
    // One thread is enough; the keyboard and the screen have theirs.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let ended = match runtime {
        Ok(runtime) => runtime.block_on(run(args, token)),
        Err(error) => Err(Failure::new(format!("cannot start: {error}"))),
    };
    match ended {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            say(&failure.to_string());
            ExitCode::from(FAILED)
        }
    }
}

async fn run(args: ShellArgs, token: Option<String>) -> Result<u8, Failure> {
    let token = match &args.token_file {
        None => token,
        Some(path) => Some(
            std::fs::read_to_string(path)
                .map_err(|e| Failure::new(format!("cannot read {}: {e}", path.display())))?
                .trim()
                .to_owned(),
        ),
    };
    let server = Server::new(&args.url, token)?;
    let SessionEntry { id: session, .. } = server.session(&args.session).await?;
    if args.list {
        return list(&server, &session).await;
    }
    let wanted = match &args.terminal {
        Some(named) => Wanted::Attach {
            terminal: server.terminal(&session, named).await?,
            from: None,
            read_only: args.read_only,
        },
        None => Wanted::Open {
            command: args.command,
            name: args.name,
            term: args.term.filter(|term| !term.is_empty()),
        },
    };
    talk::talk(server, session, wanted).await
}

async fn list(server: &Server, session: &str) -> Result<u8, Failure> {
    let mut out = std::io::stdout().lock();
    for terminal in server.terminals(session).await? {
        let written = writeln!(
            out,
            "{}  {:>3}x{:<3}  {}  {}  {}",
            terminal.terminal_id,
            terminal.cols,
            terminal.rows,
            if terminal.running {
                "running"
            } else {
                "ended  "
            },
            match terminal.viewers.len() {
                0 => "detached".to_owned(),
                count => format!("{count} attached"),
            },
            // A name is the server's word: nothing of it may steer this terminal.
            terminal.name.escape_debug(),
        );
        written.map_err(|e| Failure::new(format!("cannot write: {e}")))?;
    }
    Ok(0)
}

/// A line for the person at the terminal, which may be in raw mode.
fn say(text: &str) {
    let mut err = std::io::stderr().lock();
    let end = if err.is_terminal() { "\r\n" } else { "\n" };
    // Nobody is there to be told that it failed.
    let _ = write!(err, "connection-manager: {text}{end}");
    let _ = err.flush();
}

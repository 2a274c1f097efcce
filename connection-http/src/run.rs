//! The program `connection-manager`: settings, store, application and server put together.

use crate::app::App;
use crate::config::{Cli, Command, ConfigError, Settings, TOKEN_VARIABLE};
use crate::ending::{CLOSING, Ending, LEFT};
use crate::server::{Limits, serve};
use crate::{logging, openapi};
use clap::Parser;
use connection_core::session::{SessionStore, StoreConfig};
use connection_core::trust::TrustStore;
use std::error::Error;
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;
use tokio::net::TcpListener;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

/// Runs the program to its end.
pub fn main() -> ExitCode {
    let mut cli = Cli::parse();
    let ended = match cli.command.take() {
        Some(Command::Shell(args)) => token().map(|token| crate::shell::main(args, token)),
        None => run(cli).map(|()| ExitCode::SUCCESS),
    };
    match ended {
        Ok(code) => code,
        Err(error) => {
            // The log may not be there yet, and this is for the person at the terminal.
            let _ = writeln!(std::io::stderr(), "connection-manager: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<(), Box<dyn Error>> {
    let print_config = cli.print_config;
    let print_openapi = cli.print_openapi;
    if print_openapi {
        return print(&describe()?);
    }
    let settings = Settings::load(cli, token()?)?;
    if print_config {
        return print(&settings.to_toml()?);
    }
    logging::install(&settings.log_level, settings.log_format)?;
    let ending = Ending::watch(settings.drain_timeout)?;
    let runtime = runtime()?;
    let ended = runtime.block_on(start(settings, &ending));
    ending.at("work on threads");
    // A runtime that is dropped waits for its threads, however long they take.
    let begun = Instant::now();
    runtime.shutdown_timeout(LEFT);
    if begun.elapsed() >= LEFT {
        warn!("cutting work that was still done on threads");
    }
    if ended.is_ok() {
        info!("stopped");
    }
    ended
}

/// The access token of the environment.
fn token() -> Result<Option<String>, Box<dyn Error>> {
    match std::env::var(TOKEN_VARIABLE) {
        Ok(token) => Ok(Some(token)),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => {
            Err(ConfigError::new(format!("{TOKEN_VARIABLE} is not text")).into())
        }
    }
}

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
}

async fn start(settings: Settings, ending: &Ending) -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind((settings.host.as_str(), settings.port))
        .await
        .map_err(|e| {
            let hint = match e.kind() {
                std::io::ErrorKind::AddrInUse => "; --port 0 takes a free port",
                _ => "",
            };
            format!(
                "cannot listen on {}:{}: {e}{hint}",
                settings.host, settings.port
            )
        })?;
    let address = listener.local_addr()?;
    let trust = match &settings.config_dir {
        Some(directory) => TrustStore::open(directory, settings.trust),
        None => {
            warn!("no home directory: known servers are forgotten when the program ends");
            TrustStore::in_memory(settings.trust)
        }
    };
    let config = StoreConfig {
        max_sessions: settings.max_sessions,
        idle_timeout: settings.session_timeout,
        terminals: settings.terminals.clone(),
        recordings: settings.recordings.clone(),
    };
    let limits = Limits {
        connections: settings.max_connections,
        header_timeout: settings.header_timeout,
        drain_timeout: settings.drain_timeout,
    };
    let store = SessionStore::new(config, trust);
    if let Ok(recordings) = store.recordings() {
        recordings.prepare().map_err(|e| {
            let path = e.context("local_path").unwrap_or_default();
            format!("recording_dir {path}: {}", e.message())
        })?;
    }
    let app = Arc::new(App::new(Arc::new(settings), store.clone()));
    print(&format!(
        "connection-manager listening on http://{address}\n"
    ))?;
    info!(%address, "listening");
    let sockets = app.sockets().clone();
    let handler = move |request| {
        let app = Arc::clone(&app);
        async move { app.handle(request).await }
    };
    // Sockets outlive their requests: they are told at the same moment, and get as long.
    let stop = CancellationToken::new();
    let stopping = async {
        ending.asked().await;
        stop.cancel();
    };
    let closing = async {
        stop.cancelled().await;
        sockets.close(limits.drain_timeout).await;
    };
    tokio::join!(serve(listener, handler, limits, stopping), closing);
    ending.at("sessions");
    if timeout(CLOSING, store.shutdown()).await.is_err() {
        warn!(
            sessions = store.unfinished(),
            "cutting sessions that did not close in time"
        );
    }
    Ok(())
}

/// The OpenAPI description of this build.
///
/// # Errors
/// No runtime can be started.
pub fn describe() -> Result<String, Box<dyn Error>> {
    let runtime = runtime()?;
    let _inside = runtime.enter();
    let trust = TrustStore::in_memory(connection_core::trust::TrustPolicy::Strict);
    let store = SessionStore::new(StoreConfig::default(), trust);
    let settings = Arc::new(Settings::defaults()?);
    let state = Arc::new(crate::routes::State::new(settings, store));
    Ok(openapi::description(&openapi::service(&state)))
}

fn print(text: &str) -> Result<(), Box<dyn Error>> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}

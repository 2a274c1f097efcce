//! What runs here: program, build, age and limits, for those who may use it.

use super::{Group, State};
use crate::auth::Caller;
use crate::responses::{Answer, Reading, Success};
use poem_openapi::{Object, OpenApi};
use serde::Serialize;
use std::sync::Arc;
use std::time::Instant;

/// The commit the program was built from, as `CONNECTION_MANAGER_COMMIT` named it at build
/// time: an archive of the sources has no history to ask.
const COMMIT: Option<&str> = option_env!("CONNECTION_MANAGER_COMMIT");

/// What runs here.
#[derive(Debug, Object, Serialize)]
pub(super) struct About {
    /// Name of the program.
    program: String,
    /// Version of the program; that of the API is another.
    version: String,
    /// The commit it was built from, where the build was told.
    #[serde(skip_serializing_if = "Option::is_none")]
    commit: Option<String>,
    /// The SSH engine of sessions that ask for none.
    engine: String,
    /// Whether the API wants an access token.
    token: bool,
    /// Seconds since it was started.
    uptime_seconds: u64,
    /// The caller's open sessions.
    sessions: usize,
    /// Limits as configured.
    limits: AboutLimits,
}

/// Limits as configured.
#[derive(Debug, Object, Serialize)]
pub(super) struct AboutLimits {
    /// Sessions at once, over all callers.
    sessions: usize,
    /// Seconds an unused session lives.
    session_timeout_seconds: u64,
    /// Terminals of a session.
    terminals: usize,
    /// WebSockets at once.
    websockets: usize,
    /// HTTP connections at once.
    connections: usize,
    /// Largest file that is transferred, in bytes; absent without a limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    file_size: Option<u64>,
    /// Longest time of a command, in seconds; absent without a limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    command_seconds: Option<u64>,
}

/// The route about the program.
pub(crate) struct AboutApi {
    state: Arc<State>,
    started: Instant,
}

impl AboutApi {
    /// The route of a program that starts now.
    pub(super) fn new(state: &Arc<State>) -> Self {
        Self {
            state: Arc::clone(state),
            started: Instant::now(),
        }
    }
}

#[OpenApi(tag = "Group::Service")]
impl AboutApi {
    /// What runs here
    ///
    /// The version helps whoever looks for a known weakness as well, so it is told only to
    /// those who may use the API.
    #[oai(path = "/about", method = "get", operation_id = "about")]
    async fn about(&self, caller: Caller) -> Answer<About, Reading> {
        let settings = &self.state.settings;
        Ok(Success(About {
            program: "connection-manager".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            commit: COMMIT
                .filter(|commit| !commit.is_empty())
                .map(str::to_owned),
            engine: settings.engine.name().to_owned(),
            token: !settings.tokens.is_empty(),
            uptime_seconds: self.started.elapsed().as_secs(),
            sessions: self.state.store.list(&caller.owner).len(),
            limits: AboutLimits {
                sessions: settings.max_sessions,
                session_timeout_seconds: settings.session_timeout.as_secs(),
                terminals: settings.terminals.per_session,
                websockets: settings.max_websockets,
                connections: settings.max_connections,
                file_size: settings.max_file_size,
                command_seconds: settings.exec_timeout.map(|limit| limit.as_secs()),
            },
        }))
    }
}

//! The routes: each unpacks a request, makes one call and wraps what comes back.

mod about;
mod capabilities;
mod connect;
mod content;
mod downloads;
mod entries;
mod exec;
mod execute;
mod files;
mod meta;
mod operations;
mod recordings;
mod sessions;
mod shares;
mod terminal_sockets;
mod terminals;
mod tickets;
mod tunnel_sockets;
mod tunnels;

use crate::auth::Caller;
use crate::config::Settings;
use crate::downloads::Downloads;
use crate::error::{Outcome, Problem};
use crate::exec::commands::Commands;
use crate::local_roots::{LocalRoots, Refusal};
use crate::parked::Parked;
use crate::table::session_not_found;
use crate::ws::tickets::SocketTickets;
use crate::ws::{Clocks, Sockets};
use connection_core::ErrorKind;
use connection_core::session::{ActiveSession, SessionId, SessionStore};
use poem::http::StatusCode;
use poem_openapi::Tags;
use std::path::PathBuf;
use std::sync::Arc;

/// Groups of routes in the OpenAPI description.
#[derive(Tags)]
enum Group {
    /// The service itself.
    Service,
    /// Opening, listing and closing sessions.
    Sessions,
    /// Remote files.
    Files,
    /// Remote commands.
    Commands,
    /// Terminals that outlive their windows.
    Terminals,
    /// TCP connections through a session's server.
    Tunnels,
    /// What opens a WebSocket.
    Sockets,
    /// Recordings of terminals.
    Recordings,
}

/// What the routes work with.
pub(crate) struct State {
    settings: Arc<Settings>,
    store: SessionStore,
    roots: Arc<LocalRoots>,
    parked: Parked,
    sockets: Sockets,
    tickets: SocketTickets,
    downloads: Downloads,
    commands: Commands,
}

/// Every API of the server. Called for the service and for the table of its routes.
pub(crate) type Api = (
    (meta::MetaApi, about::AboutApi),
    connect::ConnectApi,
    sessions::SessionsApi,
    files::FilesApi,
    content::ContentApi,
    downloads::DownloadsApi,
    entries::EntriesApi,
    operations::OperationsApi,
    capabilities::CapabilitiesApi,
    execute::ExecuteApi,
    TerminalApis,
    exec::ExecApi,
    TunnelApis,
);

/// Those about terminals: the framework takes sixteen at a time.
type TerminalApis = (
    terminals::TerminalsApi,
    shares::SharesApi,
    terminal_sockets::TerminalSocketsApi,
    tickets::TicketsApi,
    recordings::RecordingsApi,
);

/// Those about tunnels.
type TunnelApis = (tunnels::TunnelsApi, tunnel_sockets::TunnelSocketsApi);

/// The API on this state.
pub(crate) fn api(state: &Arc<State>) -> Api {
    (
        (meta::MetaApi, about::AboutApi::new(state)),
        connect::ConnectApi(Arc::clone(state)),
        sessions::SessionsApi(Arc::clone(state)),
        files::FilesApi(Arc::clone(state)),
        content::ContentApi(Arc::clone(state)),
        downloads::DownloadsApi(Arc::clone(state)),
        entries::EntriesApi(Arc::clone(state)),
        operations::OperationsApi(Arc::clone(state)),
        capabilities::CapabilitiesApi(Arc::clone(state)),
        execute::ExecuteApi(Arc::clone(state)),
        (
            terminals::TerminalsApi(Arc::clone(state)),
            shares::SharesApi(Arc::clone(state)),
            terminal_sockets::TerminalSocketsApi(Arc::clone(state)),
            tickets::TicketsApi(Arc::clone(state)),
            recordings::RecordingsApi(Arc::clone(state)),
        ),
        exec::ExecApi(Arc::clone(state)),
        (
            tunnels::TunnelsApi(Arc::clone(state)),
            tunnel_sockets::TunnelSocketsApi(Arc::clone(state)),
        ),
    )
}

impl State {
    /// A state on these settings and this store.
    pub(crate) fn new(settings: Arc<Settings>, store: SessionStore) -> Self {
        let recordings = settings.recordings.as_ref();
        let recordings = recordings.map(|r| r.directory.as_path());
        Self {
            sockets: Sockets::new(settings.max_websockets, Clocks::default()),
            tickets: SocketTickets::default(),
            downloads: Downloads::default(),
            roots: Arc::new(LocalRoots::new(&settings.local_roots).without(recordings)),
            settings,
            store,
            parked: Parked::default(),
            commands: Commands::default(),
        }
    }

    /// The open WebSockets.
    pub(crate) fn sockets(&self) -> &Sockets {
        &self.sockets
    }

    /// The tickets for WebSockets.
    pub(crate) fn tickets(&self) -> &SocketTickets {
        &self.tickets
    }

    /// Takes the caller's session for use by a socket, where 401 would say that the ticket
    /// is wrong.
    fn socket_session(&self, caller: &Caller, id: &str) -> Outcome<ActiveSession> {
        self.session(caller, id).map_err(|problem| {
            Problem::new(StatusCode::NOT_FOUND, problem.detail())
                .with_code(ErrorKind::SessionNotFound.code())
        })
    }

    /// Takes the caller's session for use.
    fn session(&self, caller: &Caller, id: &str) -> Outcome<ActiveSession> {
        SessionId::parse(id)
            .and_then(|id| self.store.get(&caller.owner, id).ok())
            .ok_or_else(session_not_found)
    }

    /// Resolves a local path the client named, away from the async threads.
    async fn local_path(&self, sent: &str) -> Outcome<Result<PathBuf, Refusal>> {
        let roots = Arc::clone(&self.roots);
        let sent = sent.to_owned();
        tokio::task::spawn_blocking(move || roots.resolve(&sent))
            .await
            .map_err(|error| {
                tracing::error!(%error, "a local path could not be resolved");
                Problem::internal()
            })
    }
}

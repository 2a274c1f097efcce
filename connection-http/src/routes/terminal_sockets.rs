//! The WebSockets that show terminals.

use super::terminals::terminal;
use super::{Group, State};
use crate::auth::{Caller, refused};
use crate::codes;
use crate::error::{Outcome, Problem};
use crate::extension::Refused;
use crate::responses::Statuses;
use crate::terminal::socket::{open, show};
use crate::ws::{Switching, Upgrade};
use connection_core::secret::Secret;
use connection_core::terminals::{Attach, ViewerMode};
use poem::{FromRequest, Request, RequestBody};
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use std::sync::Arc;

/// Statuses of opening a WebSocket.
pub(super) struct Upgrading;

impl Statuses for Upgrading {
    const LIST: &'static [(u16, &'static str)] = &[
        (400, "The query or the handshake is wrong."),
        (401, "No valid access token or ticket."),
        (403, "The Host or Origin header is not allowed."),
        (
            404,
            "The session, terminal or share is not there, or not the caller's.",
        ),
        (
            405,
            "The route has no such method; `Allow` lists those it has.",
        ),
        (
            426,
            "The request does not ask for a WebSocket of version 13.",
        ),
        (500, "A mistake of this server."),
        (502, "The terminal was closed."),
        (503, "A configured limit is reached, or the server stops."),
    ];
}

type Answer = std::result::Result<Switching, Refused<Upgrading>>;

/// Routes that become terminals.
pub(crate) struct TerminalSocketsApi(pub(super) Arc<State>);

#[OpenApi(tag = "Group::Sockets")]
impl TerminalSocketsApi {
    /// Show a terminal over a WebSocket
    ///
    /// Binary frames are bytes of the terminal, text frames are JSON; the protocol is in
    /// `TERMINAL.md` of the contract.
    #[oai(
        path = "/ws/terminal/:session_id",
        method = "get",
        operation_id = "terminalSocket"
    )]
    #[allow(
        clippy::too_many_arguments,
        reason = "each is a parameter of the address"
    )]
    async fn terminal(
        &self,
        caller: Caller,
        session_id: Path<String>,
        /// The terminal to attach to; without it the first frame opens one.
        terminal: Query<Option<String>>,
        /// Offset of the first byte wanted [default: everything that is still kept].
        from: Query<Option<u64>>,
        /// `write` or `read` [default: write].
        mode: Query<Option<String>>,
        /// A ticket for this path, instead of the header `Authorization`.
        #[oai(name = "ticket")]
        _ticket: Query<Option<String>>,
        upgrade: Upgrade,
    ) -> Answer {
        let session = self.0.socket_session(&caller, &session_id)?;
        let mode = mode_of(mode.0.as_deref())?;
        let address = upgrade.peer();
        let Some(id) = terminal.0 else {
            if from.0.is_some() || mode == ViewerMode::Read {
                return Err(
                    Problem::bad_request("from and mode=read need the parameter terminal").into(),
                );
            }
            session.ssh()?;
            let opening = move |socket| open(socket, session, address);
            return Ok(self.0.sockets.accept(upgrade, opening)?);
        };
        let terminal = self::terminal(&session, &id)?;
        let viewer = terminal.attach(Attach {
            mode,
            from: from.0,
            share: None,
            address,
        })?;
        drop(session);
        let showing = move |socket| show(socket, terminal, viewer);
        Ok(self.0.sockets.accept(upgrade, showing)?)
    }

    /// Watch a shared terminal over a WebSocket
    ///
    /// As `/ws/terminal/{session_id}`, for who has a ticket from `/shares/tickets`.
    #[oai(path = "/ws/share", method = "get", operation_id = "shareSocket")]
    async fn share(
        &self,
        share: SharedToken,
        /// Offset of the first byte wanted [default: everything that is still kept].
        from: Query<Option<u64>>,
        /// A ticket from `/shares/tickets`.
        #[oai(name = "ticket")]
        _ticket: Query<Option<String>>,
        upgrade: Upgrade,
    ) -> Answer {
        let (terminal, share) = self.0.store.shared_terminal(&share.0)?;
        let viewer = terminal.attach(Attach {
            mode: ViewerMode::Read,
            from: from.0,
            share: Some(share),
            address: upgrade.peer(),
        })?;
        let showing = move |socket| show(socket, terminal, viewer);
        Ok(self.0.sockets.accept(upgrade, showing)?)
    }
}

/// The token of the share by whose ticket the request came.
struct SharedToken(Arc<Secret>);

impl<'a> FromRequest<'a> for SharedToken {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        let token = request.extensions().get::<Arc<Secret>>();
        let token = token.map(|token| Self(Arc::clone(token)));
        Ok(token.ok_or_else(|| {
            refused("A ticket is required", codes::TICKET_INVALID).with_code("unauthorized")
        })?)
    }
}

fn mode_of(mode: Option<&str>) -> Outcome<ViewerMode> {
    match mode {
        None | Some("write") => Ok(ViewerMode::Write),
        Some("read") => Ok(ViewerMode::Read),
        Some(_) => Err(Problem::wrong_field("mode", "must be write or read")),
    }
}

//! The WebSocket that carries one connection through a session's server.

use super::tunnels::forbidden;
use super::{Group, State};
use crate::auth::Caller;
use crate::error::Problem;
use crate::extension::Refused;
use crate::responses::Statuses;
use crate::tunnel_socket::carry;
use crate::ws::{Switching, Upgrade};
use connection_core::tunnel::Endpoint;
use poem::web::RemoteAddr;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use std::net::SocketAddr;
use std::sync::Arc;

/// Statuses of opening a tunnel's WebSocket.
pub(super) struct Connecting;

impl Statuses for Connecting {
    const LIST: &'static [(u16, &'static str)] = &[
        (
            400,
            "The query or the handshake is wrong, or the session has no tunnels.",
        ),
        (401, "No valid access token or ticket."),
        (
            403,
            "Not allowed by this server's settings, or the Host or Origin header is not.",
        ),
        (404, "The session is not there, or not the caller's."),
        (
            405,
            "The route has no such method; `Allow` lists those it has.",
        ),
        (
            426,
            "The request does not ask for a WebSocket of version 13.",
        ),
        (500, "A mistake of this server."),
        (
            502,
            "The remote server will not or cannot connect, or the connection to it is lost.",
        ),
        (503, "A configured limit is reached, or the server stops."),
        (504, "The remote server did not answer in time."),
    ];
}

/// Routes that become connections.
pub(crate) struct TunnelSocketsApi(pub(super) Arc<State>);

#[OpenApi(tag = "Group::Sockets")]
impl TunnelSocketsApi {
    /// Connect to a host and port through the session's server
    ///
    /// Binary frames are bytes both ways; the protocol is in `TUNNEL.md` of the contract. The
    /// server has connected before the answer.
    #[oai(
        path = "/ws/tunnel/:session_id",
        method = "get",
        operation_id = "tunnelSocket"
    )]
    #[allow(
        clippy::too_many_arguments,
        reason = "each is a parameter of the address"
    )]
    async fn tunnel(
        &self,
        caller: Caller,
        session_id: Path<String>,
        /// Host to connect to, looked up by the session's server.
        host: Query<Option<String>>,
        /// Port to connect to.
        port: Query<Option<String>>,
        /// A ticket for this path, instead of the header `Authorization`.
        #[oai(name = "ticket")]
        _ticket: Query<Option<String>>,
        peer: &RemoteAddr,
        upgrade: Upgrade,
    ) -> std::result::Result<Switching, Refused<Connecting>> {
        let session = self.0.socket_session(&caller, &session_id)?;
        session.ssh()?;
        let peer = peer.as_socket_addr().map(SocketAddr::ip);
        if let Some(why) = self.0.settings.tunnels.refusal(peer) {
            return Err(forbidden(why).into());
        }
        let port = port.0.as_deref().and_then(|port| port.parse().ok());
        let (Some(host), Some(port)) = (host.0, port) else {
            return Err(Problem::bad_request("host and port are required").into());
        };
        let connection = session.connect_tunnel(&Endpoint::new(&host, port)?).await?;
        drop(session);
        let carrying = move |socket| carry(socket, connection);
        Ok(self.0.sockets.accept(upgrade, carrying)?)
    }
}

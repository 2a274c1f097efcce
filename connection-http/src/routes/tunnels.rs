//! Tunnels of a session: TCP connections carried through its server.

use super::{Group, State};
use crate::auth::Caller;
use crate::error::{Outcome, Problem};
use crate::extension::Refused;
use crate::fields::Fields;
use crate::json::JsonBody;
use crate::models::Done;
use crate::responses::{Statuses, Success};
use crate::time::rfc3339;
use connection_core::ErrorKind;
use connection_core::tunnel::{Endpoint, Reach, TunnelId, TunnelInfo, TunnelKind, TunnelRequest};
use poem::http::StatusCode;
use poem::web::{LocalAddr, RemoteAddr};
use poem_openapi::param::Path;
use poem_openapi::{Object, OpenApi};
use serde::Serialize;
use std::net::SocketAddr;
use std::sync::Arc;

/// A tunnel to open.
#[derive(Debug, Object)]
#[allow(dead_code, reason = "read field by field; this is its description")]
struct OpenTunnel {
    /// `local`: listens here, and the server connects to `host` and `port`. `dynamic`:
    /// listens here as a SOCKS5 proxy through the server. `remote`: the server listens, and
    /// this machine connects to `host` and `port`.
    kind: String,
    /// Address to listen on, on the server for a remote tunnel [default: 127.0.0.1].
    bind_host: Option<String>,
    /// Port to listen on; 0 takes a free one [default: 0].
    bind_port: Option<u16>,
    /// Where connections end, for `local` and `remote`.
    host: Option<String>,
    /// Port of the end.
    port: Option<u16>,
    /// Connections at once, at most 256 [default: 64].
    max_connections: Option<u64>,
}

/// A tunnel and what went through it.
#[derive(Debug, Object, Serialize)]
struct TunnelObject {
    /// Its id.
    tunnel_id: String,
    /// `local`, `dynamic` or `remote`.
    kind: String,
    /// Address it listens on, on the server for a remote one.
    bind_host: String,
    /// Port it listens on.
    bind_port: u16,
    /// Where its connections end; absent for `dynamic`.
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<String>,
    /// Port of the end; absent for `dynamic`.
    #[serde(skip_serializing_if = "Option::is_none")]
    port: Option<u16>,
    /// Whether it takes connections: not once the session's connection is lost.
    is_open: bool,
    /// When it was opened, RFC 3339 in UTC.
    opened_at: String,
    /// Connections at once.
    max_connections: u64,
    /// Connections open now.
    connections: u64,
    /// Connections so far, refused ones left out.
    connections_total: u64,
    /// Connections that were turned away or led nowhere.
    connections_refused: u64,
    /// Bytes carried to the remote server.
    bytes_sent: u64,
    /// Bytes carried from the remote server.
    bytes_received: u64,
    /// What last went wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_error: Option<String>,
}

impl From<TunnelInfo> for TunnelObject {
    fn from(info: TunnelInfo) -> Self {
        let end = info.kind.end();
        Self {
            tunnel_id: info.id.to_string(),
            kind: info.kind.name().to_owned(),
            host: end.map(|end| end.host.clone()),
            port: end.map(|end| end.port),
            bind_host: info.listens_on.host,
            bind_port: info.listens_on.port,
            is_open: info.is_open,
            opened_at: rfc3339(info.opened_at.into()).unwrap_or_default(),
            max_connections: info.max_connections as u64,
            connections: info.connections,
            connections_total: info.connections_total,
            connections_refused: info.connections_refused,
            bytes_sent: info.bytes_sent,
            bytes_received: info.bytes_received,
            last_error: info.last_error,
        }
    }
}

/// The tunnels of a session.
#[derive(Debug, Object, Serialize)]
struct TunnelList {
    /// In the order they were opened.
    tunnels: Vec<TunnelObject>,
}

/// Statuses of the routes on tunnels.
pub(super) struct Tunnelling;

impl Statuses for Tunnelling {
    const LIST: &'static [(u16, &'static str)] = &[
        (400, "The request is wrong, or the session has no tunnels."),
        (
            401,
            "No valid access token, or: Session expired or not found.",
        ),
        (
            403,
            "Not allowed by this server's settings, or the Host or Origin header is not.",
        ),
        (404, "The tunnel is not there."),
        (
            405,
            "The route has no such method; `Allow` lists those it has.",
        ),
        (408, "The body did not arrive in time."),
        (409, "The port is in use."),
        (413, "The body is larger than 1 MiB."),
        (415, "The body's Content-Type is not application/json."),
        (500, "This machine failed, or a mistake of this server."),
        (501, "The connection to the remote server cannot do that."),
        (
            502,
            "The remote server refuses, or the connection to it is lost.",
        ),
        (503, "A limit of tunnels is reached."),
        (504, "The remote server did not answer in time."),
    ];
}

type Failure = Refused<Tunnelling>;
type Answer<T> = std::result::Result<Success<T>, Failure>;

/// Routes on tunnels.
pub(crate) struct TunnelsApi(pub(super) Arc<State>);

#[OpenApi(tag = "Group::Tunnels")]
impl TunnelsApi {
    /// Open a tunnel
    ///
    /// It lives until it or the session is closed. An open connection through it keeps the
    /// session, an idle tunnel does not. Who may open one, and where to, are the settings
    /// `tunnels` and `tunnel_hosts`.
    #[oai(
        path = "/connections/:session_id/tunnels",
        method = "post",
        operation_id = "openTunnel"
    )]
    async fn open(
        &self,
        caller: Caller,
        session_id: Path<String>,
        peer: &RemoteAddr,
        local: &LocalAddr,
        body: JsonBody<OpenTunnel>,
    ) -> Answer<TunnelObject> {
        let session = self.0.session(&caller, &session_id)?;
        session.ssh()?;
        let settings = &self.0.settings;
        let peer = peer.as_socket_addr().map(SocketAddr::ip);
        if let Some(why) = settings.tunnels.refusal(peer) {
            return Err(forbidden(why).into());
        }
        let fields = Fields::required(body.read(settings.body_timeout).await?)?;
        let request = request(fields, settings.tunnels.reach)?;
        if let TunnelKind::Remote(end) = &request.kind {
            if let Some(why) = settings.tunnels.dial_refusal(peer) {
                return Err(forbidden(why).into());
            }
            // Whoever connects there would be a caller from this machine.
            let own = local.as_socket_addr().map(SocketAddr::port);
            if request.reach == Reach::Loopback && own == Some(end.port) {
                return Err(forbidden("A tunnel must not lead to this server itself").into());
            }
        }
        let tunnel = session.open_tunnel(request).await?;
        Ok(Success(tunnel.into()))
    }

    /// List the tunnels
    #[oai(
        path = "/connections/:session_id/tunnels",
        method = "get",
        operation_id = "listTunnels"
    )]
    async fn list(&self, caller: Caller, session_id: Path<String>) -> Answer<TunnelList> {
        let session = self.0.session(&caller, &session_id)?;
        let tunnels = session.tunnels()?.into_iter().map(Into::into).collect();
        Ok(Success(TunnelList { tunnels }))
    }

    /// Look at a tunnel
    #[oai(
        path = "/connections/:session_id/tunnels/:tunnel_id",
        method = "get",
        operation_id = "getTunnel"
    )]
    async fn get(
        &self,
        caller: Caller,
        session_id: Path<String>,
        tunnel_id: Path<String>,
    ) -> Answer<TunnelObject> {
        let session = self.0.session(&caller, &session_id)?;
        session.ssh()?;
        let tunnel = session.tunnel(id(&tunnel_id)?)?;
        Ok(Success(tunnel.into()))
    }

    /// Close a tunnel and every connection through it
    #[oai(
        path = "/connections/:session_id/tunnels/:tunnel_id",
        method = "delete",
        operation_id = "closeTunnel"
    )]
    async fn close(
        &self,
        caller: Caller,
        session_id: Path<String>,
        tunnel_id: Path<String>,
    ) -> Answer<Done> {
        let session = self.0.session(&caller, &session_id)?;
        session.ssh()?;
        session.close_tunnel(id(&tunnel_id)?).await?;
        let message = "Tunnel closed".to_owned();
        Ok(Success(Done { message }))
    }
}

/// A 403 of this server's own.
pub(super) fn forbidden(why: &str) -> Problem {
    Problem::new(StatusCode::FORBIDDEN, why).with_code(ErrorKind::PermissionDenied.code())
}

fn id(text: &str) -> Outcome<TunnelId> {
    TunnelId::parse(text).ok_or_else(|| Problem::new(StatusCode::NOT_FOUND, "Tunnel not found"))
}

fn request(mut fields: Fields, reach: Reach) -> Result<TunnelRequest, Failure> {
    let kind = fields.filled("kind")?;
    let host = fields.filled("host")?;
    let port = port(&mut fields, "port")?;
    let kind = match kind.as_deref() {
        Some("dynamic") => match (host, port) {
            (None, None) => TunnelKind::Dynamic,
            _ => {
                let text = "a dynamic tunnel has no host and port: each connection names its own";
                return Err(Problem::bad_request(text).into());
            }
        },
        Some(kind @ ("local" | "remote")) => {
            let (Some(host), Some(port)) = (host, port) else {
                let text = format!("host and port are required for a {kind} tunnel");
                return Err(Problem::bad_request(text).into());
            };
            let end = Endpoint::new(&host, port)?;
            match kind {
                "local" => TunnelKind::Local(end),
                _ => TunnelKind::Remote(end),
            }
        }
        _ => return Err(Problem::wrong_field("kind", "must be local, dynamic or remote").into()),
    };
    let mut request = TunnelRequest::new(kind);
    request.reach = reach;
    if let Some(host) = fields.filled("bind_host")? {
        request.bind_host = host;
    }
    if let Some(port) = self::port(&mut fields, "bind_port")? {
        request.bind_port = port;
    }
    if let Some(most) = fields.whole("max_connections")? {
        // What does not fit is out of bounds as well.
        request.max_connections = usize::try_from(most).unwrap_or(usize::MAX);
    }
    Ok(request)
}

fn port(fields: &mut Fields, field: &str) -> Outcome<Option<u16>> {
    let number = fields.whole(field)?;
    number
        .map(u16::try_from)
        .transpose()
        .map_err(|_| Problem::wrong_field(field, "must be at most 65535"))
}

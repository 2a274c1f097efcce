//! Tickets for WebSockets.

use super::{Group, State};
use crate::auth::Caller;
use crate::error::{Outcome, Problem};
use crate::extension::Refused;
use crate::fields::Fields;
use crate::json::JsonBody;
use crate::responses::{Statuses, Success};
use crate::tickets::Purpose;
use crate::ws::is_socket;
use crate::ws::tickets::{Bearer, Opening};
use poem_openapi::{Object, OpenApi};
use serde::Serialize;
use std::sync::Arc;

/// Longest path a ticket is for, in bytes.
const LONGEST_PATH: usize = 200;

/// Largest body, in bytes: who has no access token either may send as many as there are
/// connections.
const BODY_LIMIT: usize = 4 * 1024;

/// The socket that shows shared terminals.
const SHARE_SOCKET: &str = "/ws/share";

/// Which socket is to be opened.
#[derive(Debug, Object)]
#[allow(dead_code, reason = "read field by field; this is its description")]
struct TicketOrder {
    /// Path of the WebSocket, such as `/ws/terminal/{session_id}`, without a query.
    path: String,
}

/// What opens one WebSocket, once.
#[derive(Debug, Object, Serialize)]
struct TicketObject {
    /// To be sent as the parameter `ticket` of the WebSocket's address.
    ticket: String,
    /// Seconds until it is worth nothing.
    expires_in: u64,
}

/// A share to be watched.
#[derive(Debug, Object)]
#[allow(dead_code, reason = "read field by field; this is its description")]
struct ShareTicketOrder {
    /// The token of the link.
    share: String,
}

/// Statuses of asking for a ticket.
struct Asking;

impl Statuses for Asking {
    const LIST: &'static [(u16, &'static str)] = &[
        (400, "The body is wrong."),
        (401, "No valid access token."),
        (403, "The Host or Origin header is not allowed."),
        (404, "There is no such share, or no longer."),
        (
            405,
            "The route has no such method; `Allow` lists those it has.",
        ),
        (408, "The body did not arrive in time."),
        (413, "The body is larger than 4 KiB."),
        (415, "The body's Content-Type is not application/json."),
        (500, "A mistake of this server."),
        (503, "Too many tickets were asked for and not used."),
    ];
}

type Answer = std::result::Result<Success<TicketObject>, Refused<Asking>>;

/// Routes that give out tickets.
pub(crate) struct TicketsApi(pub(super) Arc<State>);

#[OpenApi(tag = "Group::Sockets")]
impl TicketsApi {
    /// Ask for a ticket
    ///
    /// Pages need one where the server has access tokens, since they cannot set a header on
    /// a WebSocket; programs send the header and need none. A ticket opens the one path for
    /// the caller who asked, once.
    #[oai(path = "/tickets", method = "post", operation_id = "createTicket")]
    async fn create(&self, caller: Caller, body: JsonBody<TicketOrder>) -> Answer {
        let mut fields = self.fields(body).await?;
        let path = socket_path(&mut fields)?;
        self.issue(Bearer::Caller(caller), path)
    }

    /// Ask for a ticket to watch a shared terminal
    ///
    /// Needs no access token: the token of the link is one, and cannot be guessed. The
    /// ticket opens `/ws/share`.
    #[oai(
        path = "/shares/tickets",
        method = "post",
        operation_id = "createShareTicket"
    )]
    async fn create_for_share(&self, body: JsonBody<ShareTicketOrder>) -> Answer {
        let mut fields = self.fields(body).await?;
        let token = fields
            .secret("share")?
            .ok_or_else(|| Problem::wrong_field("share", "is required"))?;
        self.0.store.shared_terminal(&token)?;
        let bearer = Bearer::Share(Arc::new(token));
        self.issue(bearer, SHARE_SOCKET.to_owned())
    }
}

impl TicketsApi {
    async fn fields<T>(&self, body: JsonBody<T>) -> Outcome<Fields> {
        let limit = self.0.settings.body_timeout;
        Fields::required(body.read_up_to(BODY_LIMIT, limit).await?)
    }

    fn issue(&self, bearer: Bearer, path: String) -> Answer {
        Ok(Success(TicketObject {
            ticket: self.0.tickets.issue(Opening { bearer, path })?,
            expires_in: Opening::LIFETIME.as_secs(),
        }))
    }
}

fn socket_path(fields: &mut Fields) -> Outcome<String> {
    let path = fields
        .filled("path")?
        .ok_or_else(|| Problem::wrong_field("path", "is required"))?;
    let plain = path.bytes().all(|b| b.is_ascii_graphic()) && !path.contains(['?', '#']);
    if !is_socket(&path) || path.len() > LONGEST_PATH || !plain {
        return Err(Problem::wrong_field(
            "path",
            "must be that of a WebSocket, such as /ws/terminal/{session_id}, without a query",
        ));
    }
    Ok(path)
}

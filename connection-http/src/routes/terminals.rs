//! The terminals of a session: opening, looking, changing, closing.

use super::{Group, State};
use crate::auth::Caller;
use crate::error::{Outcome, Problem};
use crate::extension::{Refused, extension_problem};
use crate::fields::Fields;
use crate::json::JsonBody;
use crate::models::Done;
use crate::responses::{Statuses, Success};
use crate::terminal::models::{ChangeTerminal, OpenTerminal, TerminalList, TerminalObject};
use connection_core::ErrorKind;
use connection_core::session::Session;
use connection_core::terminals::{SharedTerminal, TerminalId};
use poem::http::StatusCode;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use std::sync::Arc;

/// Statuses of the terminal routes.
pub(super) struct Using;

impl Statuses for Using {
    const LIST: &'static [(u16, &'static str)] = &[
        (400, "The request is wrong; `code` says how."),
        (
            401,
            "No valid access token, or: Session expired or not found.",
        ),
        (403, "The Host or Origin header is not allowed."),
        (404, "The session has no such terminal or share."),
        (
            405,
            "The route has no such method; `Allow` lists those it has.",
        ),
        (408, "The body did not arrive in time."),
        (413, "The body is larger than 1 MiB."),
        (415, "The body's Content-Type is not application/json."),
        (
            500,
            "The remote server failed and did not say why, or a mistake of this server.",
        ),
        (
            501,
            "The remote server cannot do that, or recording is not configured.",
        ),
        (
            502,
            "The connection to the remote server is lost or broken, or the terminal has ended.",
        ),
        (503, "A configured limit is reached."),
        (504, "The remote server did not answer in time."),
        (507, "There is no room for the recording."),
    ];
}

pub(super) type Failure = Refused<Using>;
pub(super) type Answer<T> = std::result::Result<Success<T>, Failure>;

/// Routes on terminals.
pub(crate) struct TerminalsApi(pub(super) Arc<State>);

#[OpenApi(tag = "Group::Terminals")]
impl TerminalsApi {
    /// The terminals of a session
    ///
    /// Those that run, and the last few that ended.
    #[oai(
        path = "/connections/:session_id/terminals",
        method = "get",
        operation_id = "listTerminals"
    )]
    async fn list(&self, caller: Caller, session_id: Path<String>) -> Answer<TerminalList> {
        let session = self.0.session(&caller, &session_id)?;
        let terminals = session.terminals();
        Ok(Success(TerminalList {
            terminals: terminals.iter().map(|t| t.info().into()).collect(),
        }))
    }

    /// Open a terminal
    ///
    /// It runs whether or not anybody attaches, for as long as the setting
    /// `terminal_timeout` says. A WebSocket can also open one and attach at once.
    #[oai(
        path = "/connections/:session_id/terminals",
        method = "post",
        operation_id = "openTerminal"
    )]
    async fn open(
        &self,
        caller: Caller,
        session_id: Path<String>,
        body: JsonBody<OpenTerminal>,
    ) -> Answer<TerminalObject> {
        let session = self.0.session(&caller, &session_id)?;
        let body = body.read(self.0.settings.body_timeout).await?;
        let order: OpenTerminal = serde_json::from_value(body)
            .map_err(|error| Problem::bad_request(error.to_string()))?;
        let (request, options) = order.parts();
        let terminal = session.start_terminal(request, options).await?;
        Ok(Success(terminal.info().into()))
    }

    /// Look at a terminal
    #[oai(
        path = "/connections/:session_id/terminals/:terminal_id",
        method = "get",
        operation_id = "getTerminal"
    )]
    async fn get(
        &self,
        caller: Caller,
        session_id: Path<String>,
        terminal_id: Path<String>,
    ) -> Answer<TerminalObject> {
        let session = self.0.session(&caller, &session_id)?;
        Ok(Success(terminal(&session, &terminal_id)?.info().into()))
    }

    /// Rename or resize a terminal
    ///
    /// Whoever is attached is told the new size.
    #[oai(
        path = "/connections/:session_id/terminals/:terminal_id",
        method = "patch",
        operation_id = "changeTerminal"
    )]
    async fn change(
        &self,
        caller: Caller,
        session_id: Path<String>,
        terminal_id: Path<String>,
        body: JsonBody<ChangeTerminal>,
    ) -> Answer<TerminalObject> {
        let session = self.0.session(&caller, &session_id)?;
        let terminal = terminal(&session, &terminal_id)?;
        let mut fields = Fields::required(body.read(self.0.settings.body_timeout).await?)?;
        let name = fields.text("name")?;
        let size = match (fields.account("cols")?, fields.account("rows")?) {
            (None, None) => None,
            (Some(columns), Some(rows)) => Some((columns, rows)),
            _ => return Err(Problem::bad_request("cols and rows go together").into()),
        };
        if name.is_none() && size.is_none() {
            return Err(Problem::bad_request("there is nothing to change").into());
        }
        if let Some((columns, rows)) = size {
            terminal.resize(columns, rows).await?;
        }
        if let Some(name) = name {
            terminal.rename(&name)?;
        }
        Ok(Success(terminal.info().into()))
    }

    /// Close a terminal
    ///
    /// What runs in it is told (`SIGHUP`), and so is whoever is attached.
    #[oai(
        path = "/connections/:session_id/terminals/:terminal_id",
        method = "delete",
        operation_id = "closeTerminal"
    )]
    async fn close(
        &self,
        caller: Caller,
        session_id: Path<String>,
        terminal_id: Path<String>,
    ) -> Answer<Done> {
        let session = self.0.session(&caller, &session_id)?;
        terminal(&session, &terminal_id)?.close();
        Ok(Success(Done {
            message: "Terminal closed".to_owned(),
        }))
    }
}

/// A terminal of a session.
///
/// # Errors
/// 404, whatever was sent.
pub(super) fn terminal(session: &Session, id: &str) -> Outcome<Arc<SharedTerminal>> {
    let Some(id) = TerminalId::parse(id) else {
        return Err(not_found("Terminal not found"));
    };
    session.terminal(id).map_err(|e| extension_problem(&e))
}

pub(super) fn not_found(detail: &str) -> Problem {
    Problem::new(StatusCode::NOT_FOUND, detail).with_code(ErrorKind::NotFound.code())
}

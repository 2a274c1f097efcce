//! Listing, looking at and closing sessions.

use super::{Group, State};
use crate::auth::Caller;
use crate::error::{Outcome, Problem};
use crate::extension::{Refused, extension_statuses};
use crate::fields::Fields;
use crate::json::JsonBody;
use crate::models::{Cleaned, Done, SessionChange, SessionList, SessionObject};
use crate::responses::{Answer, Closing, Inspecting, Reading, Success};
use crate::table::{close_problem, session_not_found};
use connection_core::session::SessionId;
use connection_core::{Error, ErrorKind};
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use std::sync::Arc;

/// Most characters of a name: more than anyone reads, and few enough for a list of names.
const MAX_NAME: usize = 200;

extension_statuses! {
    /// Changing what is told of a session.
    pub(super) Renaming {
        408 => "The body did not arrive in time.",
        415 => "The body's Content-Type is not application/json.",
    }
}

/// Routes about sessions that are open.
pub(crate) struct SessionsApi(pub(super) Arc<State>);

#[OpenApi(tag = "Group::Sessions")]
impl SessionsApi {
    /// All sessions of the caller
    ///
    /// In the order they were opened. Does not count as using them.
    #[oai(path = "/connections", method = "get", operation_id = "listSessions")]
    async fn list(&self, caller: Caller) -> Answer<SessionList, Reading> {
        let sessions = self.0.store.list(&caller.owner);
        Ok(Success(SessionList {
            sessions: sessions.into_iter().map(SessionObject::from).collect(),
        }))
    }

    /// One session
    ///
    /// Does not count as using it.
    #[oai(
        path = "/connections/:session_id",
        method = "get",
        operation_id = "getSession"
    )]
    async fn get(
        &self,
        caller: Caller,
        session_id: Path<String>,
    ) -> Answer<SessionObject, Inspecting> {
        let info = SessionId::parse(&session_id)
            .and_then(|id| self.0.store.info(&caller.owner, id).ok())
            .ok_or_else(session_not_found)?;
        Ok(Success(info.into()))
    }

    /// Close a session
    #[oai(
        path = "/connections/:session_id",
        method = "delete",
        operation_id = "disconnect"
    )]
    async fn close(&self, caller: Caller, session_id: Path<String>) -> Answer<Done, Closing> {
        self.close_named(&caller, &session_id).await
    }

    /// Rename a session
    ///
    /// Counts as using it.
    #[oai(
        path = "/connections/:session_id",
        method = "patch",
        operation_id = "renameSession"
    )]
    async fn rename(
        &self,
        caller: Caller,
        session_id: Path<String>,
        body: JsonBody<SessionChange>,
    ) -> Result<Success<SessionObject>, Refused<Renaming>> {
        let session = self.0.session(&caller, &session_id)?;
        let limit = self.0.settings.body_timeout;
        let mut fields = Fields::required(body.read(limit).await?)?;
        session.rename(name(&mut fields)?);
        Ok(Success(session.info().into()))
    }

    /// Close expired sessions
    ///
    /// A background sweep does the same; a body is ignored.
    #[oai(
        path = "/connections/cleanup",
        method = "post",
        operation_id = "cleanup"
    )]
    async fn cleanup(&self, caller: Caller) -> Answer<Cleaned, Reading> {
        let cleaned = self.0.store.cleanup(&caller.owner);
        Ok(Success(Cleaned {
            cleaned: cleaned as u64,
            message: format!("Cleaned up {cleaned} expired sessions"),
        }))
    }

    // The fixed names below `/connections` are ids of no session. The router prefers them
    // to `:session_id` whatever the method, so they answer its methods themselves.

    #[oai(path = "/connections/ssh", method = "get", hidden)]
    async fn get_ssh(&self, _caller: Caller) -> Answer<SessionObject, Inspecting> {
        Err(session_not_found().into())
    }

    #[oai(path = "/connections/ftp", method = "get", hidden)]
    async fn get_ftp(&self, _caller: Caller) -> Answer<SessionObject, Inspecting> {
        Err(session_not_found().into())
    }

    #[oai(path = "/connections/cleanup", method = "get", hidden)]
    async fn get_cleanup(&self, _caller: Caller) -> Answer<SessionObject, Inspecting> {
        Err(session_not_found().into())
    }

    #[oai(path = "/connections/ssh", method = "delete", hidden)]
    async fn close_ssh(&self, caller: Caller) -> Answer<Done, Closing> {
        self.close_named(&caller, "ssh").await
    }

    #[oai(path = "/connections/ftp", method = "delete", hidden)]
    async fn close_ftp(&self, caller: Caller) -> Answer<Done, Closing> {
        self.close_named(&caller, "ftp").await
    }

    #[oai(path = "/connections/cleanup", method = "delete", hidden)]
    async fn close_cleanup(&self, caller: Caller) -> Answer<Done, Closing> {
        self.close_named(&caller, "cleanup").await
    }
}

impl SessionsApi {
    async fn close_named(&self, caller: &Caller, id: &str) -> Answer<Done, Closing> {
        let closed = match SessionId::parse(id) {
            Some(id) => self.0.store.close(&caller.owner, id).await,
            None => Err(Error::new(
                ErrorKind::SessionNotFound,
                "close session",
                "not an id",
            )),
        };
        closed.map_err(|e| close_problem(&e))?;
        Ok(Success(Done {
            message: "Session disconnected".to_owned(),
        }))
    }
}

/// The name a request asks for.
fn name(fields: &mut Fields) -> Outcome<String> {
    fields
        .filled("sessionName")?
        .filter(|name| name.chars().count() <= MAX_NAME && !name.chars().any(char::is_control))
        .ok_or_else(|| {
            let what = format!("must be 1 to {MAX_NAME} characters without control characters");
            Problem::wrong_field("sessionName", &what)
        })
}

//! Links by which someone without an access token may watch a terminal.

use super::terminals::{Answer, not_found, terminal};
use super::{Group, State};
use crate::auth::Caller;
use crate::fields::Fields;
use crate::json::JsonBody;
use crate::models::Done;
use crate::responses::Success;
use crate::terminal::models::{CreatedShare, ShareList, ShareTerminal};
use connection_core::terminals::ShareId;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use std::sync::Arc;
use std::time::Duration;

/// How long a share lasts that names no time, in seconds.
const LIFETIME: u64 = 3600;

/// Routes on shares.
pub(crate) struct SharesApi(pub(super) Arc<State>);

#[OpenApi(tag = "Group::Terminals")]
impl SharesApi {
    /// The shares of a terminal
    #[oai(
        path = "/connections/:session_id/terminals/:terminal_id/shares",
        method = "get",
        operation_id = "listShares"
    )]
    async fn list(
        &self,
        caller: Caller,
        session_id: Path<String>,
        terminal_id: Path<String>,
    ) -> Answer<ShareList> {
        let session = self.0.session(&caller, &session_id)?;
        let shares = terminal(&session, &terminal_id)?.shares();
        Ok(Success(ShareList {
            shares: shares.into_iter().map(Into::into).collect(),
        }))
    }

    /// Share a terminal for watching
    ///
    /// Whoever has the token may watch, without an access token and without typing, until
    /// the share is over or revoked.
    #[oai(
        path = "/connections/:session_id/terminals/:terminal_id/shares",
        method = "post",
        operation_id = "createShare"
    )]
    async fn create(
        &self,
        caller: Caller,
        session_id: Path<String>,
        terminal_id: Path<String>,
        body: JsonBody<ShareTerminal>,
    ) -> Answer<CreatedShare> {
        let session = self.0.session(&caller, &session_id)?;
        let terminal = terminal(&session, &terminal_id)?;
        let mut fields = Fields::optional(body.read(self.0.settings.body_timeout).await?)?;
        let seconds = fields.whole("expires_in")?.unwrap_or(LIFETIME);
        let (info, token) = terminal.share(Duration::from_secs(seconds))?;
        Ok(Success(CreatedShare::new(info, &token)?))
    }

    /// Revoke a share
    ///
    /// Whoever watches by it is sent away.
    #[oai(
        path = "/connections/:session_id/terminals/:terminal_id/shares/:share_id",
        method = "delete",
        operation_id = "revokeShare"
    )]
    async fn revoke(
        &self,
        caller: Caller,
        session_id: Path<String>,
        terminal_id: Path<String>,
        share_id: Path<String>,
    ) -> Answer<Done> {
        let session = self.0.session(&caller, &session_id)?;
        let terminal = terminal(&session, &terminal_id)?;
        let share = ShareId::parse(&share_id).ok_or_else(|| not_found("Share not found"))?;
        terminal.revoke(share)?;
        Ok(Success(Done {
            message: "Share revoked".to_owned(),
        }))
    }
}

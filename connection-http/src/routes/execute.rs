//! Running commands.

use super::{Group, State};
use crate::auth::Caller;
use crate::error::Problem;
use crate::fields::Fields;
use crate::json::JsonBody;
use crate::models::{CommandOutput, Execute};
use crate::output;
use crate::responses::{Answer, Operating, Success};
use crate::table::{Operation, operation_problem};
use connection_core::ErrorKind;
use connection_core::exec::ExecRequest;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use std::sync::Arc;

/// Routes that run commands.
pub(crate) struct ExecuteApi(pub(super) Arc<State>);

#[OpenApi(tag = "Group::Commands")]
impl ExecuteApi {
    /// Run a command
    ///
    /// In the account's shell, without a terminal, each in the home directory. Closing the
    /// connection before the answer ends the command.
    #[oai(
        path = "/connections/:session_id/execute",
        method = "post",
        operation_id = "executeCommand"
    )]
    async fn execute(
        &self,
        caller: Caller,
        session_id: Path<String>,
        body: JsonBody<Execute>,
    ) -> Answer<CommandOutput, Operating> {
        let session = self.0.session(&caller, &session_id)?;
        let problem = |e: connection_core::Error| {
            operation_problem(Operation::Execute, session.kind(), &e, None)
        };
        session.ssh().map_err(problem)?;
        let settings = &self.0.settings;
        let mut fields = Fields::optional(body.read(settings.body_timeout).await?)?;
        let command = fields
            .text("command")?
            .ok_or_else(|| Problem::wrong_field("command", "is required"))?;
        if command.contains('\0') {
            // Sent, it would end the whole connection.
            return Err(Problem::failed(
                "Command execution failed: the command contains a NUL character",
            )
            .named(ErrorKind::InvalidInput.code())
            .about("command")
            .into());
        }
        let request = ExecRequest::new(command)
            .timeout(settings.exec_timeout)
            .output_limit(settings.exec_output_limit);
        let ended = session.exec(request).await.map_err(problem)?;
        Ok(Success(CommandOutput {
            output: output::text(&ended),
        }))
    }
}

//! Running commands with their input and surroundings, to their end or live.

use super::{Group, State};
use crate::auth::Caller;
use crate::error::Problem;
use crate::exec::live::{Live, Ran, cancelled};
use crate::exec::models::{ExecEnd, ExecList, ExecOrder, ExecResult};
use crate::exec::order::{BODY_LIMIT, Order};
use crate::exec::text;
use crate::extension::Refused;
use crate::fields::Fields;
use crate::json::JsonBody;
use crate::models::Done;
use crate::responses::{Statuses, Success};
use futures::future::Either;
use poem::Request;
use poem::http::{StatusCode, header};
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use std::sync::Arc;

/// The statuses of running commands.
pub(super) struct Executing;

impl Statuses for Executing {
    const LIST: &'static [(u16, &'static str)] = &[
        (
            400,
            "The request is wrong, or the session is not of the right type; `code` says which.",
        ),
        (
            401,
            "No valid access token, or: Session expired or not found.",
        ),
        (403, "The Host or Origin header is not allowed."),
        (404, "No such command runs."),
        (
            405,
            "The route has no such method; `Allow` lists those it has.",
        ),
        (408, "The body did not arrive in time."),
        (409, "The command was cancelled by another request."),
        (413, "The body is larger than 16 MiB."),
        (415, "The body's Content-Type is not application/json."),
        (500, "A mistake of this server, or of its disk."),
        (501, "The account may run no commands, or have no terminal."),
        (
            502,
            "The connection to the remote server is lost, or it has no room for a command.",
        ),
        (503, "A configured limit is reached."),
        (
            504,
            "The command was ended because it ran longer than it may, or the remote server did \
             not answer in time.",
        ),
        (507, "The disk of this server is full."),
    ];
}

type Failure = Refused<Executing>;

/// Routes that run commands.
pub(crate) struct ExecApi(pub(super) Arc<State>);

#[OpenApi(tag = "Group::Commands")]
impl ExecApi {
    /// Run a command, to its end or live
    ///
    /// In the account's shell, many at once on one session: where the server has no room for
    /// one more, it waits for another to end, or runs on a further connection.
    ///
    /// With `Accept: text/event-stream` the answer is server-sent events while the command
    /// runs, each with JSON as its data: `started` with the `exec_id`; `stdout` and `stderr`
    /// with `data`, each stream in its order; at last `exit`, or `error` with `detail` and
    /// `code`. A comment is sent after 15 seconds without an event. What is wrong before
    /// the command runs is answered with its status.
    ///
    /// ```text
    /// event: started
    /// data: {"exec_id":"5e0c2f9a-7d43-4c8e-9d2b-1f6a0c3b7e55"}
    ///
    /// event: stdout
    /// data: {"data":"hello\n"}
    ///
    /// event: exit
    /// data: {"exit_code":0,"duration_ms":12,"truncated":false}
    /// ```
    ///
    /// Closing the connection ends the remote process, and so does cancelling it by its id.
    #[oai(
        path = "/connections/:session_id/exec",
        method = "post",
        operation_id = "exec"
    )]
    async fn exec(
        &self,
        caller: Caller,
        request: &Request,
        session_id: Path<String>,
        body: JsonBody<ExecOrder>,
    ) -> Result<Ran, Failure> {
        let session = self.0.session(&caller, &session_id)?;
        session.ssh()?;
        let settings = &self.0.settings;
        let body = body.read_up_to(BODY_LIMIT, settings.body_timeout).await?;
        let order = Order::read(Fields::optional(body)?, settings)?;
        let listed = self.0.commands.enter(session.id(), &order.command);
        let live = wants_events(request);
        let encoding = order.encoding;
        let running = async {
            let command = session.start_exec(order.request).await?;
            Ok::<_, connection_core::Error>(match live {
                true => Either::Left(command),
                false => Either::Right(command.output().await?),
            })
        };
        let running = tokio::select! {
            biased;
            () = listed.cancelled() => return Err(cancelled().into()),
            running = running => running?,
        };
        Ok(match running {
            Either::Left(command) => Ran::Live(Live::new(command, listed, encoding)),
            Either::Right(output) => Ran::Whole(Box::new(ExecResult {
                stdout: text::whole(&output.stdout, encoding),
                stderr: text::whole(&output.stderr, encoding),
                end: ExecEnd::new(output.status, output.truncated, output.duration),
            })),
        })
    }

    /// Commands that run
    ///
    /// Those of this route, with those that wait for room on the server.
    #[oai(
        path = "/connections/:session_id/exec",
        method = "get",
        operation_id = "listExecs"
    )]
    async fn list(
        &self,
        caller: Caller,
        session_id: Path<String>,
    ) -> Result<Success<ExecList>, Failure> {
        let session = self.0.session(&caller, &session_id)?;
        session.ssh()?;
        let commands = self.0.commands.of(session.id());
        Ok(Success(ExecList { commands }))
    }

    /// Cancel a command
    ///
    /// Its remote process is ended as if the client had gone away; who waits for it is told
    /// `cancelled`.
    #[oai(
        path = "/connections/:session_id/exec/:exec_id",
        method = "delete",
        operation_id = "cancelExec"
    )]
    async fn cancel(
        &self,
        caller: Caller,
        session_id: Path<String>,
        exec_id: Path<String>,
    ) -> Result<Success<Done>, Failure> {
        let session = self.0.session(&caller, &session_id)?;
        session.ssh()?;
        if !self.0.commands.cancel(session.id(), &exec_id) {
            return Err(Problem::new(StatusCode::NOT_FOUND, "No such command runs").into());
        }
        Ok(Success(Done {
            message: "Command cancelled".to_owned(),
        }))
    }
}

/// Whether the client asks for server-sent events.
fn wants_events(request: &Request) -> bool {
    let accepted = request.headers().get_all(header::ACCEPT).iter();
    accepted
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|kind| kind.split(';').next())
        .any(|kind| kind.trim().eq_ignore_ascii_case("text/event-stream"))
}

//! A running command as server-sent events. When the client goes away the answer is
//! dropped, and with it the command.

use crate::error::Problem;
use crate::exec::commands::Listed;
use crate::exec::models::{
    ExecEncoding, ExecEnd, ExecEventData, ExecResult, ExecStarted, ExecText,
};
use crate::exec::text::Writer;
use crate::extension::{CodedDetail, extension_problem};
use crate::responses::Success;
use connection_core::ErrorKind;
use connection_core::exec::ExecEvent;
use connection_core::ssh::RunningCommand;
use futures::Stream;
use poem::http::StatusCode;
use poem::web::sse::{Event, SSE};
use poem::{IntoResponse, Response};
use poem_openapi::ApiResponse;
use poem_openapi::payload::Payload as _;
use poem_openapi::registry::{
    MetaMediaType, MetaResponse, MetaResponses, MetaSchema, MetaSchemaRef, Registry,
};
use poem_openapi::types::Type;
use serde::Serialize;
use std::collections::VecDeque;
use std::time::Duration;

/// A comment is sent after so long without an event: proxies close what is silent, often
/// after 30 seconds or 60.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// What a command that someone cancelled is answered with.
pub(crate) fn cancelled() -> Problem {
    Problem::new(StatusCode::CONFLICT, "The command was cancelled")
        .with_code(ErrorKind::Cancelled.code())
}

/// What a command is answered with.
pub(crate) enum Ran {
    /// It ended.
    Whole(Box<ExecResult>),
    /// It runs.
    Live(Live),
}

/// The events of a running command.
pub(crate) struct Live {
    state: Option<Running>,
    waiting: VecDeque<Event>,
}

struct Running {
    command: RunningCommand,
    listed: Listed,
    stdout: Writer,
    stderr: Writer,
}

impl Live {
    /// The events of a command from its start.
    pub(crate) fn new(command: RunningCommand, listed: Listed, encoding: ExecEncoding) -> Self {
        let exec_id = listed.id().to_string();
        let running = Running {
            command,
            listed,
            stdout: Writer::new(encoding),
            stderr: Writer::new(encoding),
        };
        Self {
            state: Some(running),
            waiting: [event("started", &ExecStarted { exec_id })].into(),
        }
    }

    /// One event after the other; `None` behind the last.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Some(event);
            }
            let running = self.state.as_mut()?;
            let happened = tokio::select! {
                biased;
                () = running.listed.cancelled() => Err(cancelled()),
                happened = running.command.next() => happened.map_err(|e| extension_problem(&e)),
            };
            match happened {
                Ok(Some(ExecEvent::Stdout(bytes))) => {
                    let text = running.stdout.write(&bytes);
                    self.say("stdout", text);
                }
                Ok(Some(ExecEvent::Stderr(bytes))) => {
                    let text = running.stderr.write(&bytes);
                    self.say("stderr", text);
                }
                Ok(Some(ExecEvent::Exit {
                    status,
                    truncated,
                    duration,
                })) => {
                    let end = ExecEnd::new(status, truncated, duration);
                    self.end(event("exit", &end));
                }
                // Nothing of these comes: the end is told first, and ends this.
                Ok(_) => self.state = None,
                Err(problem) => self.end(event("error", &CodedDetail::from(&problem))),
            }
        }
    }

    fn say(&mut self, name: &str, data: String) {
        if !data.is_empty() {
            self.waiting.push_back(event(name, &ExecText { data }));
        }
    }

    /// Lets go of the command before its end is told: who has seen that does not find it
    /// listed any more.
    fn end(&mut self, last: Event) {
        if let Some(mut running) = self.state.take() {
            self.say("stdout", running.stdout.finish());
            self.say("stderr", running.stderr.finish());
        }
        self.waiting.push_back(last);
    }

    fn events(self) -> impl Stream<Item = Event> + Send + 'static {
        futures::stream::unfold(self, |mut live| async move {
            let event = live.next().await?;
            Some((event, live))
        })
    }
}

fn event(name: &str, data: &impl Serialize) -> Event {
    // Texts and numbers can always be written.
    let data = serde_json::to_string(data).unwrap_or_default();
    Event::message(data).event_type(name)
}

impl IntoResponse for Ran {
    fn into_response(self) -> Response {
        match self {
            Self::Whole(result) => Success(*result).into_response(),
            Self::Live(live) => SSE::new(live.events())
                .keep_alive(KEEP_ALIVE)
                .into_response(),
        }
    }
}

impl ApiResponse for Ran {
    fn meta() -> MetaResponses {
        let events = MetaSchema {
            items: Some(Box::new(ExecEventData::schema_ref())),
            ..MetaSchema::new_with_format("array", "event-stream")
        };
        let whole = MetaMediaType {
            content_type: Success::<ExecResult>::CONTENT_TYPE,
            schema: ExecResult::schema_ref(),
        };
        let live = MetaMediaType {
            content_type: "text/event-stream",
            schema: MetaSchemaRef::Inline(Box::new(events)),
        };
        MetaResponses {
            responses: vec![MetaResponse {
                description: "What the command left behind, or its events as they happen, as \
                              `Accept` asks.",
                status: Some(200),
                status_range: None,
                content: vec![whole, live],
                headers: vec![],
            }],
        }
    }

    fn register(registry: &mut Registry) {
        ExecResult::register(registry);
        ExecEventData::register(registry);
    }
}

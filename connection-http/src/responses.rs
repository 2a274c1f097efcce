//! What the routes answer, as the OpenAPI description lists it: successes that are
//! written straight to JSON, and failures that declare each of their statuses.

use crate::error::{Detail, Problem};
use poem::{IntoResponse, Response};
use poem_openapi::ApiResponse;
use poem_openapi::payload::Payload;
use poem_openapi::registry::{MetaMediaType, MetaResponse, MetaResponses, MetaSchemaRef, Registry};
use poem_openapi::types::Type;
use serde::Serialize;
use std::marker::PhantomData;

/// A success. It is written straight from the value: a listing of a million entries must
/// not first become a tree of JSON values.
pub(crate) struct Success<T>(pub T);

impl<T: Type> Payload for Success<T> {
    const CONTENT_TYPE: &'static str = "application/json";

    fn schema_ref() -> MetaSchemaRef {
        T::schema_ref()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl<T: Serialize + Send> IntoResponse for Success<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(body) => Response::builder()
                .content_type("application/json")
                .body(body),
            Err(error) => {
                tracing::error!(%error, "an answer could not be written");
                Problem::internal().into_response()
            }
        }
    }
}

impl<T: Type + Serialize> ApiResponse for Success<T> {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![MetaResponse {
                description: "Done.",
                status: Some(200),
                status_range: None,
                content: vec![MetaMediaType {
                    content_type: Self::CONTENT_TYPE,
                    schema: Self::schema_ref(),
                }],
                headers: vec![],
            }],
        }
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

/// The statuses an operation can fail with, and when.
pub trait Statuses: Send + Sync + 'static {
    /// Status and meaning.
    const LIST: &'static [(u16, &'static str)];
}

/// A failure of an operation with these statuses.
pub struct Failed<S>(Problem, PhantomData<S>);

impl<S: Statuses> From<Problem> for Failed<S> {
    fn from(problem: Problem) -> Self {
        debug_assert!(
            S::LIST.iter().any(|(s, _)| *s == problem.status().as_u16()),
            "{problem:?} is not among the documented statuses"
        );
        Self(problem, PhantomData)
    }
}

impl<S> From<Failed<S>> for poem::Error {
    fn from(failed: Failed<S>) -> Self {
        failed.0.into()
    }
}

impl<S: Statuses> ApiResponse for Failed<S> {
    fn meta() -> MetaResponses {
        let response = |(status, description): &(u16, &'static str)| MetaResponse {
            description,
            status: Some(*status),
            status_range: None,
            content: vec![MetaMediaType {
                content_type: "application/json",
                schema: Detail::schema_ref(),
            }],
            headers: vec![],
        };
        MetaResponses {
            responses: S::LIST.iter().map(response).collect(),
        }
    }

    fn register(registry: &mut Registry) {
        Detail::register(registry);
    }
}

/// What a route answers.
pub(crate) type Answer<T, S> = std::result::Result<Success<T>, Failed<S>>;

/// Declares a set of statuses: a type of this name with the common ones and its own.
macro_rules! statuses {
    ($(#[$doc:meta])* $name:ident { $($status:literal => $meaning:literal),* $(,)? }) => {
        $(#[$doc])*
        pub(crate) struct $name;

        impl Statuses for $name {
            const LIST: &'static [(u16, &'static str)] = &[
                $(($status, $meaning),)*
                (403, "The Host or Origin header is not allowed, or the local path lies outside the allowed directories."),
                (405, "The route has no such method; `Allow` lists those it has."),
            ];
        }
    };
}

statuses! {
    /// Routes that everyone may use and that cannot fail.
    Open { 500 => "A mistake of this server." }
}
statuses! {
    /// Routes that only read.
    Reading {
        401 => "No valid access token.",
        500 => "A mistake of this server.",
    }
}
statuses! {
    /// Looking at a session.
    Inspecting {
        401 => "No valid access token, or: Session expired or not found.",
        500 => "A mistake of this server.",
    }
}
statuses! {
    /// Closing a session.
    Closing {
        401 => "No valid access token.",
        404 => "Session not found.",
        500 => "A mistake of this server.",
    }
}
statuses! {
    /// Opening a session.
    Connecting {
        400 => "The body is wrong, or the connection could not be made; `detail` says which.",
        401 => "No valid access token.",
        408 => "The body did not arrive in time.",
        413 => "The body is larger than 1 MiB.",
        415 => "The body's Content-Type is not application/json.",
        500 => "A mistake of this server.",
    }
}
statuses! {
    /// Listing a directory.
    Listing {
        401 => "No valid access token, or: Session expired or not found.",
        500 => "Failed to list files: ….",
    }
}
statuses! {
    /// Operations on a session with a JSON body.
    Operating {
        400 => "The body is wrong, or the session is not of the right type.",
        401 => "No valid access token, or: Session expired or not found.",
        404 => "The local file does not exist.",
        408 => "The body did not arrive in time.",
        413 => "The body is larger than 1 MiB.",
        415 => "The body's Content-Type is not application/json.",
        500 => "The operation failed; `detail` says why.",
    }
}

//! Refusals of the extension routes: `{"detail", "code"}`, and the one table from the
//! library's errors to their statuses.
//!
//! The contract's routes have a table of their own ([`crate::table`]), because their
//! statuses and texts are those that its clients already show. Here the status says what
//! kind of failure it was, `code` is the library's stable name of it, and `detail` is the
//! server's own text where it gave one.

use crate::codes;
use crate::error::Problem;
use crate::responses::Statuses;
use connection_core::{Error, ErrorKind};
use poem::http::StatusCode;
use poem_openapi::registry::{MetaMediaType, MetaResponse, MetaResponses, Registry};
use poem_openapi::types::Type;
use poem_openapi::{ApiResponse, Object};
use serde::Serialize;
use std::marker::PhantomData;

/// The body of a refusal of an extension route.
#[derive(Debug, Object, Serialize)]
pub(crate) struct CodedDetail {
    /// What went wrong, in words for a person.
    detail: String,
    /// The same for a program, such as `not_found`. Absent when a step before the route
    /// refused the request.
    code: Option<String>,
    /// With `offset_mismatch`: bytes in the partial file, which is where to go on.
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
}

impl From<&Problem> for CodedDetail {
    /// The body of a refusal that comes too late for a status.
    fn from(problem: &Problem) -> Self {
        Self {
            detail: problem.detail().to_owned(),
            code: Some(problem.name().to_owned()),
            size: None,
        }
    }
}

/// The status of every kind of error.
pub(crate) fn status(kind: ErrorKind) -> StatusCode {
    use ErrorKind as K;
    match kind {
        K::InvalidInput
        | K::NotADirectory
        | K::IsADirectory
        | K::WrongSessionType
        | K::KeyUnreadable
        | K::KeyInvalid
        | K::PassphraseRequired
        | K::PassphraseWrong
        | K::AuthenticationFailed => StatusCode::BAD_REQUEST,
        K::SessionNotFound => StatusCode::UNAUTHORIZED,
        K::PermissionDenied => StatusCode::FORBIDDEN,
        K::NotFound => StatusCode::NOT_FOUND,
        K::AlreadyExists | K::DirectoryNotEmpty | K::OffsetMismatch => StatusCode::CONFLICT,
        K::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        K::Failure | K::TrustStore | K::LocalIo | K::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        K::Unsupported => StatusCode::NOT_IMPLEMENTED,
        // Cancelled: the session was closed under the operation.
        K::ConnectionLost
        | K::ConnectionRefused
        | K::HostNotFound
        | K::Unreachable
        | K::Protocol
        | K::NoCommonAlgorithm
        | K::HostUnknown
        | K::HostChanged
        | K::HostRevoked
        | K::ChannelRefused
        | K::Incomplete
        | K::Cancelled => StatusCode::BAD_GATEWAY,
        K::LimitReached => StatusCode::SERVICE_UNAVAILABLE,
        K::TimedOut => StatusCode::GATEWAY_TIMEOUT,
        K::NoSpace | K::QuotaExceeded => StatusCode::INSUFFICIENT_STORAGE,
    }
}

/// The answer to an error of an operation.
pub(crate) fn extension_problem(error: &Error) -> Problem {
    let kind = error.kind();
    if kind == ErrorKind::Internal {
        tracing::error!(%error, "internal error");
        return Problem::internal().with_code(kind.code());
    }
    tracing::debug!(%error, "an operation failed");
    let detail = match error.message() {
        "" => error.operation(),
        message => message,
    };
    let mut problem = Problem::new(status(kind), detail).with_code(kind.code());
    if let Some(field) = codes::field_of(error).filter(|_| kind == ErrorKind::InvalidInput) {
        problem = problem.about(field);
    }
    let size = error.context("size").and_then(|size| size.parse().ok());
    match size.filter(|_| kind == ErrorKind::OffsetMismatch) {
        Some(size) => problem.with_size(size),
        None => problem,
    }
}

/// The answer to an error of finding the path in this field of the request.
pub(crate) fn path_problem(error: &Error, field: &str) -> Problem {
    let problem = extension_problem(error);
    match error.kind() {
        ErrorKind::InvalidInput => problem.about(field),
        _ => problem,
    }
}

/// A refusal of an operation with these statuses.
pub struct Refused<S>(Problem, PhantomData<S>);

impl<S: Statuses> From<Problem> for Refused<S> {
    fn from(problem: Problem) -> Self {
        debug_assert!(
            S::LIST.iter().any(|(s, _)| *s == problem.status().as_u16()),
            "{problem:?} is not among the documented statuses"
        );
        let name = problem.name();
        Self(problem.or_code(name), PhantomData)
    }
}

impl<S: Statuses> From<Error> for Refused<S> {
    fn from(error: Error) -> Self {
        extension_problem(&error).into()
    }
}

impl<S> From<Refused<S>> for poem::Error {
    fn from(refused: Refused<S>) -> Self {
        refused.0.into()
    }
}

impl<S: Statuses> ApiResponse for Refused<S> {
    fn meta() -> MetaResponses {
        let response = |(status, description): &(u16, &'static str)| MetaResponse {
            description,
            status: Some(*status),
            status_range: None,
            content: vec![MetaMediaType {
                content_type: "application/json",
                schema: CodedDetail::schema_ref(),
            }],
            headers: vec![],
        };
        MetaResponses {
            responses: S::LIST.iter().map(response).collect(),
        }
    }

    fn register(registry: &mut Registry) {
        CodedDetail::register(registry);
    }
}

/// Declares the statuses of an extension route on a session's files: those of the table,
/// and its own.
macro_rules! extension_statuses {
    ($(#[$doc:meta])* $vis:vis $name:ident { $($status:literal => $meaning:literal),* $(,)? }) => {
        $(#[$doc])*
        $vis struct $name;

        impl $crate::responses::Statuses for $name {
            const LIST: &'static [(u16, &'static str)] = &[
                (400, "The request is wrong, or the path is not of the right kind; `code` says which."),
                (401, "No valid access token, or: Session expired or not found."),
                (403, "The account may not do that, or the Host or Origin header is not allowed."),
                (404, "The path does not exist."),
                (405, "The route has no such method; `Allow` lists those it has."),
                (409, "Something of that name exists already, or the directory is not empty."),
                (413, "Larger than the configured limit."),
                $(($status, $meaning),)*
                (500, "The remote server failed and did not say why, or a mistake of this server."),
                (501, "The remote server or the protocol cannot do that."),
                (502, "The connection to the remote server is lost or broken."),
                (503, "A configured limit is reached."),
                (504, "The remote server did not answer in time."),
                (507, "The remote disk or the account's quota is full."),
            ];
        }
    };
}
pub(crate) use extension_statuses;

#[cfg(test)]
mod tests {
    use super::*;

    extension_statuses! {
        /// Those of every route.
        pub(super) Common {}
    }

    #[test]
    fn every_status_of_the_table_is_documented() {
        for kind in ErrorKind::ALL {
            let status = status(*kind).as_u16();
            assert!(Common::LIST.iter().any(|(s, _)| *s == status), "{kind}");
        }
    }

    #[tokio::test]
    async fn a_refusal_carries_the_text_and_the_code() {
        let error = Error::new(ErrorKind::NotFound, "open file", "No such file");
        let refused: poem::Error = Refused::<Common>::from(error).into();
        let mut answer = refused.into_response();
        assert_eq!(answer.status(), 404);
        let body = answer.take_body().into_string().await.unwrap();
        assert_eq!(body, r#"{"code":"not_found","detail":"No such file"}"#);
    }

    #[tokio::test]
    async fn an_unknown_session_has_a_code_and_an_internal_error_no_text() {
        let refused: Refused<Common> = crate::table::session_not_found().into();
        let mut answer = poem::Error::from(refused).into_response();
        assert_eq!(answer.status(), 401);
        let body = answer.take_body().into_string().await.unwrap();
        assert!(body.contains(r#""code":"session_not_found""#), "{body}");
        let secret = Error::new(ErrorKind::Internal, "x", "what only the log is told");
        let problem = extension_problem(&secret);
        assert_eq!(problem.detail(), "Internal server error");
    }
}

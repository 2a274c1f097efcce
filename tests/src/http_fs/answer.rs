//! Answers of the API: JSON, or a refusal whose `code` says what kind of error it is.

use connection_core::{Error, ErrorKind, Result};
use reqwest::{RequestBuilder, Response};
use serde_json::{Map, Value};

/// The kind of error a code stands for.
pub(super) fn kind_of(code: &str) -> Option<ErrorKind> {
    ErrorKind::ALL
        .iter()
        .copied()
        .find(|kind| kind.code() == code)
}

/// The error of a request that got no answer, or not the whole of it.
pub(super) fn failed(operation: &'static str, error: &reqwest::Error) -> Error {
    let kind = if error.is_body() || error.is_decode() {
        ErrorKind::Incomplete
    } else {
        ErrorKind::ConnectionLost
    };
    Error::new(kind, operation, format!("{error:?}"))
}

/// The error of an answer that this API never gives.
pub(super) fn unlike(operation: &'static str, what: impl Into<String>) -> Error {
    Error::new(ErrorKind::Protocol, operation, what)
}

/// The error a refusal's body stands for.
pub(super) fn refusal(operation: &'static str, status: u16, body: &str) -> Error {
    let parsed: Value = serde_json::from_str(body).unwrap_or_default();
    let kind = parsed["code"].as_str().and_then(kind_of);
    match (kind, parsed["detail"].as_str()) {
        (Some(kind), Some(detail)) => Error::new(kind, operation, detail),
        _ => unlike(operation, format!("status {status} without a code: {body}")),
    }
}

/// Sends a request; an answer that is no success is an error.
pub(super) async fn send(operation: &'static str, request: RequestBuilder) -> Result<Response> {
    let response = request.send().await.map_err(|e| failed(operation, &e))?;
    if response.status().is_success() {
        return Ok(response);
    }
    let status = response.status().as_u16();
    let body = response.text().await.map_err(|e| failed(operation, &e))?;
    Err(refusal(operation, status, &body))
}

/// The JSON in the answer to a request.
pub(super) async fn json(operation: &'static str, request: RequestBuilder) -> Result<Value> {
    let response = send(operation, request).await?;
    response.json().await.map_err(|e| failed(operation, &e))
}

/// A JSON object.
pub(super) fn object(operation: &'static str, value: Value) -> Result<Map<String, Value>> {
    match value {
        Value::Object(object) => Ok(object),
        other => Err(unlike(operation, format!("no object: {other}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_comes_back_from_its_code() {
        for kind in ErrorKind::ALL {
            let body = serde_json::json!({ "detail": "why", "code": kind.code() });
            let error = refusal("test", 500, &body.to_string());
            assert_eq!((error.kind(), error.message()), (*kind, "why"));
        }
        assert_eq!(kind_of("none of ours"), None);
        let bare = refusal("test", 404, r#"{"detail":"no such route"}"#);
        assert_eq!(bare.kind(), ErrorKind::Protocol);
    }
}

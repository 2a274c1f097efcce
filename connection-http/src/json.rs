//! Request bodies: JSON, read with a limit and a clock.

use crate::codes;
use crate::error::{Outcome, Problem};
use connection_core::ErrorKind;
use connection_core::secret::Secret;
use futures::StreamExt;
use poem::http::{StatusCode, header};
use poem::{Body, Request, RequestBody};
use poem_openapi::registry::{MetaMediaType, MetaRequest, Registry};
use poem_openapi::types::Type;
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use serde_json::Value;
use std::marker::PhantomData;
use std::time::Duration;

/// Largest body most routes take: a private key in a request has a few KiB.
pub(crate) const BODY_LIMIT: usize = 1 << 20;

/// How much of a too large body is still read and thrown away, so that a client that only
/// listens once it has sent everything gets to see the answer.
const DISCARD_LIMIT: usize = 8 << 20;

/// A body that has not been read yet, documented as a `T`.
///
/// Reading is the handler's step and not the extractor's: an unknown session is refused
/// before the body is even looked at.
pub(crate) struct JsonBody<T> {
    content_type: Option<String>,
    length: Option<usize>,
    body: Body,
    documented: PhantomData<fn() -> T>,
}

impl<'a, T: Type> ApiExtractor<'a> for JsonBody<T> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];
    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn request_meta() -> Option<MetaRequest> {
        Some(MetaRequest {
            description: None,
            content: vec![MetaMediaType {
                content_type: "application/json",
                schema: T::schema_ref(),
            }],
            required: true,
        })
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _: ExtractParamOptions<()>,
    ) -> poem::Result<Self> {
        Ok(Self {
            content_type: request.content_type().map(str::to_owned),
            length: request
                .header(header::CONTENT_LENGTH)
                .and_then(|n| n.parse().ok()),
            body: body.take()?,
            documented: PhantomData,
        })
    }
}

impl<T> JsonBody<T> {
    /// Reads and parses the body within this time.
    ///
    /// # Errors
    /// 415 for another content type, 413, 408, and 400 for what is not JSON.
    pub(crate) async fn read(self, within: Duration) -> Outcome<Value> {
        self.read_up_to(BODY_LIMIT, within).await
    }

    /// The same of a body that may be of another size.
    ///
    /// # Errors
    /// As [`JsonBody::read`].
    pub(crate) async fn read_up_to(self, limit: usize, within: Duration) -> Outcome<Value> {
        if !self.content_type.as_deref().is_some_and(is_json) {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "Content-Type must be application/json",
            )
            .named(codes::UNSUPPORTED_MEDIA_TYPE));
        }
        let bytes = tokio::time::timeout(within, collect(self.body, self.length, limit))
            .await
            .map_err(|_| {
                Problem::new(
                    StatusCode::REQUEST_TIMEOUT,
                    "The request body did not arrive in time",
                )
                .named(codes::REQUEST_TIMED_OUT)
            })??;
        serde_json::from_slice(bytes.expose()).map_err(|e| {
            Problem::bad_request(format!("Failed to decode JSON object: {e}"))
                .named(codes::INVALID_JSON)
        })
    }
}

fn is_json(content_type: &str) -> bool {
    let essence = content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    essence == "application/json"
        || (essence.starts_with("application/") && essence.ends_with("+json"))
}

/// The body, wiped once it is parsed: it may hold a password.
async fn collect(body: Body, length: Option<usize>, limit: usize) -> Outcome<Secret> {
    let discard_limit = DISCARD_LIMIT.max(limit.saturating_mul(2));
    let too_large = || {
        Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("The request body is larger than {limit} bytes"),
        )
    };
    if length.is_some_and(|n| n > discard_limit) {
        return Err(too_large());
    }
    // Of the right size from the start: a growing buffer would leave unwiped copies.
    let mut kept = Vec::with_capacity(length.unwrap_or(0).min(limit));
    let mut seen = 0_usize;
    let mut chunks = std::pin::pin!(body.into_bytes_stream());
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| {
            Problem::bad_request("The request body broke off").named(ErrorKind::Incomplete.code())
        })?;
        seen = seen.saturating_add(chunk.len());
        if seen > discard_limit {
            return Err(too_large());
        }
        if seen <= limit {
            kept.extend_from_slice(&chunk);
        }
    }
    let kept = Secret::from(kept);
    if seen > limit {
        return Err(too_large());
    }
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_types() {
        for yes in [
            "application/json",
            "Application/JSON; charset=utf-8",
            "application/hal+json",
        ] {
            assert!(is_json(yes), "{yes}");
        }
        for no in [
            "text/json",
            "text/plain",
            "",
            "application/jsonx",
            "application/xml",
        ] {
            assert!(!is_json(no), "{no}");
        }
    }
}

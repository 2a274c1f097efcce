//! Bodies that are streams: a file on its way out, and one on its way in. Knows no route.

use crate::codes;
use crate::conditional::Validators;
use crate::error::{Outcome, Problem};
use bytes::Bytes;
use connection_core::fs::{FileReader, Metadata};
use connection_core::path::RemotePath;
use connection_core::session::ActiveSession;
use connection_core::{Error, ErrorKind, Result};
use futures::StreamExt;
use futures::stream::{self, BoxStream};
use poem::http::{HeaderName, HeaderValue, StatusCode, header};
use poem::{Body, IntoResponse, Request, RequestBody, Response};
use poem_openapi::registry::{
    MetaHeader, MetaMediaType, MetaRequest, MetaResponse, MetaResponses, MetaSchema, MetaSchemaRef,
    Registry,
};
use poem_openapi::types::Type;
use poem_openapi::{ApiExtractor, ApiExtractorType, ApiResponse, ExtractParamOptions};
use std::io;
use std::ops::RangeInclusive;
use std::time::Duration;

/// The bytes are the remote machine's: they run nothing and load nothing, even when a
/// browser shows them as a page of this server.
const POLICY: &str = "sandbox; default-src 'none'";

/// How much of a refused body is still read and thrown away, and for how long, so that a
/// client that only listens once it has sent everything gets to see the answer.
const DISCARD_LIMIT: usize = 8 << 20;
const DISCARD_TIME: Duration = Duration::from_secs(2);

/// A file on its way to the client. The session stays in use until it is dropped, and
/// dropping it closes the file.
pub(crate) struct ContentBody {
    session: ActiveSession,
    reader: Box<dyn FileReader>,
    first: Option<Bytes>,
    /// Bytes still to come; `None` when the server did not tell.
    left: Option<u64>,
    /// Bytes still allowed when their number is unknown.
    allowed: Option<u64>,
}

impl ContentBody {
    /// Opens a file that was just looked at and reads its first bytes, so that what can be
    /// refused is refused before an answer has begun.
    ///
    /// # Errors
    /// Those of the file.
    pub(crate) async fn open(
        session: ActiveSession,
        (path, seen): (&RemotePath, &Metadata),
        offset: u64,
        length: Option<u64>,
        limit: Option<u64>,
    ) -> Result<Self> {
        let mut reader = session.fs().open_seen(path, seen, offset).await?;
        let first = reader.next_chunk().await?;
        let left = match (length, &first) {
            (Some(0), Some(_)) => None,
            (length, _) => length,
        };
        Ok(Self {
            session,
            reader,
            first,
            left,
            allowed: limit,
        })
    }

    /// Bytes promised.
    pub(crate) fn length(&self) -> Option<u64> {
        self.left
    }

    /// The next bytes to send.
    async fn next(&mut self) -> Result<Option<Bytes>> {
        if self.left == Some(0) {
            return Ok(None);
        }
        let chunk = match self.first.take() {
            Some(first) => Some(first),
            None => self.reader.next_chunk().await?,
        };
        let Some(mut chunk) = chunk else {
            return match self.left {
                None => Ok(None),
                Some(left) => Err(failed(
                    ErrorKind::Incomplete,
                    format!("the file ended {left} bytes early"),
                )),
            };
        };
        let length = chunk.len() as u64;
        match (&mut self.left, &mut self.allowed) {
            (Some(left), _) => {
                // What was appended meanwhile is beyond the promise.
                let kept = length.min(*left);
                chunk.truncate(usize::try_from(kept).unwrap_or(usize::MAX));
                *left -= kept;
            }
            (None, Some(allowed)) => {
                *allowed = allowed.checked_sub(length).ok_or_else(|| {
                    failed(ErrorKind::TooLarge, "the file is larger than the limit")
                })?;
            }
            (None, None) => {}
        }
        Ok(Some(chunk))
    }

    /// As the body of an answer. An error breaks the connection: the client must not take
    /// what it got for the whole.
    pub(crate) fn into_body(self) -> Body {
        Body::from_bytes_stream(stream::try_unfold(self, |mut body| async move {
            match body.next().await {
                Ok(Some(bytes)) => Ok(Some((bytes, body))),
                Ok(None) => Ok(None),
                Err(error) => {
                    tracing::warn!(session = %body.session.id(), %error, "a download broke off");
                    Err(io::Error::other(error))
                }
            }
        }))
    }
}

fn failed(kind: ErrorKind, text: impl Into<String>) -> Error {
    Error::new(kind, "read file", text)
}

/// The answer to a request for a file's content.
pub(crate) enum Content {
    /// The file or a part of it.
    Bytes {
        /// First and last byte of the part.
        part: Option<RangeInclusive<u64>>,
        /// Bytes in the body; `None` when the server did not tell.
        length: Option<u64>,
        /// Bytes in the whole file, where a part of it can be asked for.
        size: Option<u64>,
        /// `Content-Type`.
        media_type: String,
        /// `Content-Disposition`.
        disposition: String,
        /// What to compare a copy by.
        validators: Validators,
        /// The bytes; `None` when only their headers were asked for.
        body: Option<Body>,
    },
    /// The client's copy is as good.
    NotModified(Validators),
}

impl IntoResponse for Content {
    fn into_response(self) -> Response {
        let mut response = Response::default();
        let mut headers: Vec<(HeaderName, String)> = vec![
            (header::CONTENT_SECURITY_POLICY, POLICY.to_owned()),
            // A copy may be kept, but not believed without asking.
            (header::CACHE_CONTROL, "private, no-cache".to_owned()),
        ];
        match self {
            Self::NotModified(validators) => {
                response.set_status(StatusCode::NOT_MODIFIED);
                headers.extend(validators.headers());
            }
            Self::Bytes {
                part,
                length,
                size,
                media_type,
                disposition,
                validators,
                body,
            } => {
                headers.extend(validators.headers());
                headers.push((header::CONTENT_TYPE, media_type));
                headers.push((header::CONTENT_DISPOSITION, disposition));
                let ranges = if size.is_some() { "bytes" } else { "none" };
                headers.push((header::ACCEPT_RANGES, ranges.to_owned()));
                if let Some(length) = length {
                    headers.push((header::CONTENT_LENGTH, length.to_string()));
                }
                if let (Some(part), Some(size)) = (part, size) {
                    response.set_status(StatusCode::PARTIAL_CONTENT);
                    let range = format!("bytes {}-{}/{size}", part.start(), part.end());
                    headers.push((header::CONTENT_RANGE, range));
                }
                if let Some(body) = body {
                    response.set_body(body);
                }
            }
        }
        for (name, value) in headers {
            match HeaderValue::from_str(&value) {
                Ok(value) => drop(response.headers_mut().insert(name, value)),
                Err(error) => tracing::error!(%name, %error, "a header could not be written"),
            }
        }
        response
    }
}

/// Bytes, as a schema.
pub(crate) fn binary() -> MetaSchemaRef {
    MetaSchemaRef::Inline(Box::new(MetaSchema {
        format: Some("binary"),
        ..MetaSchema::new("string")
    }))
}

impl ApiResponse for Content {
    fn meta() -> MetaResponses {
        let header = |(name, description): (&str, &str)| MetaHeader {
            name: name.to_owned(),
            description: Some(description.to_owned()),
            required: false,
            deprecated: false,
            schema: <String as Type>::schema_ref(),
        };
        let response = |status, description, content| MetaResponse {
            description,
            status: Some(status),
            status_range: None,
            content,
            headers: [
                (
                    "ETag",
                    "Made of size and time; absent when either is unknown.",
                ),
                ("Last-Modified", "Absent when it is unknown."),
                (
                    "Accept-Ranges",
                    "`bytes`, or `none` when the size is unknown.",
                ),
                ("Content-Disposition", "The file's name."),
                ("Content-Range", "Of a part: its place and the file's size."),
            ]
            .map(header)
            .into(),
        };
        let bytes = || {
            vec![MetaMediaType {
                content_type: "application/octet-stream",
                schema: binary(),
            }]
        };
        MetaResponses {
            responses: vec![
                response(200, "The whole file.", bytes()),
                response(206, "The part that was asked for.", bytes()),
                response(304, "The client's copy is as good.", vec![]),
            ],
        }
    }

    fn register(_: &mut Registry) {}
}

/// A request's body of any type and length, not yet read.
pub(crate) struct RawBody {
    length: Option<u64>,
    on_demand: bool,
    body: Body,
}

impl RawBody {
    /// The body as a stream whose client may pause for at most this time.
    pub(crate) fn within(self, pause: Duration) -> Incoming {
        Incoming::new(self.length, self.body, pause).on_demand(self.on_demand)
    }
}

impl<'a> ApiExtractor<'a> for RawBody {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];
    type ParamType = ();
    type ParamRawType = ();

    fn request_meta() -> Option<MetaRequest> {
        Some(MetaRequest {
            description: None,
            content: vec![MetaMediaType {
                content_type: "application/octet-stream",
                schema: binary(),
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
            length: request
                .header(header::CONTENT_LENGTH)
                .and_then(|n| n.parse().ok()),
            on_demand: waits_to_be_asked(request),
            // No body at all is an empty file.
            body: body.take().unwrap_or_default(),
        })
    }
}

/// Whether the client sends no body before it is asked to (`Expect: 100-continue`), which
/// reading the body does.
pub(crate) fn waits_to_be_asked(request: &Request) -> bool {
    request
        .header(header::EXPECT)
        .is_some_and(|value| value.trim().eq_ignore_ascii_case("100-continue"))
}

/// A body on its way in.
pub(crate) struct Incoming {
    announced: Option<u64>,
    /// The client sends nothing before it is asked to, and reading is what asks it.
    unasked: bool,
    chunks: BoxStream<'static, io::Result<Bytes>>,
    pause: Duration,
    ended: bool,
}

impl Incoming {
    /// A body whose client may pause for at most this time.
    pub(crate) fn new(announced: Option<u64>, body: Body, pause: Duration) -> Self {
        Self {
            announced,
            unasked: false,
            chunks: body.into_bytes_stream().boxed(),
            pause,
            ended: false,
        }
    }

    /// Whether the client waits to be asked for the body: see [`waits_to_be_asked`].
    #[must_use]
    pub(crate) fn on_demand(mut self, waits: bool) -> Self {
        self.unasked = waits;
        self
    }

    /// The length the client announced.
    pub(crate) fn announced(&self) -> Option<u64> {
        self.announced
    }

    /// The next bytes; `None` at the proper end.
    ///
    /// # Errors
    /// 408 when the client pauses for too long, 400 when the body broke off.
    pub(crate) async fn next(&mut self) -> Outcome<Option<Bytes>> {
        self.unasked = false;
        match tokio::time::timeout(self.pause, self.chunks.next()).await {
            Ok(Some(Ok(bytes))) => Ok(Some(bytes)),
            Ok(None) => {
                self.ended = true;
                Ok(None)
            }
            Ok(Some(Err(error))) => {
                self.ended = true;
                tracing::debug!(%error, "a body broke off");
                Err(Problem::bad_request("The request body broke off")
                    .with_code(ErrorKind::Incomplete.code()))
            }
            Err(_) => {
                self.ended = true;
                Err(Problem::new(
                    StatusCode::REQUEST_TIMEOUT,
                    "The request body did not arrive in time",
                )
                .named(codes::REQUEST_TIMED_OUT))
            }
        }
    }

    /// Throws away the rest, as far as that is little. A client that waits to be asked for
    /// its body is answered without it.
    pub(crate) async fn discard(&mut self) {
        if self.unasked {
            return;
        }
        let left = async {
            let mut seen = 0_usize;
            while !self.ended && seen <= DISCARD_LIMIT {
                match self.chunks.next().await {
                    Some(Ok(bytes)) => seen = seen.saturating_add(bytes.len()),
                    Some(Err(_)) | None => self.ended = true,
                }
            }
        };
        // Whatever is left then is cut off with the connection.
        let _ = tokio::time::timeout(DISCARD_TIME, left).await;
    }
}

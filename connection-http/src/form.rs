//! A browser's form (`multipart/form-data`, RFC 7578) as one file after another, none of
//! which is ever held: at most one chunk of the body is, beside the head of a part.

use crate::codes;
use crate::content::{Incoming, binary, waits_to_be_asked};
use crate::error::{Outcome, Problem};
use crate::form_name::file_name;
use crate::intake::Source;
use bytes::Bytes;
use connection_core::ErrorKind;
use connection_core::path::RemoteName;
use futures::Stream;
use futures::StreamExt;
use futures::stream::{self, BoxStream};
use multer::{Field, Multipart};
use poem::http::{StatusCode, header};
use poem::{Body, Request, RequestBody};
use poem_openapi::registry::{MetaMediaType, MetaRequest, MetaSchema, MetaSchemaRef};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

/// Parts taken of one form: its answer names each.
const MAX_PARTS: usize = 1000;

/// Bytes before a part's content: the boundary and the headers.
const HEAD_LIMIT: usize = 64 << 10;

/// Bytes of a field that is no file. A form may have some; their values are not used.
const FIELD_LIMIT: usize = 64 << 10;

/// A form that has not been read yet.
pub(crate) struct FormBody {
    content_type: Option<String>,
    on_demand: bool,
    body: Body,
}

impl FormBody {
    /// The body, whose client may pause for at most this time, and the boundary of its parts.
    ///
    /// # Errors
    /// 415 when it is no form.
    pub(crate) fn within(self, pause: Duration) -> (Incoming, Outcome<String>) {
        let boundary = self
            .content_type
            .and_then(|text| multer::parse_boundary(text).ok())
            .ok_or_else(|| {
                Problem::new(
                    StatusCode::UNSUPPORTED_MEDIA_TYPE,
                    "Content-Type must be multipart/form-data with a boundary",
                )
                .named(codes::UNSUPPORTED_MEDIA_TYPE)
            });
        let incoming = Incoming::new(None, self.body, pause).on_demand(self.on_demand);
        (incoming, boundary)
    }
}

impl<'a> ApiExtractor<'a> for FormBody {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];
    type ParamType = ();
    type ParamRawType = ();

    fn request_meta() -> Option<MetaRequest> {
        let inline = |schema| MetaSchemaRef::Inline(Box::new(schema));
        let files = MetaSchema {
            description: Some("The files. The name of the field is of no importance."),
            items: Some(Box::new(binary())),
            ..MetaSchema::new("array")
        };
        let form = MetaSchema {
            properties: vec![("file", inline(files))],
            ..MetaSchema::new("object")
        };
        Some(MetaRequest {
            description: None,
            content: vec![MetaMediaType {
                content_type: "multipart/form-data",
                schema: inline(form),
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
            content_type: request.header(header::CONTENT_TYPE).map(str::to_owned),
            on_demand: waits_to_be_asked(request),
            body: body.take().unwrap_or_default(),
        })
    }
}

/// A form being read.
pub(crate) struct Form<'r> {
    parts: Multipart<'r>,
    /// What the next head may still take; unlimited within a part.
    head_left: Arc<AtomicUsize>,
    seen: usize,
    file: Option<Field<'r>>,
    /// Read ahead of the file.
    first: Option<Bytes>,
}

impl<'r> Form<'r> {
    /// Reads the form from this body.
    pub(crate) fn new(body: &'r mut Incoming, boundary: String) -> Self {
        let head_left = Arc::new(AtomicUsize::new(HEAD_LIMIT));
        let chunks = Chunks {
            body: stream::unfold(Some(body), next_chunk).boxed(),
            gave: false,
            head_left: Arc::clone(&head_left),
        };
        Self {
            parts: Multipart::new(chunks, boundary),
            head_left,
            seen: 0,
            file: None,
            first: None,
        }
    }

    /// Goes to the next file and tells its name, which may be anything; the rest of the one
    /// before is thrown away. Other fields, and inputs without a file, are passed over.
    ///
    /// # Errors
    /// 413 for too many parts or too large a head or field; 400 for what is no form or broke
    /// off; those of the body.
    pub(crate) async fn next_file(&mut self) -> Outcome<Option<RemoteName>> {
        loop {
            while self.next().await?.is_some() {}
            self.file = None;
            self.head_left.store(HEAD_LIMIT, Ordering::Relaxed);
            let Some(mut part) = self.parts.next_field().await.map_err(broken)? else {
                return Ok(None);
            };
            self.head_left.store(usize::MAX, Ordering::Relaxed);
            self.seen += 1;
            if self.seen > MAX_PARTS {
                return Err(too_large(format!("a form has at most {MAX_PARTS} parts")));
            }
            let disposition = part.headers().get(header::CONTENT_DISPOSITION);
            match disposition.and_then(|value| file_name(value.as_bytes())) {
                None => pass_over(&mut part).await?,
                Some(name) => {
                    self.first = filled_chunk(&mut part).await?;
                    self.file = Some(part);
                    if !name.as_bytes().is_empty() || self.first.is_some() {
                        return Ok(Some(name));
                    }
                }
            }
        }
    }
}

impl Source for Form<'_> {
    async fn next(&mut self) -> Outcome<Option<Bytes>> {
        if let Some(first) = self.first.take() {
            return Ok(Some(first));
        }
        match &mut self.file {
            Some(file) => filled_chunk(file).await,
            None => Ok(None),
        }
    }
}

async fn filled_chunk(part: &mut Field<'_>) -> Outcome<Option<Bytes>> {
    while let Some(bytes) = part.chunk().await.map_err(broken)? {
        // The last chunk of a part may have nothing in it.
        if !bytes.is_empty() {
            return Ok(Some(bytes));
        }
    }
    Ok(None)
}

async fn pass_over(part: &mut Field<'_>) -> Outcome<()> {
    let mut seen = 0_usize;
    while let Some(bytes) = filled_chunk(part).await? {
        seen = seen.saturating_add(bytes.len());
        if seen > FIELD_LIMIT {
            return Err(too_large(format!(
                "a field that is no file has at most {FIELD_LIMIT} bytes"
            )));
        }
    }
    Ok(())
}

async fn next_chunk(
    body: Option<&mut Incoming>,
) -> Option<(Result<Bytes, Broken>, Option<&mut Incoming>)> {
    let body = body?;
    match body.next().await {
        Ok(Some(bytes)) => Some((Ok(bytes), Some(body))),
        Ok(None) => None,
        Err(problem) => Some((Err(Broken(problem)), None)),
    }
}

/// The body, one chunk a poll. The parser reads until the body has nothing ready, and a fast
/// client always has: without the pause it would hold whatever the remote side is slow to
/// take.
struct Chunks<'r> {
    body: BoxStream<'r, Result<Bytes, Broken>>,
    gave: bool,
    head_left: Arc<AtomicUsize>,
}

impl Stream for Chunks<'_> {
    type Item = Result<Bytes, Broken>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if std::mem::take(&mut self.gave) {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let chunk = std::task::ready!(self.body.as_mut().poll_next(cx));
        if let Some(Ok(bytes)) = &chunk {
            let left = self.head_left.load(Ordering::Relaxed);
            if left == 0 {
                let text = format!("the head of a part has more than {HEAD_LIMIT} bytes");
                return Poll::Ready(Some(Err(Broken(too_large(text)))));
            }
            if left != usize::MAX {
                let left = left.saturating_sub(bytes.len());
                self.head_left.store(left, Ordering::Relaxed);
            }
            self.gave = true;
        }
        Poll::Ready(chunk)
    }
}

/// A problem on its way through the parser.
#[derive(Debug)]
struct Broken(Problem);

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.detail())
    }
}

impl std::error::Error for Broken {}

fn too_large(text: String) -> Problem {
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, text)
}

fn broken(error: multer::Error) -> Problem {
    let incomplete = |text| Problem::bad_request(text).with_code(ErrorKind::Incomplete.code());
    match error {
        multer::Error::StreamReadFailed(error) => match error.downcast::<Broken>() {
            Ok(broken) => broken.0,
            Err(_) => incomplete("The request body broke off"),
        },
        multer::Error::IncompleteFieldData { .. }
        | multer::Error::IncompleteHeaders
        | multer::Error::IncompleteStream => incomplete("The form ends before its last boundary"),
        error => Problem::bad_request(format!("The form is not well-formed: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

    /// A body that has always more, and counts what was taken of it.
    fn body(parts: Vec<Vec<u8>>, taken: &Arc<AtomicUsize>) -> Incoming {
        let taken = Arc::clone(taken);
        let chunks = parts.into_iter().map(move |part| {
            taken.fetch_add(1, Ordering::Relaxed);
            Ok::<_, io::Error>(Bytes::from(part))
        });
        let body = Body::from_bytes_stream(stream::iter(chunks));
        Incoming::new(None, body, Duration::from_secs(10))
    }

    #[tokio::test]
    async fn no_more_is_taken_of_a_fast_body_than_was_asked_for() {
        let mut parts = vec![b"--x\r\nContent-Disposition: form-data; filename=a\r\n\r\n".to_vec()];
        parts.extend(vec![vec![b'a'; 1000]; 500]);
        parts.push(b"\r\n--x--".to_vec());
        let taken = Arc::new(AtomicUsize::new(0));
        let mut body = body(parts, &taken);
        let mut form = Form::new(&mut body, "x".to_owned());
        let name = form.next_file().await.unwrap().unwrap();
        assert_eq!(name.as_bytes(), b"a");
        let mut size = 0;
        while let Some(bytes) = form.next().await.unwrap() {
            size += bytes.len();
            let ahead = taken.load(Ordering::Relaxed) * 1000 - size;
            assert!(ahead <= 3000, "{ahead} bytes ahead");
        }
        assert_eq!(size, 500_000);
        assert!(form.next_file().await.unwrap().is_none());
    }

    #[tokio::test]
    async fn a_file_nobody_read_is_thrown_away() {
        let text = b"--x\r\nContent-Disposition: form-data; filename=a\r\n\r\nabc\r\n\
                     --x\r\nContent-Disposition: form-data; filename=b\r\n\r\nde\r\n--x--";
        for step in [1, 2, 3, 1000] {
            let parts = text.chunks(step).map(<[u8]>::to_vec).collect();
            let mut body = body(parts, &Arc::default());
            let mut form = Form::new(&mut body, "x".to_owned());
            assert_eq!(form.next_file().await.unwrap().unwrap().as_bytes(), b"a");
            assert_eq!(form.next_file().await.unwrap().unwrap().as_bytes(), b"b");
            let mut content = Vec::new();
            while let Some(bytes) = form.next().await.unwrap() {
                content.extend_from_slice(&bytes);
            }
            assert_eq!(content, b"de", "{step}");
            assert!(form.next_file().await.unwrap().is_none());
            assert!(form.next().await.unwrap().is_none());
        }
    }
}

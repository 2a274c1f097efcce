//! Recordings of terminals: what there is, the files themselves, and deleting them.

use super::{Group, State};
use crate::auth::Caller;
use crate::conditional::Validators;
use crate::content::Content;
use crate::disposition::content_disposition;
use crate::extension::{Refused, extension_statuses};
use crate::models::Done;
use crate::range::Span;
use crate::recording_models::{Cast, MEDIA_TYPE, RecordingObject, RecordingPage};
use crate::responses::Success;
use connection_core::path::RemoteName;
use connection_core::recording::{RecordingFile, RecordingId};
use connection_core::{Error, ErrorKind};
use poem::{Body, Request};
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use std::io::{Seek, SeekFrom};
use std::sync::Arc;
use tokio::io::AsyncReadExt;
use tokio_util::io::ReaderStream;

/// Bytes read from a recording at once.
const CHUNK: usize = 64 * 1024;

extension_statuses! {
    /// Looking at recordings.
    pub(super) Recorded {
        412 => "The file is not the one `If-Match` or `If-Unmodified-Since` is about.",
        416 => "No byte of the range is in the file; `Content-Range` tells its size.",
    }
}

type Failure = Refused<Recorded>;
type Answer<T> = std::result::Result<Success<T>, Failure>;

/// Routes about recordings. Without a directory for them every one answers 501.
pub(crate) struct RecordingsApi(pub(super) Arc<State>);

#[OpenApi(tag = "Group::Recordings")]
impl RecordingsApi {
    /// The caller's recordings
    ///
    /// Those being written included, the newest first.
    #[oai(path = "/recordings", method = "get", operation_id = "listRecordings")]
    async fn list(&self, caller: Caller) -> Answer<RecordingPage> {
        let recordings = self.0.store.recordings()?;
        let listed = recordings.list(&caller.owner).await?;
        Ok(Success(RecordingPage::new(listed, recordings.settings())))
    }

    /// One recording
    #[oai(
        path = "/recordings/:recording_id",
        method = "get",
        operation_id = "getRecording"
    )]
    async fn get(&self, caller: Caller, recording_id: Path<String>) -> Answer<RecordingObject> {
        let recordings = self.0.store.recordings()?;
        let id = parse(&recording_id)?;
        let info = recordings.info(&caller.owner, id).await?;
        Ok(Success(info.into()))
    }

    /// A recording's content
    ///
    /// A file of asciicast v2, ending with a whole line: also of a recording that is being
    /// written, up to then, and of one whose server was killed. Gaps are markers (`m`).
    /// Understands `Range` and `If-Range`, and the conditions `If-Match`, `If-None-Match`,
    /// `If-Modified-Since` and `If-Unmodified-Since`.
    #[oai(
        path = "/recordings/:recording_id/content",
        method = "get",
        operation_id = "getRecordingContent"
    )]
    async fn content(
        &self,
        caller: Caller,
        request: &Request,
        recording_id: Path<String>,
    ) -> Result<Cast, Failure> {
        let recordings = self.0.store.recordings()?;
        let id = parse(&recording_id)?;
        let recording = recordings.open(&caller.owner, id).await?;
        Ok(Cast(content(recording, request)?))
    }

    /// Delete a recording
    ///
    /// One that is being written ends; its terminal goes on.
    #[oai(
        path = "/recordings/:recording_id",
        method = "delete",
        operation_id = "deleteRecording"
    )]
    async fn delete(&self, caller: Caller, recording_id: Path<String>) -> Answer<Done> {
        let recordings = self.0.store.recordings()?;
        recordings
            .delete(&caller.owner, parse(&recording_id)?)
            .await?;
        Ok(Success(Done {
            message: "Recording deleted".to_owned(),
        }))
    }
}

/// What is no id names no recording.
fn parse(sent: &str) -> Result<RecordingId, Error> {
    RecordingId::parse(sent)
        .ok_or_else(|| Error::new(ErrorKind::NotFound, "use recording", "No such recording"))
}

fn content(mut recording: RecordingFile, request: &Request) -> Result<Content, Failure> {
    let size = recording.length;
    let validators = Validators::new(Some(size), recording.modified);
    if validators.copy_is_good(request.headers())? {
        return Ok(Content::NotModified(validators));
    }
    let span = Span::asked(request.headers(), Some(size), &validators)?;
    let length = span.length.unwrap_or(size);
    // Only the position of the handle: no disk is asked.
    recording
        .file
        .seek(SeekFrom::Start(span.offset))
        .map_err(|e| Error::new(ErrorKind::LocalIo, "read recording", e.to_string()))?;
    let file = tokio::fs::File::from_std(recording.file).take(length);
    let stream = ReaderStream::with_capacity(file, CHUNK);
    let name = RemoteName::new(format!("{}.cast", recording.info.id));
    Ok(Content::Bytes {
        part: span.part,
        length: Some(length),
        size: Some(size),
        media_type: MEDIA_TYPE.to_owned(),
        disposition: content_disposition(&name, MEDIA_TYPE, false),
        validators,
        body: Some(Body::from_bytes_stream(stream)),
    })
}

//! Recordings of terminals: what there is, the files themselves, and deleting them.

use super::content::out_of_range;
use super::{Group, State};
use crate::auth::Caller;
use crate::conditional::Validators;
use crate::content::Content;
use crate::disposition::content_disposition;
use crate::extension::{Refused, extension_statuses};
use crate::models::Done;
use crate::range::{Wanted, wanted};
use crate::recording_models::{Cast, MEDIA_TYPE, RecordingObject, RecordingPage};
use crate::responses::Success;
use connection_core::path::RemoteName;
use connection_core::recording::{RecordingFile, RecordingId};
use connection_core::{Error, ErrorKind};
use poem::http::header;
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
        416 => "No byte of the range is in the file; `Content-Range` tells its size.",
    }
}

type Failure = Refused<Recorded>;
type Answer<T> = std::result::Result<Success<T>, Failure>;

/// Routes about recordings. Without a directory for them every one answers 501.
pub struct RecordingsApi(pub(super) Arc<State>);

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
    /// Understands `Range`, `If-Range`, `If-None-Match` and `If-Modified-Since`.
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
    if validators.not_modified(request.headers()) {
        return Ok(Content::NotModified(validators));
    }
    let wanted = match validators.range_applies(request.headers()) {
        true => wanted(request.header(header::RANGE), size),
        false => Wanted::Whole,
    };
    let (part, start, length) = match wanted {
        Wanted::Nothing => return Err(out_of_range(size).into()),
        Wanted::Whole => (None, 0, size),
        Wanted::Part(part) => {
            let (first, last) = (*part.start(), *part.end());
            let length = last.saturating_sub(first).saturating_add(1);
            (Some(part), first, length)
        }
    };
    // Only the position of the handle: no disk is asked.
    recording
        .file
        .seek(SeekFrom::Start(start))
        .map_err(|e| Error::new(ErrorKind::LocalIo, "read recording", e.to_string()))?;
    let file = tokio::fs::File::from_std(recording.file).take(length);
    let stream = ReaderStream::with_capacity(file, CHUNK);
    let name = RemoteName::new(format!("{}.cast", recording.info.id));
    Ok(Content::Bytes {
        part,
        length: Some(length),
        size: Some(size),
        media_type: MEDIA_TYPE.to_owned(),
        disposition: content_disposition(&name, MEDIA_TYPE, false),
        validators,
        body: Some(Body::from_bytes_stream(stream)),
    })
}

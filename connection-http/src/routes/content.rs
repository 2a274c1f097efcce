//! A remote file's content as a stream: bytes pass through as they come, in both
//! directions, and no more of a file is held than its backend's window.

mod form;
mod put;

use super::files::remote_path;
use super::{Group, State};
use crate::auth::Caller;
use crate::conditional::Validators;
use crate::content::{Content, ContentBody, RawBody};
use crate::disposition::{content_disposition, media_type};
use crate::error::Outcome;
use crate::extension::{Refused, extension_problem, extension_statuses, path_problem};
use crate::form::{Form, FormBody};
use crate::intake::check_limit;
use crate::models::{ChecksumKind, FormStored, Stored};
use crate::range::Span;
use crate::responses::Success;
use connection_core::fs::{FileType, Metadata, Overwrite};
use connection_core::path::{RemoteName, RemotePath};
use connection_core::session::ActiveSession;
use connection_core::transfer::UploadOptions;
use connection_core::{Error, ErrorKind};
use poem::Request;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use std::sync::Arc;

/// Routes that carry files through the API itself.
pub(crate) struct ContentApi(pub(super) Arc<State>);

extension_statuses! {
    /// Reading a file.
    pub(super) Fetching {
        412 => "The file is not the one `If-Match` or `If-Unmodified-Since` is about.",
        416 => "No byte of the range is in the file; `Content-Range` tells its size.",
    }
}
extension_statuses! {
    /// Writing a file.
    pub(super) Storing {
        408 => "The body stood still for too long.",
        412 => "The file is not as `If-Match`, `If-None-Match` or `If-Unmodified-Since` wants it.",
    }
}
extension_statuses! {
    /// Writing the files of a form.
    pub(super) Sending {
        408 => "The body stood still for too long.",
        415 => "The body's Content-Type is not multipart/form-data.",
    }
}

#[OpenApi(tag = "Group::Files")]
impl ContentApi {
    /// A file's content
    ///
    /// The bytes as they come. One `Range` is answered with a part, several with the whole;
    /// `If-Range`, `If-None-Match` and `If-Modified-Since` are understood, and `If-Match` and
    /// `If-Unmodified-Since`. A file that ends before its promised size breaks the connection;
    /// one that grows is cut at it.
    #[oai(
        path = "/connections/:session_id/content",
        method = "get",
        operation_id = "getContent"
    )]
    async fn get(
        &self,
        caller: Caller,
        request: &Request,
        session_id: Path<String>,
        /// The file; a relative path begins at the login directory.
        path: Query<String>,
        /// Lets a browser show plain text, common images and PDF in place of saving them.
        inline: Query<Option<bool>>,
    ) -> Result<Content, Refused<Fetching>> {
        let session = self.0.session(&caller, &session_id)?;
        let file = File::find(&session, &path).await?;
        file.check_size(self.0.settings.max_file_size)?;
        let validators = file.validators();
        if validators.copy_is_good(request.headers())? {
            return Ok(Content::NotModified(validators));
        }
        let span = Span::asked(request.headers(), file.metadata.size, &validators)?;
        let limit = self.0.settings.max_file_size;
        let seen = (&file.path, &file.metadata);
        let body = ContentBody::open(session, seen, span.offset, span.length, limit).await?;
        Ok(Content::Bytes {
            part: span.part,
            // `/proc` says 0 of files that have much to tell.
            length: body.length(),
            size: file.metadata.size,
            media_type: media_type(&file.name),
            disposition: file.disposition(inline.0.unwrap_or_default()),
            validators,
            body: Some(body.into_body()),
        })
    }

    /// What is known of a file's content
    ///
    /// The headers of the same `GET` of the whole file. The file is not opened.
    #[oai(
        path = "/connections/:session_id/content",
        method = "head",
        operation_id = "headContent"
    )]
    async fn head(
        &self,
        caller: Caller,
        request: &Request,
        session_id: Path<String>,
        /// The file; a relative path begins at the login directory.
        path: Query<String>,
        /// As for `GET`.
        inline: Query<Option<bool>>,
    ) -> Result<Content, Refused<Fetching>> {
        let session = self.0.session(&caller, &session_id)?;
        let file = File::find(&session, &path).await?;
        file.check_size(self.0.settings.max_file_size)?;
        let validators = file.validators();
        if validators.copy_is_good(request.headers())? {
            return Ok(Content::NotModified(validators));
        }
        Ok(Content::Bytes {
            part: None,
            length: file.metadata.size,
            size: file.metadata.size,
            media_type: media_type(&file.name),
            disposition: file.disposition(inline.0.unwrap_or_default()),
            validators,
            body: None,
        })
    }

    /// Write a file
    ///
    /// The body is the content, of any length and type. The file appears whole or not at
    /// all: until the last byte is there the old one stays, and a body that breaks off
    /// changes nothing.
    ///
    /// With `partial`, an upload can be gone on with. The body is gathered in the file of that
    /// name beside the one that `path` leads to, from `offset` on; what lies behind is cut off.
    /// A body that breaks off, or ends before `size`, leaves there what arrived, and nothing
    /// else. `HEAD` or `stat` of the partial file tells how far it is. An `offset` beyond that
    /// answers 409 with the code `offset_mismatch` and the true `size`; so does one before it
    /// where the server cannot cut a file (FTP). A server that cannot write at an offset
    /// answers 501. A complete file takes its place as without `partial`. One upload of a
    /// session at a time gathers in a partial file: another waits up to 10 s for it to end, and
    /// is answered 503 then.
    ///
    /// `If-Match` with the `ETag` of a `GET` refuses with 412 to replace a file that changed
    /// since, `If-None-Match: *` one that is there; `If-Unmodified-Since` is understood. The
    /// file is looked at before the body and again after it, not in one step with taking its
    /// place, and the tag is made of size and time: a change within the same second that keeps
    /// the size goes unseen.
    #[oai(
        path = "/connections/:session_id/content",
        method = "put",
        operation_id = "putContent"
    )]
    #[allow(
        clippy::too_many_arguments,
        reason = "each is a parameter of the request"
    )]
    async fn put(
        &self,
        caller: Caller,
        request: &Request,
        session_id: Path<String>,
        /// The file; a relative path begins at the login directory.
        path: Query<String>,
        /// Whether a file that is there may be replaced [default: true].
        overwrite: Query<Option<bool>>,
        /// Permission bits in octal, such as `640`.
        mode: Query<Option<String>>,
        /// Time of the last change: RFC 3339, or seconds since 1970.
        mtime: Query<Option<String>>,
        /// A checksum of the body for the answer; not with an `offset` above 0, as the body is
        /// then only the end of the file.
        checksum: Query<Option<ChecksumKind>>,
        /// Name of the file in which what arrived is kept, such as `big.iso.filepart`.
        partial: Query<Option<String>>,
        /// Bytes of the partial file that stay [default: 0, which begins it anew].
        offset: Query<Option<u64>>,
        /// Bytes of the whole file: one of another size does not take its place.
        size: Query<Option<u64>>,
        body: RawBody,
    ) -> Result<Success<Stored>, Refused<Storing>> {
        let session = self.0.session(&caller, &session_id)?;
        let mut incoming = body.within(self.0.settings.body_timeout);
        let sent = put::Sent {
            overwrite: overwrite.0,
            mode: mode.0.as_deref(),
            mtime: mtime.0.as_deref(),
            checksum: checksum.0.is_some(),
            partial: partial.0.as_deref(),
            offset: offset.0,
            size: size.0,
        };
        let headers = request.headers();
        let limit = self.0.settings.max_file_size;
        let stored = match put::Plan::of(&sent, headers, incoming.announced()) {
            Ok(plan) => {
                plan.store(&session.fs(), &path, headers, limit, &mut incoming)
                    .await
            }
            Err(problem) => Err(problem),
        };
        if stored.is_err() {
            incoming.discard().await;
        }
        Ok(Success(stored?))
    }

    /// Write the files of a form
    ///
    /// Each file goes to the directory under its own name, and appears whole or not at all;
    /// any number of bytes streams through. A file that cannot be stored is among `errors` and
    /// those after it are stored; the status is 200 then too, unless not a single one was
    /// stored, when it is that of the first failure. A body that breaks off leaves the files
    /// that were complete by then and nothing of the others. Inputs without a file are passed
    /// over, as are fields that are no files. At most 1000 parts.
    #[oai(
        path = "/connections/:session_id/content",
        method = "post",
        operation_id = "postContent"
    )]
    async fn post(
        &self,
        caller: Caller,
        session_id: Path<String>,
        /// The directory; a relative path begins at the login directory.
        path: Query<String>,
        /// Whether files that are there may be replaced [default: true].
        overwrite: Query<Option<bool>>,
        /// A checksum of each file for the answer.
        checksum: Query<Option<ChecksumKind>>,
        body: FormBody,
    ) -> Result<Success<FormStored>, Refused<Sending>> {
        let session = self.0.session(&caller, &session_id)?;
        let (mut incoming, boundary) = body.within(self.0.settings.body_timeout);
        let storing = form::Storing {
            options: UploadOptions {
                overwrite: match overwrite.0 {
                    Some(false) => Overwrite::Refuse,
                    Some(true) | None => Overwrite::Replace,
                },
                ..UploadOptions::default()
            },
            checksum: checksum.0.is_some(),
            limit: self.0.settings.max_file_size,
        };
        let stored = match boundary {
            Ok(boundary) => {
                let mut form = Form::new(&mut incoming, boundary);
                storing.store(&session.fs(), &path, &mut form).await
            }
            Err(problem) => Err(problem),
        };
        // Also of a form that was stored: something may stand behind its last boundary.
        incoming.discard().await;
        Ok(Success(stored?))
    }
}

/// A file to read, as the server describes it.
pub(super) struct File {
    path: RemotePath,
    name: RemoteName,
    metadata: Metadata,
}

impl File {
    async fn find(session: &ActiveSession, sent: &str) -> Outcome<Self> {
        let path = remote_path(&session.fs(), sent).await;
        Self::at(session, &path.map_err(|e| path_problem(&e, "path"))?).await
    }

    /// The file at a path.
    pub(super) async fn at(session: &ActiveSession, path: &RemotePath) -> Outcome<Self> {
        let metadata = session.fs().stat(path).await;
        metadata
            .and_then(|metadata| Self::of(path.clone(), metadata))
            .map_err(|e| extension_problem(&e))
    }

    /// Its name.
    pub(super) fn name(&self) -> &RemoteName {
        &self.name
    }

    /// All of it, to be saved; no part of it can be asked for.
    pub(super) async fn whole(
        self,
        session: ActiveSession,
        limit: Option<u64>,
    ) -> Outcome<Content> {
        self.check_size(limit)?;
        let seen = (&self.path, &self.metadata);
        let body = ContentBody::open(session, seen, 0, self.metadata.size, limit).await;
        let body = body.map_err(|e| extension_problem(&e))?;
        Ok(Content::Bytes {
            part: None,
            length: body.length(),
            size: None,
            media_type: media_type(&self.name),
            disposition: self.disposition(false),
            validators: self.validators(),
            body: Some(body.into_body()),
        })
    }

    fn of(path: RemotePath, metadata: Metadata) -> Result<Self, Error> {
        let refused = |kind, text| Err(Error::new(kind, "read file", text));
        match (metadata.file_type, path.file_name()) {
            (FileType::Directory, _) | (_, None) => {
                refused(ErrorKind::IsADirectory, "the path is a directory")
            }
            // Opening a pipe waits for its other end, and a device has no end.
            (FileType::Other, _) => refused(ErrorKind::InvalidInput, "the path is not a file"),
            (FileType::File | FileType::Symlink, Some(name)) => Ok(Self {
                path,
                name,
                metadata,
            }),
        }
    }

    pub(super) fn check_size(&self, limit: Option<u64>) -> Outcome<()> {
        check_limit(self.metadata.size, limit).map_err(|e| extension_problem(&e))
    }

    fn validators(&self) -> Validators {
        Validators::new(self.metadata.size, self.metadata.modified)
    }

    fn disposition(&self, inline: bool) -> String {
        content_disposition(&self.name, &media_type(&self.name), inline)
    }
}

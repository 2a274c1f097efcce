//! A remote file's content as a stream: bytes pass through as they come, in both
//! directions, and no more of a file is held than its backend's window.

use super::files::remote_path;
use super::{Group, State};
use crate::auth::Caller;
use crate::conditional::Validators;
use crate::content::{Content, ContentBody, RawBody};
use crate::disposition::{content_disposition, media_type};
use crate::error::{Outcome, Problem};
use crate::extension::{Refused, extension_problem, extension_statuses};
use crate::models::{ChecksumKind, Stored};
use crate::range::{Wanted, wanted};
use crate::responses::Success;
use chrono::DateTime;
use connection_core::fs::{FileType, Metadata, Overwrite};
use connection_core::path::{RemoteName, RemotePath};
use connection_core::session::ActiveSession;
use connection_core::transfer::{RemoteUpload, UploadOptions};
use connection_core::{Error, ErrorKind};
use poem::Request;
use poem::http::{HeaderValue, StatusCode, header};
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// Routes that carry files through the API itself.
pub struct ContentApi(pub(super) Arc<State>);

extension_statuses! {
    /// Reading a file.
    pub(super) Fetching {
        416 => "No byte of the range is in the file; `Content-Range` tells its size.",
    }
}
extension_statuses! {
    /// Writing a file.
    pub(super) Storing {
        408 => "The body stood still for too long.",
    }
}

#[OpenApi(tag = "Group::Files")]
impl ContentApi {
    /// A file's content
    ///
    /// The bytes as they come. One `Range` is answered with a part, several with the whole;
    /// `If-Range`, `If-None-Match` and `If-Modified-Since` are understood. A file that ends
    /// before its promised size breaks the connection; one that grows is cut at it.
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
        if validators.not_modified(request.headers()) {
            return Ok(Content::NotModified(validators));
        }
        let wanted = match file.size {
            Some(size) if validators.range_applies(request.headers()) => {
                wanted(request.header(header::RANGE), size)
            }
            _ => Wanted::Whole,
        };
        let (part, offset, length) = match wanted {
            Wanted::Nothing => return Err(out_of_range(file.size.unwrap_or_default()).into()),
            Wanted::Whole => (None, 0, file.size),
            Wanted::Part(part) => {
                let (first, last) = (*part.start(), *part.end());
                let length = last.saturating_sub(first).saturating_add(1);
                (Some(part), first, Some(length))
            }
        };
        let limit = self.0.settings.max_file_size;
        let body = ContentBody::open(session, &file.path, offset, length, limit).await?;
        Ok(Content::Bytes {
            part,
            // `/proc` says 0 of files that have much to tell.
            length: body.length(),
            size: file.size,
            media_type: media_type(&file.name),
            disposition: file.disposition(inline.0.unwrap_or_default()),
            validators,
            body: Some(body),
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
        if validators.not_modified(request.headers()) {
            return Ok(Content::NotModified(validators));
        }
        Ok(Content::Bytes {
            part: None,
            length: file.size,
            size: file.size,
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
        session_id: Path<String>,
        /// The file; a relative path begins at the login directory.
        path: Query<String>,
        /// Whether a file that is there may be replaced [default: true].
        overwrite: Query<Option<bool>>,
        /// Permission bits in octal, such as `640`.
        mode: Query<Option<String>>,
        /// Time of the last change: RFC 3339, or seconds since 1970.
        mtime: Query<Option<String>>,
        /// A checksum of the body for the answer.
        checksum: Query<Option<ChecksumKind>>,
        body: RawBody,
    ) -> Result<Success<Stored>, Refused<Storing>> {
        let session = self.0.session(&caller, &session_id)?;
        let mut incoming = body.within(self.0.settings.body_timeout);
        let options = upload_options(overwrite.0, mode.0.as_deref(), mtime.0.as_deref());
        let stored = match options {
            Ok(options) => {
                let hash = checksum.0.is_some().then(Sha256::new);
                self.store(&session, &path, options, hash, &mut incoming)
                    .await
            }
            Err(problem) => Err(problem),
        };
        if stored.is_err() {
            incoming.discard().await;
        }
        Ok(Success(stored?))
    }
}

impl ContentApi {
    async fn store(
        &self,
        session: &ActiveSession,
        sent: &str,
        options: UploadOptions,
        mut hash: Option<Sha256>,
        incoming: &mut crate::content::Incoming,
    ) -> Outcome<Stored> {
        let limit = self.0.settings.max_file_size;
        let problem = |e: Error| extension_problem(&e);
        check_limit(incoming.announced(), limit)?;
        let fs = session.fs();
        let path = remote_path(&fs, sent).await.map_err(problem)?;
        let mut upload = RemoteUpload::create_with(&fs, &path, options)
            .await
            .map_err(problem)?;
        let mut size = 0_u64;
        let copied: Outcome<()> = async {
            while let Some(bytes) = incoming.next().await? {
                size = size.saturating_add(bytes.len() as u64);
                check_limit(Some(size), limit)?;
                if let Some(hash) = &mut hash {
                    hash.update(&bytes);
                }
                upload.write(bytes).await.map_err(problem)?;
            }
            Ok(())
        }
        .await;
        if let Err(problem) = copied {
            upload.abort().await;
            return Err(problem);
        }
        upload.finish().await.map_err(problem)?;
        Ok(Stored {
            path: path.to_text(),
            size,
            sha256: hash.map(|hash| hex(&hash.finalize())),
        })
    }
}

/// A file to read, as the server describes it.
struct File {
    path: RemotePath,
    name: RemoteName,
    size: Option<u64>,
    modified: Option<SystemTime>,
}

impl File {
    async fn find(session: &ActiveSession, sent: &str) -> Outcome<Self> {
        let fs = session.fs();
        let found = async {
            let path = remote_path(&fs, sent).await?;
            let metadata = fs.stat(&path).await?;
            Self::of(path, &metadata)
        };
        found.await.map_err(|e| extension_problem(&e))
    }

    fn of(path: RemotePath, metadata: &Metadata) -> Result<Self, Error> {
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
                size: metadata.size,
                modified: metadata.modified,
            }),
        }
    }

    fn check_size(&self, limit: Option<u64>) -> Outcome<()> {
        check_limit(self.size, limit)
    }

    fn validators(&self) -> Validators {
        Validators::new(self.size, self.modified)
    }

    fn disposition(&self, inline: bool) -> String {
        content_disposition(&self.name, &media_type(&self.name), inline)
    }
}

fn check_limit(size: Option<u64>, limit: Option<u64>) -> Outcome<()> {
    match (size, limit) {
        (Some(size), Some(limit)) if size > limit => Err(extension_problem(&Error::new(
            ErrorKind::TooLarge,
            "check size",
            format!("the file is larger than the limit of {limit} bytes"),
        ))),
        _ => Ok(()),
    }
}

fn out_of_range(size: u64) -> Problem {
    let problem = Problem::new(
        StatusCode::RANGE_NOT_SATISFIABLE,
        format!("the file has only {size} bytes"),
    );
    match HeaderValue::from_str(&format!("bytes */{size}")) {
        Ok(value) => problem.with_header(header::CONTENT_RANGE, value),
        Err(_) => problem,
    }
}

fn upload_options(
    overwrite: Option<bool>,
    mode: Option<&str>,
    mtime: Option<&str>,
) -> Outcome<UploadOptions> {
    let permissions = mode
        .map(|text| {
            u32::from_str_radix(text, 8)
                .ok()
                .filter(|bits| *bits <= 0o7777 && !text.starts_with('+'))
                .ok_or_else(|| Problem::bad_request("mode must be octal digits such as 640"))
        })
        .transpose()?;
    let modified = mtime
        .map(|text| {
            point_in_time(text).ok_or_else(|| {
                Problem::bad_request("mtime must be RFC 3339 or whole seconds since 1970")
            })
        })
        .transpose()?;
    Ok(UploadOptions {
        overwrite: match overwrite {
            Some(false) => Overwrite::Refuse,
            Some(true) | None => Overwrite::Replace,
        },
        permissions,
        modified,
    })
}

/// The protocols carry seconds in 32 bits without a sign.
fn point_in_time(text: &str) -> Option<SystemTime> {
    let seconds = match text.parse::<i64>() {
        Ok(seconds) => seconds,
        Err(_) => DateTime::parse_from_rfc3339(text).ok()?.timestamp(),
    };
    let seconds = u32::try_from(seconds).ok()?;
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds.into()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_of_an_upload() {
        let options = upload_options(Some(false), Some("0640"), Some("1700000000")).unwrap();
        assert_eq!(options.overwrite, Overwrite::Refuse);
        assert_eq!(options.permissions, Some(0o640));
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
        assert_eq!(options.modified, Some(time));
        assert_eq!(point_in_time("2023-11-14T22:13:20Z"), Some(time));
        assert_eq!(point_in_time("2023-11-14T23:13:20+01:00"), Some(time));
        for mode in ["888", "", "+7", "-7", "77777", "rw"] {
            assert!(upload_options(None, Some(mode), None).is_err(), "{mode}");
        }
        for time in ["", "-1", "4294967296", "yesterday", "2023-11-14"] {
            assert!(upload_options(None, None, Some(time)).is_err(), "{time}");
        }
    }
}

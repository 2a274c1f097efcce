//! What a `PUT` of content asks for, and doing it.

use crate::conditional::{self, Validators};
use crate::content::Incoming;
use crate::error::{Outcome, Problem};
use crate::extension::{extension_problem, path_problem};
use crate::intake::{check_limit, fill};
use crate::models::Stored;
use crate::routes::files::remote_path;
use chrono::DateTime;
use connection_core::fs::{Overwrite, RemoteFs};
use connection_core::path::{RemoteName, RemotePath, text_to_bytes};
use connection_core::transfer::{RemoteUpload, UploadOptions};
use connection_core::{Error, ErrorKind};
use poem::http::{HeaderMap, header};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// The parameters as they were sent.
#[derive(Default)]
pub(super) struct Sent<'a> {
    pub(super) overwrite: Option<bool>,
    pub(super) mode: Option<&'a str>,
    pub(super) mtime: Option<&'a str>,
    pub(super) checksum: bool,
    pub(super) partial: Option<&'a str>,
    pub(super) offset: Option<u64>,
    pub(super) size: Option<u64>,
}

/// The parameters, checked.
#[derive(Debug)]
pub(super) struct Plan {
    options: UploadOptions,
    /// Name of the partial file, and where to go on in it.
    partial: Option<(RemoteName, u64)>,
    /// Bytes the whole file must have.
    size: Option<u64>,
    checksum: bool,
}

impl Plan {
    /// Checks what was sent against itself and the announced length of the body.
    pub(super) fn of(
        sent: &Sent<'_>,
        headers: &HeaderMap,
        announced: Option<u64>,
    ) -> Outcome<Self> {
        let wrong = |text: String| Err(Problem::bad_request(text));
        if headers.contains_key(header::CONTENT_RANGE) {
            let text = "Content-Range is not understood here; to send the rest of a file, name \
                        its partial file: partial=NAME&offset=N";
            return wrong(text.to_owned());
        }
        let offset = sent.offset.unwrap_or_default();
        if sent.partial.is_none() && sent.offset.is_some() {
            let text = "offset needs the partial file that it is in: a name beside the file, \
                        such as partial=NAME.filepart";
            return wrong(text.to_owned());
        }
        if offset > 0 && sent.checksum {
            let text = "there is no checksum of a file whose beginning was sent before; leave \
                        checksum out where offset is above 0";
            return wrong(text.to_owned());
        }
        if let (Some(size), Some(announced)) = (sent.size, announced)
            && offset.checked_add(announced) != Some(size)
        {
            return wrong(format!(
                "a body of {announced} bytes from offset {offset} on does not make a file of \
                 {size} bytes"
            ));
        }
        let mut options = upload_options(sent.overwrite, sent.mode, sent.mtime)?;
        if conditional::wants_none(headers) {
            options.overwrite = Overwrite::Refuse;
        }
        Ok(Self {
            options,
            partial: sent
                .partial
                .map(|name| (RemoteName::new(text_to_bytes(name)), offset)),
            size: sent.size,
            checksum: sent.checksum,
        })
    }

    /// Takes the body.
    pub(super) async fn store(
        self,
        fs: &Arc<dyn RemoteFs>,
        path: &str,
        headers: &HeaderMap,
        limit: Option<u64>,
        incoming: &mut Incoming,
    ) -> Outcome<Stored> {
        let problem = |e: Error| match e.kind() {
            // The header and the parameter say the same, and have statuses of their own.
            ErrorKind::AlreadyExists if conditional::wants_none(headers) => {
                conditional::failed_condition()
            }
            _ => extension_problem(&e),
        };
        let offset = self.partial.as_ref().map_or(0, |(_, offset)| *offset);
        let announced = incoming.announced().map(|n| n.saturating_add(offset));
        check_limit(announced.or(self.size), limit).map_err(problem)?;
        let path = remote_path(fs, path).await;
        let path = path.map_err(|e| path_problem(&e, "path"))?;
        check_conditions(fs, &path, headers).await?;
        let upload = match &self.partial {
            None => RemoteUpload::create_with(fs, &path, self.options).await,
            Some((name, offset)) => {
                RemoteUpload::resume(fs, &path, name, *offset, self.options).await
            }
        };
        let mut upload = upload.map_err(problem)?;
        if let Some(size) = self.size {
            upload = upload.expecting(size);
        }
        let received = async {
            let sum = fill(&mut upload, incoming, limit, self.checksum)
                .await
                .map_err(|fault| fault.problem())?;
            // Again, as late as can be: the body may have taken hours.
            check_conditions(fs, &path, headers).await?;
            Ok(sum)
        }
        .await;
        let sha256 = match received {
            Ok(sum) => sum,
            Err(problem) => {
                upload.abort().await;
                return Err(problem);
            }
        };
        let size = upload.size();
        upload.finish().await.map_err(|e| match e.kind() {
            // A body that ended well, only too early.
            ErrorKind::Incomplete => Problem::bad_request(e.message()).with_code(e.kind().code()),
            _ => problem(e),
        })?;
        Ok(Stored {
            path: path.to_text(),
            size,
            sha256,
        })
    }
}

/// Refuses to change a file that is not as the request's conditions want it.
async fn check_conditions(
    fs: &Arc<dyn RemoteFs>,
    path: &RemotePath,
    headers: &HeaderMap,
) -> Outcome<()> {
    if !conditional::has_conditions_to_change(headers) {
        return Ok(());
    }
    let file = match fs.stat(path).await {
        Ok(metadata) => Some(Validators::new(metadata.size, metadata.modified)),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(extension_problem(&error)),
    };
    if conditional::may_change(file.as_ref(), headers) {
        Ok(())
    } else {
        Err(conditional::failed_condition())
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
                .ok_or_else(|| Problem::wrong_field("mode", "must be octal digits such as 640"))
        })
        .transpose()?;
    let modified = mtime
        .map(|text| {
            point_in_time(text).ok_or_else(|| {
                Problem::wrong_field("mtime", "must be RFC 3339 or whole seconds since 1970")
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

#[cfg(test)]
mod tests {
    use super::*;
    use poem::http::HeaderValue;

    #[test]
    fn a_plan_fits_together() {
        let plan = |sent: Sent<'_>, announced| Plan::of(&sent, &HeaderMap::new(), announced);
        let sent = || Sent {
            partial: Some("p"),
            offset: Some(3),
            ..Sent::default()
        };
        let size = |size| Sent {
            size: Some(size),
            ..sent()
        };
        let fits = plan(size(5), Some(2)).unwrap();
        assert_eq!(fits.partial, Some((RemoteName::new("p"), 3)));
        assert!(
            plan(size(5), None).is_ok(),
            "a body in chunks tells no length"
        );
        assert!(plan(size(6), Some(2)).is_err());
        assert!(plan(size(1), Some(u64::MAX)).is_err());
        let lost = Sent {
            partial: None,
            ..sent()
        };
        assert!(plan(lost, None).is_err());
        let summed = Sent {
            checksum: true,
            ..sent()
        };
        assert!(plan(summed, None).is_err());
        let anew = Sent {
            checksum: true,
            offset: Some(0),
            ..sent()
        };
        assert!(plan(anew, None).is_ok());
        let mut headers = HeaderMap::new();
        headers.insert(header::IF_NONE_MATCH, HeaderValue::from_static("*"));
        let new = Plan::of(&Sent::default(), &headers, None).unwrap();
        assert_eq!(new.options.overwrite, Overwrite::Refuse);
        headers.insert(
            header::CONTENT_RANGE,
            HeaderValue::from_static("bytes 0-1/2"),
        );
        assert!(Plan::of(&Sent::default(), &headers, None).is_err());
    }

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

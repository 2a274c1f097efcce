//! An archive on its way to the client, and what is said of it. Knows no route.

use crate::conditional::Validators;
use crate::content::{Content, binary};
use crate::disposition::content_disposition;
use connection_core::Result;
use connection_core::archive::{Archive, ArchiveFormat, ArchiveOptions};
use connection_core::fs::FileReader;
use connection_core::path::{RemoteName, RemotePath};
use connection_core::session::{ActiveSession, SessionInfo};
use futures::stream;
use poem::{Body, IntoResponse, Response};
use poem_openapi::registry::{MetaHeader, MetaMediaType, MetaResponse, MetaResponses, Registry};
use poem_openapi::types::Type;
use poem_openapi::{ApiResponse, Enum};
use std::io;

/// The form of an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "lowercase")]
pub enum PackedKind {
    /// A zip, for everyone.
    Zip,
    /// A tar, for machines that keep names as bytes.
    Tar,
}

impl From<PackedKind> for ArchiveFormat {
    fn from(kind: PackedKind) -> Self {
        match kind {
            PackedKind::Zip => Self::Zip,
            PackedKind::Tar => Self::Tar,
        }
    }
}

/// Media type and ending of a file of this form.
const fn form(format: ArchiveFormat) -> (&'static str, &'static str) {
    match format {
        ArchiveFormat::Zip => ("application/zip", ".zip"),
        ArchiveFormat::Tar => ("application/x-tar", ".tar"),
    }
}

/// An archive as an answer.
pub(crate) struct Packed(Content);

impl Packed {
    /// Begins an archive of these paths, as far as it takes to know that it can be made.
    ///
    /// # Errors
    /// Those of [`Archive::open`].
    pub(crate) async fn open(
        session: ActiveSession,
        paths: &[RemotePath],
        options: ArchiveOptions,
    ) -> Result<Self> {
        let archive = Archive::open(session.fs(), paths, options).await?;
        let (media_type, _) = form(options.format);
        let name = file_name(&session.info(), paths, options.format);
        Ok(Self(Content::Bytes {
            part: None,
            length: None,
            size: None,
            media_type: media_type.to_owned(),
            disposition: content_disposition(&name, media_type, false),
            validators: Validators::new(None, None),
            body: Some(body(session, archive)),
        }))
    }

    /// The same as any other content.
    pub(crate) fn into_content(self) -> Content {
        self.0
    }
}

/// The name of an archive: that of the one path, or of the first of several; of the root it
/// is the session's.
pub(crate) fn file_name(
    session: &SessionInfo,
    paths: &[RemotePath],
    format: ArchiveFormat,
) -> RemoteName {
    let label = || match &session.label {
        Some(label) if !label.is_empty() => label.clone(),
        _ => format!("{}@{}", session.user, session.host),
    };
    named(label, paths, format)
}

fn named(
    session: impl FnOnce() -> String,
    paths: &[RemotePath],
    format: ArchiveFormat,
) -> RemoteName {
    let name = match paths.first().and_then(RemotePath::file_name) {
        Some(name) => name.as_bytes().to_vec(),
        None => session().into_bytes(),
    };
    let more = match paths.len() {
        0 | 1 => String::new(),
        number => format!("-and-{}-more", number - 1),
    };
    let (_, ending) = form(format);
    RemoteName::new([&name, more.as_bytes(), ending.as_bytes()].concat())
}

/// The bytes of an archive. The session stays in use until they are dropped. An error breaks
/// the connection: the client must not take what it got for the whole.
fn body(session: ActiveSession, archive: Archive) -> Body {
    let state = (session, archive);
    Body::from_bytes_stream(stream::try_unfold(state, |(session, mut archive)| async {
        match archive.next_chunk().await {
            Ok(Some(bytes)) => Ok(Some((bytes, (session, archive)))),
            Ok(None) => {
                let left_out = archive.left_out();
                tracing::debug!(session = %session.id(), left_out, "an archive is complete");
                Ok(None)
            }
            Err(error) => {
                tracing::warn!(session = %session.id(), %error, "an archive broke off");
                Err(io::Error::other(error))
            }
        }
    }))
}

impl IntoResponse for Packed {
    fn into_response(self) -> Response {
        self.0.into_response()
    }
}

const ZIP: &str = form(ArchiveFormat::Zip).0;
const TAR: &str = form(ArchiveFormat::Tar).0;

impl ApiResponse for Packed {
    fn meta() -> MetaResponses {
        let description = "The archive, made while it is sent, so that its size is not known.";
        described(description, &[ZIP, TAR])
    }

    fn register(_: &mut Registry) {}
}

/// A download that was ordered, as an answer.
pub(crate) struct Fetched(pub Content);

impl IntoResponse for Fetched {
    fn into_response(self) -> Response {
        self.0.into_response()
    }
}

impl ApiResponse for Fetched {
    fn meta() -> MetaResponses {
        let description = "The archive, or the file.";
        described(description, &[ZIP, TAR, "application/octet-stream"])
    }

    fn register(_: &mut Registry) {}
}

fn described(description: &'static str, types: &[&'static str]) -> MetaResponses {
    let bytes = |content_type: &&'static str| MetaMediaType {
        content_type,
        schema: binary(),
    };
    MetaResponses {
        responses: vec![MetaResponse {
            description,
            status: Some(200),
            status_range: None,
            content: types.iter().map(bytes).collect(),
            headers: vec![MetaHeader {
                name: "Content-Disposition".to_owned(),
                description: Some("What the file is called.".to_owned()),
                required: false,
                deprecated: false,
                schema: <String as Type>::schema_ref(),
            }],
        }],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ArchiveFormat::{Tar, Zip};

    #[test]
    fn an_archive_is_called_after_what_is_in_it() {
        let called = |paths: &[&str], format| {
            let paths: Vec<_> = paths
                .iter()
                .map(|path| RemotePath::from_text(path).unwrap())
                .collect();
            named(|| "ann@host".to_owned(), &paths, format).to_text()
        };
        assert_eq!(called(&["/var/www"], Zip), "www.zip");
        assert_eq!(called(&["/a.txt", "/b", "/c"], Tar), "a.txt-and-2-more.tar");
        assert_eq!(called(&["/"], Zip), "ann@host.zip");
        assert_eq!(called(&["/caf\u{F7E9}"], Tar), "caf\u{F7E9}.tar");
    }
}

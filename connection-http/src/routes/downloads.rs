//! Folders and several files as one stream, and downloads that a browser fetches by itself.

use super::content::File;
use super::files::remote_path;
use super::{Group, State};
use crate::auth::{Caller, refused};
use crate::codes;
use crate::content::Content;
use crate::downloads::{Order, Wanted};
use crate::error::{Outcome, Problem};
use crate::extension::{Refused, extension_statuses, path_problem};
use crate::fields::Fields;
use crate::json::JsonBody;
use crate::packed::{Fetched, Packed, PackedKind, file_name};
use crate::responses::Success;
use crate::tickets::Purpose;
use connection_core::archive::{Archive, ArchiveFormat, ArchiveOptions, MAX_PATHS};
use connection_core::path::RemotePath;
use connection_core::session::ActiveSession;
use poem_openapi::param::{Path, Query};
use poem_openapi::{Enum, Object, OpenApi};
use serde::Serialize;
use std::sync::Arc;

/// Paths of an order that are looked at before it is taken, so that what is wrong is told
/// where it was ordered. The rest is looked at when it is fetched.
const LOOKED_AT: usize = 64;

extension_statuses! {
    /// Packing files.
    pub(super) Packing {}
}
extension_statuses! {
    /// Ordering a download.
    pub(super) Ordering {
        408 => "The body did not arrive in time.",
        415 => "The body's Content-Type is not application/json.",
    }
}

/// The form of a download.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "lowercase")]
#[allow(dead_code, reason = "read as a text; this is its description")]
enum DownloadForm {
    /// A zip of all paths.
    Zip,
    /// A tar of all paths.
    Tar,
    /// The one path, a file, as it is.
    File,
}

/// What is to be downloaded.
#[derive(Debug, Object)]
#[allow(dead_code, reason = "read field by field; this is its description")]
struct DownloadOrder {
    /// Files and folders; a relative path begins at the login directory. At most 10000.
    paths: Vec<String>,
    /// What comes [default: zip].
    format: Option<DownloadForm>,
}

/// What fetches one download, once.
#[derive(Debug, Object, Serialize)]
struct DownloadTicket {
    /// To be sent as the parameter `ticket` of `GET /downloads`.
    ticket: String,
    /// What the file will be called; a byte that is not UTF-8 is one character of U+F780 to
    /// U+F7FF.
    name: String,
    /// Seconds until it is worth nothing.
    expires_in: u64,
}

/// Routes about downloads.
pub(crate) struct DownloadsApi(pub(super) Arc<State>);

#[OpenApi(tag = "Group::Files")]
impl DownloadsApi {
    /// Folders and files as one zip or tar
    ///
    /// Made while it is sent, of any size, in the memory of a single file. Links are never
    /// followed: they are links in the archive. Devices and pipes are not in it, nor what
    /// cannot be read; the last entry, `NOT-INCLUDED.txt`, then tells what and why. A lost
    /// connection, or a file that ends before its size, breaks the answer off, so that no
    /// program takes it for whole. In a zip, a byte of a name that is not UTF-8 is one
    /// character of U+F780 to U+F7FF, and `\` is U+F05C; in a tar, names are the bytes they
    /// are.
    #[oai(
        path = "/connections/:session_id/archive",
        method = "get",
        operation_id = "getArchive"
    )]
    async fn archive(
        &self,
        caller: Caller,
        session_id: Path<String>,
        /// A file or folder, as often as there are; a relative path begins at the login
        /// directory.
        path: Query<Vec<String>>,
        /// The form [default: zip].
        format: Query<Option<PackedKind>>,
    ) -> Result<Packed, Refused<Packing>> {
        let session = self.0.session(&caller, &session_id)?;
        let paths = resolved(&session, &path, "path").await?;
        let format = format.0.map_or(ArchiveFormat::Zip, ArchiveFormat::from);
        let options = self.options(format);
        Ok(Packed::open(session, &paths, options).await?)
    }

    /// Order a download
    ///
    /// For pages: a browser that fetches an address by itself streams it to disk, but sends
    /// no access token and no long list of paths. The answer's ticket fetches the download
    /// from `GET /downloads`, once, for whoever has it. What cannot be downloaded is refused
    /// here.
    #[oai(
        path = "/connections/:session_id/downloads",
        method = "post",
        operation_id = "createDownload"
    )]
    async fn order(
        &self,
        caller: Caller,
        session_id: Path<String>,
        body: JsonBody<DownloadOrder>,
    ) -> Result<Success<DownloadTicket>, Refused<Ordering>> {
        let session = self.0.session(&caller, &session_id)?;
        let mut fields = Fields::required(body.read(self.0.settings.body_timeout).await?)?;
        let format = form(&mut fields)?;
        let paths = resolved(&session, &fields.list("paths")?, "paths").await?;
        let (wanted, name) = match format {
            None => {
                let [path] = paths.as_slice() else {
                    let text = "must be a single one for the format file";
                    return Err(Problem::wrong_field("paths", text).into());
                };
                let file = File::at(&session, path).await?;
                file.check_size(self.0.settings.max_file_size)?;
                (Wanted::File(path.clone()), file.name().to_text())
            }
            Some(format) => {
                let first = paths.get(..LOOKED_AT).unwrap_or(&paths);
                drop(Archive::open(session.fs(), first, self.options(format)).await?);
                let name = file_name(&session.info(), &paths, format).to_text();
                (Wanted::Archive(paths, format), name)
            }
        };
        let session = session_id.0;
        let ticket = self.0.downloads.issue(Order {
            caller,
            session,
            wanted,
        })?;
        Ok(Success(DownloadTicket {
            ticket,
            name,
            expires_in: Order::LIFETIME.as_secs(),
        }))
    }

    /// Fetch an ordered download
    ///
    /// Needs no access token: the ticket is one, and cannot be guessed. The whole download, once:
    /// there are no ranges, and no `HEAD`, which would use the ticket up.
    #[oai(path = "/downloads", method = "get", operation_id = "getDownload")]
    async fn fetch(
        &self,
        /// Of `POST /connections/{session_id}/downloads`.
        ticket: Query<String>,
    ) -> Result<Fetched, Refused<Packing>> {
        let order = self.0.downloads.redeem(&ticket);
        let order =
            order.ok_or_else(|| refused("The ticket is not valid", codes::TICKET_INVALID))?;
        let session = self.0.session(&order.caller, &order.session)?;
        let content: Content = match order.wanted {
            Wanted::File(path) => {
                let limit = self.0.settings.max_file_size;
                File::at(&session, &path)
                    .await?
                    .whole(session, limit)
                    .await?
            }
            Wanted::Archive(paths, format) => {
                let options = self.options(format);
                Packed::open(session, &paths, options).await?.into_content()
            }
        };
        Ok(Fetched(content))
    }
}

impl DownloadsApi {
    fn options(&self, format: ArchiveFormat) -> ArchiveOptions {
        ArchiveOptions {
            format,
            max_file_size: self.0.settings.max_file_size,
        }
    }
}

/// The archive's form; `None` for no archive.
fn form(fields: &mut Fields) -> Outcome<Option<ArchiveFormat>> {
    match fields.text("format")?.as_deref() {
        None | Some("zip") => Ok(Some(ArchiveFormat::Zip)),
        Some("tar") => Ok(Some(ArchiveFormat::Tar)),
        Some("file") => Ok(None),
        Some(_) => Err(Problem::wrong_field("format", "must be zip, tar or file")),
    }
}

/// The paths a client named in this field.
async fn resolved(
    session: &ActiveSession,
    sent: &[String],
    field: &str,
) -> Outcome<Vec<RemotePath>> {
    if sent.is_empty() {
        return Err(Problem::wrong_field(field, "is required"));
    }
    if sent.len() > MAX_PATHS {
        let text = format!("may be given {MAX_PATHS} times at most");
        return Err(Problem::wrong_field(field, &text));
    }
    let fs = session.fs();
    let mut paths = Vec::with_capacity(sent.len());
    for sent in sent {
        let path = remote_path(&fs, sent).await;
        paths.push(path.map_err(|e| path_problem(&e, field))?);
    }
    Ok(paths)
}

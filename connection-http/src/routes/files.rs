//! Remote files: listing, fetching, sending.

use super::{Group, State};
use crate::auth::Caller;
use crate::codes;
use crate::error::{Outcome, Problem};
use crate::fields::Fields;
use crate::json::JsonBody;
use crate::listing;
use crate::local_roots::{Refusal, outside};
use crate::models::{Done, Download, Downloaded, FileList, Upload};
use crate::responses::{Answer, Listing, Operating, Success};
use crate::table::{Operation, operation_problem};
use connection_core::fs::RemoteFs;
use connection_core::path::{RemotePath, bytes_to_text, text_to_bytes};
use connection_core::session::SessionKind;
use connection_core::transfer::{self, TransferOptions};
use connection_core::{Error, ErrorKind, Result};
use poem::http::StatusCode;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use std::os::unix::ffi::OsStrExt;
use std::sync::Arc;

/// Routes about remote files.
pub(crate) struct FilesApi(pub(super) Arc<State>);

#[OpenApi(tag = "Group::Files")]
impl FilesApi {
    /// List a directory
    #[oai(
        path = "/connections/:session_id/files",
        method = "get",
        operation_id = "listFiles"
    )]
    async fn list(
        &self,
        caller: Caller,
        session_id: Path<String>,
        /// The directory; without it, or as `.`, it is `/` on SSH and the login directory on FTP.
        path: Query<Option<String>>,
    ) -> Answer<FileList, Listing> {
        let session = self.0.session(&caller, &session_id)?;
        let (fs, kind) = (session.fs(), session.kind());
        let problem = |e: Error| operation_problem(Operation::List, kind, &e, None);
        let sent = path.0.unwrap_or_else(|| ".".to_owned());
        let (directory, shown) = match (sent.as_str(), kind) {
            (".", SessionKind::Ssh) => (RemotePath::root(), "/".to_owned()),
            ("." | "", SessionKind::Ftp) => {
                let home = fs.home().await.map_err(problem)?;
                let shown = home.to_text();
                (home, shown)
            }
            _ => (remote_path(&fs, &sent).await.map_err(problem)?, sent),
        };
        let files = listing::list(&fs, &directory, &shown).await;
        Ok(Success(FileList {
            files: files.map_err(problem)?,
            current_path: shown,
        }))
    }

    /// Fetch a file
    ///
    /// To the disk of the server's machine, where it appears whole or not at all.
    #[oai(
        path = "/connections/:session_id/download",
        method = "post",
        operation_id = "download"
    )]
    async fn download(
        &self,
        caller: Caller,
        session_id: Path<String>,
        body: JsonBody<Download>,
    ) -> Answer<Downloaded, Operating> {
        let session = self.0.session(&caller, &session_id)?;
        let (fs, kind) = (session.fs(), session.kind());
        let mut fields = Fields::optional(body.read(self.0.settings.body_timeout).await?)?;
        let Some(sent) = fields.text("remotePath")? else {
            return Err(Problem::wrong_field("remotePath", "is required").into());
        };
        let named = fields.filled("localPath")?;
        let problem = |e: Error| operation_problem(Operation::Download, kind, &e, None);
        let remote = remote_path(&fs, &sent).await.map_err(problem)?;
        let local_path = named.unwrap_or_else(|| default_local_path(&remote));
        let problem =
            |e: Error| operation_problem(Operation::Download, kind, &e, Some(&local_path));
        let local = match self.0.local_path(&local_path).await? {
            Ok(local) => local,
            Err(Refusal::Outside) => return Err(outside(&local_path).into()),
            Err(Refusal::Io(e)) => {
                let path = std::path::Path::new(&local_path);
                return Err(problem(Error::local("resolve local path", path, e)).into());
            }
        };
        let size = transfer::download(&fs, &remote, &local, self.options()).await;
        let size = size.map_err(problem)?;
        Ok(Success(Downloaded {
            size,
            message: format!("Downloaded to {local_path}"),
            local_path,
        }))
    }

    /// Send a file
    ///
    /// From the disk of the server's machine; remotely it appears whole or not at all.
    #[oai(
        path = "/connections/:session_id/upload",
        method = "post",
        operation_id = "upload"
    )]
    async fn upload(
        &self,
        caller: Caller,
        session_id: Path<String>,
        body: JsonBody<Upload>,
    ) -> Answer<Done, Operating> {
        let session = self.0.session(&caller, &session_id)?;
        let (fs, kind) = (session.fs(), session.kind());
        let mut fields = Fields::optional(body.read(self.0.settings.body_timeout).await?)?;
        let (local_path, sent) = (fields.text("localPath")?, fields.text("remotePath")?);
        let missing = if local_path.is_none() {
            "localPath"
        } else {
            "remotePath"
        };
        let (Some(local_path), Some(sent)) = (local_path, sent) else {
            let text = "localPath and remotePath are required";
            return Err(Problem::bad_request(text).about(missing).into());
        };
        let problem = |e: Error| operation_problem(Operation::Upload, kind, &e, Some(&local_path));
        let local = self.existing_file(&local_path).await?;
        let remote = remote_path(&fs, &sent).await.map_err(problem)?;
        let sent_bytes = transfer::upload(&fs, &local, &remote, self.options()).await;
        sent_bytes.map_err(problem)?;
        Ok(Success(Done {
            message: format!("Uploaded to {sent}"),
        }))
    }
}

impl FilesApi {
    fn options(&self) -> TransferOptions {
        TransferOptions {
            max_size: self.0.settings.max_file_size,
            ..TransferOptions::default()
        }
    }

    async fn existing_file(&self, sent: &str) -> Outcome<std::path::PathBuf> {
        let missing = || {
            Problem::new(
                StatusCode::NOT_FOUND,
                format!("Local file not found: {sent}"),
            )
            .named(codes::LOCAL_NOT_FOUND)
        };
        match self.0.local_path(sent).await? {
            Ok(local) if tokio::fs::metadata(&local).await.is_ok() => Ok(local),
            Ok(_) | Err(Refusal::Io(_)) => Err(missing()),
            // An empty path names nothing, inside or outside.
            Err(Refusal::Outside) if sent.is_empty() => Err(missing()),
            Err(Refusal::Outside) => Err(outside(sent)),
        }
    }
}

/// The path a client named: a relative one is taken from the login directory.
pub(super) async fn remote_path(fs: &Arc<dyn RemoteFs>, sent: &str) -> Result<RemotePath> {
    if sent.is_empty() {
        return Err(Error::new(
            ErrorKind::NotFound,
            "find path",
            "the path is empty",
        ));
    }
    let bytes = text_to_bytes(sent);
    // Checked before the server is asked for anything.
    let path = RemotePath::parse(&bytes, &RemotePath::root())?;
    if bytes.starts_with(b"/") {
        return Ok(path);
    }
    RemotePath::parse(&bytes, &fs.home().await?)
}

/// In the temporary directory, under the remote file's own name. A path without a name is
/// a directory, which no transfer fetches.
fn default_local_path(remote: &RemotePath) -> String {
    let name = remote.file_name().map(|name| name.to_text());
    let directory = std::env::temp_dir();
    let mut path = bytes_to_text(directory.as_os_str().as_bytes());
    if !path.ends_with('/') {
        path.push('/');
    }
    path.push_str(name.as_deref().unwrap_or("download"));
    path
}

//! [`RemoteUpload`]: a remote file that becomes visible only when it is complete.

use crate::error::{Error, ErrorKind, Result};
use crate::fs::{
    FileType, FileWriter, Metadata, Overwrite, RemoteFs, SetAttributes, WriteMode, WriteOptions,
};
use crate::path::{RemoteName, RemotePath};
use bytes::Bytes;
use std::sync::Arc;
use std::time::SystemTime;

const OPERATION: &str = "upload file";

/// Links followed to find the file behind the target, as Linux's `MAXSYMLINKS` but smaller.
const MAX_LINKS: usize = 16;

/// Longest base of a temporary name: with prefix and suffix it stays within the 143 bytes
/// that eCryptfs allows, as on some NAS; others allow 255.
const MAX_BASE: usize = 100;

/// How an upload takes its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UploadOptions {
    /// Whether it may replace a file.
    pub overwrite: Overwrite,
    /// Permission bits, in place of those of the replaced file or the server's default.
    pub permissions: Option<u32>,
    /// Time of the last change, in place of the time of the upload.
    pub modified: Option<SystemTime>,
}

impl Default for UploadOptions {
    fn default() -> Self {
        Self {
            overwrite: Overwrite::Replace,
            permissions: None,
            modified: None,
        }
    }
}

/// A file being uploaded under a temporary name beside its place.
///
/// `finish` puts it in place in one step; `abort` and dropping remove it. The old file, if
/// there is one, is never gone before the new one is complete, and lends it its permissions.
pub struct RemoteUpload {
    fs: Arc<dyn RemoteFs>,
    place: RemotePath,
    existing: Option<Metadata>,
    options: UploadOptions,
    // Before `partial`: a file is closed before it is removed, as some servers insist.
    writer: Box<dyn FileWriter>,
    partial: Partial,
}

impl RemoteUpload {
    /// Opens the temporary file for what will be `path`.
    ///
    /// # Errors
    /// `IsADirectory` or what the server says of writing to it when `path` is a directory;
    /// `NotFound` when there is no such parent; those of the connection.
    pub async fn create(fs: &Arc<dyn RemoteFs>, path: &RemotePath) -> Result<Self> {
        Self::create_with(fs, path, UploadOptions::default()).await
    }

    /// As [`RemoteUpload::create`], with options.
    ///
    /// # Errors
    /// `AlreadyExists` when something is there, a broken link included, that must not be
    /// replaced; `Unsupported` for permissions or a time the server cannot set; in both
    /// cases nothing was touched. Besides those of [`RemoteUpload::create`].
    pub async fn create_with(
        fs: &Arc<dyn RemoteFs>,
        path: &RemotePath,
        options: UploadOptions,
    ) -> Result<Self> {
        check_capabilities(fs, options)?;
        if options.overwrite == Overwrite::Refuse {
            refuse_existing(fs, path).await?;
        }
        let (place, existing) = locate(fs, path).await?;
        let partial_path = partial_name(&place)?;
        let write_options = WriteOptions {
            mode: WriteMode::CreateNew,
            permissions: options
                .permissions
                .or_else(|| existing.as_ref().and_then(|m| m.permissions)),
        };
        // Before the opening: given up in the middle, it may have made the file.
        let mut partial = Partial {
            fs: Arc::clone(fs),
            path: Some(partial_path.clone()),
        };
        let writer = match fs.open_write(&partial_path, write_options).await {
            Ok(writer) => writer,
            Err(error) => {
                if made_nothing(error.kind()) {
                    partial.path = None;
                }
                return Err(error);
            }
        };
        Ok(Self {
            fs: Arc::clone(fs),
            place,
            existing,
            options,
            writer,
            partial,
        })
    }

    /// Takes the next bytes; waits while too much is under way.
    ///
    /// # Errors
    /// Those of the backend; the upload can then only be aborted.
    pub async fn write(&mut self, data: Bytes) -> Result<()> {
        self.writer.write(data).await
    }

    /// Takes all bytes of another file of the same server as the next ones, on the server.
    ///
    /// # Errors
    /// Those of [`FileWriter::copy_from`].
    pub async fn copy_from(&mut self, from: &RemotePath) -> Result<u64> {
        self.writer.copy_from(from).await
    }

    /// Brings the file to the disk and puts it in place.
    ///
    /// # Errors
    /// `AlreadyExists` when something came to be there that must not be replaced; those of the
    /// backend. The temporary file is then removed and the old file still there.
    pub async fn finish(mut self) -> Result<()> {
        let placed = async {
            self.writer.finish().await?;
            let Some(partial) = &self.partial.path else {
                return Err(Error::new(ErrorKind::Internal, OPERATION, "finished twice"));
            };
            keep_attributes(&self.fs, partial, self.existing.as_ref()).await?;
            let wanted = SetAttributes {
                permissions: self.options.permissions,
                modified: self.options.modified,
                ..SetAttributes::default()
            };
            if wanted != SetAttributes::default() {
                self.fs.set_attributes(partial, &wanted).await?;
            }
            self.fs
                .rename(partial, &self.place, self.options.overwrite)
                .await
        }
        .await;
        match placed {
            Ok(()) => {
                self.partial.path = None;
                Ok(())
            }
            Err(error) => {
                self.partial.remove().await;
                Err(error)
            }
        }
    }

    /// Gives up and removes the temporary file.
    pub async fn abort(mut self) {
        self.writer.abort().await;
        self.partial.remove().await;
    }
}

/// The temporary file; removed in the background when it is dropped.
struct Partial {
    fs: Arc<dyn RemoteFs>,
    path: Option<RemotePath>,
}

impl Partial {
    async fn remove(&mut self) {
        let Some(path) = self.path.clone() else {
            return;
        };
        remove(&self.fs, &path).await;
        // Only now: a caller that goes away meanwhile leaves the rest to `drop`.
        self.path = None;
    }
}

async fn remove(fs: &Arc<dyn RemoteFs>, path: &RemotePath) {
    match fs.remove_file(path).await {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => tracing::warn!(%path, %error, "a temporary file stays on the server"),
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        let Some(path) = self.path.take() else { return };
        let fs = Arc::clone(&self.fs);
        // The backend's clocks bound this task, and closing the session ends it.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            drop(runtime.spawn(async move { remove(&fs, &path).await }));
        }
    }
}

/// Whether a refusal to open a new file says for sure that there is none now.
fn made_nothing(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::NotFound
            | ErrorKind::PermissionDenied
            | ErrorKind::AlreadyExists
            | ErrorKind::NotADirectory
            | ErrorKind::Unsupported
            | ErrorKind::InvalidInput
    )
}

/// Refuses what the server cannot do before anything is written.
fn check_capabilities(fs: &Arc<dyn RemoteFs>, options: UploadOptions) -> Result<()> {
    let capabilities = fs.capabilities();
    let unsupported = |what: &str| {
        let text = format!("the server cannot set {what}");
        Err(Error::new(ErrorKind::Unsupported, OPERATION, text))
    };
    if options.permissions.is_some() && !capabilities.set_permissions {
        return unsupported("permissions");
    }
    if options.modified.is_some() && !capabilities.set_times {
        return unsupported("the time of the last change");
    }
    Ok(())
}

async fn refuse_existing(fs: &Arc<dyn RemoteFs>, path: &RemotePath) -> Result<()> {
    match fs.lstat(path).await {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
        Ok(_) => Err(Error::new(
            ErrorKind::AlreadyExists,
            OPERATION,
            "something of that name exists already",
        )),
    }
}

/// The file behind the path, and what is known of it if it is there.
async fn locate(
    fs: &Arc<dyn RemoteFs>,
    path: &RemotePath,
) -> Result<(RemotePath, Option<Metadata>)> {
    let mut place = path.clone();
    let mut led_up = false;
    for _ in 0..MAX_LINKS {
        let metadata = match fs.lstat(&place).await {
            Ok(metadata) => metadata,
            Err(e) if e.kind() == ErrorKind::NotFound => {
                if led_up {
                    return Err(unclear_link());
                }
                return Ok((place, None));
            }
            Err(e) => return Err(e),
        };
        match metadata.file_type {
            FileType::File => {
                if led_up && fs.stat(path).await? != metadata {
                    return Err(unclear_link());
                }
                return Ok((place, Some(metadata)));
            }
            FileType::Directory => return Err(refuse_directory(fs, &place).await),
            FileType::Symlink if fs.capabilities().symlinks => {
                let target = fs.read_link(&place).await?;
                // `..` is taken from the text of the path here and from the directory
                // there, which differ where the path runs through another link.
                led_up |= target.split(|b| *b == b'/').any(|part| part == b"..");
                let base = place.parent().unwrap_or_else(RemotePath::root);
                place = RemotePath::parse(&target, &base)?;
            }
            FileType::Symlink | FileType::Other => {
                return Err(Error::new(
                    ErrorKind::Failure,
                    OPERATION,
                    "the remote path is neither a file nor free",
                ));
            }
        }
    }
    Err(Error::new(
        ErrorKind::Failure,
        OPERATION,
        "too many symbolic links",
    ))
}

fn unclear_link() -> Error {
    Error::new(
        ErrorKind::Failure,
        OPERATION,
        "where the symbolic link leads cannot be told for sure",
    )
}

/// The server's own words on writing to a directory, which is harmless to try.
async fn refuse_directory(fs: &Arc<dyn RemoteFs>, path: &RemotePath) -> Error {
    let options = WriteOptions {
        mode: WriteMode::Truncate,
        permissions: None,
    };
    match fs.open_write(path, options).await {
        Err(error) => error,
        Ok(writer) => {
            writer.abort().await;
            Error::new(
                ErrorKind::IsADirectory,
                OPERATION,
                "the path is a directory",
            )
        }
    }
}

fn partial_name(place: &RemotePath) -> Result<RemotePath> {
    let (Some(parent), Some(name)) = (place.parent(), place.file_name()) else {
        return Err(Error::new(
            ErrorKind::IsADirectory,
            OPERATION,
            "the path is a directory",
        ));
    };
    let base = cut(name.as_bytes());
    let random = uuid::Uuid::new_v4().simple().to_string();
    let mut partial = b".".to_vec();
    partial.extend_from_slice(base);
    partial.extend_from_slice(format!(".{}.part", random.get(..12).unwrap_or(&random)).as_bytes());
    parent.join(&RemoteName::new(partial))
}

/// The beginning of a name. Not cut through a character: some servers take only names
/// that are UTF-8.
fn cut(name: &[u8]) -> &[u8] {
    let inside_character = |at: usize| name.get(at).is_some_and(|b| b & 0xc0 == 0x80);
    let end = (0..=MAX_BASE.min(name.len()))
        .rev()
        .take(4)
        .find(|&at| !inside_character(at));
    name.get(..end.unwrap_or(MAX_BASE)).unwrap_or(name)
}

/// Gives the new file the permissions and, where the account may, the owner of the old one.
async fn keep_attributes(
    fs: &Arc<dyn RemoteFs>,
    partial: &RemotePath,
    existing: Option<&Metadata>,
) -> Result<()> {
    let Some(old) = existing else { return Ok(()) };
    let capabilities = fs.capabilities();
    if !capabilities.set_owner && !capabilities.set_permissions {
        return Ok(());
    }
    let new = fs.lstat(partial).await?;
    let mut permissions = old.permissions;
    let mut as_created = new.permissions;
    if capabilities.set_owner
        && let (Some(uid), Some(gid)) = (old.uid, old.gid)
        && (new.uid, new.gid) != (Some(uid), Some(gid))
    {
        let owner = SetAttributes {
            owner: Some((uid, gid)),
            ..SetAttributes::default()
        };
        // Changing the owner may take bits away.
        as_created = None;
        // Only the superuser may give a file away; set-user-id and set-group-id meant the
        // old owner.
        if let Err(error) = fs.set_attributes(partial, &owner).await {
            tracing::debug!(%error, "the owner of the replaced file is not kept");
            permissions = permissions.map(|bits| bits & 0o1777);
        }
    }
    if capabilities.set_permissions && permissions.is_some() && permissions != as_created {
        let permissions = SetAttributes {
            permissions,
            ..SetAttributes::default()
        };
        fs.set_attributes(partial, &permissions).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn temporary_names_are_short_and_whole_characters() {
        let root = RemotePath::root();
        for name in ["a", &"x".repeat(255), &"ü".repeat(127), &"a😀".repeat(50)] {
            let place = RemotePath::parse(name.as_bytes(), &root).unwrap();
            let partial = partial_name(&place).unwrap();
            let partial = partial.file_name().unwrap();
            let text = std::str::from_utf8(partial.as_bytes()).unwrap();
            assert!(text.len() <= 143, "{text}");
            assert!(text.starts_with('.') && text.ends_with(".part"), "{text}");
        }
        assert_eq!(cut(&[0x80; 300]).len(), MAX_BASE);
        assert_eq!(cut(b"abc"), b"abc");
    }
}

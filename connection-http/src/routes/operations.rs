//! Changing a session's files, one operation a route.

use super::files::remote_path;
use super::{Group, State};
use crate::auth::Caller;
use crate::entry_models::{
    Attributes, Copied, CopyOrder, Created, Delete, FromTo, MakeDirectory, MakeLink, TreeObject,
};
use crate::error::{Outcome, Problem};
use crate::extension::{Refused, extension_statuses, path_problem};
use crate::fields::Fields;
use crate::json::JsonBody;
use crate::models::Done;
use crate::responses::Success;
use connection_core::fs::{Overwrite, RemoteFs, SetAttributes};
use connection_core::path::{MAX_PATH_BYTES, RemotePath, text_to_bytes};
use connection_core::tree::{self, Only};
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use std::sync::Arc;

extension_statuses! {
    /// Changing files.
    pub(super) Changing {
        408 => "The body did not arrive in time.",
        415 => "The body's Content-Type is not application/json.",
    }
}

type Failure = Refused<Changing>;
type Answer<T> = std::result::Result<Success<T>, Failure>;

/// Routes that change files.
pub(crate) struct OperationsApi(pub(super) Arc<State>);

#[OpenApi(tag = "Group::Files")]
impl OperationsApi {
    /// Make a directory
    #[oai(
        path = "/connections/:session_id/directories",
        method = "post",
        operation_id = "makeDirectory"
    )]
    async fn directories(
        &self,
        caller: Caller,
        session_id: Path<String>,
        body: JsonBody<MakeDirectory>,
    ) -> Answer<Created> {
        let session = self.0.session(&caller, &session_id)?;
        let fs = session.fs();
        let mut fields = self.fields(body).await?;
        let parents = fields.flag("parents")?;
        let path = path(&fs, &mut fields, "path").await?;
        let created = if parents {
            tree::create_dir_all(&fs, &path).await?
        } else {
            fs.create_dir(&path).await?;
            1
        };
        Ok(Success(Created {
            created: created as u64,
        }))
    }

    /// Rename or move
    ///
    /// On the one server; `copy` also goes to another session. What is there already is replaced
    /// only with `overwrite`, and else refused with 409.
    #[oai(
        path = "/connections/:session_id/rename",
        method = "post",
        operation_id = "rename"
    )]
    async fn rename(
        &self,
        caller: Caller,
        session_id: Path<String>,
        body: JsonBody<FromTo>,
    ) -> Answer<Done> {
        let session = self.0.session(&caller, &session_id)?;
        let fs = session.fs();
        let (from, to, overwrite) = self.pair(&fs, body).await?;
        fs.rename(&from, &to, overwrite).await?;
        Ok(done(format!("Renamed to {to}")))
    }

    /// Copy a file or a tree, also to another session
    ///
    /// On the remote server where it can, else through this one, without a file on it. A
    /// copy appears whole or not at all, with the permissions of the original, or those of
    /// the file it replaces. `to_session` names another session of the caller's, of any
    /// protocol. With `recursive`, what cannot be copied is among the `errors` of `tree` and
    /// the rest is copied; the status is 200 then too. Closing the connection before the
    /// answer stops the copying.
    #[oai(
        path = "/connections/:session_id/copy",
        method = "post",
        operation_id = "copy"
    )]
    async fn copy(
        &self,
        caller: Caller,
        session_id: Path<String>,
        body: JsonBody<CopyOrder>,
    ) -> Answer<Copied> {
        let session = self.0.session(&caller, &session_id)?;
        let source = session.fs();
        let mut fields = self.fields(body).await?;
        let overwrite = overwrite(&mut fields)?;
        let recursive = fields.flag("recursive")?;
        let other = match fields.filled("to_session")? {
            Some(id) if id != *session_id => Some(self.0.session(&caller, &id)?),
            _ => None,
        };
        let target = other.as_ref().map_or_else(|| source.clone(), |o| o.fs());
        let from = path(&source, &mut fields, "from").await?;
        let to = path(&target, &mut fields, "to").await?;
        let copied = if recursive {
            let outcome = tree::copy_tree_between(&source, &from, &target, &to, overwrite).await?;
            Copied::tree(outcome)
        } else {
            let size = tree::copy_file_between(&source, &from, &target, &to, overwrite).await?;
            Copied::file(size)
        };
        Ok(Success(copied))
    }

    /// Remove a file, a link or a directory
    ///
    /// A link is removed and never followed. With `recursive`, what cannot be removed is
    /// among `errors` and the rest is removed; the status is 200 then too. Closing the
    /// connection before the answer stops the removal.
    #[oai(
        path = "/connections/:session_id/delete",
        method = "post",
        operation_id = "delete"
    )]
    async fn delete(
        &self,
        caller: Caller,
        session_id: Path<String>,
        body: JsonBody<Delete>,
    ) -> Answer<TreeObject> {
        let session = self.0.session(&caller, &session_id)?;
        let fs = session.fs();
        let mut fields = self.fields(body).await?;
        let recursive = fields.flag("recursive")?;
        let only = only(&mut fields)?;
        let path = path(&fs, &mut fields, "path").await?;
        let outcome = match (recursive, only) {
            (true, Some(_)) => {
                let text = "type and recursive do not go together";
                return Err(Problem::bad_request(text).into());
            }
            (true, None) => tree::remove_tree(&fs, &path).await?,
            (false, Some(only)) => tree::remove_only(&fs, &path, only).await?,
            (false, None) => tree::remove_entry(&fs, &path).await?,
        };
        Ok(Success(outcome.into()))
    }

    /// Change permissions, times, owner or size
    ///
    /// What the server cannot do answers 501, and nothing was changed.
    #[oai(
        path = "/connections/:session_id/attributes",
        method = "post",
        operation_id = "setAttributes"
    )]
    async fn attributes(
        &self,
        caller: Caller,
        session_id: Path<String>,
        body: JsonBody<Attributes>,
    ) -> Answer<Done> {
        let session = self.0.session(&caller, &session_id)?;
        let fs = session.fs();
        let mut fields = self.fields(body).await?;
        let owner = (fields.account("uid")?, fields.account("gid")?);
        let mut changes = SetAttributes {
            permissions: fields.permissions("permissions")?,
            owner: None,
            modified: fields.moment("modified")?,
            accessed: fields.moment("accessed")?,
            size: fields.whole("size")?,
        };
        if changes == SetAttributes::default() && owner == (None, None) {
            return Err(Problem::bad_request("there is no attribute to change").into());
        }
        let path = path(&fs, &mut fields, "path").await?;
        changes.owner = match owner {
            (None, None) => None,
            (Some(uid), Some(gid)) => Some((uid, gid)),
            // The protocols change both at once: the other stays what it is.
            (uid, gid) => {
                let now = fs.stat(&path).await?;
                let both = uid.or(now.uid).zip(gid.or(now.gid));
                let missing = || Problem::bad_request("uid and gid are both needed here");
                Some(both.ok_or_else(missing)?)
            }
        };
        fs.set_attributes(&path, &changes).await?;
        Ok(done(format!("Changed {path}")))
    }

    /// Make a symbolic link
    ///
    /// FTP has none: 501.
    #[oai(
        path = "/connections/:session_id/symlink",
        method = "post",
        operation_id = "symlink"
    )]
    async fn symlink(
        &self,
        caller: Caller,
        session_id: Path<String>,
        body: JsonBody<MakeLink>,
    ) -> Answer<Done> {
        let session = self.0.session(&caller, &session_id)?;
        let fs = session.fs();
        let mut fields = self.fields(body).await?;
        let target = fields
            .filled("target")?
            .ok_or_else(|| Problem::wrong_field("target", "is required"))?;
        let target = text_to_bytes(&target);
        if target.contains(&0) || target.len() > MAX_PATH_BYTES {
            return Err(Problem::wrong_field("target", "is too long or contains a NUL").into());
        }
        let link = path(&fs, &mut fields, "link").await?;
        fs.symlink(&target, &link).await?;
        Ok(done(format!("Linked {link}")))
    }
}

impl OperationsApi {
    async fn fields<T>(&self, body: JsonBody<T>) -> Outcome<Fields> {
        Fields::optional(body.read(self.0.settings.body_timeout).await?)
    }

    async fn pair(
        &self,
        fs: &Arc<dyn RemoteFs>,
        body: JsonBody<FromTo>,
    ) -> Result<(RemotePath, RemotePath, Overwrite), Failure> {
        let mut fields = self.fields(body).await?;
        let overwrite = overwrite(&mut fields)?;
        let from = path(fs, &mut fields, "from").await?;
        let to = path(fs, &mut fields, "to").await?;
        Ok((from, to, overwrite))
    }
}

fn overwrite(fields: &mut Fields) -> Outcome<Overwrite> {
    Ok(match fields.flag("overwrite")? {
        true => Overwrite::Replace,
        false => Overwrite::Refuse,
    })
}

/// A path among the fields, which must be there.
async fn path(
    fs: &Arc<dyn RemoteFs>,
    fields: &mut Fields,
    field: &str,
) -> Result<RemotePath, Failure> {
    let sent = fields
        .filled(field)?
        .ok_or_else(|| Problem::wrong_field(field, "is required"))?;
    let path = remote_path(fs, &sent).await;
    Ok(path.map_err(|e| path_problem(&e, field))?)
}

fn only(fields: &mut Fields) -> Outcome<Option<Only>> {
    match fields.text("type")?.as_deref() {
        None => Ok(None),
        Some("file") => Ok(Some(Only::File)),
        Some("directory") => Ok(Some(Only::Directory)),
        Some(_) => Err(Problem::wrong_field("type", "must be file or directory")),
    }
}

fn done(message: String) -> Success<Done> {
    Success(Done { message })
}

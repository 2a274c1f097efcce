//! Storing the files of a browser's form, each on its own.

use crate::error::{Outcome, Problem};
use crate::extension::{extension_problem, path_problem};
use crate::form::Form;
use crate::intake::{Fault, fill};
use crate::models::{FormStored, NotStored, Stored};
use crate::routes::files::remote_path;
use connection_core::fs::RemoteFs;
use connection_core::path::{MAX_PATH_BYTES, RemoteName, RemotePath};
use connection_core::transfer::{RemoteUpload, UploadOptions};
use connection_core::{Error, ErrorKind, Result};
use std::sync::Arc;

/// How the files of a form are stored.
pub(super) struct Storing {
    pub(super) options: UploadOptions,
    pub(super) checksum: bool,
    pub(super) limit: Option<u64>,
}

impl Storing {
    /// Stores every file of the form in this directory. One that fails does not keep those
    /// after it from being stored.
    pub(super) async fn store(
        &self,
        fs: &Arc<dyn RemoteFs>,
        directory: &str,
        form: &mut Form<'_>,
    ) -> Outcome<FormStored> {
        let problem = |e: Error| extension_problem(&e);
        let directory = remote_path(fs, directory).await;
        let directory = directory.map_err(|e| path_problem(&e, "path"))?;
        if !fs.stat(&directory).await.map_err(problem)?.is_dir() {
            let text = "the path of a form is the directory that its files go to";
            return Err(problem(Error::new(
                ErrorKind::NotADirectory,
                "store form",
                text,
            )));
        }
        let mut done = FormStored::default();
        let mut first = None;
        while let Some(name) = form.next_file().await? {
            match self.one(fs, &directory, &name, form).await {
                Ok(stored) => done.stored.push(stored),
                Err(Fault::Source(problem)) => return Err(problem),
                Err(Fault::File(error)) => {
                    let refused = extension_problem(&error);
                    let last = ends_the_form(&error);
                    let mut detail = refused.detail().to_owned();
                    if last {
                        detail.push_str("; the files after this one were not read");
                    }
                    done.errors.push(NotStored {
                        name: name.to_text(),
                        code: error.kind().code().to_owned(),
                        detail,
                    });
                    first.get_or_insert(refused);
                    if last {
                        break;
                    }
                }
            }
        }
        match first {
            Some(refused) if done.stored.is_empty() => Err(nothing_stored(refused, &done)),
            None if done.stored.is_empty() => Err(Problem::bad_request("the form has no file")),
            _ => Ok(done),
        }
    }

    async fn one(
        &self,
        fs: &Arc<dyn RemoteFs>,
        directory: &RemotePath,
        name: &RemoteName,
        form: &mut Form<'_>,
    ) -> Result<Stored, Fault> {
        let path = entry(directory, name)?;
        let mut upload = RemoteUpload::create_with(fs, &path, self.options).await?;
        let sha256 = match fill(&mut upload, form, self.limit, self.checksum).await {
            Ok(sum) => sum,
            Err(fault) => {
                upload.abort().await;
                return Err(fault);
            }
        };
        let size = upload.size();
        upload.finish().await?;
        Ok(Stored {
            path: path.to_text(),
            size,
            sha256,
        })
    }
}

fn entry(directory: &RemotePath, name: &RemoteName) -> Result<RemotePath> {
    if !name.is_plain() {
        return Err(Error::invalid(
            "name",
            "the name of a file has no slash and is not . or ..",
        ));
    }
    let path = directory.join(name)?;
    if path.as_bytes().len() > MAX_PATH_BYTES {
        return Err(Error::invalid("name", "the name is too long"));
    }
    Ok(path)
}

/// Whether every file after this one would only fail the same way.
fn ends_the_form(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionLost | ErrorKind::Cancelled | ErrorKind::TimedOut
    )
}

/// The first failure, as the answer for all.
fn nothing_stored(first: Problem, done: &FormStored) -> Problem {
    let Some((failed, others)) = done.errors.split_first() else {
        return first;
    };
    let mut text = format!("{}: {}", failed.name, failed.detail);
    if !others.is_empty() {
        text.push_str(&format!(
            "; {} more files were not stored either",
            others.len()
        ));
    }
    first.with_detail(text)
}

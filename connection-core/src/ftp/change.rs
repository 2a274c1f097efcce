//! Operations that change names.

use super::link::Link;
use super::lookup::{self, Purpose, Sight, explain};
use super::reply::{Wire, refusal_as};
use crate::error::{Error, ErrorKind, Result};
use crate::fs::Overwrite;
use crate::path::{RemoteName, RemotePath};

const RENAME: &str = "rename";

/// One command with a path, its refusal explained.
pub(super) fn simple(
    link: &mut Link,
    operation: &'static str,
    verb: &str,
    path: &RemotePath,
    codes: &[u16],
    purpose: Purpose,
) -> Result<()> {
    match link.expect_path(operation, verb, path, codes) {
        Ok(_) => Ok(()),
        Err(Wire::Refused(reply)) => Err(explain(link, operation, &reply, path, purpose)),
        Err(Wire::Broken(error)) => Err(error),
    }
}

/// Removes a file; a directory is refused here, since some servers' `DELE` takes empty ones.
pub(super) fn remove_file(link: &mut Link, path: &RemotePath) -> Result<()> {
    simple(
        link,
        "remove file",
        "DELE",
        path,
        &[200, 250],
        Purpose::RemoveFile,
    )
}

/// Renames. `RNTO` replaces a file in one step on servers that pass it to `rename(2)`. On
/// one that refuses, the old target is put aside first, and back if the rename fails.
pub(super) fn rename(
    link: &mut Link,
    from: &RemotePath,
    to: &RemotePath,
    overwrite: Overwrite,
) -> Result<()> {
    if overwrite == Overwrite::Refuse {
        let seen = lookup::look(link, RENAME, to).map_err(|wire| wire.into_error(RENAME))?;
        // A name and itself: nothing would be replaced, as for link(2).
        if matches!(seen, Sight::Seen(..)) && from != to {
            return Err(Error::new(
                ErrorKind::AlreadyExists,
                RENAME,
                "the target exists already",
            )
            .with("path", to.to_text()));
        }
    }
    let refused = match rename_once(link, from, to) {
        Ok(()) => return Ok(()),
        Err(Step::From(reply)) => return Err(explain(link, RENAME, &reply, from, Purpose::Change)),
        Err(Step::Broken(error)) => return Err(error),
        Err(Step::To(reply)) => reply,
    };
    // Putting a file aside to make room for itself would lose it.
    if overwrite == Overwrite::Replace && from != to && link.is_usable() {
        let seen = lookup::look(link, RENAME, to).map_err(|wire| wire.into_error(RENAME))?;
        if let Sight::Seen(metadata, _) = seen {
            if metadata.is_dir() {
                return Err(refusal_as(ErrorKind::IsADirectory, RENAME, &refused)
                    .with("path", to.to_text()));
            }
            let moved = lookup::look(link, RENAME, from).map_err(|w| w.into_error(RENAME))?;
            return match moved {
                // A directory takes no file's place; the server was right to refuse.
                Sight::Seen(metadata, _) if metadata.is_dir() => {
                    Err(refusal_as(ErrorKind::NotADirectory, RENAME, &refused)
                        .with("path", to.to_text()))
                }
                Sight::Seen(..) => replace(link, from, to),
                // Gone meanwhile: the old file stays where it is.
                sight => lookup::answer(sight, RENAME, from).map(drop),
            };
        }
    }
    Err(explain(link, RENAME, &refused, to, Purpose::Write))
}

fn replace(link: &mut Link, from: &RemotePath, to: &RemotePath) -> Result<()> {
    let aside = aside_of(to)?;
    rename_once(link, to, &aside).map_err(|step| step.into_error(link, to, &aside))?;
    match rename_once(link, from, to) {
        Ok(()) => {}
        Err(step) => {
            let error = step.into_error(link, from, to);
            return Err(match rename_once(link, &aside, to) {
                Ok(()) => error,
                // Not lost: the error says where it is.
                Err(_) => error.with("old_file_at", aside.to_text()),
            });
        }
    }
    // The new file is in place; what is left is the old one under its other name.
    match link.expect_path(RENAME, "DELE", &aside, &[200, 250]) {
        Ok(_) => Ok(()),
        Err(wire) => Err(wire.into_error(RENAME).with("old_file_at", aside.to_text())),
    }
}

fn aside_of(path: &RemotePath) -> Result<RemotePath> {
    let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(Error::invalid("path", "the root cannot be renamed"));
    };
    let mut aside = b".".to_vec();
    aside.extend_from_slice(name.as_bytes().get(..200).unwrap_or(name.as_bytes()));
    aside.extend_from_slice(format!(".{}.old", uuid::Uuid::new_v4().simple()).as_bytes());
    parent.join(&RemoteName::new(aside))
}

enum Step {
    From(super::reply::Reply),
    To(super::reply::Reply),
    Broken(Error),
}

impl Step {
    fn into_error(self, link: &mut Link, from: &RemotePath, to: &RemotePath) -> Error {
        match self {
            Self::From(reply) => explain(link, RENAME, &reply, from, Purpose::Change),
            Self::To(reply) => explain(link, RENAME, &reply, to, Purpose::Write),
            Self::Broken(error) => error,
        }
    }
}

fn rename_once(link: &mut Link, from: &RemotePath, to: &RemotePath) -> Result<(), Step> {
    // Nothing may come between the two commands.
    let asked = link.ask_about_iac(RENAME, &to.to_text());
    asked.map_err(|wire| Step::Broken(wire.into_error(RENAME)))?;
    match link.expect_path(RENAME, "RNFR", from, &[350]) {
        Ok(_) => {}
        Err(Wire::Refused(reply)) => return Err(Step::From(reply)),
        Err(Wire::Broken(error)) => return Err(Step::Broken(error)),
    }
    match link.expect_path(RENAME, "RNTO", to, &[200, 250]) {
        Ok(_) => Ok(()),
        Err(Wire::Refused(reply)) => Err(Step::To(reply)),
        Err(Wire::Broken(error)) => Err(Step::Broken(error)),
    }
}

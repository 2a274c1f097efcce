//! What a path names, and why a command on it was refused.
//!
//! 550 is FTP's answer to nearly everything, and its text is in any language. So it is
//! never guessed at: the server is asked what the path is, and the kind of the error
//! follows from that, while its message stays the text of the refusal.

use super::directory;
use super::link::Link;
use super::listing::parse_facts;
use super::reply::{Reply, Wire, WireResult, refusal, refusal_as};
use super::skills::Skill;
use crate::error::{Error, ErrorKind, Result};
use crate::fs::{Entry, FileType, Metadata};
use crate::path::{RemoteName, RemotePath};
use chrono::NaiveDateTime;

/// Most links followed one after another, as on Linux.
const MAX_LINKS: usize = 40;

/// What looking at a path showed.
#[derive(Debug)]
pub(super) enum Sight {
    /// It is there; a link with its target, where the server says it.
    Seen(Metadata, Option<Vec<u8>>),
    /// It is not there, with the server's words for it.
    Missing(Option<Reply>),
    /// Something on the way may not be passed.
    Barred(Option<Reply>),
}

/// What a refused command wanted of the path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// List it.
    List,
    /// Read it as a file.
    Read,
    /// Write it, or rename something to it.
    Write,
    /// Make a directory of that name.
    Create,
    /// Remove it as a file.
    RemoveFile,
    /// Remove it as a directory.
    RemoveDir,
    /// Rename it, or change its attributes.
    Change,
}

/// Looks at a path without following a link in its last component, where the server says
/// that it is one.
///
/// Without `MLST` it is found by listing its parent, all of it: `LIST` and `STAT` with a
/// name read globs and options in it, list what is *in* a directory, and show no hidden
/// names; and a listing cannot be stopped without giving the connection up. `SIZE` and `CWD`
/// would tell a file from a directory, but neither a link nor permissions.
pub(super) fn look(
    link: &mut Link,
    operation: &'static str,
    path: &RemotePath,
) -> WireResult<Sight> {
    if link.facts().mlst {
        match link.expect_path(operation, "MLST", path, &[250]) {
            Ok(reply) => {
                return match mlst_facts(&reply) {
                    Some((metadata, target)) => {
                        let names = link.facts().names;
                        let target = target.map(|target| names.name_of(&target));
                        Ok(Sight::Seen(metadata, target))
                    }
                    None => Err(Wire::Broken(Error::new(
                        ErrorKind::Protocol,
                        operation,
                        "the server's answer to MLST has no facts",
                    ))),
                };
            }
            Err(Wire::Refused(reply)) if reply.code == 421 => return Err(Wire::Refused(reply)),
            Err(Wire::Refused(reply)) => return why_unseen(link, operation, path, Some(reply)),
            Err(wire) => return Err(wire),
        }
    }
    let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else {
        return Ok(Sight::Seen(Metadata::of_type(FileType::Directory), None));
    };
    match find_in(link, operation, &parent, &name) {
        Ok(Some(entry)) => Ok(Sight::Seen(entry.metadata, entry.link_target)),
        // A listing that may leave names out, hidden ones or those of other letter cases, is
        // no proof.
        Ok(None) if link.facts().list_all.skill() != Skill::Has => probe(link, operation, path),
        Ok(None) => Ok(Sight::Missing(None)),
        Err(Wire::Refused(reply)) if reply.code == 421 => Err(Wire::Refused(reply)),
        Err(Wire::Refused(_)) => probe(link, operation, path),
        Err(Wire::Broken(error))
            if error.kind() == ErrorKind::PermissionDenied && link.is_usable() =>
        {
            probe(link, operation, path)
        }
        Err(wire) => Err(wire),
    }
}

/// Looks at a path, links followed.
pub(super) fn look_through(
    link: &mut Link,
    operation: &'static str,
    path: &RemotePath,
) -> WireResult<Sight> {
    let first = path;
    let mut path = path.clone();
    for followed in 0..MAX_LINKS {
        let sight = look(link, operation, &path)?;
        match sight {
            Sight::Seen(metadata, Some(target)) if metadata.file_type == FileType::Symlink => {
                let base = path.parent().unwrap_or_else(RemotePath::root);
                match RemotePath::parse(&target, &base) {
                    Ok(next) => path = next,
                    Err(_) => return Ok(Sight::Missing(None)),
                }
            }
            Sight::Seen(metadata, None) if metadata.file_type == FileType::Symlink => {
                return probe(link, operation, &path);
            }
            Sight::Seen(metadata, target) => {
                let metadata = behind_a_link(link, operation, &path, metadata)?;
                return Ok(Sight::Seen(metadata, target));
            }
            // A target may be written for another root than the account's.
            Sight::Missing(_) | Sight::Barred(_) if followed > 0 => {
                return probe(link, operation, first);
            }
            sight => return Ok(sight),
        }
    }
    Ok(Sight::Missing(None))
}

/// What is seen of a file, links followed. ProFTPD's `MLST` tells of a link the type of what
/// it leads to, and with it length, time and permissions (0777) of the link itself.
fn behind_a_link(
    link: &mut Link,
    operation: &'static str,
    path: &RemotePath,
    mut metadata: Metadata,
) -> WireResult<Metadata> {
    let may_be_a_link = metadata.file_type == FileType::File
        && metadata
            .permissions
            .is_some_and(|mode| mode & 0o7777 == 0o777);
    if may_be_a_link && link.facts().mlst {
        if let Some(size) = size(link, operation, path)? {
            metadata.size = Some(size);
        }
        let exact = modified(link, operation, path)?;
        metadata.modified = exact.or(metadata.modified);
    }
    Ok(metadata)
}

/// The time of the last change, exact and in UTC, of a file.
pub(super) fn modified(
    link: &mut Link,
    operation: &'static str,
    path: &RemotePath,
) -> WireResult<Option<std::time::SystemTime>> {
    match link.expect_path(operation, "MDTM", path, &[213]) {
        Ok(reply) => Ok(reply.lines().next_back().and_then(mdtm_time)),
        Err(Wire::Refused(reply)) if reply.code != 421 => Ok(None),
        Err(wire) => Err(wire),
    }
}

/// The length of a file; `None` when the server does not say.
pub(super) fn size(
    link: &mut Link,
    operation: &'static str,
    path: &RemotePath,
) -> WireResult<Option<u64>> {
    match link.expect_path(operation, "SIZE", path, &[213]) {
        Ok(reply) => Ok(reply.lines().next_back().and_then(|line| {
            std::str::from_utf8(line.get(4..)?)
                .ok()?
                .trim()
                .parse()
                .ok()
        })),
        Err(Wire::Refused(reply)) if reply.code != 421 => Ok(None),
        Err(wire) => Err(wire),
    }
}

/// The error of a command that was refused for a path, its kind found by asking.
pub(super) fn explain(
    link: &mut Link,
    operation: &'static str,
    reply: &Reply,
    path: &RemotePath,
    purpose: Purpose,
) -> Error {
    let kind = if may_mean_anything(reply.code) && link.is_usable() {
        reason(link, operation, path, purpose).unwrap_or(None)
    } else {
        None
    };
    let error = match kind {
        Some(kind) => refusal_as(kind, operation, reply),
        None => refusal(operation, reply),
    };
    error.with("path", path.to_text())
}

/// Codes that servers use for any problem with a path.
fn may_mean_anything(code: u16) -> bool {
    matches!(code, 450 | 451 | 501 | 521 | 550 | 551 | 553 | 554)
}

fn reason(
    link: &mut Link,
    operation: &'static str,
    path: &RemotePath,
    purpose: Purpose,
) -> WireResult<Option<ErrorKind>> {
    let sight = match purpose {
        Purpose::RemoveFile | Purpose::RemoveDir | Purpose::Change | Purpose::Create => {
            look(link, operation, path)?
        }
        Purpose::List | Purpose::Read | Purpose::Write => look_through(link, operation, path)?,
    };
    let metadata = match sight {
        Sight::Barred(_) => return Ok(Some(ErrorKind::PermissionDenied)),
        Sight::Missing(_) => {
            let parent_is_there = match (purpose, path.parent()) {
                (Purpose::Write | Purpose::Create, Some(parent)) => {
                    matches!(look_through(link, operation, &parent)?, Sight::Seen(parent, _) if parent.is_dir())
                }
                _ => false,
            };
            return Ok(Some(if parent_is_there {
                ErrorKind::PermissionDenied
            } else {
                ErrorKind::NotFound
            }));
        }
        Sight::Seen(metadata, _) => metadata,
    };
    Ok(Some(match (purpose, metadata.is_dir()) {
        (Purpose::Create, _) => ErrorKind::AlreadyExists,
        (Purpose::List | Purpose::RemoveDir, false) => ErrorKind::NotADirectory,
        (Purpose::Read | Purpose::Write | Purpose::RemoveFile, true) => ErrorKind::IsADirectory,
        (Purpose::RemoveDir, true) => {
            let mut any = false;
            let listed = directory::try_list(link, operation, path, &mut |_| {
                any = true;
                Ok(())
            });
            match listed {
                Err(Wire::Broken(error)) if !link.is_usable() => return Err(Wire::Broken(error)),
                _ if any => ErrorKind::DirectoryNotEmpty,
                _ => ErrorKind::PermissionDenied,
            }
        }
        _ => ErrorKind::PermissionDenied,
    }))
}

/// The facts stand on the line that is no status line.
fn mlst_facts(reply: &Reply) -> Option<(Metadata, Option<Vec<u8>>)> {
    reply
        .lines()
        .filter(|line| !line.starts_with(b"250"))
        .find_map(parse_facts)
        // Some servers put them behind the code.
        .or_else(|| {
            reply
                .lines()
                .filter_map(|line| line.get(4..))
                .find_map(parse_facts)
        })
}

fn find_in(
    link: &mut Link,
    operation: &'static str,
    directory: &RemotePath,
    name: &RemoteName,
) -> WireResult<Option<Entry>> {
    let mut found = None;
    directory::try_list(link, operation, directory, &mut |entry| {
        if entry.name == *name {
            found = Some(entry);
        }
        Ok(())
    })?;
    Ok(found)
}

/// Without a listing: what can be entered is a directory, what has a size is a file.
fn probe(link: &mut Link, operation: &'static str, path: &RemotePath) -> WireResult<Sight> {
    let refused = match link.expect_path(operation, "CWD", path, &[200, 250]) {
        Ok(_) => return Ok(Sight::Seen(Metadata::of_type(FileType::Directory), None)),
        Err(Wire::Refused(reply)) if reply.code != 421 => reply,
        Err(wire) => return Err(wire),
    };
    if let Some(size) = size(link, operation, path)? {
        let mut metadata = Metadata::of_type(FileType::File);
        metadata.size = Some(size);
        metadata.modified = modified(link, operation, path)?;
        return Ok(Sight::Seen(metadata, None));
    }
    why_unseen(link, operation, path, Some(refused))
}

/// A path that the server would not show: missing, or behind a closed door? Whoever can
/// enter a directory can see whether a name is in it, so the first ancestor that can be
/// entered decides.
fn why_unseen(
    link: &mut Link,
    operation: &'static str,
    path: &RemotePath,
    reply: Option<Reply>,
) -> WireResult<Sight> {
    let mut child: Option<RemotePath> = None;
    let mut above = path.parent();
    while let Some(directory) = above {
        match link.expect_path(operation, "CWD", &directory, &[200, 250]) {
            Ok(_) => {
                let Some(child) = child else {
                    return Ok(Sight::Missing(reply));
                };
                return Ok(
                    if is_directory_there(link, operation, &directory, &child)? {
                        Sight::Barred(reply)
                    } else {
                        Sight::Missing(reply)
                    },
                );
            }
            Err(Wire::Refused(no)) if no.code == 421 => return Err(Wire::Refused(no)),
            Err(Wire::Refused(_)) => {
                above = directory.parent();
                child = Some(directory);
            }
            Err(wire) => return Err(wire),
        }
    }
    Ok(Sight::Barred(reply))
}

fn is_directory_there(
    link: &mut Link,
    operation: &'static str,
    parent: &RemotePath,
    child: &RemotePath,
) -> WireResult<bool> {
    if link.facts().mlst {
        return match link.expect_path(operation, "MLST", child, &[250]) {
            Ok(reply) => Ok(mlst_facts(&reply).is_some_and(|(metadata, _)| metadata.is_dir())),
            Err(Wire::Refused(no)) if no.code != 421 => Ok(false),
            Err(wire) => Err(wire),
        };
    }
    let Some(name) = child.file_name() else {
        return Ok(true);
    };
    match find_in(link, operation, parent, &name) {
        Ok(entry) => Ok(entry.is_some_and(|entry| entry.metadata.is_dir())),
        // Not to be listed: what lies in it cannot be told, and may be there.
        Err(Wire::Refused(no)) if no.code != 421 => Ok(true),
        Err(wire) => Err(wire),
    }
}

/// `213 20240229235959[.fraction]`.
fn mdtm_time(line: &[u8]) -> Option<std::time::SystemTime> {
    let text = std::str::from_utf8(line.get(4..)?).ok()?.trim();
    let whole = text.get(..14)?;
    let time = NaiveDateTime::parse_from_str(whole, "%Y%m%d%H%M%S").ok()?;
    Some(time.and_utc().into())
}

/// A sight as the answer to `stat` or `lstat`.
pub(super) fn answer(sight: Sight, operation: &'static str, path: &RemotePath) -> Result<Metadata> {
    let (kind, reply, text) = match sight {
        Sight::Seen(metadata, _) => return Ok(metadata),
        Sight::Missing(reply) => (ErrorKind::NotFound, reply, "no such file or directory"),
        Sight::Barred(reply) => (ErrorKind::PermissionDenied, reply, "permission denied"),
    };
    let error = match reply {
        Some(reply) => refusal_as(kind, operation, &reply),
        None => Error::new(kind, operation, text),
    };
    Err(error.with("path", path.to_text()))
}

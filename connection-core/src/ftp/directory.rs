//! Reading a directory over a connection: `MLSD` where there is one, else `LIST`.
//!
//! Always `CWD` first, then the listing without an argument: servers read options, globs
//! and split at spaces in the argument of `LIST`, and an absolute path is the only form of
//! it that each of them takes in `CWD`. The working directory of a connection therefore
//! means nothing, and every other command uses absolute paths.

use super::link::{Data, Link};
use super::listing::{Form, Listed, Listing};
use super::lookup::{Purpose, explain};
use super::reply::{Wire, WireResult, io_error};
use super::skills::Skill;
use super::zone::Candidates;
use crate::error::{Error, ErrorKind, Result};
use crate::fs::Entry;
use crate::path::RemotePath;
use std::io::{BufRead, BufReader, Read};
use std::time::SystemTime;

/// Longest line of a listing: every fact, a name and a link's target of 4 KiB each.
const MAX_LINE_BYTES: u64 = 16 * 1024;
/// Entries kept back while the zone of their times is not known. A larger listing is read
/// twice, once per login.
const MAX_HELD: usize = 4096;
/// And bytes of their names.
const MAX_HELD_BYTES: usize = 1024 * 1024;

/// Lists a directory; each entry goes to `each`, whose error ends the listing.
pub(super) fn list(
    link: &mut Link,
    operation: &'static str,
    path: &RemotePath,
    each: &mut dyn FnMut(Entry) -> Result<()>,
) -> Result<()> {
    match try_list(link, operation, path, each) {
        Ok(()) => Ok(()),
        Err(Wire::Refused(reply)) => Err(explain(link, operation, &reply, path, Purpose::List)),
        Err(Wire::Broken(error)) => Err(error),
    }
}

/// As [`list`], with the server's refusal as it is.
pub(super) fn try_list(
    link: &mut Link,
    operation: &'static str,
    path: &RemotePath,
    each: &mut dyn FnMut(Entry) -> Result<()>,
) -> WireResult<()> {
    link.expect_path(operation, "CWD", path, &[200, 250])?;
    let facts = link.facts();
    if facts.mlst {
        return each_entry(link, operation, (path, "MLSD", Form::Mlsd), each).map(drop);
    }
    let all = facts.list_all.skill();
    if all != Skill::Lacks {
        match each_entry(link, operation, (path, "LIST -a", Form::List), each) {
            Ok(Lines { all: 0, .. }) if all == Skill::Has => return Err(unreadable(operation)),
            // Empty, or the server looked for a file named -a.
            Ok(Lines { all: 0, .. }) => {}
            Ok(lines) => {
                if lines.has_self {
                    facts.list_all.learn(Skill::Has);
                }
                return Ok(());
            }
            Err(Wire::Refused(reply)) if reply.code != 421 => {}
            Err(wire) => return Err(wire),
        }
    }
    let lines = each_entry(link, operation, (path, "LIST", Form::List), each)?;
    if all == Skill::Untried && lines.all > 0 {
        facts.list_all.learn(Skill::Lacks);
    } else if all == Skill::Untried && root_lists_itself(link, operation)? {
        facts.list_all.learn(Skill::Has);
        return Err(unreadable(operation));
    }
    Ok(())
}

/// vsftpd answers 226 for a directory it may not read, and sends nothing; an empty one that
/// it may read still lists itself.
fn unreadable(operation: &'static str) -> Wire {
    Wire::Broken(Error::new(
        ErrorKind::PermissionDenied,
        operation,
        "the server's listing is empty, without even the directory itself",
    ))
}

/// Whether `LIST -a` shows `.` on this server, seen at the root.
fn root_lists_itself(link: &mut Link, operation: &'static str) -> WireResult<bool> {
    let root = RemotePath::root();
    let asked = link
        .expect_path(operation, "CWD", &root, &[200, 250])
        .and_then(|_| {
            let what = (&root, "LIST -a", Form::List);
            each_entry(link, operation, what, &mut |_| Ok(()))
        });
    match asked {
        Ok(lines) => Ok(lines.has_self),
        Err(Wire::Refused(reply)) if reply.code != 421 => Ok(false),
        Err(wire) => Err(wire),
    }
}

/// What came of a listing command.
struct Lines {
    all: usize,
    /// The directory listed itself, so `-a` was understood.
    has_self: bool,
}

/// Lists the working directory, which is `path`; entries come with their times in UTC as far
/// as the server's zone can be learned.
fn each_entry(
    link: &mut Link,
    operation: &'static str,
    (path, command, form): (&RemotePath, &str, Form),
    each: &mut dyn FnMut(Entry) -> Result<()>,
) -> WireResult<Lines> {
    let facts = link.facts();
    let mut give = |mut listed: Listed| {
        facts.zone.correct(&mut listed);
        each(listed.entry)
    };
    if form == Form::Mlsd || !facts.mdtm || !facts.zone.is_wanted() {
        return each_line(link, operation, (command, form), &mut give);
    }
    let mut held = Vec::new();
    let mut held_bytes = 0;
    let mut candidates = Candidates::default();
    let mut twice = false;
    let mut holds = true;
    let lines = each_line(link, operation, (command, form), &mut |listed| {
        if twice {
            return Ok(());
        }
        if !holds {
            return give(listed);
        }
        candidates.consider(&listed);
        held_bytes += listed.entry.name.as_bytes().len();
        held.push(listed);
        if held.len() < MAX_HELD && held_bytes < MAX_HELD_BYTES {
            return Ok(());
        }
        if candidates.is_empty() {
            // Nothing tells the zone.
            holds = false;
            return held.drain(..).try_for_each(&mut give);
        }
        twice = true;
        held = Vec::new();
        Ok(())
    })?;
    facts.zone.learn(link, operation, path, &candidates)?;
    if twice {
        return each_line(link, operation, (command, form), &mut give);
    }
    held.into_iter().try_for_each(give).map_err(Wire::Broken)?;
    Ok(lines)
}

/// Runs a listing command and reads its lines, one at a time.
fn each_line(
    link: &mut Link,
    operation: &'static str,
    (command, form): (&str, Form),
    each: &mut dyn FnMut(Listed) -> Result<()>,
) -> WireResult<Lines> {
    let names = link.facts().names;
    let mut listing = Listing::new(form, SystemTime::now());
    let mut all = 0;
    let mut data = BufReader::with_capacity(32 * 1024, link.open_data(operation, command, 0)?);
    let mut line = Vec::new();
    while let Some(text) = next_line(operation, &mut data, &mut line)? {
        if text.is_empty() {
            continue;
        }
        all += 1;
        for mut listed in listing.line(text).into_iter().flatten() {
            listed.entry = names.entry(listed.entry);
            each(listed).map_err(Wire::Broken)?;
        }
    }
    if let Some(mut listed) = listing.end() {
        listed.entry = names.entry(listed.entry);
        each(listed).map_err(Wire::Broken)?;
    }
    let data = data.into_inner();
    let cut_off = data.cut_off();
    link.finish(operation, data)?;
    if cut_off.is_some_and(|flag| flag.load(std::sync::atomic::Ordering::Acquire)) {
        // Many servers close a listing without TLS's end mark; its length cannot be checked.
        tracing::debug!(operation, "the listing ended without close_notify");
    }
    Ok(Lines {
        all,
        has_self: listing.has_self(),
    })
}

/// The next line without its end; `None` behind the last one.
fn next_line<'a>(
    operation: &'static str,
    data: &mut BufReader<Data>,
    line: &'a mut Vec<u8>,
) -> WireResult<Option<&'a [u8]>> {
    line.clear();
    let read = data
        .take(MAX_LINE_BYTES)
        .read_until(b'\n', line)
        .map_err(|error| Wire::Broken(io_error(operation, error)))?;
    if read == 0 {
        return Ok(None);
    }
    if line.len() as u64 >= MAX_LINE_BYTES {
        return Err(Wire::Broken(Error::new(
            ErrorKind::Protocol,
            operation,
            "a line of the listing is too long",
        )));
    }
    let text = line.strip_suffix(b"\n").unwrap_or(line);
    Ok(Some(text.strip_suffix(b"\r").unwrap_or(text)))
}

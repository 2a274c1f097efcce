//! Reading a directory over a connection: `MLSD` where there is one, else `LIST`.
//!
//! Always `CWD` first, then the listing without an argument: servers read options, globs
//! and split at spaces in the argument of `LIST`, and an absolute path is the only form of
//! it that each of them takes in `CWD`. The working directory of a connection therefore
//! means nothing, and every other command uses absolute paths.

use super::facts::ListForm;
use super::link::Link;
use super::listing::{Form, parse_line};
use super::lookup::{Purpose, explain};
use super::reply::{Wire, WireResult, io_error};
use crate::error::{Error, ErrorKind, Result};
use crate::fs::Entry;
use crate::path::RemotePath;
use std::io::{BufRead, BufReader, Read};
use std::time::SystemTime;

/// Longest line of a listing: a name of 4 KiB and every fact fit many times.
const MAX_LINE_BYTES: u64 = 64 * 1024;

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
        return each_entry(link, operation, "MLSD", Form::Mlsd, each).map(drop);
    }
    let form = facts.list_form();
    if form != ListForm::Plain {
        match each_entry(link, operation, "LIST -a", Form::List, each) {
            Ok(Lines { all: 0, .. }) if form == ListForm::All => return Err(unreadable(operation)),
            // Empty, or the server looked for a file named -a.
            Ok(Lines { all: 0, .. }) => {}
            Ok(lines) => {
                if lines.has_self {
                    facts.learn_list_form(ListForm::All);
                }
                return Ok(());
            }
            Err(Wire::Refused(reply)) if reply.code != 421 => {}
            Err(wire) => return Err(wire),
        }
    }
    let lines = each_entry(link, operation, "LIST", Form::List, each)?;
    if form == ListForm::TryAll && lines.all > 0 {
        facts.learn_list_form(ListForm::Plain);
    } else if form == ListForm::TryAll && root_lists_itself(link, operation)? {
        facts.learn_list_form(ListForm::All);
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
    let asked = link
        .expect_path(operation, "CWD", &RemotePath::root(), &[200, 250])
        .and_then(|_| each_entry(link, operation, "LIST -a", Form::List, &mut |_| Ok(())));
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

fn each_entry(
    link: &mut Link,
    operation: &'static str,
    command: &str,
    form: Form,
    each: &mut dyn FnMut(Entry) -> Result<()>,
) -> WireResult<Lines> {
    let now = SystemTime::now();
    let names = link.facts().names;
    let mut lines = Lines {
        all: 0,
        has_self: false,
    };
    let mut data = BufReader::with_capacity(32 * 1024, link.open_data(operation, command, 0)?);
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = (&mut data)
            .take(MAX_LINE_BYTES)
            .read_until(b'\n', &mut line)
            .map_err(|error| Wire::Broken(io_error(operation, error)))?;
        if read == 0 {
            break;
        }
        if line.len() as u64 >= MAX_LINE_BYTES {
            return Err(Wire::Broken(Error::new(
                ErrorKind::Protocol,
                operation,
                "a line of the listing is too long",
            )));
        }
        let text = line.strip_suffix(b"\n").unwrap_or(&line);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        if text.is_empty() {
            continue;
        }
        lines.all += 1;
        lines.has_self |= text.ends_with(b" .");
        if let Some(entry) = parse_line(form, text, now) {
            each(names.entry(entry)).map_err(Wire::Broken)?;
        }
    }
    let data = data.into_inner();
    let cut_off = data.cut_off();
    link.finish(operation, data)?;
    if cut_off.is_some_and(|flag| flag.load(std::sync::atomic::Ordering::Acquire)) {
        // Many servers close a listing without TLS's end mark; its length cannot be checked.
        tracing::debug!(operation, "the listing ended without close_notify");
    }
    Ok(lines)
}

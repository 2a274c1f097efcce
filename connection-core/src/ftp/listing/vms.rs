//! `LIST` of VMS: `NAME.TXT;1  12/15  1-JAN-2020 10:20:30.12  [GROUP,OWNER] (RWED,RWED,RE,)`.
//!
//! Sizes are in blocks and so no sizes; protections have no equal in permission bits. The
//! version stays in a file's name, since without it the server takes the newest one. A
//! directory's name loses `.DIR;1`, with which it cannot be entered.

use super::time::{self, Stamp};
use super::{Listed, number, text};
use crate::fs::{FileType, Metadata};

/// `Directory DISK$USER:[ANN]` and `Total of 3 files, 12/15 blocks.`
pub(super) fn is_heading(line: &[u8]) -> bool {
    let path = line.strip_prefix(b"Directory ");
    path.is_some_and(|path| path.contains(&b'[') && path.trim_ascii_end().ends_with(b"]"))
}

/// The last line, behind lines of this form only.
pub(super) fn is_footing(line: &[u8]) -> bool {
    line.strip_prefix(b"Total of ")
        .is_some_and(|rest| rest.first().is_some_and(u8::is_ascii_digit))
}

/// A name alone, whose other columns stand on the next line because it is long.
pub(super) fn is_name(line: &[u8]) -> bool {
    let Some(at) = line.iter().rposition(|b| *b == b';') else {
        return false;
    };
    let (name, version) = line.split_at_checked(at).unwrap_or_default();
    let version = version
        .strip_prefix(b";")
        .unwrap_or_default()
        .trim_ascii_end();
    name.contains(&b'.') && !name.contains(&b' ') && number::<u32>(version).is_some()
}

/// One line, `None` when it is not of this form.
pub(super) fn parse(line: &[u8]) -> Option<Listed> {
    let end = line.iter().position(|b| *b == b' ')?;
    let (name, rest) = line.split_at_checked(end)?;
    if !is_name(name) {
        return None;
    }
    let mut words = rest.split(|b| *b == b' ').filter(|word| !word.is_empty());
    let mut metadata = Metadata::of_type(FileType::File);
    let mut stamp = None;
    let mut known = false;
    let mut day = None;
    while let Some(word) = words.next() {
        if let Some(date) = time::day_month_year(word) {
            day = Some(date);
            stamp = Some(Stamp::day(date));
            known = true;
        } else if let (Some(date), Some(clock)) = (day.take(), time::clock(word)) {
            stamp = Some(Stamp::local(date, clock));
        } else if let Some(open) = word.strip_prefix(b"[") {
            // `[GROUP,OWNER]` may have a space behind the comma.
            let mut owner = open.to_vec();
            while !owner.ends_with(b"]") {
                let Some(more) = words.next() else { break };
                owner.extend_from_slice(more);
            }
            if let Some(owner) = owner.strip_suffix(b"]") {
                metadata.owner = Some(text(owner));
                known = true;
            }
        } else if word.starts_with(b"%") {
            // `%RMS-E-PRV, insufficient privilege`: there is no more to see of it.
            metadata.file_type = FileType::Other;
            known = true;
            break;
        } else {
            known |= is_blocks(word) || word.starts_with(b"(");
        }
    }
    if !known {
        return None;
    }
    let name = match name.split_at_checked(name.len().checked_sub(6)?) {
        Some((bare, tail)) if tail.eq_ignore_ascii_case(b".DIR;1") && !bare.is_empty() => {
            metadata.file_type = FileType::Directory;
            bare
        }
        _ => name,
    };
    Some(Listed::new(name, metadata, stamp))
}

/// `12/15`, used and allocated, or `12`.
fn is_blocks(word: &[u8]) -> bool {
    let mut parts = word.split(|b| *b == b'/');
    parts
        .by_ref()
        .take(2)
        .all(|part| number::<u64>(part).is_some())
        && parts.next().is_none()
}

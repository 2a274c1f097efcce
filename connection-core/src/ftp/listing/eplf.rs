//! `LIST` in Bernstein's easily parsed form: `+i8388621.48594,m825718503,r,s280,<tab>name`.

use super::time::Stamp;
use super::{Listed, number};
use crate::fs::{FileType, Metadata};
use std::time::{Duration, SystemTime};

/// Seconds from 1970 to the year 10000, which no calendar of ours has to show.
const END_OF_TIME: u64 = 253_402_300_800;

/// One line, `None` when it is not of this form.
pub(super) fn parse(line: &[u8]) -> Option<Listed> {
    let facts = line.strip_prefix(b"+")?;
    let tab = facts.iter().position(|b| *b == b'\t')?;
    let (facts, name) = (facts.get(..tab)?, facts.get(tab + 1..)?);
    if name.is_empty() {
        return None;
    }
    let mut metadata = Metadata::of_type(FileType::Other);
    let mut stamp = None;
    for fact in facts.split(|b| *b == b',') {
        match fact {
            // What can be entered and what can be fetched; some things can be both.
            b"/" => metadata.file_type = FileType::Directory,
            b"r" if metadata.file_type == FileType::Other => metadata.file_type = FileType::File,
            [b's', size @ ..] => metadata.size = number(size),
            [b'u', b'p', mode @ ..] => {
                metadata.permissions = super::octal(mode);
            }
            [b'm', seconds @ ..] => {
                stamp = number(seconds)
                    .filter(|seconds| *seconds < END_OF_TIME)
                    .and_then(|s| SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(s)))
                    .map(Stamp::exact);
            }
            _ => {}
        }
    }
    Some(Listed::new(name, metadata, stamp))
}

//! Listings: lines of `MLSD` and `LIST` to entries.
//!
//! Own parsers, because names must stay the bytes the server sent, and because no line may
//! be lost: one that cannot be understood becomes an entry of unknown type whose name is
//! the line. Pure functions; they know no connection.

mod list_dos;
mod list_unix;
mod mlsx;
mod time;

use crate::fs::{Entry, FileType, Metadata};
use crate::path::RemoteName;
use std::time::SystemTime;

pub(super) use mlsx::parse_facts;

/// The form the lines are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// RFC 3659.
    Mlsd,
    /// Whatever `LIST` gives: `ls -l`, or `DIR` of DOS.
    List,
}

/// One line of a listing. `None` for what is not an entry: `.`, `..`, `total 12`.
pub(super) fn parse_line(form: Form, line: &[u8], now: SystemTime) -> Option<Entry> {
    let entry = match form {
        Form::Mlsd => match mlsx::parse(line) {
            mlsx::Parsed::Entry(entry) => entry,
            mlsx::Parsed::Skip => return None,
            mlsx::Parsed::Unknown => unknown(line),
        },
        Form::List => {
            if list_unix::is_total(line) {
                return None;
            }
            list_unix::parse(line, now)
                .or_else(|| list_dos::parse(line))
                .unwrap_or_else(|| unknown(line))
        }
    };
    (!matches!(entry.name.as_bytes(), b"." | b"..")).then_some(entry)
}

fn unknown(line: &[u8]) -> Entry {
    Entry {
        name: RemoteName::new(line),
        metadata: Metadata::of_type(FileType::Other),
        link_target: None,
    }
}

/// Digits to a number; `None` when empty, not digits, or too large.
fn number<T: std::str::FromStr>(digits: &[u8]) -> Option<T> {
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_line_panics_or_vanishes(line in proptest::collection::vec(any::<u8>(), 1..200)) {
            for form in [Form::Mlsd, Form::List] {
                let entry = parse_line(form, &line, SystemTime::now());
                if let Some(entry) = entry {
                    prop_assert!(entry.name.as_bytes().len() <= line.len());
                }
            }
        }

        #[test]
        fn nearly_valid_lines_do_not_panic(line in "[-dlbcps][-rwxstST]{9}[.+@]? {0,3}[0-9]{0,4} [a-z0-9 ]{0,20} [0-9,]{0,12} (Feb|Jan|Dec|31|29|2024-02-30) {0,2}[0-9]{0,3} [0-9:]{0,6} .{0,10}") {
            let _ = parse_line(Form::List, line.as_bytes(), SystemTime::now());
        }

        #[test]
        fn nearly_valid_facts_do_not_panic(line in "(type=(file|dir|OS.unix=slink:.{0,5});|modify=[0-9.]{0,20};|size=[0-9]{0,25};|unix.mode=[0-9]{0,8};){0,5} .{0,10}") {
            let _ = parse_line(Form::Mlsd, line.as_bytes(), SystemTime::now());
        }

        #[test]
        fn names_come_through_as_they_are(name in proptest::collection::vec(any::<u8>().prop_filter("line ends", |b| !matches!(b, b'\r' | b'\n')), 1..60)) {
            prop_assume!(!matches!(name.as_slice(), b"." | b".."));
            let mut line = b"type=file;size=3;modify=20240102030405; ".to_vec();
            line.extend_from_slice(&name);
            let entry = parse_line(Form::Mlsd, &line, SystemTime::now()).unwrap();
            prop_assert_eq!(entry.name.as_bytes(), name.as_slice());
            let mut line = b"-rw-r--r--    1 1000     1000            3 Jan 02 03:04 ".to_vec();
            line.extend_from_slice(&name);
            let entry = parse_line(Form::List, &line, SystemTime::now()).unwrap();
            prop_assert_eq!(entry.name.as_bytes(), name.as_slice());
        }
    }
}

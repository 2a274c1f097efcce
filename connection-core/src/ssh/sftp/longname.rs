//! What the long form of a listed name tells: a line as of `ls -l`, by custom.
//!
//! The draft says that it is for people and has no form. It is the only place where
//! version 3 has names of owners, so it is read where it looks exactly like what OpenSSH
//! and its imitators send, and ignored otherwise.

use crate::fs::FileType;
use crate::path::bytes_to_text;

/// Longest owner or group taken from a line, in bytes.
const MAX_NAME: usize = 64;

/// What a line told.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct LongName {
    pub(super) file_type: Option<FileType>,
    pub(super) owner: Option<String>,
    pub(super) group: Option<String>,
}

/// Reads `-rw-r--r--    1 ann      users        12 Jan  1 12:00 name`.
pub(super) fn parse(line: &[u8], name: &[u8]) -> LongName {
    // A line that does not end with the name is in another form.
    let Some(facts) = line.strip_suffix(name) else {
        return LongName::default();
    };
    let mut columns = facts
        .split(u8::is_ascii_whitespace)
        .filter(|column| !column.is_empty());
    let (Some(mode), Some(links), Some(owner), Some(group), Some(size)) = (
        columns.next(),
        columns.next(),
        columns.next(),
        columns.next(),
        columns.next(),
    ) else {
        return LongName::default();
    };
    let Some(file_type) = type_of(mode) else {
        return LongName::default();
    };
    // OpenSSH writes `?` for the number of links in SFTP listings. A name with a space in
    // it moves the columns, which shows in the size.
    let plausible = (links == b"?" || is_number(links))
        && is_number(size.strip_suffix(b",").unwrap_or(size))
        && owner.len() <= MAX_NAME
        && group.len() <= MAX_NAME;
    LongName {
        file_type: Some(file_type),
        owner: plausible.then(|| bytes_to_text(owner)),
        group: plausible.then(|| bytes_to_text(group)),
    }
}

fn type_of(mode: &[u8]) -> Option<FileType> {
    let (first, bits) = mode.split_first()?;
    let known = bits.len() >= 9 && bits.iter().take(9).all(|b| b"rwxsStTlL-".contains(b));
    known.then_some(match first {
        b'-' => FileType::File,
        b'd' => FileType::Directory,
        b'l' => FileType::Symlink,
        _ => FileType::Other,
    })
}

fn is_number(column: &[u8]) -> bool {
    !column.is_empty() && column.iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn owner(line: &str) -> Option<(String, String)> {
        let long = parse(line.as_bytes(), b"a b");
        long.owner.zip(long.group)
    }

    #[test]
    fn openssh_lines_give_owner_and_group() {
        for line in [
            "-rw-r--r--    1 ann      users          12 Jan  1 12:00 a b",
            "drwxr-xr-x    ? ann      users        4096 Jan  1  2020 a b",
            "crw-rw-rw-    1 ann      users      1,   3 Jan  1  2020 a b",
        ] {
            assert_eq!(owner(line), Some(("ann".into(), "users".into())), "{line}");
        }
    }

    #[test]
    fn other_lines_give_nothing() {
        for line in [
            "",
            "a b",
            "-rw-r--r-- 1 ann Domain Users 12 Jan 1 12:00 a b",
            "-rw-r--r-- 1 ann users 12 Jan 1 12:00 other",
            "01-02-20 12:00PM <DIR> x y a b",
        ] {
            assert_eq!(owner(line), None, "{line}");
        }
    }

    proptest! {
        #[test]
        fn no_line_makes_it_panic(line: Vec<u8>, name: Vec<u8>) {
            let _ = parse(&line, &name);
        }
    }
}

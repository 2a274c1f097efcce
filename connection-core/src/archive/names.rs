//! Names inside an archive: whatever a server calls its files, unpacking them stays in the
//! folder it is done in, and no two files become one. Knows no archive format's bytes.
//!
//! A name is one component of a path: what holds `/`, NUL, or is empty, `.` or `..` never
//! gets here ([`RemoteName::is_plain`]). What is left is harmless on Unix, but Windows, and
//! programs written for it, also split at `\`, take `C:` for a drive and drop dots at the
//! end. There a dangerous character is replaced by a stand-in: the character `U+F000` plus
//! its ASCII code (`\` is `U+F05C`), as Cygwin, WSL and Samba write such names on Windows.
//!
//! - In a **tar** names are bytes, and stay what they are unless they are dangerous.
//! - In a **zip** names are UTF-8. A byte that is not shows as in [`bytes_to_text`],
//!   `0xFF` as `U+F7FF`. A `\` is always replaced, since the format knows only `/`. The
//!   mapping is exact in both directions: a name that really holds a stand-in has that
//!   character's bytes shown one by one.

use super::ArchiveFormat;
#[cfg(test)]
use crate::path::text_to_bytes;
use crate::path::{RemoteName, bytes_to_text};
use std::collections::{HashMap, HashSet};

/// What stands for the ASCII character 0.
const STAND_IN: u32 = 0xF000;

/// The component as the archive has it; `None` for a name that is not one plain component.
pub(super) fn component(name: &RemoteName, format: ArchiveFormat) -> Option<Vec<u8>> {
    if !name.is_plain() {
        return None;
    }
    let bytes = name.as_bytes();
    Some(match format {
        ArchiveFormat::Zip => guarded(zip_text(bytes).as_bytes(), true),
        ArchiveFormat::Tar => guarded(bytes, false),
    })
}

/// UTF-8 in which no character is a stand-in yet.
fn zip_text(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for c in bytes_to_text(bytes).chars() {
        if (STAND_IN..STAND_IN + 0x80).contains(&u32::from(c)) {
            // Not UTF-8 by themselves, so each of them becomes a character of its own.
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                text.push_str(&bytes_to_text(&[byte]));
            }
        } else {
            text.push(c);
        }
    }
    text
}

/// Replaces what is dangerous.
fn guarded(name: &[u8], every_backslash: bool) -> Vec<u8> {
    let backslashes = every_backslash
        || (name.contains(&b'\\') && name.split(|b| *b == b'\\').any(leads_elsewhere));
    let colon = is_drive(name);
    let last_dot = is_dots(name);
    let mut safe = Vec::with_capacity(name.len());
    for (at, byte) in name.iter().enumerate() {
        let replaced = (*byte == b'\\' && backslashes)
            || (at == 1 && colon)
            || (at + 1 == name.len() && last_dot);
        match char::from_u32(STAND_IN + u32::from(*byte)).filter(|_| replaced) {
            Some(c) => safe.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            None => safe.push(*byte),
        }
    }
    safe
}

/// Whether a component of Windows would not lie in the directory before it.
fn leads_elsewhere(component: &[u8]) -> bool {
    component.is_empty() || is_dots(component) || is_drive(component)
}

/// `..`, and what Windows takes for it by leaving dots and blanks at the end out.
fn is_dots(component: &[u8]) -> bool {
    component.iter().all(|b| matches!(b, b'.' | b' '))
        && component.iter().filter(|b| **b == b'.').count() >= 2
}

/// `C:` and what begins so.
fn is_drive(component: &[u8]) -> bool {
    matches!(component, [letter, b':', ..] if letter.is_ascii_alphabetic())
}

/// The bytes of a name in a zip, back from its UTF-8.
#[cfg(test)]
fn restored(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for c in text.chars() {
        match u8::try_from(u32::from(c).wrapping_sub(STAND_IN)) {
            Ok(byte) if byte < 0x80 => bytes.push(byte),
            _ => bytes.extend(text_to_bytes(c.encode_utf8(&mut [0; 4]))),
        }
    }
    bytes
}

/// Names that are taken, without regard to case.
#[derive(Default)]
pub(super) struct Taken {
    names: HashSet<String>,
    /// The highest number given to each.
    numbers: HashMap<String, u64>,
}

impl Taken {
    /// The first of `name`, `name (2)`, `name (3)` … that is not taken, which it then is.
    pub(super) fn add(&mut self, name: &[u8]) -> Vec<u8> {
        if self.names.insert(folded(name)) {
            return name.to_vec();
        }
        // Before what looks like an extension, so that the file still opens by its name.
        let dot = name.iter().rposition(|b| *b == b'.').filter(|at| *at > 0);
        let (stem, extension) = name.split_at(dot.unwrap_or(name.len()));
        let number = self.numbers.entry(folded(name)).or_insert(1);
        loop {
            *number += 1;
            let name = [stem, format!(" ({number})").as_bytes(), extension].concat();
            if self.names.insert(folded(&name)) {
                return name;
            }
        }
    }
}

/// The same for names that a file system takes for one.
fn folded(name: &[u8]) -> String {
    bytes_to_text(name).to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn named(bytes: &[u8], format: ArchiveFormat) -> Option<Vec<u8>> {
        component(&RemoteName::new(bytes), format)
    }

    /// Where a program of Windows would put it: components it splits the name into.
    fn stays(name: &[u8]) -> bool {
        !name.split(|b| *b == b'\\').any(leads_elsewhere)
    }

    #[test]
    fn what_leads_elsewhere_is_replaced_or_refused() {
        for format in [ArchiveFormat::Zip, ArchiveFormat::Tar] {
            for bad in [&b""[..], b".", b"..", b"/abs", b"a/b", b"a\0b"] {
                assert_eq!(named(bad, format), None);
            }
            for hostile in [
                &b"a\\..\\b"[..],
                b"..\\x",
                b"\\x",
                b"\\\\host\\share",
                b"C:",
                b"c:\\x",
                b"a\\C:x",
                b"...",
                b".. ",
                b".. .",
                b"a\\.. ",
                b"a\\",
            ] {
                let name = named(hostile, format).unwrap();
                assert!(stays(&name), "{hostile:?} became {name:?}");
            }
        }
        let zip = named(b"a\\b", ArchiveFormat::Zip).unwrap();
        assert_eq!(zip, "a\u{F05C}b".as_bytes());
        // On Unix a name like any other.
        for plain in [&b"a\\b"[..], b"12:30:00", b"a.", b" ", b"caf\xe9"] {
            assert_eq!(named(plain, ArchiveFormat::Tar).unwrap(), plain);
        }
    }

    #[test]
    fn a_taken_name_gets_a_number() {
        let mut taken = Taken::default();
        for (name, want) in [
            ("a.txt", "a.txt"),
            ("A (2).TXT", "A (2).TXT"),
            (".x", ".x"),
            ("b", "b"),
            ("A.txt", "A (3).txt"),
            ("a.txt", "a (4).txt"),
            (".x", ".x (2)"),
        ] {
            assert_eq!(taken.add(name.as_bytes()), want.as_bytes());
        }
    }

    proptest! {
        #[test]
        fn a_zip_name_can_be_turned_back(bytes in proptest::collection::vec(1u8.., 1..20)) {
            if let Some(name) = named(&bytes, ArchiveFormat::Zip) {
                let text = String::from_utf8(name).unwrap();
                prop_assert_eq!(restored(&text), bytes);
            }
        }

        #[test]
        fn so_can_one_of_stand_ins(text in "[.:\\\\C \u{F000}-\u{F0FF}\u{F77E}-\u{F801}é]{1,8}") {
            if let Some(name) = named(text.as_bytes(), ArchiveFormat::Zip) {
                let name = String::from_utf8(name).unwrap();
                prop_assert_eq!(restored(&name), text.as_bytes());
            }
        }

        #[test]
        fn every_name_stays_in_its_folder(name in "[.:\\\\C a/]{0,6}") {
            for format in [ArchiveFormat::Zip, ArchiveFormat::Tar] {
                if let Some(name) = named(name.as_bytes(), format) {
                    prop_assert!(stays(&name), "{:?}", name);
                    prop_assert!(!name.contains(&b'/'));
                    prop_assert!(format == ArchiveFormat::Tar || !name.contains(&b'\\'));
                }
            }
        }
    }
}

//! `MLSD` and `MLST` (RFC 3659 section 7): `fact=value;fact=value; name`.
//!
//! Facts that say nothing a file's metadata has a place for are passed over: `create`,
//! `unique`, `lang`, `media-type`, `charset`, and `perm`, which tells what this login may do
//! and not which bits the file has.

use super::time::Stamp;
use super::{Listed, number, octal, text, time};
use crate::fs::{FileType, Metadata};

/// What a line is.
#[derive(Debug)]
pub(super) enum Parsed {
    /// An entry.
    Entry(Listed),
    /// The directory itself.
    Itself,
    /// Its parent.
    Parent,
    /// Not a line of this format.
    Unknown,
}

/// What the facts of a line say.
struct Facts<'a> {
    metadata: Metadata,
    stamp: Option<Stamp>,
    target: Option<&'a [u8]>,
    place: Place,
}

#[derive(PartialEq, Eq)]
enum Place {
    Entry,
    Itself,
    Parent,
}

/// One line of `MLSD`.
pub(super) fn parse(line: &[u8]) -> Parsed {
    let Some((facts, name)) = split(line) else {
        return Parsed::Unknown;
    };
    let facts = read(facts);
    match facts.place {
        Place::Itself => Parsed::Itself,
        Place::Parent => Parsed::Parent,
        Place::Entry => {
            Parsed::Entry(Listed::new(name, facts.metadata, facts.stamp).to(facts.target))
        }
    }
}

/// The facts of `MLST`'s answer about one path, whatever name it gives.
pub(in crate::ftp) fn parse_facts(line: &[u8]) -> Option<(Metadata, Option<Vec<u8>>)> {
    let (facts, _) = split(line.strip_prefix(b" ").unwrap_or(line))?;
    let mut facts = read(facts);
    facts.metadata.modified = facts.stamp.map(|stamp| stamp.time);
    Some((facts.metadata, facts.target.map(<[u8]>::to_vec)))
}

/// Facts end at the first "; ", which leaves spaces in a value (a link's target) in place;
/// where there is none, the server left the last semicolon out, and they end at the first
/// space. A line without facts starts with the space.
fn split(line: &[u8]) -> Option<(&[u8], &[u8])> {
    if let Some(name) = line.strip_prefix(b" ") {
        return (!name.is_empty()).then_some((b"", name));
    }
    let (facts, name) = match line.windows(2).position(|pair| pair == b"; ") {
        Some(end) => (line.get(..end)?, line.get(end + 2..)?),
        None => {
            let end = line.iter().position(|b| *b == b' ')?;
            let facts = line.get(..end)?;
            if !facts.split(|b| *b == b';').all(is_fact) {
                return None;
            }
            (facts, line.get(end + 1..)?)
        }
    };
    (!name.is_empty() && facts.contains(&b'=')).then_some((facts, name))
}

/// A fact by its name and value.
fn name_and_value(fact: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = fact.iter().position(|b| *b == b'=')?;
    Some((fact.get(..at)?, fact.get(at + 1..)?))
}

/// Whether this is a fact of RFC 3659, or one that servers add to it.
fn is_fact(fact: &[u8]) -> bool {
    const NAMES: [&[u8]; 11] = [
        b"type",
        b"size",
        b"sizd",
        b"modify",
        b"create",
        b"perm",
        b"unique",
        b"lang",
        b"media-type",
        b"charset",
        b"valid",
    ];
    const SYSTEMS: [&[u8]; 4] = [b"unix.", b"win32.", b"os.", b"x."];
    name_and_value(fact).is_some_and(|(name, _)| {
        NAMES.iter().any(|known| name.eq_ignore_ascii_case(known))
            || SYSTEMS.iter().any(|system| starts_with(name, system))
    })
}

/// Whether `text` starts with a word, its letters large or small.
fn starts_with(text: &[u8], word: &[u8]) -> bool {
    text.get(..word.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(word))
}

fn read(facts: &[u8]) -> Facts<'_> {
    let mut found = Facts {
        metadata: Metadata::of_type(FileType::Other),
        stamp: None,
        target: None,
        place: Place::Entry,
    };
    let metadata = &mut found.metadata;
    let mut at = 0;
    while let Some(rest) = facts.get(at..).filter(|rest| !rest.is_empty()) {
        let end = at + rest.iter().position(|b| *b == b';').unwrap_or(rest.len());
        let fact = facts.get(at..end).unwrap_or_default();
        let begun = at;
        at = end + 1;
        let Some((name, value)) = name_and_value(fact) else {
            continue;
        };
        let is = |known: &[u8]| name.eq_ignore_ascii_case(known);
        if is(b"type") {
            if value.eq_ignore_ascii_case(b"file") {
                metadata.file_type = FileType::File;
            } else if value.eq_ignore_ascii_case(b"dir") {
                metadata.file_type = FileType::Directory;
            } else if value.eq_ignore_ascii_case(b"cdir") {
                metadata.file_type = FileType::Directory;
                found.place = Place::Itself;
            } else if value.eq_ignore_ascii_case(b"pdir") {
                metadata.file_type = FileType::Directory;
                found.place = Place::Parent;
            } else if starts_with(value, b"os.unix=slink") || starts_with(value, b"os.unix=symlink")
            {
                metadata.file_type = FileType::Symlink;
                let whole;
                (whole, at) = with_semicolons(facts, begun, end);
                found.target = whole
                    .iter()
                    .position(|b| *b == b':')
                    .and_then(|colon| whole.get(colon + 1..))
                    .filter(|target| !target.is_empty());
            }
        } else if is(b"size") {
            metadata.size = number(value);
        } else if is(b"sizd") {
            metadata.size = metadata.size.or_else(|| number(value));
        } else if is(b"modify") {
            found.stamp = time::time_val(value).map(Stamp::exact);
        } else if is(b"unix.mode") {
            // pyftpdlib writes Python's form, 0o644.
            metadata.permissions = octal(value.strip_prefix(b"0o").unwrap_or(value));
        } else if is(b"unix.uid") {
            metadata.uid = number(value);
        } else if is(b"unix.gid") {
            metadata.gid = number(value);
        } else if is(b"unix.owner") {
            match number(value) {
                Some(uid) => metadata.uid = Some(uid),
                None => metadata.owner = name_of(value),
            }
        } else if is(b"unix.group") {
            match number(value) {
                Some(gid) => metadata.gid = Some(gid),
                None => metadata.group = name_of(value),
            }
        } else if is(b"unix.ownername") {
            metadata.owner = name_of(value);
        } else if is(b"unix.groupname") {
            metadata.group = name_of(value);
        }
    }
    found
}

/// A link's type with its target: up to where the next fact begins, since a target may hold
/// semicolons. Gives also where the facts go on.
fn with_semicolons(facts: &[u8], begun: usize, mut end: usize) -> (&[u8], usize) {
    while let Some(rest) = facts.get(end + 1..).filter(|rest| !rest.is_empty()) {
        let length = rest.iter().position(|b| *b == b';').unwrap_or(rest.len());
        if rest.get(..length).is_some_and(is_fact) {
            break;
        }
        end += 1 + length;
    }
    if end + 1 == facts.len() {
        // The semicolon that ended the fact is gone already: this one is part of it.
        end += 1;
    }
    (facts.get(begun..end).unwrap_or_default(), end + 1)
}

fn name_of(value: &[u8]) -> Option<String> {
    (!value.is_empty()).then(|| text(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fs::Entry;

    fn entry(line: &[u8]) -> Entry {
        match parse(line) {
            Parsed::Entry(listed) => listed.entry,
            _ => panic!("{line:?} is no entry"),
        }
    }

    #[test]
    fn every_fact_is_read() {
        let e = entry(b"Type=file;Size=1830;Modify=19940916055648.5;Perm=r;UNIX.mode=0104755;UNIX.uid=3;UNIX.gid=4;UNIX.ownername=Ann Lee;UNIX.group=staff; cap 60.doc");
        assert_eq!(e.name.as_bytes(), b"cap 60.doc");
        let m = e.metadata;
        assert_eq!(
            (m.file_type, m.size, m.permissions),
            (FileType::File, Some(1830), Some(0o4755))
        );
        assert_eq!((m.uid, m.gid), (Some(3), Some(4)));
        assert_eq!(
            (m.owner.as_deref(), m.group.as_deref()),
            (Some("Ann Lee"), Some("staff"))
        );
        assert!(m.modified.is_some());
    }

    #[test]
    fn links_are_links_in_both_spellings() {
        let e = entry(b"type=OS.unix=slink:/a b/c;size=6; link");
        assert_eq!(e.metadata.file_type, FileType::Symlink);
        assert_eq!(e.link_target.as_deref(), Some(&b"/a b/c"[..]));
        let e = entry(b"type=OS.unix=symlink; link");
        assert_eq!(
            (e.metadata.file_type, e.link_target),
            (FileType::Symlink, None)
        );
        assert_eq!(
            entry(b"type=OS.unix=chr-5/1; null").metadata.file_type,
            FileType::Other
        );
    }

    #[test]
    fn a_target_may_hold_semicolons() {
        for (line, target) in [
            (&b"type=OS.unix=slink:/a;b;size=3; x"[..], &b"/a;b"[..]),
            (b"type=OS.unix=slink:a;b;; x", b"a;b;"),
            (b"type=OS.unix=slink:a;b=c;UNIX.mode=0777; x", b"a;b=c"),
            (b"size=3;type=OS.unix=slink:a=b;perm=r; x", b"a=b"),
            (b"type=OS.UNIX=SLINK:a:b; x", b"a:b"),
        ] {
            let e = entry(line);
            let shown = line.escape_ascii();
            assert_eq!(e.link_target.as_deref(), Some(target), "{shown}");
            assert_eq!(e.name.as_bytes(), b"x", "{shown}");
        }
    }

    #[test]
    fn the_last_semicolon_may_be_missing() {
        let e = entry(b"type=dir;modify=20240102030405 two  spaces");
        assert_eq!(e.name.as_bytes(), b"two  spaces");
        assert!(e.metadata.is_dir() && e.metadata.modified.is_some());
        assert!(matches!(parse(b"a=b is no fact"), Parsed::Unknown));
        assert!(matches!(parse(b"type=file;noise name"), Parsed::Unknown));
    }

    #[test]
    fn the_directory_itself_is_no_entry() {
        assert!(matches!(parse(b"type=cdir;sizd=4096; ."), Parsed::Itself));
        assert!(matches!(parse(b"type=cdir; /home/a b"), Parsed::Itself));
        assert!(matches!(parse(b"Type=PDIR; /home"), Parsed::Parent));
    }

    #[test]
    fn odd_names_stay_whole() {
        for name in [
            &b" two  leading"[..],
            b"a; b",
            b"x=y; z",
            b"end ",
            b"\xff\xfe",
        ] {
            let mut line = b"type=file; ".to_vec();
            line.extend_from_slice(name);
            assert_eq!(entry(&line).name.as_bytes(), name);
        }
        assert_eq!(entry(b" bare").name.as_bytes(), b"bare");
    }

    #[test]
    fn a_bad_fact_loses_only_itself() {
        let e = entry(b"type=file;size=huge;modify=yesterday;UNIX.mode=9;noise; a");
        assert_eq!(e.metadata, Metadata::of_type(FileType::File));
    }
}

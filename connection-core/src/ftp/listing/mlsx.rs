//! `MLSD` and `MLST` (RFC 3659 section 7): `fact=value;fact=value; name`.

use super::{number, time};
use crate::fs::{Entry, FileType, Metadata};
use crate::path::{RemoteName, bytes_to_text};

/// What a line is.
pub(super) enum Parsed {
    /// An entry.
    Entry(Entry),
    /// The directory itself or its parent.
    Skip,
    /// Not a line of this format.
    Unknown,
}

/// One line of `MLSD`.
pub(super) fn parse(line: &[u8]) -> Parsed {
    let Some((facts, name)) = split(line) else {
        return Parsed::Unknown;
    };
    let (metadata, link_target, is_entry) = read_facts(facts);
    if !is_entry {
        return Parsed::Skip;
    }
    Parsed::Entry(Entry {
        name: RemoteName::new(name),
        metadata,
        link_target,
    })
}

/// The facts of `MLST`'s answer about one path, whatever name it gives.
pub(in crate::ftp) fn parse_facts(line: &[u8]) -> Option<(Metadata, Option<Vec<u8>>)> {
    let (facts, _) = split(line.strip_prefix(b" ").unwrap_or(line))?;
    let (metadata, link_target, _) = read_facts(facts);
    Some((metadata, link_target))
}

/// Facts end at the first "; ", which leaves spaces in a value (a link's target) in place.
/// A line without facts starts with the space.
fn split(line: &[u8]) -> Option<(&[u8], &[u8])> {
    if let Some(name) = line.strip_prefix(b" ") {
        return (!name.is_empty()).then_some((b"", name));
    }
    let end = line.windows(2).position(|pair| pair == b"; ")?;
    let (facts, name) = (line.get(..end)?, line.get(end + 2..)?);
    (!name.is_empty() && facts.contains(&b'=')).then_some((facts, name))
}

fn read_facts(facts: &[u8]) -> (Metadata, Option<Vec<u8>>, bool) {
    let mut metadata = Metadata::of_type(FileType::Other);
    let mut link_target = None;
    let mut is_entry = true;
    for fact in facts.split(|b| *b == b';') {
        let Some(at) = fact.iter().position(|b| *b == b'=') else {
            continue;
        };
        let (Some(name), Some(value)) = (fact.get(..at), fact.get(at + 1..)) else {
            continue;
        };
        match name.to_ascii_lowercase().as_slice() {
            b"type" => {
                let lower = value.to_ascii_lowercase();
                match lower.as_slice() {
                    b"file" => metadata.file_type = FileType::File,
                    b"dir" => metadata.file_type = FileType::Directory,
                    b"cdir" | b"pdir" => {
                        metadata.file_type = FileType::Directory;
                        is_entry = false;
                    }
                    os if os.starts_with(b"os.unix=slink")
                        || os.starts_with(b"os.unix=symlink") =>
                    {
                        metadata.file_type = FileType::Symlink;
                        link_target = value
                            .iter()
                            .position(|b| *b == b':')
                            .and_then(|colon| value.get(colon + 1..))
                            .filter(|target| !target.is_empty())
                            .map(<[u8]>::to_vec);
                    }
                    _ => {}
                }
            }
            b"size" => metadata.size = number(value),
            b"sizd" => metadata.size = metadata.size.or_else(|| number(value)),
            b"modify" => metadata.modified = time::time_val(value),
            b"unix.mode" => {
                // pyftpdlib writes Python's form, 0o644.
                let octal = value.strip_prefix(b"0o").unwrap_or(value);
                metadata.permissions = std::str::from_utf8(octal)
                    .ok()
                    .and_then(|octal| u32::from_str_radix(octal, 8).ok())
                    .map(|mode| mode & 0o7777);
            }
            b"unix.uid" => metadata.uid = number(value),
            b"unix.gid" => metadata.gid = number(value),
            b"unix.owner" => match number(value) {
                Some(uid) => metadata.uid = Some(uid),
                None => metadata.owner = name_of(value),
            },
            b"unix.group" => match number(value) {
                Some(gid) => metadata.gid = Some(gid),
                None => metadata.group = name_of(value),
            },
            b"unix.ownername" => metadata.owner = name_of(value),
            b"unix.groupname" => metadata.group = name_of(value),
            _ => {}
        }
    }
    (metadata, link_target, is_entry)
}

fn name_of(value: &[u8]) -> Option<String> {
    (!value.is_empty()).then(|| bytes_to_text(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(line: &[u8]) -> Entry {
        match parse(line) {
            Parsed::Entry(entry) => entry,
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
    fn the_directory_itself_is_no_entry() {
        assert!(matches!(parse(b"type=cdir;sizd=4096; ."), Parsed::Skip));
        assert!(matches!(parse(b"type=pdir; /home"), Parsed::Skip));
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

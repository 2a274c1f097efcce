//! A tar as POSIX.1-2001 has it (`pax`), written front to back. Knows headers, and nothing
//! of where files come from.
//!
//! Written here, as the crates' writers want a [`std::io::Read`] of each file and keep the
//! calling thread until it is read. A header is the old `ustar` one, whose names are bytes,
//! with a `pax` header before it where that is not enough: names that do not fit, names in
//! UTF-8 (so that Windows knows), sizes from 8 GiB on, and times before 1970. Where such a
//! name is not UTF-8 the header says so (`hdrcharset=BINARY`).
//!
//! Owners are left out: the numbers of one machine mean nothing on another.

use super::Head;
use std::time::{SystemTime, UNIX_EPOCH};

const BLOCK: usize = 512;
/// Bytes of the fields `name`, `prefix` and `linkname`.
const NAME: usize = 100;
const PREFIX: usize = 155;
/// Largest number in a field of twelve bytes.
const MOST_OCTAL: u64 = 0o777_7777_7777;
/// The same of the field of a checksum or mode.
const MOST_MODE: u32 = 0o7777;

/// Writes the header of a file of this size.
pub(super) fn file(out: &mut Vec<u8>, head: &Head, size: u64) {
    entry(out, head, &head.name, b'0', size, b"");
}

/// Writes a directory.
pub(super) fn directory(out: &mut Vec<u8>, head: &Head) {
    let name = [&head.name, &b"/"[..]].concat();
    entry(out, head, &name, b'5', 0, b"");
}

/// Writes a symbolic link.
pub(super) fn link(out: &mut Vec<u8>, head: &Head, target: &[u8]) {
    entry(out, head, &head.name, b'2', 0, target);
}

/// Fills the last block of a file of this size.
pub(super) fn pad(out: &mut Vec<u8>, size: u64) {
    let block = BLOCK as u64;
    let missing = (block - size % block) % block;
    out.resize(out.len() + usize::try_from(missing).unwrap_or(0), 0);
}

/// Writes the end of the archive.
pub(super) fn finish(out: &mut Vec<u8>) {
    out.resize(out.len() + 2 * BLOCK, 0);
}

fn entry(out: &mut Vec<u8>, head: &Head, name: &[u8], kind: u8, size: u64, target: &[u8]) {
    let seconds = seconds(head.modified);
    let mut records = Records::default();
    let (prefix, base) = match split(name) {
        Some(split) => split,
        None => {
            records.add("path", name);
            (&b""[..], cut(name))
        }
    };
    if needs_charset(name) {
        records.add("path", name);
    }
    if target.len() > NAME || needs_charset(target) {
        records.add("linkpath", target);
    }
    if size > MOST_OCTAL {
        records.add("size", size.to_string().as_bytes());
    }
    let time = match u64::try_from(seconds) {
        Ok(time) if time <= MOST_OCTAL => time,
        _ => {
            records.add("mtime", seconds.to_string().as_bytes());
            0
        }
    };
    if let Some(records) = records.into_bytes() {
        let size = records.len() as u64;
        // Shown only by programs that do not know what it is.
        let fields = Fields {
            prefix: b"",
            name: b"PaxHeaders/entry",
            mode: 0o644,
            size,
            time,
            kind: b'x',
            target: b"",
        };
        fields.write(out);
        out.extend_from_slice(&records);
        pad(out, size);
    }
    let fields = Fields {
        prefix,
        name: base,
        mode: head.mode(kind == b'5') & MOST_MODE,
        size,
        time,
        kind,
        target: cut(target),
    };
    fields.write(out);
}

fn seconds(time: Option<SystemTime>) -> i64 {
    let Some(time) = time else { return 0 };
    let whole = |seconds: u64| i64::try_from(seconds).unwrap_or(i64::MAX);
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => whole(after.as_secs()),
        Err(before) => -whole(before.duration().as_secs()),
    }
}

/// UTF-8 that a reader could take for something else.
fn needs_charset(name: &[u8]) -> bool {
    !name.is_ascii() && std::str::from_utf8(name).is_ok()
}

/// A name as `prefix` and `name`; `None` when it does not fit.
fn split(name: &[u8]) -> Option<(&[u8], &[u8])> {
    if name.len() <= NAME {
        return Some((b"", name));
    }
    // The `/` between them is left out; one at the end belongs to the name.
    let from = name.len() - NAME - 1;
    let at = from + name.get(from..)?.iter().position(|b| *b == b'/')?;
    let base = name.get(at + 1..)?;
    (at > 0 && at <= PREFIX && !base.is_empty()).then(|| (name.get(..at).unwrap_or(b""), base))
}

fn cut(name: &[u8]) -> &[u8] {
    name.get(..NAME).unwrap_or(name)
}

/// Records of a pax header: `length key=value\n`, the length counting itself.
#[derive(Default)]
struct Records {
    given: Vec<(&'static str, Vec<u8>)>,
}

impl Records {
    fn add(&mut self, key: &'static str, value: &[u8]) {
        if self.given.iter().all(|(given, _)| *given != key) {
            self.given.push((key, value.to_vec()));
        }
    }

    fn into_bytes(mut self) -> Option<Vec<u8>> {
        if self.given.is_empty() {
            return None;
        }
        let is_text = |(_, value): &(_, Vec<u8>)| std::str::from_utf8(value).is_ok();
        if !self.given.iter().all(is_text) {
            self.given.insert(0, ("hdrcharset", b"BINARY".to_vec()));
        }
        let mut bytes = Vec::new();
        for (key, value) in self.given {
            let rest = key.len() + value.len() + 3;
            let mut length = rest + 1;
            while length != rest + length.to_string().len() {
                length = rest + length.to_string().len();
            }
            bytes.extend_from_slice(format!("{length} {key}=").as_bytes());
            bytes.extend_from_slice(&value);
            bytes.push(b'\n');
        }
        Some(bytes)
    }
}

/// What is in a header.
struct Fields<'a> {
    prefix: &'a [u8],
    name: &'a [u8],
    mode: u32,
    size: u64,
    time: u64,
    kind: u8,
    target: &'a [u8],
}

impl Fields<'_> {
    fn write(&self, out: &mut Vec<u8>) {
        let mut block = Vec::with_capacity(BLOCK);
        text(&mut block, self.name, NAME);
        octal(&mut block, u64::from(self.mode), 8);
        octal(&mut block, 0, 8);
        octal(&mut block, 0, 8);
        match self.size > MOST_OCTAL {
            false => octal(&mut block, self.size, 12),
            // As GNU writes it, for those who do not read pax headers.
            true => {
                block.extend_from_slice(&[0x80, 0, 0, 0]);
                block.extend_from_slice(&self.size.to_be_bytes());
            }
        }
        octal(&mut block, self.time, 12);
        let sum_at = block.len();
        text(&mut block, b"        ", 8);
        block.push(self.kind);
        text(&mut block, self.target, NAME);
        text(&mut block, b"ustar\x0000", 8);
        // Names of user and group, and numbers of a device.
        text(&mut block, b"", 64 + 16);
        text(&mut block, self.prefix, PREFIX);
        block.resize(BLOCK, 0);
        let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
        let sum = format!("{sum:06o}\0 ");
        for (place, byte) in block.iter_mut().skip(sum_at).zip(sum.bytes()) {
            *place = byte;
        }
        out.append(&mut block);
    }
}

fn text(block: &mut Vec<u8>, bytes: &[u8], width: usize) {
    block.extend(
        bytes
            .iter()
            .copied()
            .chain(std::iter::repeat(0))
            .take(width),
    );
}

fn octal(block: &mut Vec<u8>, number: u64, width: usize) {
    let digits = format!("{number:0>width$o}", width = width - 1);
    text(block, digits.as_bytes(), width - 1);
    block.push(0);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(name: &[u8]) -> Head {
        Head {
            name: name.to_vec(),
            permissions: Some(0o640),
            modified: Some(UNIX_EPOCH + std::time::Duration::from_secs(1_700_000_000)),
        }
    }

    #[test]
    fn names_are_split_only_where_both_parts_fit() {
        let long = [&[b'a'; 150][..], b"/", &[b'b'; 100]].concat();
        assert_eq!(split(&long), Some((&long[..150], &long[151..])));
        let directory = [&[b'a'; 120][..], b"/"].concat();
        assert_eq!(split(&directory), None);
        let longer = [&[b'a'; 156][..], b"/", &[b'b'; 100]].concat();
        assert_eq!(split(&longer), None);
        assert_eq!(split(&[b'a'; 101]), None);
        assert_eq!(split(b"a/b"), Some((&b""[..], &b"a/b"[..])));
    }

    #[test]
    fn a_record_counts_itself() {
        for length in [1, 80, 91, 92, 93, 980, 981, 982, 9990] {
            let mut records = Records::default();
            records.add("path", &vec![b'x'; length]);
            let bytes = records.into_bytes().unwrap();
            let text = String::from_utf8(bytes).unwrap();
            let (said, _) = text.split_once(' ').unwrap();
            assert_eq!(said.parse::<usize>().unwrap(), text.len());
        }
    }

    #[test]
    fn a_plain_header_needs_no_other() {
        let mut out = Vec::new();
        file(&mut out, &head(b"a/b"), 5);
        assert_eq!(out.len(), BLOCK);
        assert_eq!(&out[..4], b"a/b\0");
        assert_eq!(&out[124..136], b"00000000005\0");
        assert_eq!(out[156], b'0');
        file(&mut out, &head("ä".as_bytes()), 5);
        assert_eq!(out.len(), 4 * BLOCK);
        pad(&mut out, 5);
        assert_eq!(out.len() % BLOCK, BLOCK - 5);
    }
}

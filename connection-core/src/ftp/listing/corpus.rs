//! Real listings of many servers, and what each line comes to.
//!
//! A file of `corpus/` holds the listings of one family of servers:
//!
//! ```text
//! # a comment
//! listing list
//! > -rw-r--r--   1 ann staff 12 Jan  2 03:04 a b
//! = file 644 12 ann:staff 2026-01-02T03:04:00 "a b"
//! ```
//!
//! `>` is a line as the server sent it, bytes that are no text written as `\xHH`. What
//! follows is what it comes to: `=` with type, permissions, size, owner and group, time and
//! name, `-` for what is not known; `?` where the line is listed as it is, of unknown type;
//! `~` for what is no entry. A time with `Z` is exact, one without is the server's own, a
//! date alone has no time of day. The clock stands at noon of 21 November 2026.
//!
//! `LISTING_CORPUS_REWRITE=1` writes the files anew as the parsers see them now, for a
//! change to be looked through before it is kept.

use super::*;
use crate::path::{bytes_to_text, text_to_bytes};
use chrono::{DateTime, Utc};
use std::fmt::Write;
use std::path::PathBuf;

/// A piece of a file: what stands in it, and what its listing is.
pub(super) struct Piece {
    pub(super) form: Form,
    pub(super) lines: Vec<Vec<u8>>,
}

pub(super) fn now() -> SystemTime {
    DateTime::parse_from_rfc3339("2026-11-21T12:00:00Z")
        .unwrap()
        .to_utc()
        .into()
}

pub(super) fn files() -> Vec<(PathBuf, String)> {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/src/ftp/listing/corpus");
    let mut files: Vec<_> = std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "txt"))
        .map(|path| (path.clone(), std::fs::read_to_string(path).unwrap()))
        .collect();
    files.sort();
    files
}

/// Every listing of every file.
pub(super) fn pieces() -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for (_, text) in files() {
        for line in text.lines() {
            if let Some(form) = line.strip_prefix("listing ") {
                pieces.push(Piece {
                    form: form_of(form),
                    lines: Vec::new(),
                });
            } else if let Some(raw) = line.strip_prefix("> ") {
                pieces.last_mut().unwrap().lines.push(unescape(raw));
            }
        }
    }
    pieces
}

fn form_of(text: &str) -> Form {
    match text {
        "mlsd" => Form::Mlsd,
        "list" => Form::List,
        _ => panic!("{text} is no command"),
    }
}

fn unescape(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((byte, more)) = rest.split_first() {
        rest = more;
        if *byte != b'\\' {
            bytes.push(*byte);
            continue;
        }
        match rest {
            [b't', more @ ..] => {
                bytes.push(b'\t');
                rest = more;
            }
            [b'\\', more @ ..] => {
                bytes.push(b'\\');
                rest = more;
            }
            [b'x', a, b, more @ ..] => {
                let digits = [*a, *b];
                let digits = std::str::from_utf8(&digits).unwrap();
                bytes.push(u8::from_str_radix(digits, 16).unwrap());
                rest = more;
            }
            _ => panic!("{text}: a backslash that means nothing"),
        }
    }
    bytes
}

fn quoted(bytes: &[u8]) -> String {
    let mut text = String::from("\"");
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '"' | '\\' => text.extend(['\\', c]),
                '\t' => text.push_str("\\t"),
                c if c.is_control() => write!(text, "\\x{:02x}", u32::from(c)).unwrap(),
                c => text.push(c),
            }
        }
        for byte in chunk.invalid() {
            write!(text, "\\x{byte:02x}").unwrap();
        }
    }
    text + "\""
}

fn shown(listed: &Listed, line: &[u8]) -> String {
    let entry = &listed.entry;
    let m = &entry.metadata;
    if *listed == Listed::unknown(line) {
        return "?".to_owned();
    }
    let kind = match m.file_type {
        FileType::File => "file",
        FileType::Directory => "dir",
        FileType::Symlink => "link",
        FileType::Other => "other",
    };
    let or_none = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
    let who = |name: &Option<String>, id: Option<u32>| {
        let name = name.as_ref().map(|name| {
            let name = quoted(&text_to_bytes(&name.replace(' ', "_")));
            name.trim_matches('"').to_owned()
        });
        or_none(match (name, id) {
            (name, Some(id)) => Some(format!("{}#{id}", name.unwrap_or_default())),
            (name, None) => name,
        })
    };
    let time = m.modified.map(|time| {
        let time = DateTime::<Utc>::from(time);
        let exact = time.format("%Y-%m-%dT%H:%M:%S%.f").to_string();
        if listed.local {
            exact
        } else if exact.ends_with("T00:00:00") {
            time.format("%Y-%m-%d").to_string()
        } else {
            exact + "Z"
        }
    });
    let mut text = format!(
        "= {kind} {} {} {}:{} {} {}",
        or_none(m.permissions.map(|mode| format!("{mode:o}"))),
        or_none(m.size.map(|size| size.to_string())),
        who(&m.owner, m.uid),
        who(&m.group, m.gid),
        or_none(time),
        quoted(entry.name.as_bytes()),
    );
    if let Some(target) = &entry.link_target {
        write!(text, " -> {}", quoted(target)).unwrap();
    }
    text
}

/// The file as the parsers see it.
fn as_seen(text: &str) -> String {
    let mut seen = String::new();
    let mut listing = Listing::new(Form::List, now());
    let mut half: Vec<u8> = Vec::new();
    for line in text.lines() {
        if let Some(form) = line.strip_prefix("listing ") {
            assert!(listing.end().is_none(), "a listing ends with half an entry");
            listing = Listing::new(form_of(form), now());
        } else if line.starts_with(['=', '~', '?']) {
            continue;
        }
        seen.push_str(line);
        seen.push('\n');
        if let Some(raw) = line.strip_prefix("> ") {
            let raw = unescape(raw);
            let [earlier, this] = listing.line(&raw);
            let nothing = this.is_none() && listing.half.is_none();
            for (listed, raw) in [(earlier, &half), (this, &raw)] {
                if let Some(listed) = listed {
                    seen.push_str(&shown(&listed, raw));
                    seen.push('\n');
                }
            }
            if nothing {
                seen.push_str("~\n");
            }
            half = raw;
        }
    }
    seen
}

#[test]
fn every_line_comes_to_what_it_should() {
    let rewrite = std::env::var_os("LISTING_CORPUS_REWRITE").is_some();
    let mut lines = 0;
    for (path, text) in files() {
        let seen = as_seen(&text);
        lines += text.lines().filter(|line| line.starts_with("> ")).count();
        if rewrite {
            std::fs::write(&path, &seen).unwrap();
            continue;
        }
        let mut last = "";
        for (want, got) in text.lines().zip(seen.lines()) {
            assert_eq!(got, want, "{}: {last}", path.display());
            last = want;
        }
        assert_eq!(seen.len(), text.len(), "{}", path.display());
    }
    assert!(lines >= 200, "only {lines} lines");
}

#[test]
fn owners_are_text_whatever_their_bytes() {
    let listed =
        list_unix::parse(b"-rw-r--r-- 1 a\xff b 1 Jan  2 03:04 x", Today::at(now())).unwrap();
    assert_eq!(listed.entry.metadata.owner, Some(bytes_to_text(b"a\xff")));
}

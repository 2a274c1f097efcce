//! The character set of a server's names: the one place where bytes of the wire become names
//! and names become bytes of the wire. Knows no connection.
//!
//! Without a character set, a name *is* the server's bytes. With one, a name is the UTF-8 of
//! what the server's bytes mean in it, so that it is shown, typed and compared as text; on the
//! way back it is encoded again. That must be exact even where the chosen character set is
//! wrong, so a name is only decoded when encoding gives the very same bytes again. Any other
//! keeps its bytes: those that are not UTF-8 stand in the name as they are, those that would
//! be read as UTF-8 stand as one character each of the private-use block that
//! [`crate::path`] uses for bytes (U+F780..U+F7FF). Such a name is not pretty, but it
//! addresses its file.
//!
//! The other way, a name that the character set cannot express is refused. It is never sent
//! with a replacement: that would be another file's name.

use crate::error::{Error, Result};
use crate::fs::Entry;
use crate::path::{RemoteName, RemotePath, bytes_to_text, text_to_bytes};
use encoding_rs::Encoding;
use std::borrow::Cow;
use std::io;

/// First character of the block that stands for single bytes, as in [`crate::path`].
const BYTE_BLOCK: u32 = 0xF700;

/// How the names of one server are written on the wire.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Names {
    charset: Option<&'static Encoding>,
}

/// A character that the character set does not have.
#[derive(Debug)]
struct Inexpressible(&'static Encoding);

impl Names {
    /// Names in this character set; without one, names are bytes.
    pub(super) const fn new(charset: Option<&'static Encoding>) -> Self {
        Self { charset }
    }

    /// The name of the character set; `None` when names are bytes.
    pub(super) fn charset(self) -> Option<&'static str> {
        self.charset.map(Encoding::name)
    }

    /// A path or name as the server writes it.
    pub(super) fn name_of(self, bytes: &[u8]) -> Vec<u8> {
        let Some(charset) = self.charset.filter(|_| !bytes.is_ascii()) else {
            return bytes.to_vec();
        };
        // Each component for itself, so that a path is its directory's path and its name.
        let mut name = Vec::with_capacity(bytes.len() * 2);
        for (number, component) in bytes.split(|b| *b == b'/').enumerate() {
            if number > 0 {
                name.push(b'/');
            }
            let text = charset
                .decode_without_bom_handling_and_without_replacement(component)
                .filter(|text| {
                    encode(charset, text.as_bytes()).is_ok_and(|again| again == component)
                });
            match text {
                Some(text) => name.extend_from_slice(text.as_bytes()),
                None => keep_bytes(component, &mut name),
            }
        }
        name
    }

    /// A listed entry, its name and where it leads.
    pub(super) fn entry(self, entry: Entry) -> Entry {
        if self.charset.is_none() {
            return entry;
        }
        Entry {
            name: RemoteName::new(self.name_of(entry.name.as_bytes())),
            link_target: entry.link_target.map(|target| self.name_of(&target)),
            ..entry
        }
    }

    /// The path that is sent for this one, in the form listings give it.
    ///
    /// # Errors
    /// `InvalidInput` naming `field` when it holds a line end, which would start another
    /// command, or NUL, or a character that the character set does not have.
    pub(super) fn sendable(self, field: &'static str, path: &RemotePath) -> Result<RemotePath> {
        let bytes = path.as_bytes();
        if bytes.iter().any(|b| matches!(b, b'\r' | b'\n' | 0)) {
            let text = "FTP cannot carry a path with CR, LF or NUL";
            return Err(Error::invalid(field, text).with("path", path.to_text()));
        }
        let Some(charset) = self.charset else {
            return Ok(path.clone());
        };
        let wire = encode(charset, bytes).map_err(|no| {
            Error::invalid(field, format!("the path {no}")).with("path", path.to_text())
        })?;
        RemotePath::parse(&self.name_of(&wire), &RemotePath::root())
    }

    /// A credential, which is bytes, as text of a command; in the server's character set like
    /// everything that is sent.
    ///
    /// # Errors
    /// `InvalidInput` naming `field` when the character set does not have its characters.
    pub(super) fn credential(self, field: &'static str, bytes: &[u8]) -> Result<String> {
        if let Some(charset) = self.charset {
            // The text is not told: it may be a secret.
            encode(charset, bytes)
                .map_err(|no| Error::invalid(field, format!("the {field} {no}")))?;
        }
        Ok(bytes_to_text(bytes))
    }

    /// The server's words, to be read by people.
    pub(super) fn shown(self, bytes: &[u8]) -> String {
        match self.charset {
            Some(charset) => charset.decode_without_bom_handling(bytes).0.into_owned(),
            None => bytes_to_text(bytes),
        }
    }
}

/// How `suppaftp` encodes commands: their text is the reversible form of the names in them.
/// What it decodes by itself is never used.
impl suppaftp::Encoding for Names {
    fn decode(&self, bytes: &[u8]) -> String {
        self.shown(bytes)
    }

    fn encode(&self, text: &str) -> io::Result<Vec<u8>> {
        let name = text_to_bytes(text);
        match self.charset {
            Some(charset) => encode(charset, &name)
                .map(Cow::into_owned)
                .map_err(|no| io::Error::new(io::ErrorKind::InvalidInput, no.to_string())),
            None => Ok(name),
        }
    }
}

impl std::fmt::Display for Inexpressible {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "cannot be written in {}", self.0.name())
    }
}

/// A name to bytes of the wire.
fn encode<'a>(
    charset: &'static Encoding,
    name: &'a [u8],
) -> std::result::Result<Cow<'a, [u8]>, Inexpressible> {
    if name.is_ascii() {
        return Ok(Cow::Borrowed(name));
    }
    let mut wire = Vec::with_capacity(name.len());
    for chunk in name.utf8_chunks() {
        let mut rest = chunk.valid();
        while !rest.is_empty() {
            let run_end = rest.find(is_kept_byte).unwrap_or(rest.len());
            let (run, behind) = rest.split_at(run_end);
            encode_run(charset, run, &mut wire)?;
            let mut kept = behind.chars();
            if let Some(c) = kept.next() {
                // The low byte of the character is the byte it stands for.
                wire.extend(u32::from(c).to_le_bytes().first());
            }
            rest = kept.as_str();
        }
        wire.extend_from_slice(chunk.invalid());
    }
    Ok(Cow::Owned(wire))
}

fn encode_run(
    charset: &'static Encoding,
    run: &str,
    wire: &mut Vec<u8>,
) -> std::result::Result<(), Inexpressible> {
    let (bytes, _, has_unknown) = charset.encode(run);
    // Some characters are folded into others, as the yen sign into Shift_JIS's backslash; what
    // came back of that would be another name.
    let is_exact = !has_unknown
        && charset
            .decode_without_bom_handling_and_without_replacement(&bytes)
            .is_some_and(|again| again == run);
    if !is_exact {
        return Err(Inexpressible(charset));
    }
    wire.extend_from_slice(&bytes);
    Ok(())
}

/// Writes bytes into a name so that [`encode`] gives them back.
fn keep_bytes(bytes: &[u8], name: &mut Vec<u8>) {
    for chunk in bytes.utf8_chunks() {
        for byte in chunk.valid().bytes() {
            match char::from_u32(BYTE_BLOCK + u32::from(byte)).filter(|_| !byte.is_ascii()) {
                Some(c) => name.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
                None => name.push(byte),
            }
        }
        name.extend_from_slice(chunk.invalid());
    }
}

fn is_kept_byte(c: char) -> bool {
    (BYTE_BLOCK + 0x80..=BYTE_BLOCK + 0xFF).contains(&u32::from(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;
    use crate::target::FtpTarget;
    use proptest::prelude::*;
    use suppaftp::Encoding as _;

    /// One label of each character set there is.
    const LABELS: [&str; 40] = [
        "utf-8",
        "ibm866",
        "iso-8859-2",
        "iso-8859-3",
        "iso-8859-4",
        "iso-8859-5",
        "iso-8859-6",
        "iso-8859-7",
        "iso-8859-8",
        "iso-8859-8-i",
        "iso-8859-10",
        "iso-8859-13",
        "iso-8859-14",
        "iso-8859-15",
        "iso-8859-16",
        "koi8-r",
        "koi8-u",
        "macintosh",
        "windows-874",
        "windows-1250",
        "windows-1251",
        "windows-1252",
        "windows-1253",
        "windows-1254",
        "windows-1255",
        "windows-1256",
        "windows-1257",
        "windows-1258",
        "x-mac-cyrillic",
        "gbk",
        "gb18030",
        "big5",
        "euc-jp",
        "iso-2022-jp",
        "shift_jis",
        "euc-kr",
        "replacement",
        "utf-16be",
        "utf-16le",
        "x-user-defined",
    ];

    fn names(label: &str) -> Names {
        let target = FtpTarget::new("h", "u", Secret::from("p")).unwrap();
        Names::new(target.charset(label).unwrap().charset)
    }

    /// Every character set that a target takes.
    fn every() -> Vec<Names> {
        let taken = LABELS.iter().filter_map(|label| {
            let target = FtpTarget::new("h", "u", Secret::from("p")).unwrap();
            target.charset(label).ok()
        });
        taken.map(|target| Names::new(target.charset)).collect()
    }

    fn to_wire(names: Names, name: &[u8]) -> Vec<u8> {
        // As a command is: through the text form.
        names.encode(&bytes_to_text(name)).unwrap()
    }

    fn path(text: &str) -> RemotePath {
        RemotePath::from_text(text).unwrap()
    }

    #[test]
    fn names_are_text_of_the_charset() {
        for (label, wire, name) in [
            ("windows-1252", &b"caf\xe9 \x80"[..], "café €"),
            ("shift_jis", b"\x93\xfa\x96\x7b", "日本"),
            ("gbk", b"\xd6\xd0", "中"),
            ("koi8-r", b"\xcd\xc9\xd2", "мир"),
            ("utf-8", "ü".as_bytes(), "ü"),
        ] {
            let names = names(label);
            assert_eq!(names.name_of(wire), name.as_bytes(), "{label}");
            assert_eq!(to_wire(names, name.as_bytes()), wire, "{label}");
        }
    }

    #[test]
    fn a_wrong_charset_still_addresses_the_file() {
        // 0xAA is nothing in windows-1253: the byte stays, and the ASCII is ASCII.
        let greek = names("windows-1253");
        assert_eq!(greek.name_of(b"a\xaab"), b"a\xaab");
        // UTF-8 that is no GBK would be taken for a name typed as text.
        let kept = names("gbk").name_of("a/日".as_bytes());
        assert_eq!(kept, "a/\u{F7E6}\u{F797}\u{F7A5}".as_bytes());
        assert_eq!(to_wire(names("gbk"), &kept), "a/日".as_bytes());
        // One component that means nothing leaves the others text.
        let mixed = names("shift_jis").name_of(b"/\x93\xfa/\xff\xff");
        assert_eq!(mixed, b"/\xe6\x97\xa5/\xff\xff");
    }

    #[test]
    fn what_the_charset_lacks_is_refused() {
        for (label, bad) in [
            ("windows-1252", "日"),
            ("shift_jis", "¥"),
            ("ibm866", "€"),
            ("big5", "a\u{e9}b"),
        ] {
            let error = names(label)
                .sendable("path", &path(&format!("/x/{bad}")))
                .unwrap_err();
            assert_eq!(error.context("field"), Some("path"), "{label}");
            let shown = error.message().to_ascii_lowercase();
            assert_eq!(shown, format!("the path cannot be written in {label}"));
            assert!(names(label).encode(bad).is_err());
        }
    }

    #[test]
    fn a_path_that_would_end_the_command_is_refused() {
        for names in [Names::default(), names("windows-1252")] {
            for bad in ["/a\r", "/a\nDELE b"] {
                let error = names.sendable("from", &path(bad)).unwrap_err();
                assert_eq!(error.context("field"), Some("from"));
            }
        }
    }

    #[test]
    fn a_path_has_one_form() {
        let latin = names("windows-1252");
        let typed = latin.sendable("path", &path("/caf\u{F7E9}")).unwrap();
        assert_eq!(typed, path("/café"));
    }

    #[test]
    fn a_credential_is_not_told() {
        let error = names("windows-1252")
            .credential("password", "hunter日".as_bytes())
            .unwrap_err();
        assert!(!error.to_string().contains("hunter"), "{error}");
        assert_eq!(error.context("field"), Some("password"));
    }

    proptest! {
        #[test]
        fn every_name_comes_back_in_every_charset(
            bytes in proptest::collection::vec(any::<u8>().prop_filter("framing", |b| !matches!(b, b'\r' | b'\n' | 0)), 0..40)
        ) {
            for names in every() {
                let name = names.name_of(&bytes);
                prop_assert_eq!(&to_wire(names, &name), &bytes, "{:?}", names);
            }
        }

        #[test]
        fn names_that_are_nearly_utf8_come_back(
            parts in proptest::collection::vec(prop_oneof![
                "[a-z/éü日本中мир\u{F780}\u{F7FF}¥‾\u{2212}]{1,4}".prop_map(String::into_bytes),
                proptest::collection::vec(0x80_u8.., 1..4),
            ], 0..8)
        ) {
            let bytes = parts.concat();
            for names in every() {
                prop_assert_eq!(&to_wire(names, &names.name_of(&bytes)), &bytes, "{:?}", names);
            }
        }

        #[test]
        fn what_can_be_sent_is_listed_under_the_same_name(text in "/[a-zéü日本中мир\u{F7E9}¥]{1,12}") {
            for names in every() {
                if let Ok(path) = names.sendable("path", &path(&text)) {
                    let wire = to_wire(names, path.as_bytes());
                    prop_assert_eq!(names.name_of(&wire), path.as_bytes().to_vec(), "{:?}", names);
                }
            }
        }
    }
}

//! Remote paths and names: bytes, with a text form that can be turned back.
//!
//! File names on Unix are bytes, and servers send names that are not UTF-8. Here the
//! bytes are the identity and text is a view of them. The view ([`RemotePath::to_text`])
//! is the name itself where that is UTF-8; a byte that is not part of valid UTF-8 is
//! shown as one character of the private-use block U+F780..U+F7FF (`0xFF` as U+F7FF).
//! A name that really contains characters of that block has *their* bytes shown so too,
//! which makes the mapping exact in both directions for every name there can be.
//!
//! There is one normaliser, [`RemotePath::parse`]: every path a caller hands in becomes
//! absolute, without empty, `.` and `..` components, before anything compares, joins or
//! sends it.

use crate::error::{Error, Result};
use std::fmt;

/// First character of the block that stands for single bytes: U+F780 is byte 0x80.
const BYTE_BLOCK: u32 = 0xF700;

/// Longest path taken, in bytes: twice Linux's `PATH_MAX`, far below an SFTP packet.
pub const MAX_PATH_BYTES: usize = 8192;

/// Bytes to reversible text.
pub fn bytes_to_text(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    let push_bytes = |text: &mut String, raw: &[u8]| {
        text.extend(
            raw.iter()
                .filter_map(|b| char::from_u32(BYTE_BLOCK + u32::from(*b))),
        );
    };
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            if in_byte_block(c) {
                push_bytes(&mut text, c.encode_utf8(&mut [0; 4]).as_bytes());
            } else {
                text.push(c);
            }
        }
        push_bytes(&mut text, chunk.invalid());
    }
    text
}

/// Text made by [`bytes_to_text`] (or typed by a person) back to bytes.
pub fn text_to_bytes(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    for c in text.chars() {
        match u8::try_from(u32::from(c).wrapping_sub(BYTE_BLOCK)) {
            Ok(byte) if byte >= 0x80 => bytes.push(byte),
            _ => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    bytes
}

fn in_byte_block(c: char) -> bool {
    (BYTE_BLOCK + 0x80..=BYTE_BLOCK + 0xFF).contains(&u32::from(c))
}

/// The name of a directory entry as the server sent it: any bytes at all.
///
/// A hostile server can send `..`, `a/b` or NUL as a name; such a name can be shown,
/// but [`RemotePath::join`] refuses it.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RemoteName(Vec<u8>);

impl RemoteName {
    /// A name of these bytes.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The reversible text form.
    pub fn to_text(&self) -> String {
        bytes_to_text(&self.0)
    }

    /// Whether the name is one plain path component: not empty, not `.` or `..`, and
    /// without `/` and NUL.
    pub fn is_plain(&self) -> bool {
        !matches!(self.0.as_slice(), b"" | b"." | b"..")
            && !self.0.iter().any(|b| matches!(b, b'/' | 0))
    }
}

impl fmt::Debug for RemoteName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.to_text())
    }
}

/// An absolute, normalised path on a remote machine, as bytes.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RemotePath(Vec<u8>);

impl RemotePath {
    /// The root directory, `/`.
    pub fn root() -> Self {
        Self(vec![b'/'])
    }

    /// Parses bytes into a path; a relative one is taken from `base`.
    ///
    /// Empty and `.` components vanish, `..` removes the component before it and stops
    /// at the root.
    ///
    /// # Errors
    /// `InvalidInput` (field `path`) when the path is empty, holds a NUL byte, or is
    /// longer than [`MAX_PATH_BYTES`].
    ///
    /// ```
    /// use connection_core::path::RemotePath;
    /// let home = RemotePath::parse(b"/home/ann", &RemotePath::root())?;
    /// assert_eq!(RemotePath::parse(b"a//./b/../c", &home)?.as_bytes(), b"/home/ann/a/c");
    /// assert_eq!(RemotePath::parse(b"/../..", &home)?.as_bytes(), b"/");
    /// # Ok::<(), connection_core::Error>(())
    /// ```
    pub fn parse(bytes: &[u8], base: &Self) -> Result<Self> {
        if bytes.is_empty() {
            return Err(Error::invalid("path", "the path is empty; the root is /"));
        }
        if bytes.contains(&0) {
            return Err(Error::invalid("path", "the path contains a NUL byte"));
        }
        if bytes.len() > MAX_PATH_BYTES {
            return Err(Error::invalid(
                "path",
                format!("the path is longer than {MAX_PATH_BYTES} bytes"),
            ));
        }
        let mut path = if bytes.starts_with(b"/") {
            Vec::with_capacity(bytes.len())
        } else {
            base.0.clone()
        };
        if path == b"/" {
            path.clear();
        }
        for component in bytes.split(|b| *b == b'/') {
            match component {
                b"" | b"." => {}
                b".." => {
                    let parent = path.iter().rposition(|b| *b == b'/').unwrap_or(0);
                    path.truncate(parent);
                }
                name => {
                    path.push(b'/');
                    path.extend_from_slice(name);
                }
            }
        }
        if path.is_empty() {
            path.push(b'/');
        }
        Ok(Self(path))
    }

    /// Parses the reversible text form of an absolute path, or of one relative to the root.
    ///
    /// # Errors
    /// As [`RemotePath::parse`].
    pub fn from_text(text: &str) -> Result<Self> {
        Self::parse(&text_to_bytes(text), &Self::root())
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The reversible text form.
    pub fn to_text(&self) -> String {
        bytes_to_text(&self.0)
    }

    /// Whether this is `/`.
    pub fn is_root(&self) -> bool {
        self.0 == b"/"
    }

    /// The last component; `None` for the root.
    pub fn file_name(&self) -> Option<RemoteName> {
        let at = self.0.iter().rposition(|b| *b == b'/')?;
        let name = self.0.get(at + 1..)?;
        (!name.is_empty()).then(|| RemoteName::new(name))
    }

    /// The directory that holds it; `None` for the root.
    pub fn parent(&self) -> Option<Self> {
        if self.is_root() {
            return None;
        }
        let at = self.0.iter().rposition(|b| *b == b'/')?;
        Some(Self(self.0.get(..at.max(1))?.to_vec()))
    }

    /// The path of an entry of this directory.
    ///
    /// # Errors
    /// `InvalidInput` when the name is not one plain component: a server may have sent
    /// it to lead out of the directory.
    pub fn join(&self, name: &RemoteName) -> Result<Self> {
        if !name.is_plain() {
            return Err(Error::invalid(
                "name",
                format!("{name:?} is not the name of a directory entry"),
            ));
        }
        let mut path = self.0.clone();
        if !self.is_root() {
            path.push(b'/');
        }
        path.extend_from_slice(name.as_bytes());
        Ok(Self(path))
    }

    /// Whether it is `ancestor` or lies below it, compared by whole components.
    pub fn starts_with(&self, ancestor: &Self) -> bool {
        ancestor.is_root()
            || self
                .0
                .strip_prefix(ancestor.0.as_slice())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
    }
}

impl fmt::Debug for RemotePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.to_text())
    }
}

impl fmt::Display for RemotePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn path(text: &str) -> RemotePath {
        RemotePath::from_text(text).unwrap()
    }

    #[test]
    fn dots_and_slashes_vanish_and_the_root_is_the_floor() {
        for (given, want) in [
            ("/", "/"),
            ("//a///b/", "/a/b"),
            ("/a/./b/../c", "/a/c"),
            ("/../../x", "/x"),
            ("x", "/x"),
            ("/a/..", "/"),
        ] {
            assert_eq!(path(given).to_text(), want, "{given}");
        }
    }

    #[test]
    fn empty_nul_and_endless_paths_are_refused() {
        for bad in ["", "/a\0b", &"x".repeat(MAX_PATH_BYTES + 1)] {
            assert!(RemotePath::from_text(bad).is_err());
        }
    }

    #[test]
    fn a_hostile_entry_name_cannot_be_joined() {
        for bad in [&b".."[..], b".", b"", b"a/b", b"/etc", b"a\0"] {
            assert!(path("/home").join(&RemoteName::new(bad)).is_err());
        }
        assert_eq!(path("/").join(&RemoteName::new("a")).unwrap(), path("/a"));
    }

    #[test]
    fn a_sibling_with_the_same_beginning_is_not_inside() {
        assert!(path("/a/b").starts_with(&path("/a")));
        assert!(!path("/ab").starts_with(&path("/a")));
        assert!(path("/ab").starts_with(&path("/")));
    }

    #[test]
    fn parent_and_name() {
        assert_eq!(path("/a/b").parent(), Some(path("/a")));
        assert_eq!(path("/a").parent(), Some(path("/")));
        assert_eq!(path("/").parent(), None);
        assert_eq!(path("/").file_name(), None);
        assert_eq!(path("/a/b").file_name(), Some(RemoteName::new("b")));
    }

    proptest! {
        #[test]
        fn any_bytes_survive_the_text_form(bytes: Vec<u8>) {
            prop_assert_eq!(text_to_bytes(&bytes_to_text(&bytes)), bytes);
        }

        #[test]
        fn ordinary_text_is_shown_as_it_is(text in "[^\u{F780}-\u{F7FF}]*") {
            prop_assert_eq!(bytes_to_text(text.as_bytes()), text);
        }

        #[test]
        fn the_private_block_survives_too(text in "[\u{F770}-\u{F810}]{0,8}") {
            let shown = bytes_to_text(text.as_bytes());
            prop_assert_eq!(text_to_bytes(&shown), text.as_bytes());
        }

        #[test]
        fn parsing_twice_changes_nothing(bytes in proptest::collection::vec(1u8.., 1..40)) {
            let once = RemotePath::parse(&bytes, &RemotePath::root()).unwrap();
            prop_assert_eq!(&RemotePath::parse(once.as_bytes(), &RemotePath::root()).unwrap(), &once);
        }
    }
}

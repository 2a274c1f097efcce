//! The files of a scripted server, in memory, by absolute path.

use std::collections::{BTreeMap, BTreeSet};

/// Files and directories.
#[derive(Clone, Default)]
pub(super) struct Tree {
    files: BTreeMap<Vec<u8>, Vec<u8>>,
    directories: BTreeSet<Vec<u8>>,
}

impl Tree {
    /// A file's content.
    pub(super) fn file(&self, path: &[u8]) -> Option<&[u8]> {
        self.files.get(path).map(Vec::as_slice)
    }

    /// Whether it is a directory.
    pub(super) fn is_directory(&self, path: &[u8]) -> bool {
        path == b"/" || self.directories.contains(path)
    }

    /// Writes a file, and the directories above it.
    pub(super) fn write(&mut self, path: &[u8], content: &[u8]) {
        self.files.insert(path.to_owned(), content.to_owned());
        let slashes = path.iter().enumerate().skip(1).filter(|(_, b)| **b == b'/');
        let above: Vec<_> = slashes.map(|(at, _)| path[..at].to_owned()).collect();
        self.directories.extend(above);
    }

    /// Makes a directory; whether there was none.
    pub(super) fn make(&mut self, path: &[u8]) -> bool {
        !self.files.contains_key(path) && self.directories.insert(path.to_owned())
    }

    /// Removes a file; whether there was one.
    pub(super) fn remove_file(&mut self, path: &[u8]) -> bool {
        self.files.remove(path).is_some()
    }

    /// Removes an empty directory; whether there was one.
    pub(super) fn remove_directory(&mut self, path: &[u8]) -> bool {
        self.names(path).is_empty() && self.directories.remove(path)
    }

    /// Renames a file; whether there was one.
    pub(super) fn rename(&mut self, from: &[u8], to: &[u8]) -> bool {
        match self.files.remove(from) {
            Some(content) => self
                .files
                .insert(to.to_owned(), content)
                .is_none_or(|_| true),
            None => false,
        }
    }

    /// What lies in a directory: names, and the content of those that are files.
    pub(super) fn names(&self, directory: &[u8]) -> Vec<(Vec<u8>, Option<&[u8]>)> {
        let mut below = directory.to_owned();
        if !below.ends_with(b"/") {
            below.push(b'/');
        }
        let inside = |path: &[u8]| {
            let name = path.strip_prefix(below.as_slice())?;
            (!name.is_empty() && !name.contains(&b'/')).then(|| name.to_owned())
        };
        let files = self.files.iter();
        let files = files.filter_map(|(path, content)| Some((inside(path)?, Some(&content[..]))));
        let directories = self.directories.iter();
        let directories = directories.filter_map(|path| Some((inside(path)?, None)));
        directories.chain(files).collect()
    }
}

//! Programs that unpack, and trees on this machine to compare.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::{Command, Output};

/// What is at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Node {
    Directory,
    File {
        mode: u32,
        mtime: i64,
        content: Vec<u8>,
    },
    Link(Vec<u8>),
}

pub(crate) type Tree = BTreeMap<Vec<u8>, Node>;

/// All that is below a directory.
pub(crate) fn tree(top: &Path) -> Tree {
    let mut tree = Tree::new();
    let mut pending = vec![top.to_path_buf()];
    while let Some(directory) = pending.pop() {
        for entry in fs::read_dir(&directory).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(top).unwrap().as_os_str().as_bytes();
            let metadata = fs::symlink_metadata(&path).unwrap();
            let node = if metadata.is_dir() {
                pending.push(path.clone());
                Node::Directory
            } else if metadata.is_symlink() {
                Node::Link(fs::read_link(&path).unwrap().into_os_string().into_vec())
            } else {
                Node::File {
                    mode: metadata.mode() & 0o7777,
                    mtime: metadata.mtime(),
                    content: fs::read(&path).unwrap(),
                }
            };
            tree.insert(name.to_vec(), node);
        }
    }
    tree
}

/// The same without what a server or an unpacker need not keep.
pub(crate) fn bare(tree: Tree) -> Tree {
    let node = |node| match node {
        Node::File { content, .. } => Node::File {
            mode: 0,
            mtime: 0,
            content,
        },
        node => node,
    };
    tree.into_iter().map(|(name, n)| (name, node(n))).collect()
}

/// A program that unpacks a file into the directory it is started in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Unpacker {
    pub(crate) name: &'static str,
    words: &'static [&'static str],
    /// Whether it makes links, and keeps modes and times.
    pub(crate) exact: bool,
}

const PYTHON_ZIP: &str = "import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as z:
    assert z.testzip() is None
    z.extractall()";

const PYTHON_TAR: &str = "import sys, tarfile
with tarfile.open(sys.argv[1], 'r:') as t:
    try:
        t.extractall(filter='tar')
    except TypeError:
        t.extractall()";

/// Those of zips.
pub(crate) const ZIP: [Unpacker; 2] = [
    Unpacker {
        name: "unzip",
        words: &["unzip", "-q"],
        exact: true,
    },
    Unpacker {
        name: "zipfile",
        words: &["python3", "-c", PYTHON_ZIP],
        exact: false,
    },
];

/// Those of tars.
pub(crate) const TAR: [Unpacker; 3] = [
    Unpacker {
        name: "GNU tar",
        words: &["tar", "-xpf"],
        exact: true,
    },
    Unpacker {
        name: "tarfile",
        words: &["python3", "-c", PYTHON_TAR],
        exact: true,
    },
    Unpacker {
        name: "busybox",
        words: &["busybox", "tar", "-xpf"],
        exact: true,
    },
];

impl Unpacker {
    /// Whether it is on this machine; the others are enough where it is not.
    pub(crate) fn is_there(&self) -> bool {
        Command::new("which")
            .arg(self.words[0])
            .output()
            .is_ok_and(|output| output.status.success())
    }

    /// Runs it.
    pub(crate) fn run(&self, archive: &Path, into: &Path) -> Output {
        fs::create_dir_all(into).unwrap();
        Command::new(self.words[0])
            .args(&self.words[1..])
            .arg(archive)
            .current_dir(into)
            .env("LC_ALL", "C.UTF-8")
            .output()
            .unwrap()
    }

    /// What it unpacks, which must go well.
    #[track_caller]
    pub(crate) fn unpacked(&self, archive: &Path) -> Tree {
        let into = tempfile::tempdir().unwrap();
        let output = self.run(archive, into.path());
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {said}", self.name);
        tree(into.path())
    }
}

/// Those of a form that are there, of which there must be one at least.
pub(crate) fn unpackers(format: &str) -> Vec<Unpacker> {
    let all: &[Unpacker] = match format {
        "zip" => &ZIP,
        _ => &TAR,
    };
    let there: Vec<_> = all.iter().copied().filter(Unpacker::is_there).collect();
    assert!(!there.is_empty(), "nothing here unpacks a {format}");
    there
}

/// A name of these bytes.
pub(crate) fn os(bytes: &[u8]) -> OsString {
    OsStr::from_bytes(bytes).to_owned()
}

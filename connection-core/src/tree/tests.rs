//! Trees as a hostile or odd server shows them, which no real server can be made to.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use super::*;
use crate::error::Result;
use crate::fs::{
    Capabilities, DirPages, Entry, FileReader, FileWriter, Overwrite, RemoteFs, SetAttributes,
    SpaceInfo, WriteOptions,
};
use async_trait::async_trait;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// A file system in memory, as far as trees need one, that remembers what it was asked.
#[derive(Default)]
struct Memory {
    nodes: Mutex<BTreeMap<RemotePath, FileType>>,
    /// Names shown in every directory besides what is there.
    extra: Vec<(RemoteName, FileType)>,
    /// Paths that cannot be removed.
    stuck: Vec<RemotePath>,
    /// Whether links are shown as links.
    links: bool,
    /// Directories that turn into links once they were listed.
    swapped: Vec<RemotePath>,
    asked: Mutex<Vec<String>>,
}

impl Memory {
    fn of(paths: &[(&str, FileType)]) -> Self {
        let nodes = paths.iter().map(|(path, kind)| (at(path), *kind)).collect();
        Self {
            nodes: Mutex::new(nodes),
            links: true,
            ..Self::default()
        }
    }

    fn left(&self) -> Vec<String> {
        let nodes = self.nodes.lock().unwrap();
        nodes.keys().map(RemotePath::to_text).collect()
    }

    fn shown(&self, kind: FileType) -> FileType {
        match kind {
            FileType::Symlink if !self.links => FileType::Directory,
            kind => kind,
        }
    }

    fn remove(&self, path: &RemotePath, directory: bool) -> Result<()> {
        self.asked.lock().unwrap().push(path.to_text());
        let mut nodes = self.nodes.lock().unwrap();
        let fail = |kind| Err(Error::new(kind, "remove", "refused"));
        let Some(kind) = nodes.get(path).copied() else {
            return fail(ErrorKind::NotFound);
        };
        if self.stuck.contains(path) {
            return fail(ErrorKind::PermissionDenied);
        }
        match (directory, kind == FileType::Directory) {
            (true, false) => return fail(ErrorKind::NotADirectory),
            (false, true) => return fail(ErrorKind::IsADirectory),
            _ => {}
        }
        if directory && nodes.keys().any(|p| p != path && p.starts_with(path)) {
            return fail(ErrorKind::DirectoryNotEmpty);
        }
        nodes.remove(path);
        Ok(())
    }
}

fn at(path: &str) -> RemotePath {
    RemotePath::from_text(path).unwrap()
}

struct Pages(std::vec::IntoIter<Vec<Entry>>);

#[async_trait]
impl DirPages for Pages {
    async fn next_page(&mut self) -> Result<Option<Vec<Entry>>> {
        Ok(self.0.next())
    }
}

fn unused<T>() -> Result<T> {
    Err(Error::new(ErrorKind::Unsupported, "test", "not needed"))
}

#[async_trait]
impl RemoteFs for Memory {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            symlinks: self.links,
            ..Capabilities::default()
        }
    }

    async fn home(&self) -> Result<RemotePath> {
        Ok(RemotePath::root())
    }

    /// Every link leads to a directory.
    async fn stat(&self, path: &RemotePath) -> Result<Metadata> {
        let mut metadata = self.lstat(path).await?;
        if metadata.file_type == FileType::Symlink {
            metadata.file_type = FileType::Directory;
        }
        Ok(metadata)
    }

    async fn lstat(&self, path: &RemotePath) -> Result<Metadata> {
        match self.nodes.lock().unwrap().get(path) {
            Some(kind) => Ok(Metadata {
                size: Some(10),
                ..Metadata::of_type(self.shown(*kind))
            }),
            None => Err(Error::new(ErrorKind::NotFound, "lstat", "no such file")),
        }
    }

    async fn list(&self, path: &RemotePath) -> Result<Box<dyn DirPages>> {
        let mut nodes = self.nodes.lock().unwrap();
        let entry = |name: RemoteName, kind| Entry {
            name,
            metadata: Metadata {
                size: Some(10),
                ..Metadata::of_type(kind)
            },
            link_target: None,
        };
        let mut entries: Vec<Entry> = nodes
            .iter()
            .filter(|(p, _)| p.parent().as_ref() == Some(path))
            .map(|(p, kind)| entry(p.file_name().unwrap(), self.shown(*kind)))
            .collect();
        entries.extend(self.extra.iter().map(|(n, k)| entry(n.clone(), *k)));
        if self.swapped.contains(path) {
            nodes.insert(path.clone(), FileType::Symlink);
        }
        let pages: Vec<Vec<Entry>> = entries.chunks(100).map(<[Entry]>::to_vec).collect();
        Ok(Box::new(Pages(pages.into_iter())))
    }

    async fn open_read(&self, _: &RemotePath, _: u64) -> Result<Box<dyn FileReader>> {
        unused()
    }

    async fn open_write(&self, _: &RemotePath, _: WriteOptions) -> Result<Box<dyn FileWriter>> {
        unused()
    }

    async fn create_dir(&self, path: &RemotePath) -> Result<()> {
        let mut nodes = self.nodes.lock().unwrap();
        if nodes.contains_key(path) {
            return Err(Error::new(ErrorKind::AlreadyExists, "mkdir", "Failure"));
        }
        nodes.insert(path.clone(), FileType::Directory);
        Ok(())
    }

    async fn remove_file(&self, path: &RemotePath) -> Result<()> {
        self.remove(path, false)
    }

    async fn remove_dir(&self, path: &RemotePath) -> Result<()> {
        self.remove(path, true)
    }

    async fn rename(&self, _: &RemotePath, _: &RemotePath, _: Overwrite) -> Result<()> {
        unused()
    }

    async fn set_attributes(&self, _: &RemotePath, _: &SetAttributes) -> Result<()> {
        unused()
    }

    async fn symlink(&self, _: &[u8], _: &RemotePath) -> Result<()> {
        unused()
    }

    async fn read_link(&self, _: &RemotePath) -> Result<Vec<u8>> {
        unused()
    }

    async fn space(&self, _: &RemotePath) -> Result<SpaceInfo> {
        unused()
    }
}

const D: FileType = FileType::Directory;
const F: FileType = FileType::File;

async fn remove(memory: &Arc<Memory>, path: &str) -> TreeOutcome {
    let fs: Arc<dyn RemoteFs> = memory.clone();
    remove_tree(&fs, &at(path)).await.unwrap()
}

#[tokio::test]
async fn names_that_lead_elsewhere_are_refused_and_the_rest_goes_on() {
    let mut memory = Memory::of(&[("/a", D), ("/a/t", D), ("/a/t/x", F), ("/etc", D)]);
    for name in ["..", ".", "", "/etc", "x/../../etc", "a\0b"] {
        memory.extra.push((RemoteName::new(name), D));
        memory.extra.push((RemoteName::new(name), F));
    }
    let memory = Arc::new(memory);
    let outcome = remove(&memory, "/a/t").await;
    assert_eq!((outcome.files, outcome.error_count), (1, 12));
    assert_eq!(memory.left(), ["/a", "/a/t", "/etc"]);
    let asked = memory.asked.lock().unwrap().clone();
    assert!(asked.iter().all(|p| p.starts_with("/a/t/")), "{asked:?}");
    let fs: Arc<dyn RemoteFs> = memory.clone();
    let size = tree_size(&fs, &at("/a/t")).await.unwrap();
    assert_eq!((size.files, size.directories, size.error_count), (0, 1, 12));
}

#[tokio::test]
async fn a_server_that_nests_for_ever_meets_the_depth_limit() {
    let memory = Memory::of(&[]);
    let mut path = String::new();
    for _ in 0..MAX_DEPTH + 20 {
        path.push_str("/d");
        memory.nodes.lock().unwrap().insert(at(&path), D);
    }
    let memory = Arc::new(memory);
    let outcome = remove(&memory, "/d").await;
    assert_eq!(outcome.error_count, 1);
    assert_eq!(
        outcome.errors.first().unwrap().error.kind(),
        ErrorKind::TooLarge
    );
    let fs: Arc<dyn RemoteFs> = memory.clone();
    let size = tree_size(&fs, &at("/d")).await.unwrap();
    assert_eq!(size.directories, MAX_DEPTH as u64 + 1);
    assert_eq!(size.error_count, 1);
}

#[tokio::test]
async fn a_count_that_was_cut_short_says_so() {
    let memory = Memory::of(&[("/t", D), ("/t/a", F), ("/t/b", F), ("/t/c", F)]);
    let fs: Arc<dyn RemoteFs> = Arc::new(memory);
    for (most, files, errors) in [(2, 2, 1), (3, 3, 0)] {
        let size = measure::measure(&fs, &at("/t"), most).await.unwrap();
        assert_eq!((size.files, size.error_count), (files, errors));
    }
}

#[tokio::test]
async fn a_copy_goes_through_a_link_at_the_top_of_its_target_and_through_none_below() {
    let memory = Arc::new(Memory::of(&[
        ("/from", D),
        ("/from/d", D),
        ("/from/d/x", D),
        ("/from/e", D),
        ("/to", FileType::Symlink),
        ("/to/d", FileType::Symlink),
        ("/to/e", D),
    ]));
    let fs: Arc<dyn RemoteFs> = memory.clone();
    let copied = copy_tree_between(&fs, &at("/from"), &fs, &at("/to"), Overwrite::Refuse).await;
    let copied = copied.unwrap();
    assert_eq!((copied.directories, copied.error_count), (2, 1));
    let refused = copied.errors.first().unwrap();
    assert_eq!(refused.path, at("/from/d"));
    assert_eq!(refused.error.kind(), ErrorKind::NotADirectory);
    assert_eq!(memory.left().len(), 7);
}

#[tokio::test]
async fn errors_are_counted_once_kept_up_to_a_limit_and_leave_the_rest_removed() {
    // More than a batch, so that the directory is read several times.
    let name = "n".repeat(150);
    let mut memory = Memory::of(&[("/t", D)]);
    for n in 0..12_000 {
        let path = at(&format!("/t/{name}{n}"));
        if n % 60 == 0 {
            memory.stuck.push(path.clone());
        }
        memory.nodes.lock().unwrap().insert(path, F);
    }
    let memory = Arc::new(memory);
    let outcome = remove(&memory, "/t").await;
    assert_eq!((outcome.files, outcome.error_count), (11_800, 200));
    assert_eq!((outcome.directories, outcome.errors.len()), (0, MAX_ERRORS));
    assert_eq!(memory.left().len(), 201);
}

#[tokio::test]
async fn a_directory_swapped_for_a_link_is_left_alone() {
    let mut memory = Memory::of(&[("/t", D), ("/t/d", D), ("/t/d/x", F), ("/t/y", F)]);
    memory.swapped.push(at("/t/d"));
    let memory = Arc::new(memory);
    let outcome = remove(&memory, "/t").await;
    assert_eq!((outcome.files, outcome.error_count), (1, 1));
    assert_eq!(memory.left(), ["/t", "/t/d", "/t/d/x"]);
}

#[tokio::test]
async fn a_link_shown_as_a_directory_is_removed_as_a_link() {
    let mut memory = Memory::of(&[
        ("/t", D),
        ("/t/link", FileType::Symlink),
        ("/t/d", D),
        ("/t/d/x", F),
    ]);
    memory.links = false;
    let memory = Arc::new(memory);
    let outcome = remove(&memory, "/t").await;
    assert_eq!((outcome.files, outcome.directories), (2, 2));
    assert_eq!(outcome.error_count, 0);
    assert!(memory.left().is_empty());
}

#[tokio::test]
async fn the_root_is_not_removed() {
    let fs: Arc<dyn RemoteFs> = Arc::new(Memory::of(&[("/x", F)]));
    let error = remove_tree(&fs, &RemotePath::root()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(create_dir_all(&fs, &at("/a/b/c")).await.unwrap(), 3);
    assert_eq!(create_dir_all(&fs, &at("/a/b/d")).await.unwrap(), 1);
    let error = create_dir_all(&fs, &at("/x/y")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotADirectory);
}

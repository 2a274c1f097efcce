//! A server in memory that says what no real one can be made to say.

use async_trait::async_trait;
use bytes::Bytes;
use connection_core::archive::{Archive, ArchiveFormat, ArchiveOptions};
use connection_core::fs::{
    Capabilities, DirPages, Entry, FileReader, FileType, FileWriter, Metadata, Overwrite, RemoteFs,
    SetAttributes, SpaceInfo, WriteOptions,
};
use connection_core::path::{RemoteName, RemotePath};
use connection_core::{Error, ErrorKind, Result};
use std::collections::BTreeMap;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, UNIX_EPOCH};

/// What the server has at a path.
#[derive(Clone)]
pub(crate) enum Thing {
    Text(&'static str),
    /// Says one size, and gives another.
    Zeros {
        said: Option<u64>,
        has: u64,
    },
    /// Begun anew since it was listed, and still growing: what it said then, what it has
    /// when it is first read, and what it has ever after.
    Anew(u64, u64, u64),
    /// Says a size, and fails in the middle.
    Breaks(u64, ErrorKind),
    /// Cannot be opened or listed.
    Refused(FileType, ErrorKind),
    /// Can be opened some day.
    Hangs,
    Link(&'static [u8]),
    Other,
    /// Shows these names, whatever they are.
    Directory(Vec<(Vec<u8>, FileType)>),
    /// Shows what is at another path.
    Same(&'static str),
}

#[derive(Default)]
pub(crate) struct Memory {
    things: BTreeMap<RemotePath, Thing>,
    /// Whether links are told from what they lead to.
    pub(crate) links: bool,
    /// Entries that each directory is said to have, made up as they are listed.
    pub(crate) many: u32,
    /// Whether what is begun anew was read before.
    read: AtomicBool,
}

impl Memory {
    pub(crate) fn of(things: impl IntoIterator<Item = (&'static str, Thing)>) -> Self {
        let things = things.into_iter().map(|(path, thing)| (at(path), thing));
        Self {
            things: things.collect(),
            links: true,
            ..Self::default()
        }
    }

    /// The path without directories that are others in truth.
    fn resolved(&self, path: &RemotePath) -> RemotePath {
        let mut real = RemotePath::root();
        for name in path.as_bytes().split(|b| *b == b'/') {
            if !name.is_empty() {
                real = real.join(&RemoteName::new(name)).unwrap();
            }
            if let Some(Thing::Same(other)) = self.things.get(&real) {
                real = at(other);
            }
        }
        real
    }

    fn find(&self, path: &RemotePath) -> Result<&Thing> {
        match self.things.get(&self.resolved(path)) {
            Some(thing) => Ok(thing),
            None if self.many > 0 => Ok(&Thing::Text("x")),
            None => Err(Error::new(ErrorKind::NotFound, "look", "No such file")),
        }
    }
}

pub(crate) fn at(path: &str) -> RemotePath {
    RemotePath::from_text(path).unwrap()
}

fn metadata(thing: &Thing) -> Metadata {
    let (file_type, size) = match thing {
        Thing::Text(text) => (FileType::File, Some(text.len() as u64)),
        Thing::Zeros { said, .. } => (FileType::File, *said),
        Thing::Breaks(size, _) | Thing::Anew(_, _, size) => (FileType::File, Some(*size)),
        Thing::Refused(kind, _) => (*kind, Some(5)),
        Thing::Link(target) => (FileType::Symlink, Some(target.len() as u64)),
        Thing::Hangs => (FileType::File, Some(1)),
        Thing::Other => (FileType::Other, None),
        Thing::Directory(_) | Thing::Same(_) => (FileType::Directory, None),
    };
    Metadata {
        size,
        modified: Some(UNIX_EPOCH + Duration::from_secs(1_600_000_000)),
        permissions: Some(if file_type == FileType::Directory {
            0o755
        } else {
            0o640
        }),
        ..Metadata::of_type(file_type)
    }
}

struct Pages(std::vec::IntoIter<Vec<Entry>>);

#[async_trait]
impl DirPages for Pages {
    async fn next_page(&mut self) -> Result<Option<Vec<Entry>>> {
        Ok(self.0.next())
    }
}

struct Reader {
    left: u64,
    text: Option<&'static str>,
    breaks: Option<ErrorKind>,
}

#[async_trait]
impl FileReader for Reader {
    async fn next_chunk(&mut self) -> Result<Option<Bytes>> {
        if let Some(text) = self.text.take().filter(|text| !text.is_empty()) {
            return Ok(Some(Bytes::from_static(text.as_bytes())));
        }
        static ZEROS: [u8; 256 << 10] = [0; 256 << 10];
        let length = usize::try_from(self.left.min(ZEROS.len() as u64)).unwrap();
        self.left -= length as u64;
        match (length, self.breaks) {
            (0, None) => Ok(None),
            (0, Some(kind)) => Err(Error::new(kind, "read", "broken")),
            _ => Ok(Some(Bytes::from_static(&ZEROS[..length]))),
        }
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

    async fn stat(&self, path: &RemotePath) -> Result<Metadata> {
        self.lstat(path).await
    }

    async fn lstat(&self, path: &RemotePath) -> Result<Metadata> {
        self.find(path).map(metadata)
    }

    async fn list(&self, path: &RemotePath) -> Result<Box<dyn DirPages>> {
        let entry = |name: Vec<u8>, metadata| Entry {
            name: RemoteName::new(name),
            metadata,
            link_target: None,
        };
        let shown = match self.find(path)? {
            Thing::Refused(_, kind) => return Err(Error::new(*kind, "list", "Permission denied")),
            Thing::Directory(shown) => shown.clone(),
            _ => return Err(Error::new(ErrorKind::NotADirectory, "list", "no directory")),
        };
        let mut entries: Vec<Entry> = shown
            .into_iter()
            .map(|(name, kind)| {
                let of_type = || Metadata {
                    size: Some(1),
                    ..Metadata::of_type(kind)
                };
                let known = path.join(&RemoteName::new(name.clone()));
                let known = known.ok().and_then(|path| self.find(&path).ok());
                let known = known.map(|thing| match thing {
                    Thing::Anew(listed, ..) => {
                        metadata(&Thing::Breaks(*listed, ErrorKind::Failure))
                    }
                    thing => metadata(thing),
                });
                let metadata = known.filter(|m| m.file_type == kind);
                entry(name, metadata.unwrap_or_else(of_type))
            })
            .collect();
        entries.extend((0..self.many).map(|number| {
            let name = format!("entry-{number}").into_bytes();
            entry(name, metadata(&Thing::Text("x")))
        }));
        let pages: Vec<_> = entries.chunks(1000).map(<[Entry]>::to_vec).collect();
        Ok(Box::new(Pages(pages.into_iter())))
    }

    async fn open_read(&self, path: &RemotePath, _: u64) -> Result<Box<dyn FileReader>> {
        let (left, text, breaks) = match self.find(path)? {
            Thing::Text(text) => (0, Some(*text), None),
            Thing::Zeros { has, .. } => (*has, None, None),
            Thing::Anew(_, first, then) => match self.read.swap(true, Ordering::Relaxed) {
                false => (*first, None, None),
                true => (*then, None, None),
            },
            Thing::Hangs => std::future::pending().await,
            Thing::Breaks(size, kind) => (size / 2, None, Some(*kind)),
            Thing::Refused(_, kind) => return Err(Error::new(*kind, "open", "Permission denied")),
            _ => return Err(Error::new(ErrorKind::IsADirectory, "open", "no file")),
        };
        Ok(Box::new(Reader { left, text, breaks }))
    }

    async fn read_link(&self, path: &RemotePath) -> Result<Vec<u8>> {
        match self.find(path)? {
            Thing::Link(target) => Ok(target.to_vec()),
            _ => Ok(b"/etc".to_vec()),
        }
    }

    async fn open_write(&self, _: &RemotePath, _: WriteOptions) -> Result<Box<dyn FileWriter>> {
        unused()
    }
    async fn create_dir(&self, _: &RemotePath) -> Result<()> {
        unused()
    }
    async fn remove_file(&self, _: &RemotePath) -> Result<()> {
        unused()
    }
    async fn remove_dir(&self, _: &RemotePath) -> Result<()> {
        unused()
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
    async fn space(&self, _: &RemotePath) -> Result<SpaceInfo> {
        unused()
    }
}

pub(crate) const FORMATS: [(ArchiveFormat, &str); 2] =
    [(ArchiveFormat::Zip, "zip"), (ArchiveFormat::Tar, "tar")];

/// An archive of these paths.
pub(crate) async fn open(fs: Memory, paths: &[&str], format: ArchiveFormat) -> Result<Archive> {
    let fs: Arc<dyn RemoteFs> = Arc::new(fs);
    let paths: Vec<_> = paths.iter().map(|path| at(path)).collect();
    let options = ArchiveOptions {
        format,
        max_file_size: None,
    };
    Archive::open(fs, &paths, options).await
}

/// Writes an archive to a file, which has holes where it has zeros; answers its length.
pub(crate) async fn write(mut archive: Archive, path: &Path) -> Result<u64> {
    let mut file = std::fs::File::create(path).unwrap();
    let mut length = 0;
    while let Some(bytes) = archive.next_chunk().await? {
        length += bytes.len() as u64;
        if bytes.iter().all(|byte| *byte == 0) {
            file.seek(SeekFrom::Current(i64::try_from(bytes.len()).unwrap()))
                .unwrap();
        } else {
            file.write_all(&bytes).unwrap();
        }
    }
    file.set_len(length).unwrap();
    Ok(length)
}

//! A server with a few files in memory that says what came together and what had to be waited
//! for: it answers only when the client sends nothing more by itself, and so each of its
//! batches is one wait, whatever the line and the machine.

use super::super::SftpFs;
use super::support::{Asked, PATIENCE, Script, channel, string};
use crate::path::RemotePath;
use bytes::{BufMut, BytesMut};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::io::AsyncWriteExt;
use tokio::sync::mpsc;

/// Turns of the other tasks after which nothing more comes by itself. The runtime has one
/// thread: each turn lets everything run that can.
const TURNS: usize = 200;

const EXTENSIONS: [(&[u8], &[u8]); 3] = [
    (b"posix-rename@openssh.com", b"1"),
    (b"fsync@openssh.com", b"1"),
    (b"statvfs@openssh.com", b"2"),
];

/// A file, a directory or a link, by the type in its mode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) mode: u32,
    pub(crate) owner: (u32, u32),
    pub(crate) modified: u32,
    /// Of a link, where it leads.
    pub(crate) content: Vec<u8>,
}

/// What the server has and what happened to it.
#[derive(Default)]
pub(crate) struct Disk {
    pub(crate) nodes: BTreeMap<String, Node>,
    /// Statuses in place of doing it.
    pub(crate) refused: HashMap<&'static str, u32>,
    /// Offset of the bytes that are refused.
    pub(crate) refused_at: Option<u64>,
    /// Attributes of open files are set before the bytes are written that came before, as by
    /// servers on Go's `pkg/sftp`.
    pub(crate) hasty: bool,
    /// What comes to be there when a request of this name was done.
    pub(crate) meanwhile: Option<(&'static str, String)>,
    /// Requests that came together, batch after batch.
    pub(crate) batches: Vec<Vec<&'static str>>,
    /// Modes of the files that bytes were written to.
    pub(crate) written: Vec<u32>,
    handles: HashMap<u32, String>,
}

/// The disk, on both sides of the server.
#[derive(Clone, Default)]
pub(crate) struct Pretend(Arc<Mutex<Disk>>);

impl Pretend {
    pub(crate) fn disk(&self) -> MutexGuard<'_, Disk> {
        self.0.lock().unwrap()
    }

    /// A file of the account that logs in.
    pub(crate) fn put(&self, path: &str, mode: u32, content: &str) {
        let node = Node {
            mode,
            owner: (7, 7),
            modified: 1,
            content: content.as_bytes().to_vec(),
        };
        self.disk().nodes.insert(path.to_owned(), node);
    }

    /// A session on it. Those of its requests do not count.
    pub(crate) async fn open(&self) -> Arc<SftpFs> {
        let (near, far) = tokio::io::duplex(1 << 20);
        tokio::spawn(serve(self.clone(), Script(far)));
        let fs = SftpFs::open(channel(near, 64 * 1024), PATIENCE)
            .await
            .unwrap();
        self.disk().batches.clear();
        fs
    }

    /// Every name there is.
    pub(crate) fn names(&self) -> Vec<String> {
        self.disk().nodes.keys().cloned().collect()
    }

    pub(crate) fn node(&self, path: &str) -> Node {
        self.disk().nodes[path].clone()
    }

    pub(crate) fn batches(&self) -> Vec<Vec<&'static str>> {
        self.disk().batches.clone()
    }
}

/// Waits until the other tasks have nothing to do by themselves.
pub(crate) async fn quiet() {
    for _ in 0..TURNS {
        tokio::task::yield_now().await;
    }
}

async fn serve(pretend: Pretend, mut server: Script) {
    server.hello_with(&EXTENSIONS).await;
    let (read, mut write) = tokio::io::split(server.0);
    let (send, mut asked) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        let mut read = read;
        while let Some(packet) = super::support::read_packet(&mut read).await {
            if send.send(Asked::of(&packet)).is_err() {
                return;
            }
        }
    });
    while let Some(first) = asked.recv().await {
        let mut batch = vec![first];
        quiet().await;
        while let Ok(next) = asked.try_recv() {
            batch.push(next);
        }
        let names = batch.iter().map(name).collect();
        if pretend.disk().hasty {
            batch.sort_by_key(|asked| name(asked) != "FSETSTAT");
        }
        let mut replies: Vec<Vec<u8>> = {
            let mut disk = pretend.disk();
            disk.batches.push(names);
            batch.iter().map(|asked| disk.answer(asked)).collect()
        };
        // In the order least expected: a client knows replies by their ids alone.
        replies.reverse();
        if write.write_all(&replies.concat()).await.is_err() {
            return;
        }
    }
}

fn name(asked: &Asked) -> &'static str {
    match asked.kind {
        3 => "OPEN",
        4 => "CLOSE",
        5 => "READ",
        6 => "WRITE",
        7 => "LSTAT",
        8 => "FSTAT",
        9 => "SETSTAT",
        10 => "FSETSTAT",
        13 => "REMOVE",
        16 => "REALPATH",
        17 => "STAT",
        18 => "RENAME",
        19 => "READLINK",
        200 => match Words(&asked.body).text().as_str() {
            "posix-rename@openssh.com" => "POSIX-RENAME",
            "fsync@openssh.com" => "FSYNC",
            "statvfs@openssh.com" => "STATVFS",
            other => panic!("not offered: {other}"),
        },
        other => panic!("unexpected request {other}"),
    }
}

/// The fields of a request, which a test believes.
struct Words<'a>(&'a [u8]);

impl Words<'_> {
    fn take<const N: usize>(&mut self) -> [u8; N] {
        let (field, rest) = self.0.split_at(N);
        self.0 = rest;
        field.try_into().unwrap()
    }

    fn u32(&mut self) -> u32 {
        u32::from_be_bytes(self.take())
    }

    fn bytes(&mut self) -> Vec<u8> {
        let length = self.u32() as usize;
        let (field, rest) = self.0.split_at(length);
        self.0 = rest;
        field.to_vec()
    }

    fn text(&mut self) -> String {
        String::from_utf8(self.bytes()).unwrap()
    }

    fn handle(&mut self) -> u32 {
        u32::from_be_bytes(self.bytes().try_into().unwrap())
    }

    /// Changes the attributes of a node.
    fn attrs(&mut self, node: &mut Node) {
        let flags = self.u32();
        if flags & 1 != 0 {
            let size = u64::from_be_bytes(self.take());
            node.content.resize(size as usize, 0);
        }
        if flags & 2 != 0 {
            node.owner = (self.u32(), self.u32());
        }
        if flags & 4 != 0 {
            node.mode = node.mode & 0o170_000 | self.u32() & 0o7777;
        }
        if flags & 8 != 0 {
            self.u32();
            node.modified = self.u32();
        }
    }
}

/// What a request gives: the packet's type and body, or a status.
type Given = Result<(u8, Vec<u8>), u32>;

impl Disk {
    fn answer(&mut self, asked: &Asked) -> Vec<u8> {
        let name = name(asked);
        let given = match self.refused.get(name) {
            // A handle is gone whatever CLOSE says.
            Some(code) => Err(*code),
            None => self.perform(name, Words(&asked.body)),
        };
        if let Some((_, path)) = self.meanwhile.take_if(|(after, _)| *after == name) {
            let node = Node {
                mode: 0o100_644,
                owner: (8, 8),
                modified: 2,
                content: b"another's".to_vec(),
            };
            self.nodes.insert(path, node);
        }
        let (kind, body) = given.unwrap_or_else(|code| {
            let mut body = BytesMut::new();
            body.put_u32(code);
            body.put_slice(&string(b"no"));
            body.put_slice(&string(b"en"));
            (101, body.to_vec())
        });
        let mut packet = vec![kind];
        packet.extend_from_slice(&asked.id.to_be_bytes());
        packet.extend_from_slice(&body);
        string(&packet)
    }

    fn perform(&mut self, name: &str, mut words: Words<'_>) -> Given {
        let done = Err(0);
        match name {
            "OPEN" => return self.open(words),
            "CLOSE" => {
                self.handles.remove(&words.handle()).ok_or(4_u32)?;
            }
            "READ" => {
                let content = self.of_handle(words.handle())?.content.clone();
                let (offset, length) = (u64::from_be_bytes(words.take()), words.u32());
                let rest = content.get(offset as usize..).unwrap_or_default();
                let part = &rest[..rest.len().min(length as usize)];
                return match part {
                    [] => Err(1),
                    part => Ok((103, string(part))),
                };
            }
            "WRITE" => {
                let handle = words.handle();
                let (offset, data) = (u64::from_be_bytes(words.take()), words.bytes());
                if self.refused_at == Some(offset) {
                    return Err(4);
                }
                let node = self.of_handle(handle)?;
                assert!(offset >= node.content.len() as u64, "an overlap");
                node.content.resize(offset as usize, 0);
                node.content.extend(data);
                node.modified = 3;
                node.mode &= !0o6000;
                let mode = node.mode;
                self.written.push(mode);
            }
            "LSTAT" => return shown(self.nodes.get(&words.text())),
            "STAT" => {
                let path = self.followed(words.text());
                return shown(self.nodes.get(&path));
            }
            "FSETSTAT" => {
                let handle = words.handle();
                words.attrs(self.of_handle(handle)?);
            }
            "SETSTAT" => {
                let path = words.text();
                words.attrs(self.nodes.get_mut(&path).ok_or(2_u32)?);
            }
            "REMOVE" => {
                self.nodes.remove(&words.text()).ok_or(2_u32)?;
            }
            "REALPATH" => return Ok((104, named(b"/home"))),
            "READLINK" => {
                let node = self.nodes.get(&words.text()).ok_or(2_u32)?;
                return Ok((104, named(&node.content)));
            }
            "RENAME" | "POSIX-RENAME" => {
                if name == "POSIX-RENAME" {
                    words.text();
                }
                let (from, to) = (words.text(), words.text());
                if name == "RENAME" && self.nodes.contains_key(&to) {
                    return Err(4);
                }
                let node = self.nodes.remove(&from).ok_or(2_u32)?;
                self.nodes.insert(to, node);
            }
            "FSYNC" => {}
            "STATVFS" => {
                // A disk without a free block.
                let mut body = BytesMut::new();
                for number in [512_u64, 512, 10, 0, 0, 5, 5, 5, 0, 0, 255] {
                    body.put_u64(number);
                }
                return Ok((201, body.to_vec()));
            }
            other => panic!("not played: {other}"),
        }
        done
    }

    fn open(&mut self, mut words: Words<'_>) -> Given {
        let (path, flags) = (words.text(), words.u32());
        let (create, exclusive) = (flags & 8 != 0, flags & 0x20 != 0);
        if exclusive && self.nodes.contains_key(&path) {
            return Err(4);
        }
        if create && !self.nodes.contains_key(&path) {
            let mut node = Node {
                mode: 0o100_644,
                owner: (7, 7),
                modified: 3,
                content: Vec::new(),
            };
            words.attrs(&mut node);
            self.nodes.insert(path.clone(), node);
        }
        let path = self.followed(path);
        let node = self.nodes.get(&path).ok_or(2_u32)?;
        if node.mode & 0o170_000 == 0o040_000 {
            return Err(4);
        }
        let handle = self.handles.keys().max().unwrap_or(&0) + 1;
        self.handles.insert(handle, path);
        Ok((102, string(&handle.to_be_bytes())))
    }

    fn of_handle(&mut self, handle: u32) -> Result<&mut Node, u32> {
        let path = self.handles.get(&handle).ok_or(4_u32)?;
        self.nodes.get_mut(path).ok_or(4)
    }

    fn followed(&self, path: String) -> String {
        match self.nodes.get(&path) {
            Some(node) if node.mode & 0o170_000 == 0o120_000 => {
                String::from_utf8(node.content.clone()).unwrap()
            }
            _ => path,
        }
    }
}

fn shown(node: Option<&Node>) -> Given {
    let node = node.ok_or(2_u32)?;
    let mut body = BytesMut::new();
    body.put_u32(0xf);
    body.put_u64(node.content.len() as u64);
    body.put_u32(node.owner.0);
    body.put_u32(node.owner.1);
    body.put_u32(node.mode);
    body.put_u32(node.modified);
    body.put_u32(node.modified);
    Ok((105, body.to_vec()))
}

fn named(name: &[u8]) -> Vec<u8> {
    let mut body = BytesMut::new();
    body.put_u32(1);
    body.put_slice(&string(name));
    body.put_slice(&string(name));
    body.put_u32(0);
    body.to_vec()
}

/// A path of the server.
pub(crate) fn at(path: &str) -> RemotePath {
    RemotePath::from_text(path).unwrap()
}

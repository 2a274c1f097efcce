//! One file over several channels, each with a window that a long line does not fill.

use super::super::further::{Held, SpareChannels};
use super::super::stripes::would_help;
use super::super::{SftpFs, further};
use super::support::{PATIENCE, Proxy, Server, channel, delayed_telling, proxied, start, until};
use crate::error::{ErrorKind, Result};
use crate::fs::{FileWriter, RemoteFs, WriteMode, WriteOptions};
use crate::path::{RemoteName, RemotePath};
use crate::ssh::engine::{Channel, ChannelRequest, ChannelSender, Stalls};
use async_trait::async_trait;
use bytes::Bytes;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::Semaphore;

/// What each channel takes ahead of the server.
const WINDOW: usize = 512 * 1024;

/// Each way.
const FAR: Duration = Duration::from_millis(15);

/// A file that is worth it, and the pieces it is written in.
const SIZE: usize = 24 << 20;
const PIECE: usize = 1 << 20;

const NEW: WriteOptions = WriteOptions {
    mode: WriteMode::CreateNew,
    permissions: None,
};

/// A sender that waits for the window.
struct Windowed {
    sender: Box<dyn ChannelSender>,
    window: Arc<Semaphore>,
    stalls: Stalls,
}

#[async_trait]
impl ChannelSender for Windowed {
    async fn request(&mut self, request: ChannelRequest) -> Result<()> {
        self.sender.request(request).await
    }

    async fn write(&mut self, data: Bytes) -> Result<()> {
        if self.window.available_permits() < data.len() {
            self.stalls.count();
        }
        let taken = self.window.acquire_many(data.len() as u32).await.unwrap();
        taken.forget();
        self.sender.write(data).await
    }

    async fn eof(&mut self) -> Result<()> {
        self.sender.eof().await
    }

    async fn signal(&mut self, name: &str) -> Result<()> {
        self.sender.signal(name).await
    }

    async fn resize(&mut self, columns: u32, rows: u32) -> Result<()> {
        self.sender.resize(columns, rows).await
    }

    async fn close(&mut self) {
        self.sender.close().await;
    }

    fn stalls(&self) -> Stalls {
        self.stalls.clone()
    }
}

/// Counts what is written, and leads an OPEN elsewhere.
#[derive(Clone, Default)]
struct Seen {
    opens: Arc<AtomicUsize>,
    writes: Arc<AtomicUsize>,
    /// What the last byte of the path becomes.
    elsewhere: Option<u8>,
}

impl Proxy for Seen {
    fn request(&mut self, mut packet: Vec<u8>) -> Vec<Vec<u8>> {
        match packet[0] {
            3 => {
                self.opens.fetch_add(1, Ordering::SeqCst);
                let length = u32::from_be_bytes(packet[5..9].try_into().unwrap()) as usize;
                if let Some(byte) = self.elsewhere {
                    packet[9 + length - 1] = byte;
                }
            }
            6 => {
                self.writes.fetch_add(1, Ordering::SeqCst);
            }
            _ => {}
        }
        vec![packet]
    }
}

/// A server behind a line of this length, and a channel to it.
fn server(directory: &Path, delay: Duration, seen: Seen) -> (Server, Channel) {
    let (server, stream) = start(directory, false);
    let window = Arc::new(Semaphore::new(WINDOW));
    let adjusted = window.clone();
    let line = delayed_telling(proxied(stream, seen), delay, move |bytes| {
        let window = adjusted.clone();
        tokio::spawn(async move {
            tokio::time::sleep(delay).await;
            window.add_permits(bytes);
        });
    });
    let Channel { sender, receiver } = channel(line, 64 * 1024);
    let sender = Box::new(Windowed {
        sender,
        window,
        stalls: Stalls::default(),
    });
    (server, Channel { sender, receiver })
}

/// Further servers of the same directory.
#[derive(Clone)]
struct Spares {
    directory: PathBuf,
    delay: Duration,
    /// How many there are to be had.
    left: Arc<AtomicUsize>,
    asked: Arc<AtomicUsize>,
    seen: Seen,
    /// Processes of those given that are not closed.
    open: Arc<Mutex<Vec<u32>>>,
}

struct Given(Server, Arc<Mutex<Vec<u32>>>);

impl Drop for Given {
    fn drop(&mut self) {
        self.1.lock().unwrap().retain(|pid| *pid != self.0.pid());
    }
}

#[async_trait]
impl SpareChannels for Spares {
    async fn spare(&self, most: usize) -> Vec<(Channel, Held)> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let given = self.left.load(Ordering::SeqCst).min(most);
        self.left.fetch_sub(given, Ordering::SeqCst);
        let one = || {
            let (server, channel) = server(&self.directory, self.delay, self.seen.clone());
            self.open.lock().unwrap().push(server.pid());
            (channel, Box::new(Given(server, self.open.clone())) as Held)
        };
        (0..given).map(|_| one()).collect()
    }
}

struct World {
    fs: Arc<SftpFs>,
    spares: Spares,
    directory: tempfile::TempDir,
    _server: Server,
}

impl World {
    async fn new(delay: Duration, left: usize, elsewhere: Option<u8>) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let spares = Spares {
            directory: directory.path().to_owned(),
            delay,
            left: Arc::new(AtomicUsize::new(left)),
            asked: Arc::default(),
            seen: Seen {
                elsewhere,
                ..Seen::default()
            },
            open: Arc::default(),
        };
        let (server, channel) = server(directory.path(), delay, Seen::default());
        let more = Box::new(spares.clone());
        let fs = SftpFs::open_with(channel, PATIENCE, Some(more)).await;
        Self {
            fs: fs.unwrap(),
            spares,
            directory,
            _server: server,
        }
    }

    fn path(&self, name: &str) -> RemotePath {
        let base = self.directory.path().as_os_str().as_bytes();
        let base = RemotePath::parse(base, &RemotePath::root()).unwrap();
        base.join(&RemoteName::new(name)).unwrap()
    }

    fn content(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.directory.path().join(name)).unwrap()
    }

    fn asked(&self) -> usize {
        self.spares.asked.load(Ordering::SeqCst)
    }

    fn open(&self) -> Vec<u32> {
        self.spares.open.lock().unwrap().clone()
    }

    fn written_beside(&self) -> usize {
        self.spares.seen.writes.load(Ordering::SeqCst)
    }

    /// A new file that was written until something came over other channels too, and the
    /// bytes it has.
    async fn striped(&self, name: &str) -> (Box<dyn FileWriter>, Vec<u8>) {
        self.opened_beside(name, 3).await
    }

    /// As [`striped`](Self::striped), once files were opened on other channels so often.
    async fn opened_beside(&self, name: &str, opens: usize) -> (Box<dyn FileWriter>, Vec<u8>) {
        let mut file = self.fs.open_write(&self.path(name), NEW).await.unwrap();
        let mut content = Vec::new();
        let begin = self.written_beside();
        let opened = &self.spares.seen.opens;
        while opened.load(Ordering::SeqCst) < opens || self.written_beside() < begin + 20 {
            assert!(content.len() < 1 << 28, "no other channel comes into use");
            let piece = pattern_from(content.len(), PIECE);
            content.extend(&piece);
            file.write(Bytes::from(piece)).await.unwrap();
        }
        (file, content)
    }
}

/// Bytes of which no two pieces are alike.
fn pattern(length: usize) -> Vec<u8> {
    pattern_from(0, length)
}

fn pattern_from(at: usize, length: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(length + 8);
    for number in at as u64 / 8.. {
        if bytes.len() >= length {
            break;
        }
        bytes.extend_from_slice(&number.to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

async fn write_all(world: &World, name: &str, mode: WriteMode, content: &[u8]) -> Result<()> {
    let options = WriteOptions {
        mode,
        permissions: None,
    };
    let mut file = world.fs.open_write(&world.path(name), options).await?;
    for piece in content.chunks(PIECE) {
        file.write(Bytes::copy_from_slice(piece)).await?;
    }
    file.finish().await
}

#[tokio::test]
async fn a_large_file_goes_up_a_long_line_over_four_channels() {
    let world = World::new(FAR, 9, None).await;
    let (mut file, mut content) = world.striped("f").await;
    assert_eq!((world.asked(), world.open().len()), (1, 3));
    let more = pattern(SIZE + 77);
    // Small pieces and large ones.
    for piece in more.chunks(777_777) {
        let (small, large) = piece.split_at(1000);
        file.write(Bytes::copy_from_slice(small)).await.unwrap();
        file.write(Bytes::copy_from_slice(large)).await.unwrap();
    }
    content.extend(more);
    file.finish().await.unwrap();
    assert!(world.content("f") == content);
    // They go with the last file that needs them.
    until("the further channels are closed", || {
        world.open().is_empty()
    })
    .await;
    assert_eq!(world.fs.client.due(), 0);
}

#[tokio::test]
async fn two_files_share_the_further_channels() {
    let world = World::new(FAR, 9, None).await;
    // Each is opened on each of the three.
    let (first, second) = tokio::join!(world.opened_beside("f", 6), world.opened_beside("g", 6));
    for (name, (file, content)) in [("f", first), ("g", second)] {
        assert_eq!(world.open().len(), 3);
        file.finish().await.unwrap();
        assert!(world.content(name) == content);
    }
    assert_eq!(world.spares.seen.opens.load(Ordering::SeqCst), 6);
    until("the further channels are closed", || {
        world.open().is_empty()
    })
    .await;
}

#[tokio::test]
async fn nothing_further_is_asked_for_where_it_would_not_help() {
    let content = pattern(SIZE);
    let far = World::new(FAR, 9, None).await;
    // A file that is over by then, and files that may be gone on with from their size.
    let small = &content[..3 << 20];
    for (mode, content) in [
        (WriteMode::CreateNew, small),
        (WriteMode::Truncate, &content),
        (WriteMode::At(0), &content),
    ] {
        write_all(&far, "f", mode, content).await.unwrap();
        assert!(far.content("f") == content);
    }
    assert_eq!(far.asked(), 0);
}

/// By figures, since a busy machine makes any way long.
#[test]
fn a_short_way_a_small_file_and_a_window_met_once_want_no_further_channels() {
    let ms = |ms| Some(Duration::from_millis(ms));
    for (met, settled, way, helps) in [
        (2, 4 << 20, ms(11), true),
        (2, 4 << 20, ms(10), false),
        (2, 4 << 20, None, false),
        (2, (4 << 20) - 1, ms(50), false),
        (1, 40 << 20, ms(50), false),
    ] {
        assert_eq!(
            would_help(met, settled, way),
            helps,
            "{met} {settled} {way:?}"
        );
    }
}

#[tokio::test]
async fn a_file_that_is_not_to_be_opened_twice_goes_over_one_channel() {
    // The second leads to a file that is there, and is another one.
    for elsewhere in [b'?', b'g'] {
        let world = World::new(FAR, 9, Some(elsewhere)).await;
        let other = vec![7; 20 << 20];
        std::fs::write(world.directory.path().join("g"), &other).unwrap();
        let content = pattern(SIZE);
        write_all(&world, "f", WriteMode::CreateNew, &content)
            .await
            .unwrap();
        assert!(world.content("f") == content && world.content("g") == other);
        assert_eq!((world.asked(), world.written_beside()), (1, 0));
        assert_eq!(
            world.spares.seen.opens.load(Ordering::SeqCst),
            further::MOST
        );
        until("the further channels are closed", || {
            world.open().is_empty()
        })
        .await;
    }
}

#[tokio::test]
async fn without_spare_channels_or_with_one_it_goes_all_the_same() {
    for left in [0, 1] {
        let world = World::new(FAR, left, None).await;
        let content = pattern(SIZE);
        write_all(&world, "f", WriteMode::CreateNew, &content)
            .await
            .unwrap();
        assert!(world.content("f") == content);
        assert_eq!(world.asked(), 1);
        assert_eq!(world.written_beside() > 0, left > 0);
    }
}

#[tokio::test]
async fn a_channel_that_dies_fails_the_file_and_what_is_settled_is_true() {
    let world = World::new(FAR, 9, None).await;
    let (mut file, content) = world.striped("f").await;
    let killed = std::process::Command::new("kill")
        .args(["-9", &world.open()[1].to_string()])
        .status();
    assert!(killed.unwrap().success());
    let mut more = pattern(SIZE);
    more.reverse();
    let mut sent = content;
    let error = loop {
        match file.write(Bytes::copy_from_slice(&more[..PIECE])).await {
            Ok(()) => sent.extend(&more[..PIECE]),
            Err(error) => {
                sent.extend(&more[..PIECE]);
                break error;
            }
        }
    };
    assert_eq!(error.kind(), ErrorKind::ConnectionLost, "{error:?}");
    let settled = file.settled().unwrap() as usize;
    // Told once nothing is under way any more, whatever is done about the file then.
    assert_eq!(world.fs.client.due(), 0);
    assert!(settled > 0 && world.content("f")[..settled] == sent[..settled]);
    let again = file.write(Bytes::from_static(b"x")).await.unwrap_err();
    assert_eq!(again.kind(), ErrorKind::ConnectionLost);
    assert_eq!(
        file.finish().await.unwrap_err().kind(),
        ErrorKind::ConnectionLost
    );
    until("the further channels are closed", || {
        world.open().is_empty()
    })
    .await;
    // The session is well, and the next file gets new channels.
    let (file, content) = world.striped("g").await;
    file.finish().await.unwrap();
    assert!(world.content("g") == content);
}

#[tokio::test]
async fn a_file_given_up_is_closed_on_every_channel() {
    let world = World::new(FAR, 9, None).await;
    for name in ["f", "g"] {
        let (file, _) = world.striped(name).await;
        match name {
            "f" => file.abort().await,
            _ => drop(file),
        }
        world.fs.remove_file(&world.path(name)).await.unwrap();
        until("the further channels are closed", || {
            world.open().is_empty()
        })
        .await;
    }
    // Given up while they are on their way.
    let mut file = world.fs.open_write(&world.path("h"), NEW).await.unwrap();
    let piece = Bytes::from(vec![1; PIECE]);
    while world.asked() < 3 {
        file.write(piece.clone()).await.unwrap();
    }
    drop(file);
    until("the further channels are closed", || {
        world.open().is_empty()
    })
    .await;
    until("all replies came", || world.fs.client.due() == 0).await;
}

#[tokio::test]
async fn closing_the_session_closes_the_further_channels() {
    let world = World::new(FAR, 9, None).await;
    let (mut file, _) = world.striped("f").await;
    world.fs.close().await;
    until("the further channels are closed", || {
        world.open().is_empty()
    })
    .await;
    let piece = Bytes::from(vec![1; PIECE]);
    let error = file.write(piece).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled, "{error:?}");
}

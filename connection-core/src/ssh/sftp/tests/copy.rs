//! Copying on the server: what comes of it, and what happens when the server will not.

use super::super::SftpFs;
use super::files::pattern;
use super::support::{PATIENCE, Proxy, World, channel, delayed, start};
use crate::error::{ErrorKind, Result};
use crate::fs::{Overwrite, RemoteFs, WriteMode, WriteOptions};
use crate::path::RemotePath;
use crate::tree::copy_file;
use bytes::Bytes;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const NEW: WriteOptions = WriteOptions {
    mode: WriteMode::CreateNew,
    permissions: None,
};

/// What a file in these tests holds: more than the first two ranges.
const SIZE: usize = 13_000_001;

/// Counts the bytes of files that pass, and the requests to copy; changes the latter.
struct Watch<F> {
    copies: Arc<AtomicUsize>,
    passed: Arc<AtomicU64>,
    change: F,
}

impl<F: FnMut(usize, &mut Vec<u8>) + Send + 'static> Proxy for Watch<F> {
    fn request(&mut self, mut packet: Vec<u8>) -> Vec<Vec<u8>> {
        const NAME: &[u8] = b"\0\0\0\x09copy-data";
        if packet[0] == 6 {
            self.passed.fetch_add(packet.len() as u64, Ordering::SeqCst);
        }
        if packet[0] == 200 && packet[5..].starts_with(NAME) {
            let number = self.copies.fetch_add(1, Ordering::SeqCst);
            (self.change)(number, &mut packet);
        }
        vec![packet]
    }
}

struct Watched {
    world: World,
    copies: Arc<AtomicUsize>,
    passed: Arc<AtomicU64>,
}

impl Watched {
    async fn new(change: impl FnMut(usize, &mut Vec<u8>) + Send + 'static) -> Self {
        let (copies, passed) = <(Arc<AtomicUsize>, Arc<AtomicU64>)>::default();
        let watch = Watch {
            copies: copies.clone(),
            passed: passed.clone(),
            change,
        };
        Self {
            world: World::behind(watch).await,
            copies,
            passed,
        }
    }

    async fn copy(&self, overwrite: Overwrite) -> Result<u64> {
        let fs: Arc<dyn RemoteFs> = self.world.fs.clone();
        copy_file(&fs, &self.world.path("a"), &self.world.path("b"), overwrite).await
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<_> = std::fs::read_dir(self.world.directory.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

/// Makes the server not know the request.
fn refuse(packet: &mut [u8]) {
    packet[9..18].copy_from_slice(b"copy-nada");
}

#[tokio::test]
async fn a_copy_is_made_on_the_server_and_is_the_same() {
    let watched = Watched::new(|_, _| {}).await;
    let world = &watched.world;
    assert!(world.fs.capabilities().server_copy);
    for (round, size) in [1, SIZE].into_iter().enumerate() {
        let content = pattern(size);
        let original = world.local("a");
        std::fs::write(&original, &content).unwrap();
        std::fs::set_permissions(&original, PermissionsExt::from_mode(0o640)).unwrap();
        let overwrite = match round {
            0 => Overwrite::Refuse,
            _ => Overwrite::Replace,
        };
        assert_eq!(watched.copy(overwrite).await.unwrap(), size as u64);
        assert!(std::fs::read(world.local("b")).unwrap() == content);
        let mode = std::fs::metadata(world.local("b")).unwrap().permissions();
        assert_eq!(mode.mode() & 0o7777, 0o640);
    }
    assert_eq!(
        watched.copies.load(Ordering::SeqCst),
        1 + 3,
        "4, 8 and 1 MiB"
    );
    assert_eq!(watched.passed.load(Ordering::SeqCst), 0, "no byte passed");
    let error = watched.copy(Overwrite::Refuse).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AlreadyExists);
    assert_eq!(watched.names(), ["a", "b"]);
}

#[tokio::test]
async fn what_has_no_size_and_what_is_empty_is_copied_too() {
    let watched = Watched::new(|_, _| {}).await;
    std::fs::write(watched.world.local("a"), b"").unwrap();
    assert_eq!(watched.copy(Overwrite::Refuse).await.unwrap(), 0);
    assert_eq!(std::fs::read(watched.world.local("b")).unwrap(), b"");
    let fs: Arc<dyn RemoteFs> = watched.world.fs.clone();
    let version = RemotePath::from_text("/proc/version").unwrap();
    let to = watched.world.path("c");
    copy_file(&fs, &version, &to, Overwrite::Refuse)
        .await
        .unwrap();
    let here = std::fs::read("/proc/version").unwrap();
    assert_eq!(std::fs::read(watched.world.local("c")).unwrap(), here);
}

#[tokio::test]
async fn a_server_that_offers_and_refuses_gets_the_bytes() {
    let watched = Watched::new(|_, packet| refuse(packet)).await;
    let content = pattern(SIZE);
    std::fs::write(watched.world.local("a"), &content).unwrap();
    let size = watched.copy(Overwrite::Refuse).await.unwrap();
    assert_eq!(size, SIZE as u64);
    assert!(std::fs::read(watched.world.local("b")).unwrap() == content);
    assert_eq!(watched.copies.load(Ordering::SeqCst), 1);
    assert!(watched.passed.load(Ordering::SeqCst) > SIZE as u64);
}

#[tokio::test]
async fn a_copy_that_fails_half_way_leaves_nothing() {
    let watched = Watched::new(|number, packet| {
        if number == 1 {
            refuse(packet);
        }
    })
    .await;
    std::fs::write(watched.world.local("a"), pattern(SIZE)).unwrap();
    std::fs::write(watched.world.local("b"), b"old").unwrap();
    let error = watched.copy(Overwrite::Replace).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Failure, "{error:?}");
    assert_eq!(watched.passed.load(Ordering::SeqCst), 0);
    assert_eq!(std::fs::read(watched.world.local("b")).unwrap(), b"old");
    assert_eq!(watched.names(), ["a", "b"]);
}

#[tokio::test]
async fn a_file_that_shrinks_meanwhile_is_not_a_copy() {
    let original: Arc<std::sync::Mutex<PathBuf>> = Arc::default();
    let shrinks = original.clone();
    let watched = Watched::new(move |number, _| {
        if number == 1 {
            let path = shrinks.lock().unwrap().clone();
            let file = std::fs::File::options().write(true).open(path).unwrap();
            file.set_len(5_000_000).unwrap();
        }
    })
    .await;
    *original.lock().unwrap() = watched.world.local("a");
    std::fs::write(watched.world.local("a"), pattern(SIZE)).unwrap();
    let error = watched.copy(Overwrite::Refuse).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Incomplete, "{error:?}");
    assert_eq!(watched.names(), ["a"]);
}

/// A server that says it is done and is not.
#[tokio::test]
async fn a_copy_is_measured_and_not_believed() {
    let watched = Watched::new(|_, packet| {
        // Head, name, a handle of four bytes, offset; then the length.
        let length = &mut packet[34..42];
        let less = u64::from_be_bytes(length.try_into().unwrap()) - 1;
        length.copy_from_slice(&less.to_be_bytes());
    })
    .await;
    std::fs::write(watched.world.local("a"), pattern(SIZE)).unwrap();
    let error = watched.copy(Overwrite::Refuse).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Incomplete, "{error:?}");
    assert!(error.message().contains("13000000"), "{error:?}");
    assert_eq!(watched.names(), ["a"]);
}

#[tokio::test]
async fn bytes_and_copies_go_behind_each_other() {
    let watched = Watched::new(|_, _| {}).await;
    let world = &watched.world;
    let content = pattern(5_000_000);
    std::fs::write(world.local("a"), &content).unwrap();
    let mut writer = world.fs.open_write(&world.path("b"), NEW).await.unwrap();
    writer.write(Bytes::from_static(b"head ")).await.unwrap();
    let copied = writer.copy_from(&world.path("a")).await.unwrap();
    assert_eq!(copied, content.len() as u64);
    let missing = writer.copy_from(&world.path("x")).await.unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::NotFound);
    writer.write(Bytes::from_static(b" tail")).await.unwrap();
    writer.finish().await.unwrap();
    let expected = [b"head ", &content[..], b" tail"].concat();
    assert!(std::fs::read(world.local("b")).unwrap() == expected);
}

#[tokio::test]
async fn what_may_not_be_read_is_not_copied() {
    let world = World::unprivileged().await;
    let fs: Arc<dyn RemoteFs> = world.fs.clone();
    std::fs::set_permissions(world.directory.path(), PermissionsExt::from_mode(0o777)).unwrap();
    std::fs::write(world.local("a"), b"secret").unwrap();
    std::fs::set_permissions(world.local("a"), PermissionsExt::from_mode(0o600)).unwrap();
    let (from, to) = (world.path("a"), world.path("b"));
    let error = copy_file(&fs, &from, &to, Overwrite::Refuse).await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::PermissionDenied);
    let left = std::fs::read_dir(world.directory.path()).unwrap().count();
    assert_eq!(left, 1, "the original alone");
}

#[tokio::test]
async fn a_copy_that_is_given_up_leaves_nothing() {
    let watched = Watched::new(|_, _| {}).await;
    std::fs::write(watched.world.local("a"), vec![7; 64 << 20]).unwrap();
    for wait in [0, 1, 5, 20] {
        let copy = watched.copy(Overwrite::Refuse);
        if tokio::time::timeout(Duration::from_millis(wait), copy)
            .await
            .is_ok()
        {
            std::fs::remove_file(watched.world.local("b")).unwrap();
        }
    }
    let end = Instant::now() + PATIENCE;
    let place = watched.world.local("b");
    while watched.names() != ["a"] {
        assert!(Instant::now() < end, "{:?}", watched.names());
        // It may have been done, and only its answer on the way.
        if std::fs::metadata(&place).is_ok_and(|copy| copy.len() == 64 << 20) {
            std::fs::remove_file(&place).unwrap();
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(watched.world.fs.is_alive());
}

/// Prints how long a quarter of a gibibyte takes both ways, and a listing beside it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement, not a test"]
async fn a_quarter_of_a_gibibyte() {
    const LENGTH: u64 = 256 << 20;
    for delay in [0, 25] {
        let directory = tempfile::tempdir().unwrap();
        let (_server, stream) = start(directory.path(), false);
        let stream = delayed(stream, Duration::from_millis(delay));
        let fs = SftpFs::open(channel(stream, 65_536), PATIENCE)
            .await
            .unwrap();
        let home = fs.home().await.unwrap();
        let at = |name: &str| RemotePath::parse(name.as_bytes(), &home).unwrap();
        let content: Vec<u8> = pattern(LENGTH as usize);
        std::fs::write(directory.path().join("a"), content).unwrap();
        let begun = Instant::now();
        let mut writer = fs.open_write(&at("b"), NEW).await.unwrap();
        let copy = async {
            writer.copy_from(&at("a")).await.unwrap();
            writer.finish().await.unwrap();
        };
        let list = async {
            let mut longest = Duration::ZERO;
            loop {
                let asked = Instant::now();
                fs.stat(&home).await.unwrap();
                longest = longest.max(asked.elapsed());
                println!("  a look took {:?} at most", longest);
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::select! {
            () = copy => {}
            () = list => {}
        }
        println!(
            "round trip {} ms, on the server: {:?}",
            2 * delay,
            begun.elapsed()
        );
        let begun = Instant::now();
        let mut reader = fs.open_read(&at("a"), 0).await.unwrap();
        let mut writer = fs.open_write(&at("c"), NEW).await.unwrap();
        while let Some(chunk) = reader.next_chunk().await.unwrap() {
            writer.write(chunk).await.unwrap();
        }
        writer.finish().await.unwrap();
        println!(
            "round trip {} ms, through here: {:?}",
            2 * delay,
            begun.elapsed()
        );
    }
}

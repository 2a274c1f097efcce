//! Many requests at once: order, bounds, giving up, and what is left behind.

use super::super::SftpFs;
use super::files::pattern;
use super::support::{
    PATIENCE, Proxy, World, channel, file_attrs, proxied, scripted, start, string, until,
};
use crate::error::ErrorKind;
use crate::fs::{FileReader, RemoteFs, WriteMode, WriteOptions};
use crate::path::RemotePath;
use bytes::Bytes;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

const NEW: WriteOptions = WriteOptions {
    mode: WriteMode::CreateNew,
    permissions: None,
};

async fn read_all(file: &mut dyn FileReader) -> Vec<u8> {
    let mut bytes = Vec::new();
    while let Some(chunk) = file.next_chunk().await.unwrap() {
        bytes.extend_from_slice(&chunk);
    }
    bytes
}

/// Holds replies back and gives them in another order.
#[derive(Default)]
struct Reorder {
    held: Vec<Vec<u8>>,
    salt: u64,
}

impl Proxy for Reorder {
    fn reply(&mut self, packet: Vec<u8>) -> Vec<Vec<u8>> {
        self.held.push(packet);
        if self.held.len() >= 5 {
            self.pause()
        } else {
            Vec::new()
        }
    }

    fn pause(&mut self) -> Vec<Vec<u8>> {
        self.salt = self.salt.wrapping_mul(31).wrapping_add(7);
        let mut out = std::mem::take(&mut self.held);
        out.reverse();
        let middle = usize::try_from(self.salt).unwrap_or(1) % out.len().max(1);
        out.rotate_left(middle);
        out
    }
}

#[tokio::test]
async fn replies_in_any_order_give_bytes_in_theirs() {
    let world = World::behind(Reorder::default()).await;
    let content = pattern(10_000_000);
    let path = world.path("f");
    let mut file = world.fs.open_write(&path, NEW).await.unwrap();
    file.write(Bytes::from(content.clone())).await.unwrap();
    file.finish().await.unwrap();
    assert!(std::fs::read(world.local("f")).unwrap() == content);
    let mut file = world.fs.open_read(&path, 0).await.unwrap();
    assert!(read_all(file.as_mut()).await == content);
    for number in 0..500 {
        std::fs::write(world.local(&format!("e{number}")), b"").unwrap();
    }
    let listing = world.fs.list(&world.root()).await.unwrap();
    assert_eq!(listing.collect(1000).await.unwrap().len(), 501);
}

/// Cuts every read short.
struct Short(u32);

impl Proxy for Short {
    fn request(&mut self, mut packet: Vec<u8>) -> Vec<Vec<u8>> {
        if packet[0] == 5 {
            let at = packet.len() - 4;
            let asked = u32::from_be_bytes(packet[at..].try_into().unwrap());
            packet[at..].copy_from_slice(&asked.min(self.0).to_be_bytes());
        }
        vec![packet]
    }
}

#[tokio::test]
async fn a_server_whose_reads_come_short_leaves_no_gap() {
    for short in [10_007, 700] {
        let world = World::behind(Short(short)).await;
        let content = pattern(2_000_000);
        std::fs::write(world.local("f"), &content).unwrap();
        let mut file = world.fs.open_read(&world.path("f"), 3).await.unwrap();
        assert!(read_all(file.as_mut()).await == content[3..]);
    }
}

/// Counts what was asked for in reads, and how far beyond the size.
#[derive(Clone, Default)]
struct Meter {
    asked: Arc<AtomicUsize>,
    requests: Arc<AtomicUsize>,
}

impl Proxy for Meter {
    fn request(&mut self, packet: Vec<u8>) -> Vec<Vec<u8>> {
        if packet[0] == 5 {
            let at = packet.len() - 4;
            let length = u32::from_be_bytes(packet[at..].try_into().unwrap());
            self.asked.fetch_add(length as usize, Ordering::SeqCst);
            self.requests.fetch_add(1, Ordering::SeqCst);
        }
        vec![packet]
    }
}

#[tokio::test]
async fn a_slow_reader_has_at_most_eight_mebibytes_under_way() {
    let meter = Meter::default();
    let world = World::behind(meter.clone()).await;
    std::fs::File::create(world.local("sparse"))
        .unwrap()
        .set_len(1 << 30)
        .unwrap();
    let mut file = world.fs.open_read(&world.path("sparse"), 0).await.unwrap();
    let (mut taken, mut most) = (0, 0);
    // First as fast as it goes, so that the window grows, then with pauses.
    for turn in 0..700 {
        taken += file.next_chunk().await.unwrap().unwrap().len();
        if turn > 600 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        most = most.max(meter.asked.load(Ordering::SeqCst) - taken);
    }
    assert!(most <= 8 * 1024 * 1024, "{most} bytes under way");
    assert!(most >= 1024 * 1024, "only {most} bytes under way");
    // Unread, it stays so: nothing more is asked for.
    until("replies have come", || world.fs.client.due() == 0).await;
    let before = meter.asked.load(Ordering::SeqCst);
    world.fs.stat(&world.path("sparse")).await.unwrap();
    assert_eq!(meter.asked.load(Ordering::SeqCst), before);
    drop(file);
    world.fs.stat(&world.path("sparse")).await.unwrap();
}

#[tokio::test]
async fn a_small_file_costs_one_read() {
    let meter = Meter::default();
    let world = World::behind(meter.clone()).await;
    std::fs::write(world.local("f"), b"few").unwrap();
    let mut file = world.fs.open_read(&world.path("f"), 0).await.unwrap();
    assert_eq!(read_all(file.as_mut()).await, b"few");
    assert_eq!(meter.requests.load(Ordering::SeqCst), 1);
}

/// Open files of the server, from its own view.
fn open_files(pid: u32) -> usize {
    std::fs::read_dir(format!("/proc/{pid}/fd"))
        .unwrap()
        .count()
}

#[tokio::test]
async fn whatever_is_dropped_leaves_no_open_handle() {
    let directory = tempfile::tempdir().unwrap();
    let (server, stream) = start(directory.path(), false);
    let fs = SftpFs::open(channel(stream, 65_536), PATIENCE)
        .await
        .unwrap();
    std::fs::write(directory.path().join("f"), pattern(3_000_000)).unwrap();
    let base = fs.home().await.unwrap();
    let path = |name: &[u8]| RemotePath::parse(name, &base).unwrap();
    let before = open_files(server.pid());
    for turn in 0..40u32 {
        let mut reader = fs.open_read(&path(b"f"), 0).await.unwrap();
        reader.next_chunk().await.unwrap();
        let mut writer = fs
            .open_write(&path(format!("w{turn}").as_bytes()), NEW)
            .await
            .unwrap();
        writer.write(Bytes::from(vec![1; 400_000])).await.unwrap();
        let mut pages = fs.list(&base).await.unwrap();
        pages.next_page().await.unwrap();
        if turn % 2 == 0 {
            writer.abort().await;
        }
    }
    // Futures given up at any moment, the opening of a handle included.
    for turn in 0..200u64 {
        let limit = Duration::from_micros(turn * 5);
        let _ = tokio::time::timeout(limit, fs.open_read(&path(b"f"), 0)).await;
        let _ = tokio::time::timeout(limit, fs.list(&base)).await;
        let _ = tokio::time::timeout(limit, async {
            let mut file = fs.open_read(&path(b"f"), 0).await?;
            while file.next_chunk().await?.is_some() {}
            Ok::<(), crate::Error>(())
        })
        .await;
    }
    fs.stat(&base).await.unwrap();
    until("all replies came", || fs.client.due() == 0).await;
    until("all handles are closed", || {
        open_files(server.pid()) == before
    })
    .await;
}

#[tokio::test]
async fn a_write_given_up_halfway_is_not_finished_as_if_nothing_were() {
    let fs = scripted(PATIENCE, |mut server| async move {
        // Opens, and never answers a write.
        while let Some(asked) = server.asked().await {
            match asked.kind {
                3 => server.reply(102, asked.id, &string(b"h")).await,
                6 => {}
                _ => server.status(asked.id, 0, "").await,
            }
        }
    })
    .await;
    let path = RemotePath::from_text("/f").unwrap();
    let mut file = fs.open_write(&path, NEW).await.unwrap();
    let data = Bytes::from(vec![0; 9 * 1024 * 1024]);
    let short = Duration::from_millis(50);
    assert!(tokio::time::timeout(short, file.write(data)).await.is_err());
    let error = file.write(Bytes::from_static(b"x")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    assert_eq!(
        file.finish().await.unwrap_err().kind(),
        ErrorKind::Cancelled
    );
}

#[tokio::test]
async fn a_write_that_failed_names_a_full_disk_when_the_disk_is_full() {
    let fs = full_disk().await;
    let path = RemotePath::from_text("/f").unwrap();
    let mut file = fs.open_write(&path, NEW).await.unwrap();
    file.write(Bytes::from(vec![0; 40_000])).await.unwrap();
    let error = file.finish().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::NoSpace, "Failure")
    );
}

async fn full_disk() -> Arc<SftpFs> {
    let (near, far) = tokio::io::duplex(1 << 20);
    tokio::spawn(async move {
        let mut server = super::support::Script(far);
        server.hello_with(&[(b"statvfs@openssh.com", b"2")]).await;
        while let Some(asked) = server.asked().await {
            match asked.kind {
                3 => server.reply(102, asked.id, &string(b"h")).await,
                6 => server.status(asked.id, 4, "Failure").await,
                200 => server.reply(201, asked.id, &[0; 88]).await,
                _ => server.status(asked.id, 0, "").await,
            }
        }
    });
    SftpFs::open(channel(near, 4096), PATIENCE).await.unwrap()
}

#[tokio::test]
async fn no_bytes_for_ever_is_an_error_of_that_file_only() {
    let fs = scripted(PATIENCE, |mut server| async move {
        while let Some(asked) = server.asked().await {
            match asked.kind {
                17 => server.reply(105, asked.id, &file_attrs(100)).await,
                3 => server.reply(102, asked.id, &string(b"h")).await,
                5 => server.reply(103, asked.id, &string(b"")).await,
                _ => server.status(asked.id, 0, "").await,
            }
        }
    })
    .await;
    let path = RemotePath::from_text("/f").unwrap();
    let mut file = fs.open_read(&path, 0).await.unwrap();
    let error = file.next_chunk().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol);
    assert!(file.next_chunk().await.unwrap().is_none());
    fs.remove_file(&path).await.unwrap();
}

#[tokio::test]
async fn many_transfers_run_side_by_side() {
    let directory = tempfile::tempdir().unwrap();
    let (_server, stream) = start(directory.path(), false);
    let stream = proxied(stream, Reorder::default());
    let fs = SftpFs::open(channel(stream, 65_536), PATIENCE)
        .await
        .unwrap();
    let base = fs.home().await.unwrap();
    let work = (0..8usize).map(|number| {
        let (fs, base) = (fs.clone(), base.clone());
        tokio::spawn(async move {
            let content = pattern(1_000_000 + number * 1000);
            let path = RemotePath::parse(format!("f{number}").as_bytes(), &base).unwrap();
            let mut file = fs.open_write(&path, NEW).await.unwrap();
            for piece in content.chunks(50_000) {
                file.write(Bytes::copy_from_slice(piece)).await.unwrap();
            }
            file.finish().await.unwrap();
            let mut file = fs.open_read(&path, 0).await.unwrap();
            assert!(read_all(file.as_mut()).await == content);
        })
    });
    for task in work.collect::<Vec<_>>() {
        task.await.unwrap();
    }
}

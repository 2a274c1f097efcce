//! How fast it goes over a pipe to `sftp-server`: run by hand, prints what it measures.

use super::super::SftpFs;
use super::support::{PATIENCE, World, channel, delayed, start};
use crate::fs::{RemoteFs, WriteMode, WriteOptions};
use bytes::Bytes;
use std::time::{Duration, Instant};

const SIZE: usize = 1 << 30;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement, not a test"]
async fn one_gibibyte_each_way() {
    let world = World::new().await;
    let path = world.path("f");
    let options = WriteOptions {
        mode: WriteMode::CreateNew,
        permissions: None,
    };
    let start = Instant::now();
    let mut file = world.fs.open_write(&path, options).await.unwrap();
    let piece = Bytes::from(vec![7; 1 << 20]);
    for _ in 0..SIZE / piece.len() {
        file.write(piece.clone()).await.unwrap();
    }
    file.finish().await.unwrap();
    report("write", start);
    let start = Instant::now();
    let mut file = world.fs.open_read(&path, 0).await.unwrap();
    let mut read = 0;
    while let Some(chunk) = file.next_chunk().await.unwrap() {
        read += chunk.len();
    }
    assert_eq!(read, SIZE);
    report("read", start);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement, not a test"]
async fn a_hundred_thousand_entries() {
    let world = World::new().await;
    for number in 0..100_000 {
        std::fs::write(
            world.local(&format!("a-name-of-usual-length-{number}")),
            b"",
        )
        .unwrap();
    }
    let start = Instant::now();
    let mut pages = world.fs.list(&world.root()).await.unwrap();
    let mut count = pages.next_page().await.unwrap().unwrap().len();
    println!("first page after {:?}", start.elapsed());
    while let Some(page) = pages.next_page().await.unwrap() {
        count += page.len();
    }
    println!("{count} entries in {:?}", start.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement, not a test"]
async fn a_quarter_of_a_gibibyte_over_fifty_milliseconds() {
    let directory = tempfile::tempdir().unwrap();
    let (_server, stream) = start(directory.path(), false);
    let stream = delayed(stream, Duration::from_millis(25));
    let fs = SftpFs::open(channel(stream, 65_536), PATIENCE)
        .await
        .unwrap();
    let base = fs.home().await.unwrap();
    let path = crate::path::RemotePath::parse(b"f", &base).unwrap();
    let options = WriteOptions {
        mode: WriteMode::CreateNew,
        permissions: None,
    };
    let begin = Instant::now();
    let mut file = fs.open_write(&path, options).await.unwrap();
    let piece = Bytes::from(vec![7; 1 << 20]);
    for _ in 0..256 {
        file.write(piece.clone()).await.unwrap();
    }
    file.finish().await.unwrap();
    println!("write: {:.0} MB/s", 268.4 / begin.elapsed().as_secs_f64());
    let begin = Instant::now();
    let mut file = fs.open_read(&path, 0).await.unwrap();
    while file.next_chunk().await.unwrap().is_some() {}
    println!("read: {:.0} MB/s", 268.4 / begin.elapsed().as_secs_f64());
}

fn report(what: &str, start: Instant) {
    let seconds = start.elapsed().as_secs_f64();
    println!("{what}: {:.0} MB/s", SIZE as f64 / 1e6 / seconds);
}

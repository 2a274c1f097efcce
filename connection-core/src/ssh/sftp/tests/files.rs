//! The rules for reading and writing files against OpenSSH's own server.

use super::support::World;
use crate::error::ErrorKind;
use crate::fs::{FileReader, RemoteFs, WriteMode, WriteOptions};
use crate::path::RemotePath;
use bytes::Bytes;
use std::os::unix::fs::PermissionsExt;

fn mode(mode: WriteMode) -> WriteOptions {
    WriteOptions {
        mode,
        permissions: None,
    }
}

async fn all(mut file: Box<dyn FileReader>) -> Vec<u8> {
    let mut bytes = Vec::new();
    while let Some(chunk) = file.next_chunk().await.unwrap() {
        assert!(!chunk.is_empty());
        bytes.extend_from_slice(&chunk);
    }
    assert!(file.next_chunk().await.unwrap().is_none());
    bytes
}

/// Bytes that differ everywhere, so that a swap shows.
pub(super) fn pattern(length: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    })
    .take(length / 8 + 1)
    .flatten()
    .take(length)
    .collect()
}

#[tokio::test]
async fn files_of_every_size_come_back_as_they_were() {
    let world = World::new().await;
    let chunk = 255 * 1024;
    for size in [
        0,
        1,
        4095,
        chunk - 1,
        chunk,
        chunk + 1,
        3 * chunk + 7,
        9_000_001,
    ] {
        let content = pattern(size);
        let path = world.path(format!("f{size}"));
        let mut file = world
            .fs
            .open_write(&path, mode(WriteMode::CreateNew))
            .await
            .unwrap();
        for piece in content.chunks(100_000) {
            file.write(Bytes::copy_from_slice(piece)).await.unwrap();
        }
        file.finish().await.unwrap();
        let local = std::fs::read(world.local(&format!("f{size}"))).unwrap();
        assert!(local == content, "written, {size}");
        let read = all(world.fs.open_read(&path, 0).await.unwrap()).await;
        assert!(read == content, "read, {size}");
    }
}

#[tokio::test]
async fn small_pieces_are_gathered_and_all_arrive() {
    let world = World::new().await;
    let content = pattern(300_000);
    let path = world.path("f");
    let options = mode(WriteMode::CreateNew);
    let mut file = world.fs.open_write(&path, options).await.unwrap();
    let mut rest = &content[..];
    for length in [1, 0, 777, 20_000, 5, 16 * 1024, 100, 31_000]
        .iter()
        .cycle()
    {
        let (piece, after) = rest.split_at((*length).min(rest.len()));
        file.write(Bytes::copy_from_slice(piece)).await.unwrap();
        rest = after;
        if rest.is_empty() {
            break;
        }
    }
    file.finish().await.unwrap();
    assert!(std::fs::read(world.local("f")).unwrap() == content);
}

#[tokio::test]
async fn reading_starts_where_it_is_told() {
    let world = World::new().await;
    let content = pattern(1_000_000);
    std::fs::write(world.local("f"), &content).unwrap();
    let path = world.path("f");
    for offset in [1, 999_999, 1_000_000, 1_000_001, u64::MAX - 5, 1 << 63] {
        let read = all(world.fs.open_read(&path, offset).await.unwrap()).await;
        let from = usize::try_from(offset).unwrap().min(content.len());
        assert!(read == content[from..], "{offset}");
    }
}

#[tokio::test]
async fn files_that_claim_to_be_empty_are_read_to_their_end() {
    let world = World::new().await;
    let path = RemotePath::parse(b"/proc/self/status", &RemotePath::root()).unwrap();
    let text = all(world.fs.open_read(&path, 0).await.unwrap()).await;
    let text = String::from_utf8(text).unwrap();
    assert!(text.starts_with("Name:\tsftp-server"), "{text}");
}

#[tokio::test]
async fn a_file_cut_short_gives_what_there_is() {
    let world = World::new().await;
    std::fs::write(world.local("f"), pattern(20_000_000)).unwrap();
    let mut file = world.fs.open_read(&world.path("f"), 0).await.unwrap();
    let first = file.next_chunk().await.unwrap().unwrap();
    let cut = std::fs::File::options()
        .write(true)
        .open(world.local("f"))
        .unwrap();
    cut.set_len(first.len() as u64 + 5_000_000).unwrap();
    let rest = all(file).await.len();
    assert!((5_000_000..19_000_000).contains(&rest), "{rest}");
}

#[tokio::test]
async fn a_file_that_grows_is_read_on() {
    let world = World::new().await;
    let content = pattern(6_000_000);
    std::fs::write(world.local("f"), &content[..1_000_000]).unwrap();
    let mut file = world.fs.open_read(&world.path("f"), 0).await.unwrap();
    std::fs::write(world.local("f"), &content).unwrap();
    let mut read = Vec::new();
    while let Some(chunk) = file.next_chunk().await.unwrap() {
        read.extend_from_slice(&chunk);
    }
    assert!(read == content, "{}", read.len());
}

#[tokio::test]
async fn opening_a_directory_or_nothing_says_so() {
    let world = World::new().await;
    let root = world.root();
    let error = world.fs.open_read(&root, 0).await.err().unwrap();
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::IsADirectory, "Failure")
    );
    assert_eq!(error.context("path"), Some(root.to_text().as_str()));
    let gone = world.path("gone");
    let error = world.fs.open_read(&gone, 0).await.err().unwrap();
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::NotFound, "No such file")
    );
    for how in [WriteMode::Truncate, WriteMode::At(0)] {
        let error = world.fs.open_write(&root, mode(how)).await.err().unwrap();
        assert_eq!(
            (error.kind(), error.message()),
            (ErrorKind::IsADirectory, "Failure")
        );
    }
    let error = world
        .fs
        .open_write(&gone, mode(WriteMode::At(0)))
        .await
        .err();
    assert_eq!(error.unwrap().kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn a_named_pipe_does_not_block_the_session() {
    let world = World::new().await;
    let status = std::process::Command::new("mkfifo")
        .arg(world.local("pipe"))
        .status()
        .unwrap();
    assert!(status.success());
    let pipe = world.path("pipe");
    let error = world.fs.open_read(&pipe, 0).await.err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    let options = mode(WriteMode::Truncate);
    let error = world.fs.open_write(&pipe, options).await.err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    world.fs.stat(&pipe).await.unwrap();
}

#[tokio::test]
async fn every_way_of_opening_for_writing() {
    let world = World::new().await;
    let fs = &world.fs;
    let path = world.path("f");
    let options = WriteOptions {
        mode: WriteMode::CreateNew,
        permissions: Some(0o600),
    };
    let mut file = fs.open_write(&path, options).await.unwrap();
    file.write(Bytes::from_static(b"0123456789")).await.unwrap();
    file.finish().await.unwrap();
    let local = world.local("f");
    let bits = std::fs::metadata(&local).unwrap().permissions().mode();
    assert_eq!(bits & 0o777, 0o600);

    let error = fs.open_write(&path, options).await.err().unwrap();
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::AlreadyExists, "Failure")
    );

    let mut file = fs.open_write(&path, mode(WriteMode::At(4))).await.unwrap();
    file.write(Bytes::from_static(b"xy")).await.unwrap();
    file.finish().await.unwrap();
    assert_eq!(std::fs::read(&local).unwrap(), b"0123xy6789");

    let mut file = fs
        .open_write(&path, mode(WriteMode::Truncate))
        .await
        .unwrap();
    file.write(Bytes::from_static(b"short")).await.unwrap();
    file.finish().await.unwrap();
    assert_eq!(std::fs::read(&local).unwrap(), b"short");

    let file = fs
        .open_write(&path, mode(WriteMode::Truncate))
        .await
        .unwrap();
    file.finish().await.unwrap();
    assert_eq!(std::fs::read(&local).unwrap(), b"");
}

#[tokio::test]
async fn a_full_device_is_an_error_of_a_later_call() {
    let world = World::new().await;
    let full = RemotePath::parse(b"/dev/full", &RemotePath::root()).unwrap();
    let options = mode(WriteMode::At(0));
    let mut file = world.fs.open_write(&full, options).await.unwrap();
    let data = Bytes::from(vec![1; 20_000]);
    let mut failed = false;
    for _ in 0..10_000 {
        if let Err(error) = file.write(data.clone()).await {
            assert_eq!(error.message(), "Failure");
            failed = true;
            break;
        }
    }
    assert!(failed);
    let error = file.finish().await.unwrap_err();
    assert_eq!(error.message(), "Failure");

    let mut file = world.fs.open_write(&full, options).await.unwrap();
    file.write(Bytes::from_static(b"a few bytes"))
        .await
        .unwrap();
    assert!(file.finish().await.is_err());
}

#[tokio::test]
async fn a_device_that_cannot_sync_can_be_written() {
    let world = World::new().await;
    let null = RemotePath::parse(b"/dev/null", &RemotePath::root()).unwrap();
    let options = mode(WriteMode::At(0));
    let mut file = world.fs.open_write(&null, options).await.unwrap();
    file.write(Bytes::from_static(b"gone")).await.unwrap();
    file.finish().await.unwrap();
}

//! Listings, and names that are not text.

use super::support::{PATIENCE, World, scripted, string};
use crate::error::ErrorKind;
use crate::fs::{FileType, Overwrite, RemoteFs, WriteMode, WriteOptions};
use crate::path::RemotePath;
use bytes::Bytes;
use std::collections::BTreeSet;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;

async fn names(world: &World) -> BTreeSet<Vec<u8>> {
    let pages = world.fs.list(&world.root()).await.unwrap();
    let entries = pages.collect(100_000).await.unwrap();
    let count = entries.len();
    let names: BTreeSet<_> = entries
        .iter()
        .map(|entry| entry.name.as_bytes().to_vec())
        .collect();
    assert_eq!(names.len(), count, "a name came twice");
    names
}

#[tokio::test]
async fn any_name_goes_round_by_its_bytes() {
    let world = World::new().await;
    let fs = &world.fs;
    let long = vec![b'n'; 255];
    let odd: [&[u8]; 9] = [
        b"\xff\xfe not utf-8",
        b"line\nbreak",
        b" leading",
        b"trailing ",
        "\u{202e}bidi".as_bytes(),
        b"back\\slash",
        b"-rf *;$(x)'\"",
        &long,
        b"\x01\x7f",
    ];
    for name in odd {
        let path = world.path(name);
        let options = WriteOptions {
            mode: WriteMode::CreateNew,
            permissions: None,
        };
        let mut file = fs.open_write(&path, options).await.unwrap();
        file.write(Bytes::copy_from_slice(name)).await.unwrap();
        file.finish().await.unwrap();
        let local = world
            .directory
            .path()
            .join(std::ffi::OsStr::from_bytes(name));
        assert_eq!(std::fs::read(local).unwrap(), name);
    }
    let listed = names(&world).await;
    assert_eq!(listed, odd.iter().map(|name| name.to_vec()).collect());
    for name in listed {
        let path = world.path(&name);
        assert_eq!(fs.stat(&path).await.unwrap().size, Some(name.len() as u64));
        let mut file = fs.open_read(&path, 0).await.unwrap();
        assert_eq!(file.next_chunk().await.unwrap().unwrap(), name);
        let moved = world.path("moved");
        fs.rename(&path, &moved, Overwrite::Refuse).await.unwrap();
        fs.remove_file(&moved).await.unwrap();
    }
    assert!(names(&world).await.is_empty());
}

#[tokio::test]
async fn a_listing_has_everything_but_the_dots() {
    let world = World::new().await;
    std::fs::write(world.local(".hidden"), b"123").unwrap();
    std::fs::create_dir(world.local("dir")).unwrap();
    symlink("dir", world.local("link")).unwrap();
    let pages = world.fs.list(&world.root()).await.unwrap();
    let mut entries = pages.collect(10).await.unwrap();
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    let seen: Vec<_> = entries
        .iter()
        .map(|entry| (entry.name.to_text(), entry.metadata.file_type))
        .collect();
    assert_eq!(
        seen,
        [
            (".hidden".to_owned(), FileType::File),
            ("dir".to_owned(), FileType::Directory),
            ("link".to_owned(), FileType::Symlink),
        ]
    );
    assert_eq!(entries[0].metadata.size, Some(3));
    assert!(entries[0].metadata.uid.is_some());
    if entries[0].metadata.uid == Some(0) {
        assert_eq!(entries[0].metadata.owner.as_deref(), Some("root"));
        assert_eq!(entries[0].metadata.group.as_deref(), Some("root"));
    }
    assert!(entries.iter().all(|entry| entry.link_target.is_none()));
}

#[tokio::test]
async fn a_large_directory_comes_in_pages_without_gaps() {
    let world = World::new().await;
    for number in 0..5000 {
        std::fs::write(world.local(&format!("entry-{number:05}")), b"").unwrap();
    }
    let mut pages = world.fs.list(&world.root()).await.unwrap();
    let mut seen = BTreeSet::new();
    let mut largest = 0;
    while let Some(page) = pages.next_page().await.unwrap() {
        assert!(!page.is_empty());
        largest = largest.max(page.len());
        for entry in page {
            assert!(seen.insert(entry.name.to_text()));
        }
    }
    assert_eq!(seen.len(), 5000);
    assert!(largest < 1000, "a page of {largest}");
    let again = pages.next_page().await.unwrap();
    assert!(again.is_none());
    let limited = world.fs.list(&world.root()).await.unwrap();
    let error = limited.collect(100).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
}

#[tokio::test]
async fn an_empty_directory_has_no_page() {
    let world = World::new().await;
    let mut pages = world.fs.list(&world.root()).await.unwrap();
    assert!(pages.next_page().await.unwrap().is_none());
}

/// One page with one entry.
fn page(name: &[u8]) -> Vec<u8> {
    let mut body = vec![0, 0, 0, 1];
    body.extend(string(name));
    body.extend(string(b"what a server likes to say"));
    body.extend([0; 4]);
    body
}

async fn listing(pages: Vec<Option<Vec<u8>>>) -> Vec<Result<Vec<String>, ErrorKind>> {
    let fs = scripted(PATIENCE, |mut server| async move {
        let mut pages = pages.into_iter().cycle();
        while let Some(asked) = server.asked().await {
            match asked.kind {
                11 => server.reply(102, asked.id, &string(b"h")).await,
                12 => match pages.next().unwrap() {
                    Some(body) => server.reply(104, asked.id, &body).await,
                    None => server.status(asked.id, 1, "").await,
                },
                _ => server.status(asked.id, 0, "").await,
            }
        }
    })
    .await;
    let mut pages = fs.list(&RemotePath::root()).await.unwrap();
    let mut seen = Vec::new();
    for _ in 0..1000 {
        match pages.next_page().await {
            Ok(Some(page)) => seen.push(Ok(page.iter().map(|e| e.name.to_text()).collect())),
            Ok(None) => return seen,
            Err(error) => {
                seen.push(Err(error.kind()));
                return seen;
            }
        }
    }
    seen
}

#[tokio::test]
async fn empty_pages_for_ever_are_an_error() {
    let seen = listing(vec![Some(vec![0; 4])]).await;
    assert_eq!(seen, [Err(ErrorKind::Protocol)]);
}

#[tokio::test]
async fn the_same_entry_for_ever_is_an_error() {
    let seen = listing(vec![Some(page(b"again"))]).await;
    assert!(seen.len() <= 101);
    assert_eq!(seen.last(), Some(&Err(ErrorKind::Protocol)));
}

#[tokio::test]
async fn an_end_that_overtakes_a_page_loses_nothing() {
    let seen = listing(vec![Some(page(b"a")), None, Some(page(b"b")), None]).await;
    let names: Vec<_> = seen.into_iter().flat_map(Result::unwrap).collect();
    assert_eq!(names, ["a", "b"]);
}

#[tokio::test]
async fn hostile_names_are_shown_and_cannot_be_joined() {
    let fs = scripted(PATIENCE, |mut server| async move {
        let mut sent = false;
        while let Some(asked) = server.asked().await {
            match asked.kind {
                11 => server.reply(102, asked.id, &string(b"h")).await,
                12 if !sent => {
                    sent = true;
                    let mut body = vec![0, 0, 0, 5];
                    for name in [&b".."[..], b".", b"../../etc", b"/abs", b"nul\0"] {
                        body.extend(&page(name)[4..]);
                    }
                    server.reply(104, asked.id, &body).await;
                }
                12 => server.status(asked.id, 1, "").await,
                _ => server.status(asked.id, 0, "").await,
            }
        }
    })
    .await;
    let root = RemotePath::root();
    let entries = fs.list(&root).await.unwrap().collect(10).await.unwrap();
    assert_eq!(entries.len(), 3);
    for entry in entries {
        assert!(root.join(&entry.name).is_err());
        assert_eq!(entry.metadata.file_type, FileType::Other);
    }
}

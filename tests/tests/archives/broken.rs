//! What cannot be read is left out and named; what breaks in the middle breaks the archive.

use crate::memory::{FORMATS, Memory, Thing, open, write};
use crate::unpack::{Node, unpackers};
use connection_core::ErrorKind;
use connection_core::fs::{FileReader, FileType};
use futures::FutureExt;

fn folder(names: &[(&str, FileType)]) -> Thing {
    let shown = names
        .iter()
        .map(|(name, kind)| (name.as_bytes().to_vec(), *kind));
    Thing::Directory(shown.collect())
}

#[tokio::test]
async fn what_cannot_be_read_is_named_and_the_rest_is_there() {
    use FileType::{Directory, File, Other, Symlink};
    for (format, ending) in FORMATS {
        let denied = ErrorKind::PermissionDenied;
        let server = Memory::of([
            (
                "/top",
                folder(&[
                    ("fine.txt", File),
                    ("locked.txt", File),
                    ("locked", Directory),
                    ("vanished.txt", File),
                    ("fifo", Other),
                    ("nowhere", Symlink),
                    ("grows.log", File),
                    ("last.txt", File),
                ]),
            ),
            ("/top/fine.txt", Thing::Text("fine")),
            ("/top/locked.txt", Thing::Refused(File, denied)),
            ("/top/locked", Thing::Refused(Directory, denied)),
            ("/top/fifo", Thing::Other),
            ("/top/nowhere", Thing::Link(b"")),
            (
                "/top/grows.log",
                Thing::Zeros {
                    said: Some(300_000),
                    has: 300_001,
                },
            ),
            ("/top/last.txt", Thing::Text("last")),
        ]);
        let away = tempfile::tempdir().unwrap();
        let archive = away.path().join("archive");
        let made = open(server, &["/top"], format).await.unwrap();
        write(made, &archive).await.unwrap();
        for unpacker in unpackers(ending) {
            let found = unpacker.unpacked(&archive);
            let file = |name: &str| match &found[name.as_bytes()] {
                Node::File { content, .. } => content.clone(),
                other => panic!("{name} is {other:?}"),
            };
            assert_eq!(file("top/fine.txt"), b"fine");
            assert_eq!(file("top/last.txt"), b"last");
            assert_eq!(file("top/grows.log").len(), 300_000);
            let list = String::from_utf8(file("NOT-INCLUDED.txt")).unwrap();
            let mut lines: Vec<_> = list.lines().skip(2).collect();
            lines.sort_unstable();
            let want = [
                "/top/fifo: neither a regular file nor a folder nor a link",
                "/top/grows.log: grew while it was read; only its first 300000 bytes are here",
                "/top/locked.txt: Permission denied",
                "/top/locked: Permission denied",
                "/top/nowhere: the link leads nowhere",
                "/top/vanished.txt: No such file",
            ];
            assert_eq!(lines, want);
            assert_eq!(found.len(), 6, "{:?}", found.keys());
        }
    }
}

/// As a log is that was rotated between the listing and its turn.
#[tokio::test]
async fn a_small_file_begun_anew_is_there_as_it_is_now() {
    for (format, ending) in FORMATS {
        let server = Memory::of([
            ("/top", folder(&[("log", FileType::File)])),
            ("/top/log", Thing::Anew(50, 3, 5)),
        ]);
        let away = tempfile::tempdir().unwrap();
        let archive = away.path().join("archive");
        let made = open(server, &["/top"], format).await.unwrap();
        write(made, &archive).await.unwrap();
        let found = unpackers(ending)[0].unpacked(&archive);
        let log = &found[&b"top/log"[..]];
        assert!(
            matches!(log, Node::File { content, .. } if *content == [0; 5]),
            "{log:?}"
        );
        assert_eq!(found.len(), 2, "{:?}", found.keys());
    }
}

#[tokio::test]
async fn what_breaks_in_the_middle_makes_nothing_whole() {
    use FileType::File;
    let cases = [
        // Shorter than it was when it was opened.
        (
            Thing::Zeros {
                said: Some(300_000),
                has: 299_999,
            },
            ErrorKind::Incomplete,
        ),
        (
            Thing::Breaks(300_000, ErrorKind::ConnectionLost),
            ErrorKind::ConnectionLost,
        ),
        // No reason to leave a file out whose header is written.
        (
            Thing::Breaks(300_000, ErrorKind::PermissionDenied),
            ErrorKind::PermissionDenied,
        ),
        // A small one, which a lost connection does not leave out either.
        (
            Thing::Zeros {
                said: Some(9),
                has: 5,
            },
            ErrorKind::Incomplete,
        ),
        (
            Thing::Refused(File, ErrorKind::ConnectionLost),
            ErrorKind::ConnectionLost,
        ),
        (
            Thing::Refused(File, ErrorKind::TimedOut),
            ErrorKind::TimedOut,
        ),
        (
            Thing::Refused(FileType::Directory, ErrorKind::ConnectionLost),
            ErrorKind::ConnectionLost,
        ),
    ];
    for (format, ending) in FORMATS {
        for (thing, want) in &cases {
            let kind = match thing {
                Thing::Refused(kind, _) => *kind,
                _ => File,
            };
            let server = Memory::of([
                ("/top", folder(&[("a.txt", File), ("b", kind)])),
                ("/top/a.txt", Thing::Text("a")),
                ("/top/b", thing.clone()),
            ]);
            let away = tempfile::tempdir().unwrap();
            let archive = away.path().join("archive");
            let mut made = open(server, &["/top"], format).await.unwrap();
            let mut bytes = Vec::new();
            let error = loop {
                match made.next_chunk().await {
                    Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
                    Ok(None) => panic!("an end"),
                    Err(error) => break error,
                }
            };
            assert_eq!(error.kind(), *want);
            let again = made.next_chunk().await.unwrap_err();
            assert_eq!(again.kind(), ErrorKind::Cancelled, "it stays broken");
            std::fs::write(&archive, &bytes).unwrap();
            for unpacker in unpackers(ending) {
                // A tar without its end is taken by some; then what broke is not in it.
                let into = away.path().join("in");
                let output = unpacker.run(&archive, &into);
                let took = output.status.success();
                assert!(
                    !took || (ending == "tar" && !into.join("top/b").exists()),
                    "{}",
                    unpacker.name
                );
            }
        }
    }
}

#[tokio::test]
async fn files_above_the_limit_are_left_out() {
    use connection_core::archive::{Archive, ArchiveOptions};
    for (format, ending) in FORMATS {
        let server = || {
            Memory::of([
                (
                    "/top",
                    folder(&[("small", FileType::File), ("large", FileType::File)]),
                ),
                ("/top/small", Thing::Text("1234567890")),
                ("/top/large", Thing::Text("12345678901")),
            ])
        };
        let options = ArchiveOptions {
            format,
            max_file_size: Some(10),
        };
        let made = |path| {
            let fs = std::sync::Arc::new(server());
            async move { Archive::open(fs, &[crate::memory::at(path)], options).await }
        };
        let refused = made("/top/large").await.err().unwrap();
        assert_eq!(refused.kind(), ErrorKind::TooLarge);
        let away = tempfile::tempdir().unwrap();
        let archive = away.path().join("archive");
        let made = made("/top").await.unwrap();
        write(made, &archive).await.unwrap();
        let found = unpackers(ending)[0].unpacked(&archive);
        assert!(found.contains_key(&b"top/small"[..]) && !found.contains_key(&b"top/large"[..]));
        assert!(found.contains_key(&b"NOT-INCLUDED.txt"[..]));
    }
}

#[tokio::test]
async fn one_path_that_cannot_be_read_is_an_error() {
    let denied = ErrorKind::PermissionDenied;
    for (format, _) in FORMATS {
        let server = || {
            Memory::of([
                ("/locked.txt", Thing::Refused(FileType::File, denied)),
                ("/locked", Thing::Refused(FileType::Directory, denied)),
                ("/fifo", Thing::Other),
                ("/here.txt", Thing::Text("here")),
            ])
        };
        for (paths, want) in [
            (&["/locked.txt"][..], denied),
            (&["/locked"], denied),
            (&["/fifo"], ErrorKind::Unsupported),
            (&["/here.txt", "/not/there"], ErrorKind::NotFound),
            (&[], ErrorKind::InvalidInput),
        ] {
            let error = open(server(), paths, format).await.err().unwrap();
            assert_eq!(error.kind(), want, "{paths:?}");
        }
        let both = open(server(), &["/locked", "/here.txt"], format)
            .await
            .unwrap();
        let away = tempfile::tempdir().unwrap();
        write(both, &away.path().join("archive")).await.unwrap();
    }
}

#[tokio::test]
async fn a_call_that_was_dropped_is_not_forgotten() {
    for (format, _) in FORMATS {
        let server = Memory::of([
            ("/a", folder(&[("b", FileType::File)])),
            ("/a/b", Thing::Hangs),
        ]);
        let mut made = open(server, &["/a"], format).await.unwrap();
        assert!(made.next_chunk().now_or_never().is_none());
        // What it was at is lost: going on would leave it out without a word.
        let error = made.next_chunk().now_or_never().unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Cancelled);
    }
}

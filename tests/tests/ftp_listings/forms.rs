//! Listings of servers that do not run here, sent by one that does.

use crate::ground::{Login, path};
use connection_core::ErrorKind;
use connection_core::fs::FileType;
use connection_core::path::RemotePath;
use connection_tests::Pyftpdlib;
use std::time::{Duration, SystemTime};

const NO_MLSD: [&str; 2] = ["MLSD", "MLST"];

fn at(seconds: u64) -> Option<SystemTime> {
    Some(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dos_lines_are_in_the_zone_that_mdtm_tells() {
    let server = Pyftpdlib::builder()
        .without(&NO_MLSD)
        .list_lines(&[
            "03-15-24  09:05AM       <DIR>          Program Files",
            "03-15-24  09:05AM               118928  lead  and  trail ",
            "03-15-2024  21:05                   12 web.config",
        ])
        // Five hours west of Greenwich, and within the minute.
        .reply("MDTM", "213 20240316020559")
        .start();
    let login = Login::to(&server).await;
    for _ in 0..2 {
        let file = login.listed(&path("/"), " lead  and  trail ").await;
        assert_eq!(file.metadata.size, Some(118_928));
        // 14:05 on 15 March 2024.
        assert_eq!(file.metadata.modified, at(1_710_511_500));
        let folder = login.listed(&path("/"), "Program Files").await;
        assert_eq!(folder.metadata.file_type, FileType::Directory);
        assert_eq!(folder.metadata.modified, at(1_710_511_500));
    }
    let asked = server.log().matches("MDTM /web.config").count();
    assert!((1..=2).contains(&asked), "asked {asked} times");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn times_that_fit_no_zone_are_asked_for_twice_and_left_as_they_are() {
    let server = Pyftpdlib::builder()
        .without(&NO_MLSD)
        .list_lines(&[
            "-rw-r--r-- 1 a b 1 2024-03-15 09:05 a",
            "-rw-r--r-- 1 a b 1 2024-03-15 09:06 b",
            "-rw-r--r-- 1 a b 1 2024-03-15 09:07 c",
        ])
        .reply("MDTM", "213 20010101000700")
        .start();
    let login = Login::to(&server).await;
    for _ in 0..4 {
        let file = login.listed(&path("/"), "a").await;
        assert_eq!(file.metadata.modified, at(1_710_493_500));
    }
    let log = server.log();
    let asked: Vec<_> = log
        .lines()
        .filter(|line| line.contains("<- MDTM"))
        .collect();
    assert_eq!(asked.len(), 2, "{asked:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_nobody_understands_is_an_entry_of_its_own_text() {
    let lines = [
        "-rw-r--r-- 1 a b 1 Jan  2  2020 known",
        "#!? nonsense  with  spaces ",
        "550 Permission denied",
    ];
    let list = Pyftpdlib::builder()
        .without(&NO_MLSD)
        .list_lines(&lines)
        .start();
    let mlsd = Pyftpdlib::builder().mlsd_lines(&lines[1..]).start();
    for server in [list, mlsd] {
        let login = Login::to(&server).await;
        for line in &lines[1..] {
            let entry = login.listed(&path("/"), line).await;
            assert_eq!(entry.metadata.file_type, FileType::Other);
            assert_eq!(entry.metadata.size, None);
        }
    }
}

/// Names that lead out of the directory are shown and go nowhere.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hostile_name_is_shown_and_leads_nowhere() {
    let server = Pyftpdlib::builder()
        .mlsd_lines(&[
            "type=file;size=1; ../../etc/passwd",
            "type=dir; /etc",
            "type=dir; ..",
            "type=file; .",
            "type=file;size=2; plain",
        ])
        .start();
    let login = Login::to(&server).await;
    let root = RemotePath::root();
    let names = login.names(&root).await;
    let want: [&[u8]; 3] = [b"../../etc/passwd", b"/etc", b"plain"];
    assert_eq!(names, want);
    for entry in login.list(&root).await {
        match root.join(&entry.name) {
            Ok(path) => assert_eq!(path.as_bytes(), b"/plain"),
            Err(error) => assert_eq!(error.kind(), ErrorKind::InvalidInput),
        }
    }
}

/// The file's name ends like the line in which a directory lists itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_that_ends_in_a_dot_is_not_the_directory_itself() {
    let server = Pyftpdlib::builder().without(&NO_MLSD).start();
    server.write_file("x .", "x");
    let empty = server.mkdir("empty");
    assert!(empty.is_dir());
    let login = Login::to(&server).await;
    let want: [&[u8]; 2] = [b"empty", b"x ."];
    assert_eq!(login.names(&path("/")).await, want);
    let none: [&[u8]; 0] = [];
    assert_eq!(login.names(&path("/empty")).await, none);
    assert!(login.fs.stat(&path("/x .")).await.is_ok());
}

/// Servers leave names out of LIST, hidden ones for instance.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_no_listing_shows_is_found_all_the_same() {
    let server = Pyftpdlib::builder()
        .without(&NO_MLSD)
        .list_lines(&["-rw-r--r-- 1 a b 1 Jan  2  2020 shown"])
        .start();
    server.write_file(".hidden", "four");
    server.mkdir(".directory");
    let login = Login::to(&server).await;
    let hidden = login.fs.stat(&path("/.hidden")).await.unwrap();
    assert_eq!((hidden.file_type, hidden.size), (FileType::File, Some(4)));
    assert!(login.fs.stat(&path("/.directory")).await.unwrap().is_dir());
    let missing = login.fs.stat(&path("/missing")).await.err().unwrap();
    assert_eq!(missing.kind(), ErrorKind::NotFound);
    let missing = login
        .fs
        .open_read(&path("/missing"), 0)
        .await
        .err()
        .unwrap();
    assert_eq!(missing.kind(), ErrorKind::NotFound);
    let directory = login
        .fs
        .open_read(&path("/.directory"), 0)
        .await
        .err()
        .unwrap();
    assert_eq!(directory.kind(), ErrorKind::IsADirectory);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_without_end_is_refused_and_the_session_goes_on() {
    let endless = "x".repeat(200_000);
    let server = Pyftpdlib::builder().mlsd_lines(&[&endless]).start();
    server.write_file("file", "four");
    let login = Login::to(&server).await;
    for _ in 0..3 {
        let listed = match login.fs.list(&path("/")).await {
            Ok(pages) => pages.collect(10).await.map(drop),
            Err(error) => Err(error),
        };
        assert_eq!(listed.err().unwrap().kind(), ErrorKind::Protocol);
        let file = login.fs.stat(&path("/file")).await.unwrap();
        assert_eq!(file.size, Some(4));
    }
}

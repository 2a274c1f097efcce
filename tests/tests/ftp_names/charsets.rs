//! Names in a character set that was chosen for the connection.

use super::{byte_servers, connect, get, names, path, put, target};
use connection_core::ErrorKind;
use connection_core::fs::Overwrite;
use connection_tests::{FtpServer, Pyftpdlib};
use std::ffi::OsStr;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;

/// The file of this name on the server's disk.
fn on_disk(server: &dyn FtpServer, name: &[u8]) -> PathBuf {
    server.home().join(OsStr::from_bytes(name))
}

/// The names on the server's disk that begin so, sorted.
fn disk_names(server: &dyn FtpServer, start: &[u8]) -> Vec<Vec<u8>> {
    let mut names: Vec<_> = std::fs::read_dir(server.home())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_vec())
        .filter(|name| name.starts_with(start))
        .collect();
    names.sort();
    names
}

fn write(server: &dyn FtpServer, name: &[u8], content: &[u8]) {
    let place = on_disk(server, name);
    std::fs::write(&place, content).unwrap();
    server.own(&place);
}

#[tokio::test(flavor = "multi_thread")]
async fn names_go_there_and_back_in_the_servers_charset() {
    for server in byte_servers() {
        let server = &*server;
        write(server, b"x-caf\xe9 \x80", b"latin");
        let connection = connect(&target(server).charset("windows-1252").unwrap()).await;
        let fs = connection.fs();
        assert!(
            names(&fs, &path("/"))
                .await
                .contains(&"x-café €".to_owned())
        );
        assert_eq!(get(&fs, &path("/x-café €")).await.unwrap(), b"latin");
        let seen = fs.lstat(&path("/x-café €")).await.unwrap();
        assert_eq!(seen.size, Some(5), "{}", server.name());

        put(&fs, &path("/x-größe"), b"new").await.unwrap();
        fs.rename(&path("/x-größe"), &path("/x-øre"), Overwrite::Refuse)
            .await
            .unwrap();
        fs.create_dir(&path("/x-Ünder")).await.unwrap();
        put(&fs, &path("/x-Ünder/ß"), b"deep").await.unwrap();
        assert_eq!(names(&fs, &path("/x-Ünder")).await, ["ß"]);
        let want: [&[u8]; 3] = [b"x-caf\xe9 \x80", b"x-\xdcnder", b"x-\xf8re"];
        let mut want = want.map(<[u8]>::to_vec);
        want.sort();
        assert_eq!(disk_names(server, b"x-"), want, "{}", server.name());

        let error = put(&fs, &path("/x-日本"), b"").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
        assert_eq!(error.context("field"), Some("path"));
        assert_eq!(
            error.message(),
            "the path cannot be written in windows-1252"
        );
        assert_eq!(disk_names(server, b"x-").len(), 3);
        connection.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_of_more_than_a_byte_a_character() {
    for server in byte_servers() {
        let server = &*server;
        for (charset, wire, text) in [
            ("shift_jis", &b"s-\x93\xfa\x96\x7b\x8c\xea"[..], "s-日本語"),
            ("gbk", b"s-\xd6\xd0\xce\xc4", "s-中文"),
            ("koi8-r", b"s-\xcd\xc9\xd2", "s-мир"),
        ] {
            let connection = connect(&target(server).charset(charset).unwrap()).await;
            let fs = connection.fs();
            put(&fs, &path(&format!("/{text}")), text.as_bytes())
                .await
                .unwrap();
            assert_eq!(disk_names(server, b"s-"), [wire], "{charset}");
            assert!(names(&fs, &path("/")).await.contains(&text.to_owned()));
            fs.remove_file(&path(&format!("/{text}"))).await.unwrap();
            assert!(disk_names(server, b"s-").is_empty());
            connection.close().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn under_a_wrong_charset_every_file_can_still_be_reached() {
    for server in byte_servers() {
        let server = &*server;
        let odd: [&[u8]; 4] = [
            "w-日".as_bytes(),
            b"w-\x81\x8d \xa1",
            b"w-\xe9\xe8",
            "w-\u{F780}".as_bytes(),
        ];
        for name in odd {
            write(server, name, name);
        }
        for charset in ["gbk", "shift_jis", "windows-1253", "big5"] {
            let connection = connect(&target(server).charset(charset).unwrap()).await;
            let fs = connection.fs();
            let entries = fs.list(&path("/")).await.unwrap();
            let entries = entries.collect(1000).await.unwrap();
            let mut found = Vec::new();
            for entry in entries {
                if !entry.name.as_bytes().starts_with(b"w-") {
                    continue;
                }
                let place = path("/").join(&entry.name).unwrap();
                // Each file holds its own name.
                found.push(get(&fs, &place).await.unwrap());
                // The same through the text that people see and type.
                let typed = path(&place.to_text());
                assert_eq!(fs.lstat(&typed).await.unwrap().size, entry.metadata.size);
            }
            found.sort();
            let mut want = odd.map(<[u8]>::to_vec);
            want.sort();
            assert_eq!(found, want, "{charset} on {}", server.name());
            connection.close().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_translates_names_is_understood() {
    let server = Pyftpdlib::builder().encoding("latin-1").start();
    let place = server.write_file("é-à", b"content");
    server.own(&place);
    let connection = connect(&target(&server).charset("latin1").unwrap()).await;
    let fs = connection.fs();
    assert!(names(&fs, &path("/")).await.contains(&"é-à".to_owned()));
    assert_eq!(get(&fs, &path("/é-à")).await.unwrap(), b"content");
    let error = fs.lstat(&path("/nö")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    connection.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_look_like_something_else() {
    for server in byte_servers() {
        let server = &*server;
        let connection = connect(&target(server)).await;
        let fs = connection.fs();
        let mut odd = vec![
            " leading",
            "two  spaces",
            "*",
            "a[b]c?",
            "say \"hi\"",
            "{a,b}",
            "-la",
            "~",
            "a;b|c&d",
            "percent%20",
            "#hash",
        ];
        if server.name() != "pure-ftpd" {
            // Pure-FTPd stores a trailing space as an underscore.
            odd.push("trailing ");
        }
        fs.create_dir(&path("/odd")).await.unwrap();
        fs.create_dir(&path("/odd/dir \"q\" [1]")).await.unwrap();
        for name in &odd {
            for directory in ["/odd", "/odd/dir \"q\" [1]"] {
                let place = path(&format!("{directory}/{name}"));
                put(&fs, &place, name.as_bytes())
                    .await
                    .unwrap_or_else(|e| panic!("{place} on {}: {e}", server.name()));
                assert_eq!(get(&fs, &place).await.unwrap(), name.as_bytes());
            }
        }
        let mut want: Vec<_> = odd.iter().map(|name| (*name).to_owned()).collect();
        want.sort();
        let inner = names(&fs, &path("/odd/dir \"q\" [1]")).await;
        assert_eq!(inner, want, "{}", server.name());
        for name in &odd {
            let place = path(&format!("/odd/dir \"q\" [1]/{name}"));
            let to = path(&format!("/odd/dir \"q\" [1]/{name}.moved"));
            fs.rename(&place, &to, Overwrite::Refuse).await.unwrap();
            fs.remove_file(&to).await.unwrap();
        }
        fs.remove_dir(&path("/odd/dir \"q\" [1]")).await.unwrap();
        connection.close().await;
    }
}

//! The byte 0xFF in names, which servers take in two ways: `я` in windows-1251.

use super::{connect, get, names, path, put, target};
use connection_core::ErrorKind;
use connection_core::fs::Overwrite;
use connection_core::path::{RemoteName, RemotePath};
use connection_core::target::FtpSecurity;
use connection_tests::{FtpServer, ProFtpd, PureFtpd, Pyftpdlib, Tls, Vsftpd};
use std::os::unix::ffi::OsStringExt;

/// Every server without and with TLS.
fn servers() -> Vec<(Box<dyn FtpServer>, FtpSecurity)> {
    let (plain, tls) = (FtpSecurity::None, FtpSecurity::Explicit);
    vec![
        (Box::new(Vsftpd::start()), plain),
        (Box::new(Vsftpd::builder().tls(Tls::Required).start()), tls),
        (Box::new(ProFtpd::start()), plain),
        (Box::new(ProFtpd::builder().tls(Tls::Required).start()), tls),
        (Box::new(PureFtpd::start()), plain),
        (
            Box::new(PureFtpd::builder().tls(Tls::Required).start()),
            tls,
        ),
    ]
}

fn on_disk(server: &dyn FtpServer, directory: &str) -> Vec<Vec<u8>> {
    let mut names: Vec<_> = std::fs::read_dir(server.home().join(directory))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_vec())
        .collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn names_with_it_go_there_and_back() {
    for (server, security) in servers() {
        let server = &*server;
        let connection = connect(&target(server).security(security)).await;
        let fs = connection.fs();
        let top = path("/d");
        fs.create_dir(&top).await.unwrap();
        let odd: [&[u8]; 6] = [
            b"\xff",
            b"a\xffb",
            b"\xff\xff",
            b"x\xff\xff\xffy",
            // What begins Telnet's own commands: WILL, and the end of a subnegotiation.
            b"\xff\xfb\x01z",
            b"end\xff\xf0",
        ];
        // Pure-FTPd replaces control characters.
        let odd = odd
            .iter()
            .filter(|name| !(server.name() == "pure-ftpd" && name.contains(&1)));
        let odd: Vec<_> = odd.collect();
        let at = |name: &[u8]| top.join(&RemoteName::new(name)).unwrap();
        let shown = format!("{} {security:?}", server.name());
        for name in &odd {
            put(&fs, &at(name), name).await.unwrap();
        }
        let mut want: Vec<_> = odd.iter().map(|name| name.to_vec()).collect();
        want.sort();
        assert_eq!(on_disk(server, "d"), want, "{shown}");
        for name in &odd {
            assert_eq!(get(&fs, &at(name)).await.unwrap(), **name, "{shown}");
            let size = fs.lstat(&at(name)).await.unwrap().size;
            assert_eq!(size, Some(name.len() as u64), "{shown}");
            let directory: RemotePath = at(&[name, &b".dir"[..]].concat());
            fs.create_dir(&directory).await.unwrap();
            let inside = directory.join(&RemoteName::new(name.to_vec())).unwrap();
            fs.rename(&at(name), &inside, Overwrite::Refuse)
                .await
                .unwrap();
            assert_eq!(names(&fs, &directory).await.len(), 1);
            fs.remove_file(&inside).await.unwrap();
            fs.remove_dir(&directory).await.unwrap();
        }
        assert!(on_disk(server, "d").is_empty(), "{shown}");
        connection.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rename_is_not_torn_apart_by_the_question() {
    for (server, security) in servers() {
        let connection = connect(&target(&*server).security(security)).await;
        let fs = connection.fs();
        put(&fs, &path("/plain"), b"x").await.unwrap();
        let to = path("/").join(&RemoteName::new(&b"r\xff"[..])).unwrap();
        fs.rename(&path("/plain"), &to, Overwrite::Replace)
            .await
            .unwrap();
        assert_eq!(get(&fs, &to).await.unwrap(), b"x", "{}", server.name());
        connection.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn cyrillic_has_it_as_a_letter() {
    for (server, security) in servers() {
        let cyrillic = target(&*server).charset("windows-1251").unwrap();
        let connection = connect(&cyrillic.security(security)).await;
        let fs = connection.fs();
        put(&fs, &path("/я-Яблоня"), b"fruit").await.unwrap();
        let disk = std::fs::read_dir(server.home()).unwrap();
        let disk: Vec<_> = disk.map(|e| e.unwrap().file_name().into_vec()).collect();
        let want = b"\xff-\xdf\xe1\xeb\xee\xed\xff".to_vec();
        assert!(disk.contains(&want), "{}: {disk:?}", server.name());
        assert_eq!(get(&fs, &path("/я-Яблоня")).await.unwrap(), b"fruit");
        let missing = fs.lstat(&path("/язык")).await.unwrap_err();
        assert_eq!(missing.kind(), ErrorKind::NotFound);
        fs.remove_file(&path("/я-Яблоня")).await.unwrap();
        connection.close().await;
    }
    let server = Pyftpdlib::builder().encoding("cp1251").start();
    let connection = connect(&target(&server).charset("windows-1251").unwrap()).await;
    let fs = connection.fs();
    put(&fs, &path("/я"), b"letter").await.unwrap();
    assert_eq!(std::fs::read(server.home().join("я")).unwrap(), b"letter");
    assert_eq!(get(&fs, &path("/я")).await.unwrap(), b"letter");
    connection.close().await;
}

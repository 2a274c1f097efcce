//! Names that mean something to a shell, a glob or a listing's columns, on every server,
//! by MLSD and by LIST.

use crate::ground::{Login, without_mlsd};
use bytes::Bytes;
use connection_core::fs::{FileType, Overwrite, RemoteFs, WriteMode, WriteOptions};
use connection_core::path::{RemoteName, RemotePath};
use connection_core::{Error, ErrorKind};
use connection_tests::{FtpServer, ProFtpd, PureFtpd, Pyftpdlib, Vsftpd};
use std::os::unix::ffi::OsStrExt;
use std::sync::Arc;

const NAMES: [&str; 26] = [
    " lead",
    "  two leading",
    "trail ",
    "two  spaces",
    "q\"uote",
    "\"quoted\"",
    "it's",
    "a*b[c]?d",
    "*",
    "[a-z]",
    "{x,y}",
    "-rf",
    "-la ",
    "~",
    "~tilde",
    "#",
    "%41",
    "\\back",
    "semi; colon",
    "a -> b",
    "total 12",
    "...",
    "x .",
    "ls -l | sh",
    "type=dir; x",
    "2020",
];

/// Names a server does not keep, and what it is that it does with them.
fn broken_by(server: &str, name: &str) -> bool {
    match server {
        // Stored with an underscore; backslashes are refused.
        "pure-ftpd" => name.ends_with(' ') || name.contains('\\'),
        _ => false,
    }
}

/// Names a server does not take for directories.
fn no_directory_on(server: &str, name: &str) -> bool {
    server == "proftpd" && name.contains('*')
}

async fn write(fs: &Arc<dyn RemoteFs>, path: &RemotePath, data: &[u8]) -> Result<(), Error> {
    let options = WriteOptions {
        mode: WriteMode::CreateNew,
        permissions: None,
    };
    let mut writer = fs.open_write(path, options).await?;
    writer.write(Bytes::copy_from_slice(data)).await?;
    writer.finish().await
}

async fn read(fs: &Arc<dyn RemoteFs>, path: &RemotePath) -> Result<Vec<u8>, Error> {
    let mut reader = fs.open_read(path, 0).await?;
    let mut all = Vec::new();
    while let Some(chunk) = reader.next_chunk().await? {
        all.extend_from_slice(&chunk);
    }
    Ok(all)
}

/// Made, listed, looked at, read, renamed and removed, as a file and as a directory that
/// holds one, with neighbours that a pattern would match.
async fn go_the_whole_way(server: &dyn FtpServer, port: u16) {
    let login = Login::by(server, port).await;
    let fs = &login.fs;
    let root = RemotePath::root();
    for neighbour in ["a", "b", "axbcxd", "x", "y"] {
        server.write_file(neighbour, "neighbour");
    }
    let before = login.names(&root).await;
    let mut kept = 0;
    for name in NAMES {
        let who = format!("{name:?} on {}", server.name());
        let bytes = RemoteName::new(name);
        let at = root.join(&bytes).unwrap();
        for missing in [fs.stat(&at).await.map(drop), fs.remove_file(&at).await] {
            let kind = missing.err().map(|error| error.kind());
            assert_eq!(kind, Some(ErrorKind::NotFound), "{who}");
        }
        if broken_by(server.name(), name) {
            continue;
        }
        kept += 1;
        let fail = |what: &str, error: Error| -> ! { panic!("{what} {who}: {error:?}") };
        if let Err(error) = write(fs, &at, name.as_bytes()).await {
            fail("write", error);
        }
        let listed = login.listed(&root, name).await.metadata;
        assert_eq!(listed.size, Some(name.len() as u64), "{who}");
        assert_eq!(listed.file_type, FileType::File, "{who}");
        match fs.stat(&at).await {
            Ok(seen) => assert_eq!(seen.size, Some(name.len() as u64), "{who}"),
            Err(error) => fail("stat", error),
        }
        match read(fs, &at).await {
            Ok(data) => assert_eq!(data, name.as_bytes(), "{who}"),
            Err(error) => fail("read", error),
        }
        let again = write(fs, &at, b"again").await.err().map(|e| e.kind());
        assert_eq!(again, Some(ErrorKind::AlreadyExists), "{who}");
        let not_a_directory = fs.list(&at).await.err().map(|error| error.kind());
        assert_eq!(not_a_directory, Some(ErrorKind::NotADirectory), "{who}");

        // Aside, a directory in its place, and into that.
        let aside = root.join(&RemoteName::new("aside")).unwrap();
        if let Err(error) = fs.rename(&at, &aside, Overwrite::Refuse).await {
            fail("rename", error);
        }
        if no_directory_on(server.name(), name) {
            if let Err(error) = fs.remove_file(&aside).await {
                fail("remove", error);
            }
            continue;
        }
        if let Err(error) = fs.create_dir(&at).await {
            fail("make directory", error);
        }
        let inside = at.join(&bytes).unwrap();
        if let Err(error) = fs.rename(&aside, &inside, Overwrite::Refuse).await {
            fail("rename into", error);
        }
        let local = server.home().join(name).join(name);
        assert!(local.is_file(), "{who}");
        assert_eq!(login.names(&at).await, [name.as_bytes()], "{who}");
        match fs.stat(&at).await {
            Ok(seen) => assert!(seen.is_dir(), "{who}"),
            Err(error) => fail("stat directory", error),
        }
        let full = fs.remove_dir(&at).await.err().map(|error| error.kind());
        assert_eq!(full, Some(ErrorKind::DirectoryNotEmpty), "{who}");
        if let Err(error) = fs.remove_file(&inside).await {
            fail("remove", error);
        }
        if let Err(error) = fs.remove_dir(&at).await {
            fail("remove directory", error);
        }
    }
    assert!(kept > 20);
    assert_eq!(login.names(&root).await, before, "{}", server.name());
    let mut local: Vec<_> = std::fs::read_dir(server.home())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().as_bytes().to_vec())
        .collect();
    local.sort();
    assert_eq!(local, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_vsftpd() {
    let server = Vsftpd::start();
    go_the_whole_way(&server, server.port()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_proftpd() {
    let server = ProFtpd::start();
    go_the_whole_way(&server, server.port()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_proftpd_without_mlsd() {
    let server = ProFtpd::builder().line("FactsAdvertise off").start();
    go_the_whole_way(&server, server.port()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_pure_ftpd() {
    let server = PureFtpd::start();
    go_the_whole_way(&server, server.port()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_pure_ftpd_without_mlsd() {
    let server = PureFtpd::start();
    go_the_whole_way(&server, without_mlsd(server.addr())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_pyftpdlib() {
    let server = Pyftpdlib::start();
    go_the_whole_way(&server, server.port()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_pyftpdlib_without_mlsd() {
    let server = Pyftpdlib::builder().without(&["MLSD", "MLST"]).start();
    go_the_whole_way(&server, server.port()).await;
}

//! FTP servers that are broken, hostile or merely odd: whatever they do, an operation ends
//! within its clock with an error that says what happened, and the session goes on.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test's helpers fail the test, as the test itself does"
)]

mod door;
mod facts;
mod listings;
mod passive;
mod replies;
mod secured;
mod stalls;
mod through_http;
mod transfers;

use bytes::Bytes;
use connection_core::fs::{Entry, RemoteFs, WriteMode, WriteOptions};
use connection_core::ftp::FtpConnection;
use connection_core::path::RemotePath;
use connection_core::secret::Secret;
use connection_core::target::{FtpSecurity, FtpTarget, Timeouts};
use connection_core::trust::{TrustPolicy, TrustStore};
use connection_core::{Error, ErrorKind, Result};
use connection_tests::ScriptedFtp;
use connection_tests::servers::ftp::scripted::ScriptedFtpBuilder;
use std::sync::Arc;
use std::time::Duration;

/// Longest anything here may take on a busy machine: several clocks and some work.
const SOON: Duration = Duration::from_secs(60);

/// Clocks for a server that answers: nothing here waits for them.
const PATIENT: Timeouts = Timeouts {
    connect: Duration::from_secs(10),
    no_progress: Duration::from_secs(10),
    keepalive: None,
};

/// Clocks for a server that stalls.
const QUICK: Timeouts = Timeouts {
    connect: Duration::from_millis(1500),
    no_progress: Duration::from_millis(1500),
    keepalive: None,
};

/// A server with two files, of 5 and of 6 bytes.
fn server() -> ScriptedFtpBuilder {
    ScriptedFtp::builder()
        .file("/a.txt", "hello")
        .file("/b.txt", "world!")
}

fn target(server: &ScriptedFtp, clocks: Timeouts) -> FtpTarget {
    FtpTarget::new(server.host(), "ann", Secret::from("secret"))
        .unwrap()
        .port(server.port())
        .timeouts(clocks)
}

async fn log_in(target: &FtpTarget) -> Result<FtpConnection> {
    let trust = TrustStore::in_memory(TrustPolicy::AcceptNew);
    within(FtpConnection::connect(target, &trust)).await
}

async fn connect(server: &ScriptedFtp, clocks: Timeouts) -> FtpConnection {
    match log_in(&target(server, clocks)).await {
        Ok(connection) => connection,
        Err(error) => panic!("{error:?}"),
    }
}

/// Logs in over TLS, trusting the server at first sight.
async fn connect_tls(server: &ScriptedFtp, security: FtpSecurity) -> Result<FtpConnection> {
    log_in(&target(server, PATIENT).security(security)).await
}

/// The error of a login that must fail.
async fn refused(server: &ScriptedFtp, clocks: Timeouts) -> Error {
    match log_in(&target(server, clocks)).await {
        Ok(_) => panic!("the login succeeded"),
        Err(error) => error,
    }
}

async fn within<T>(work: impl Future<Output = T>) -> T {
    match tokio::time::timeout(SOON, work).await {
        Ok(done) => done,
        Err(_) => panic!("took longer than {SOON:?}"),
    }
}

fn path(text: &str) -> RemotePath {
    RemotePath::from_text(text).unwrap()
}

const ANEW: WriteOptions = WriteOptions {
    mode: WriteMode::Truncate,
    permissions: None,
};

async fn get(fs: &Arc<dyn RemoteFs>, file: &str) -> Result<Vec<u8>> {
    let file = path(file);
    within(async {
        let mut reader = fs.open_read(&file, 0).await?;
        let mut all = Vec::new();
        while let Some(chunk) = reader.next_chunk().await? {
            all.extend_from_slice(&chunk);
        }
        Ok(all)
    })
    .await
}

async fn put(fs: &Arc<dyn RemoteFs>, file: &str, content: &[u8]) -> Result<()> {
    let file = path(file);
    within(async {
        let mut writer = fs.open_write(&file, ANEW).await?;
        writer.write(Bytes::copy_from_slice(content)).await?;
        writer.finish().await
    })
    .await
}

async fn list(fs: &Arc<dyn RemoteFs>, directory: &str) -> Result<Vec<Entry>> {
    let directory = path(directory);
    within(async { fs.list(&directory).await?.collect(100_000).await }).await
}

async fn size(fs: &Arc<dyn RemoteFs>, file: &str) -> Result<Option<u64>> {
    let seen = within(fs.stat(&path(file))).await?;
    Ok(seen.size)
}

async fn remove(fs: &Arc<dyn RemoteFs>, file: &str) -> Result<()> {
    within(fs.remove_file(&path(file))).await
}

/// The kind of a failure.
#[track_caller]
fn kind<T>(result: &Result<T>) -> ErrorKind {
    match result {
        Ok(_) => panic!("it succeeded"),
        Err(error) => error.kind(),
    }
}

/// Checks kind and text of a failure.
#[track_caller]
fn fails<T>(result: Result<T>, kind: ErrorKind, says: &str) -> Error {
    match result {
        Ok(_) => panic!("it succeeded; wanted {kind:?} {says:?}"),
        Err(error) => {
            let fits = error.kind() == kind && error.message().contains(says);
            assert!(fits, "wanted {kind:?} {says:?}: {error:?}");
            error
        }
    }
}

/// Every kind of operation gets its own answer: the session is in step. Leaves the files of
/// [`server`] as they are.
async fn in_step(connection: &FtpConnection) {
    let fs = connection.fs();
    assert_eq!(size(&fs, "/a.txt").await.unwrap(), Some(5));
    assert_eq!(kind(&remove(&fs, "/none").await), ErrorKind::NotFound);
    assert_eq!(size(&fs, "/b.txt").await.unwrap(), Some(6));
    assert_eq!(get(&fs, "/a.txt").await.unwrap(), b"hello");
    assert_eq!(list(&fs, "/").await.unwrap().len(), 2);
    put(&fs, "/c.txt", b"new").await.unwrap();
    assert_eq!(get(&fs, "/c.txt").await.unwrap(), b"new");
    remove(&fs, "/c.txt").await.unwrap();
    assert_eq!(get(&fs, "/b.txt").await.unwrap(), b"world!");
    assert!(connection.is_alive());
}

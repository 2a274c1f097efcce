//! Names in the server's own character set, and what differs between servers in changing
//! times, going on with transfers and checking contents.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod attributes;
mod byte_255;
mod charsets;
mod checksums;
mod resume;
mod virtual_hosts;

use connection_core::Error;
use connection_core::fs::{RemoteFs, WriteMode, WriteOptions};
use connection_core::ftp::FtpConnection;
use connection_core::path::RemotePath;
use connection_core::secret::Secret;
use connection_core::target::FtpTarget;
use connection_core::trust::{TrustPolicy, TrustStore};
use connection_tests::FtpServer;
use std::sync::Arc;

/// The plain login on a harness server.
fn target(server: &dyn FtpServer) -> FtpTarget {
    let password = Secret::from(server.password());
    FtpTarget::new(server.host(), server.user(), password)
        .unwrap()
        .port(server.port())
}

async fn try_connect(target: &FtpTarget) -> Result<FtpConnection, Error> {
    FtpConnection::connect(target, &TrustStore::in_memory(TrustPolicy::AcceptNew)).await
}

async fn connect(target: &FtpTarget) -> FtpConnection {
    try_connect(target).await.unwrap()
}

fn path(text: &str) -> RemotePath {
    RemotePath::from_text(text).unwrap()
}

async fn put(fs: &Arc<dyn RemoteFs>, path: &RemotePath, data: &[u8]) -> Result<(), Error> {
    let anew = WriteOptions {
        mode: WriteMode::Truncate,
        permissions: None,
    };
    let mut writer = fs.open_write(path, anew).await?;
    writer.write(data.to_vec().into()).await?;
    writer.finish().await
}

async fn get(fs: &Arc<dyn RemoteFs>, path: &RemotePath) -> Result<Vec<u8>, Error> {
    let mut reader = fs.open_read(path, 0).await?;
    let mut all = Vec::new();
    while let Some(chunk) = reader.next_chunk().await? {
        all.extend_from_slice(&chunk);
    }
    Ok(all)
}

/// The names in a directory as text, sorted.
async fn names(fs: &Arc<dyn RemoteFs>, directory: &RemotePath) -> Vec<String> {
    let entries = fs.list(directory).await.unwrap();
    let entries = entries.collect(10_000).await.unwrap();
    let mut names: Vec<_> = entries.iter().map(|entry| entry.name.to_text()).collect();
    names.sort();
    names
}

/// Every kind of server that does not translate names by itself.
fn byte_servers() -> Vec<Box<dyn FtpServer>> {
    vec![
        Box::new(connection_tests::Vsftpd::start()),
        Box::new(connection_tests::ProFtpd::start()),
        Box::new(connection_tests::PureFtpd::start()),
    ]
}

//! Tests against real servers, and against scripted ones for what no real one does.

#![allow(clippy::panic, reason = "a test fails by panicking")]

mod checksums;
mod data;
mod hostile;
mod inbox;
mod login;
mod replacing;
mod robust;
mod room;
mod rules;
mod servers;
mod times;
mod tls;
mod upkeep;

use super::{CertificateCheck, FtpConnection};
use crate::error::Result;
use crate::fs::{Entry, RemoteFs, WriteMode, WriteOptions};
use crate::path::{RemoteName, RemotePath};
use crate::secret::Secret;
use crate::target::{FtpSecurity, FtpTarget, Timeouts};
use bytes::Bytes;
use servers::Server;
use std::sync::Arc;
use std::time::Duration;

fn clocks() -> Timeouts {
    Timeouts {
        connect: Duration::from_secs(10),
        no_progress: Duration::from_secs(10),
        keepalive: None,
    }
}

fn target(port: u16, user: &str, tls: bool) -> FtpTarget {
    let security = if tls {
        FtpSecurity::Explicit
    } else {
        FtpSecurity::None
    };
    FtpTarget::new("localhost", user, Secret::from("secret"))
        .unwrap()
        .port(port)
        .security(security)
        .timeouts(clocks())
}

/// Trusts every certificate.
fn trusting() -> CertificateCheck {
    Arc::new(|_, _| Ok(()))
}

async fn connect_to(target: &FtpTarget) -> Result<FtpConnection> {
    FtpConnection::connect_with(target, trusting(), None).await
}

async fn connect(server: &Server, tls: bool) -> FtpConnection {
    connect_to(&target(server.port, server.user, tls))
        .await
        .unwrap_or_else(|error| panic!("{error:?}\n{}", server.log()))
}

fn path(server: &Server, name: impl Into<Vec<u8>>) -> RemotePath {
    RemotePath::parse(&name.into(), &RemotePath::from_text(server.base).unwrap()).unwrap()
}

const ANEW: WriteOptions = WriteOptions {
    mode: WriteMode::Truncate,
    permissions: None,
};

async fn put(
    fs: &Arc<dyn RemoteFs>,
    path: &RemotePath,
    options: WriteOptions,
    data: &[u8],
) -> Result<()> {
    let mut writer = fs.open_write(path, options).await?;
    writer.write(Bytes::copy_from_slice(data)).await?;
    writer.finish().await
}

async fn get(fs: &Arc<dyn RemoteFs>, path: &RemotePath, offset: u64) -> Result<Vec<u8>> {
    let mut reader = fs.open_read(path, offset).await?;
    let mut all = Vec::new();
    while let Some(chunk) = reader.next_chunk().await? {
        assert!(!chunk.is_empty());
        all.extend_from_slice(&chunk);
    }
    Ok(all)
}

async fn list(fs: &Arc<dyn RemoteFs>, path: &RemotePath) -> Result<Vec<Entry>> {
    fs.list(path).await?.collect(100_000).await
}

async fn names(fs: &Arc<dyn RemoteFs>, path: &RemotePath) -> Vec<Vec<u8>> {
    let entries = list(fs, path).await.unwrap();
    let mut names: Vec<_> = entries.iter().map(|e| e.name.as_bytes().to_vec()).collect();
    names.sort();
    names
}

fn find(entries: &[Entry], name: &[u8]) -> Entry {
    let name = RemoteName::new(name);
    entries
        .iter()
        .find(|entry| entry.name == name)
        .unwrap_or_else(|| panic!("{name:?} is not in {entries:?}"))
        .clone()
}

/// Bytes that repeat nowhere near.
fn noise(len: usize) -> Vec<u8> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    })
    .flatten()
    .take(len)
    .collect()
}

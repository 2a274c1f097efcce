//! The connections of an FTP session: how many, for how long, what becomes of them when
//! something is given up, and who opens the data connections.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test's helpers fail the test, as the test itself does"
)]

mod cancel;
mod clocks;
mod idle;
mod limit;
mod modes;
mod refused;
mod scripted;

use bytes::Bytes;
use connection_core::Result;
use connection_core::fs::{Entry, RemoteFs, WriteMode, WriteOptions};
use connection_core::ftp::FtpConnection;
use connection_core::path::RemotePath;
use connection_core::secret::Secret;
use connection_core::target::{FtpSecurity, FtpTarget, Timeouts};
use connection_core::trust::{TrustPolicy, TrustStore};
use connection_tests::noise;
use connection_tests::servers::ftp::{FtpServer, Tls};
use std::future::Future;
use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

/// Longest wait for what should be there at once, on a machine that is busy.
const SOON: Duration = Duration::from_secs(60);
/// A file that fills every buffer on its way many times.
const LONG: usize = 24 << 20;

fn clocks() -> Timeouts {
    Timeouts {
        connect: Duration::from_secs(10),
        no_progress: Duration::from_secs(10),
        keepalive: None,
    }
}

/// Clocks a test waits for.
fn quick() -> Timeouts {
    Timeouts {
        connect: Duration::from_secs(1),
        no_progress: Duration::from_secs(1),
        keepalive: None,
    }
}

fn target(server: &dyn FtpServer) -> FtpTarget {
    server.target().timeouts(clocks())
}

fn most(connections: usize) -> NonZeroUsize {
    NonZeroUsize::new(connections).unwrap()
}

async fn connect(target: &FtpTarget) -> Result<FtpConnection> {
    FtpConnection::connect(target, &TrustStore::in_memory(TrustPolicy::AcceptNew)).await
}

async fn connected(target: &FtpTarget) -> FtpConnection {
    connect(target).await.unwrap()
}

fn path(text: &str) -> RemotePath {
    RemotePath::from_text(text).unwrap()
}

async fn get(fs: &dyn RemoteFs, name: &str) -> Result<Vec<u8>> {
    let mut reader = fs.open_read(&path(name), 0).await?;
    let mut all = Vec::new();
    while let Some(chunk) = reader.next_chunk().await? {
        all.extend_from_slice(&chunk);
    }
    Ok(all)
}

const ANEW: WriteOptions = WriteOptions {
    mode: WriteMode::Truncate,
    permissions: None,
};

async fn put(fs: &dyn RemoteFs, name: &str, data: &[u8]) -> Result<()> {
    let mut writer = fs.open_write(&path(name), ANEW).await?;
    writer.write(Bytes::copy_from_slice(data)).await?;
    writer.finish().await
}

async fn list(fs: &dyn RemoteFs, name: &str) -> Result<Vec<Entry>> {
    fs.list(&path(name)).await?.collect(100_000).await
}

async fn within<T>(limit: Duration, what: impl Future<Output = T>) -> T {
    tokio::time::timeout(limit, what)
        .await
        .unwrap_or_else(|_| panic!("took longer than {limit:?}"))
}

/// Polls, without holding up the runtime, until it holds.
async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + SOON;
    while !holds() {
        assert!(Instant::now() < deadline, "not within {SOON:?}: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Connections of this process to the port that are open, or being opened.
fn ours(port: u16) -> usize {
    let end = format!(":{port:04X}");
    ["/proc/net/tcp", "/proc/net/tcp6"]
        .iter()
        .filter_map(|table| std::fs::read_to_string(table).ok())
        .map(|table| {
            table
                .lines()
                .filter(|line| {
                    let fields: Vec<_> = line.split_whitespace().collect();
                    // Established, or waiting for the other side's answer.
                    fields.get(2).is_some_and(|remote| remote.ends_with(&end))
                        && matches!(fields.get(3), Some(&"01" | &"02"))
                })
                .count()
        })
        .sum()
}

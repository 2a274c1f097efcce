//! FTPS on real servers, and on a scripted one where a real one does not do what the case
//! needs: resumption of TLS sessions, certificates, and no way back to clear text.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test's helpers fail the test, as the test itself does"
)]

mod certificates;
mod resumption;

use bytes::Bytes;
use connection_core::Result;
use connection_core::fs::{RemoteFs, WriteMode, WriteOptions};
use connection_core::path::{RemoteName, RemotePath};
use connection_core::session::{Owner, SessionStore, StoreConfig};
use connection_core::target::FtpTarget;
use connection_core::trust::{TrustPolicy, TrustStore};
use connection_tests::FtpServer;
use std::sync::Arc;

/// A session and what it needs to live.
struct Login {
    store: SessionStore,
    fs: Arc<dyn RemoteFs>,
}

impl Login {
    /// Logs in, trusting the server at first sight.
    async fn new(server: &dyn FtpServer) -> Self {
        let trust = TrustStore::in_memory(TrustPolicy::AcceptNew);
        Self::open(&server.target(), trust)
            .await
            .unwrap_or_else(|error| panic!("{error:?}\n{}", server.log()))
    }

    async fn open(target: &FtpTarget, trust: TrustStore) -> Result<Self> {
        let store = SessionStore::new(StoreConfig::default(), trust);
        let owner = Owner::new("test");
        let id = store.open_ftp(&owner, target, None).await?;
        let fs = store.get(&owner, id)?.fs();
        Ok(Self { store, fs })
    }

    async fn close(self) {
        drop(self.fs);
        self.store.shutdown().await;
    }

    async fn put(&self, name: &str, data: &[u8]) -> Result<()> {
        self.write(name, WriteMode::Truncate, data).await
    }

    async fn append(&self, name: &str, size: u64, data: &[u8]) -> Result<()> {
        self.write(name, WriteMode::At(size), data).await
    }

    async fn write(&self, name: &str, mode: WriteMode, data: &[u8]) -> Result<()> {
        let options = WriteOptions {
            mode,
            permissions: None,
        };
        let mut writer = self.fs.open_write(&path(name), options).await?;
        writer.write(Bytes::copy_from_slice(data)).await?;
        writer.finish().await
    }

    async fn get(&self, name: &str) -> Result<Vec<u8>> {
        self.get_from(name, 0).await
    }

    async fn get_from(&self, name: &str, offset: u64) -> Result<Vec<u8>> {
        let mut reader = self.fs.open_read(&path(name), offset).await?;
        let mut all = Vec::new();
        while let Some(chunk) = reader.next_chunk().await? {
            all.extend_from_slice(&chunk);
        }
        Ok(all)
    }

    async fn list(&self, name: &str) -> Result<Vec<String>> {
        let entries = self.fs.list(&path(name)).await?.collect(100_000).await?;
        let mut names: Vec<String> = entries.iter().map(|entry| entry.name.to_text()).collect();
        names.sort();
        Ok(names)
    }
}

/// A path in the account's home.
fn path(name: &str) -> RemotePath {
    if name.is_empty() {
        return RemotePath::root();
    }
    RemotePath::root().join(&RemoteName::new(name)).unwrap()
}

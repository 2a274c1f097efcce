//! FTP and FTPS on `suppaftp`.

use crate::error::{Error, ErrorKind, Result};
use crate::fs::RemoteFs;
use crate::target::FtpTarget;
use crate::trust::TrustStore;
use std::sync::Arc;

/// One FTP login.
pub struct FtpConnection {
    fs: Arc<dyn RemoteFs>,
}

impl FtpConnection {
    /// Connects, secures the connection as the target says, and logs in.
    pub async fn connect(_target: &FtpTarget, _trust: &TrustStore) -> Result<Self> {
        Err(Error::new(
            ErrorKind::Unsupported,
            "connect",
            "not wired yet",
        ))
    }

    /// The account's files.
    pub fn fs(&self) -> Arc<dyn RemoteFs> {
        self.fs.clone()
    }

    /// Whether the connection can still carry anything.
    pub fn is_alive(&self) -> bool {
        false
    }

    /// Closes the connection, within a second.
    pub async fn close(&self) {}
}

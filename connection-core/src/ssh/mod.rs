//! SSH: one login, then files, commands and more side by side.

pub(crate) mod engine;
pub(crate) mod keys;
pub(crate) mod sftp;

use crate::error::{Error, ErrorKind, Result};
use crate::exec::{ExecOutput, ExecRequest};
use crate::fs::RemoteFs;
use crate::target::SshTarget;
use crate::trust::TrustStore;
use std::sync::Arc;

pub use engine::Negotiated;

/// One authenticated SSH connection.
pub struct SshConnection {
    fs: Arc<dyn RemoteFs>,
    negotiated: Negotiated,
}

impl SshConnection {
    /// Connects, checks the server, logs in and opens SFTP.
    pub async fn connect(_target: &SshTarget, _trust: &TrustStore) -> Result<Self> {
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

    /// Runs a command to its end. Dropping the future ends the remote process, where the
    /// server allows it.
    pub async fn exec(&self, _request: ExecRequest) -> Result<ExecOutput> {
        Err(Error::new(
            ErrorKind::Unsupported,
            "run command",
            "not wired yet",
        ))
    }

    /// What was negotiated.
    pub fn negotiated(&self) -> &Negotiated {
        &self.negotiated
    }

    /// Whether the link can still carry anything.
    pub fn is_alive(&self) -> bool {
        false
    }

    /// Closes the connection and everything on it, within a second.
    pub async fn close(&self) {}
}

//! Where to connect and as whom: validated values that hold everything a connection
//! needs, so that it can be opened again with the same login.
//!
//! Nothing here comes from the environment, and no field can name a local command or
//! socket. Secrets are [`Secret`]s behind `Arc`, because one login may open several links.

mod ftp;

use crate::error::{Error, Result};
use crate::secret::Secret;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

pub use ftp::{FtpDataMode, FtpSecurity, FtpTarget};

/// The clocks of a connection. Each bounds a wait on the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Longest wait for name lookup, TCP connect, handshake and login, each.
    pub connect: Duration,
    /// Longest time without a single byte from the peer while an answer is due.
    pub no_progress: Duration,
    /// How often an idle link is probed; a link that stays silent for three probes is dead.
    /// `None` turns probing off, for servers that answer probes by closing.
    pub keepalive: Option<Duration>,
}

impl Default for Timeouts {
    /// Connect 30 s, no progress 60 s, keepalive 15 s.
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(30),
            no_progress: Duration::from_secs(60),
            keepalive: Some(Duration::from_secs(15)),
        }
    }
}

/// How many links one SSH connection may have. Servers allow a number of channels on each
/// (OpenSSH ten, unless `MaxSessions` says otherwise); when all are taken, another link is
/// opened with the same login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkLimits {
    /// Links at once, the first included. 1 opens no other: what finds no room waits for it.
    pub max: usize,
    /// How long a link other than the first is kept with nothing on it.
    pub idle: Duration,
}

impl Default for LinkLimits {
    /// Four links, so that even a server with one channel on each has room beside the
    /// files for three commands or terminals; an idle one is kept for 60 s.
    fn default() -> Self {
        Self {
            max: 4,
            idle: Duration::from_secs(60),
        }
    }
}

/// Bytes in one direction after which keys are exchanged anew: what RFC 4253 section 9
/// recommends.
const REKEY_BYTES: u64 = 1 << 30;

/// A private key to log in with.
pub enum PrivateKeySource {
    /// A file on this machine; a leading `~/` stands for the home directory.
    File(PathBuf),
    /// The key's text, in any of the formats a file may have.
    Memory(Secret),
}

/// What an SSH login offers. At least one must be there.
#[derive(Default)]
pub struct SshCredentials {
    /// Password, for the methods `password` and `keyboard-interactive`.
    pub password: Option<Secret>,
    /// Private key, for the method `publickey`. When there is one, the password is only
    /// used as a second factor the server asks for after the key.
    pub key: Option<PrivateKeySource>,
    /// Passphrase of the private key; without it, the password is tried as one.
    pub passphrase: Option<Secret>,
}

/// The implementation that speaks SSH.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SshEngine {
    /// `russh`: asynchronous, memory-safe, post-quantum key exchange.
    #[default]
    Russh,
    /// `libssh2`, through the crate `ssh2`: the system's OpenSSL.
    Libssh2,
}

impl SshEngine {
    /// Both, in the order of preference.
    pub const ALL: [Self; 2] = [Self::Russh, Self::Libssh2];

    /// The name used in configuration and capabilities.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Russh => "russh",
            Self::Libssh2 => "libssh2",
        }
    }
}

impl std::str::FromStr for SshEngine {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|e| e.name() == text)
            .ok_or_else(|| {
                Error::invalid("engine", format!("{text:?} is neither russh nor libssh2"))
            })
    }
}

/// An SSH server and the login on it.
#[derive(Clone)]
pub struct SshTarget {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) user: String,
    pub(crate) credentials: Arc<SshCredentials>,
    pub(crate) engine: SshEngine,
    pub(crate) timeouts: Timeouts,
    pub(crate) links: LinkLimits,
    pub(crate) rekey_bytes: u64,
}

impl SshTarget {
    /// A target on port 22 with the default engine and timeouts.
    ///
    /// # Errors
    /// `InvalidInput` naming `host` or `username` when it is empty or holds a control
    /// character, or `password` when there is neither password nor key.
    pub fn new(host: &str, user: &str, credentials: SshCredentials) -> Result<Self> {
        check_text("host", host)?;
        check_text("username", user)?;
        if credentials.password.is_none() && credentials.key.is_none() {
            return Err(Error::invalid(
                "password",
                "Either password or key_path must be provided",
            ));
        }
        Ok(Self {
            host: host.to_owned(),
            port: 22,
            user: user.to_owned(),
            credentials: Arc::new(credentials),
            engine: SshEngine::default(),
            timeouts: Timeouts::default(),
            links: LinkLimits::default(),
            rekey_bytes: REKEY_BYTES,
        })
    }

    /// Sets the TCP port.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Chooses the engine.
    #[must_use]
    pub fn engine(mut self, engine: SshEngine) -> Self {
        self.engine = engine;
        self
    }

    /// Sets the clocks.
    #[must_use]
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// Sets after how many bytes in one direction keys are exchanged anew.
    #[cfg(test)]
    #[must_use]
    pub(crate) fn rekey_bytes(mut self, bytes: u64) -> Self {
        self.rekey_bytes = bytes;
        self
    }

    /// Sets how many links there may be. A login that cannot be repeated (a one-time
    /// code) is tried once more at most, whatever this says.
    #[must_use]
    pub fn links(mut self, links: LinkLimits) -> Self {
        self.links = links;
        self
    }
}

fn check_text(field: &'static str, text: &str) -> Result<()> {
    if text.is_empty() {
        return Err(Error::invalid(field, format!("{field} is empty")));
    }
    if text.chars().any(char::is_control) {
        return Err(Error::invalid(
            field,
            format!("{field} contains a control character"),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ssh_login_needs_a_credential() {
        let error = SshTarget::new("h", "u", SshCredentials::default())
            .err()
            .unwrap();
        assert_eq!(error.context("field"), Some("password"));
    }
}

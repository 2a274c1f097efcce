//! Whether a server is who it should be: one policy for SSH host keys and FTPS certificates.
//!
//! Servers are on record in two files of one directory: `known_hosts`, in OpenSSH's
//! format and by its rules, and `known_certificates`, whose lines are
//! `[host]:port sha256:<hexadecimal> <first seen>`, with `authority:` before the fingerprint
//! of a server for which an authority vouches. Both are read at every check, so what
//! an administrator changes holds from the next connection on. There is no path to a
//! server without a check and no switch to turn it off: a server that is known and changed
//! is refused under every policy, and a record that cannot be read trusts nobody.
//!
//! It knows nothing of sessions and connections, and trusts no byte a server presented.
//!
//! ```no_run
//! use connection_core::ErrorKind;
//! use connection_core::secret::Secret;
//! use connection_core::session::{Owner, SessionStore, StoreConfig};
//! use connection_core::target::{FtpSecurity, FtpTarget};
//! use connection_core::trust::{TrustPolicy, TrustStore};
//!
//! # async fn example() -> connection_core::Result<()> {
//! let trust = TrustStore::open("/home/ann/.config/my-program", TrustPolicy::Strict);
//! let store = SessionStore::new(StoreConfig::default(), trust);
//! let target = FtpTarget::new("ftp.example.com", "ann", Secret::from("…"))?
//!     .security(FtpSecurity::Explicit);
//! match store.open_ftp(&Owner::new("ann"), &target, None).await {
//!     // Its certificate is neither on record nor vouched for by an authority. Nothing of the
//!     // login was sent; whoever knows the fingerprint may add the line.
//!     Err(e) if e.kind() == ErrorKind::HostUnknown => {
//!         println!("{}", e.message());
//!         // The line, and the file it goes to.
//!         println!("{:?} {:?}", e.context("host"), e.context("presented"));
//!         println!("{:?}", e.context("file"));
//!     }
//!     opened => println!("session {}", opened?),
//! }
//! # Ok(())
//! # }
//! ```

mod certificates;
mod fingerprint;
mod host_keys;
mod known_hosts;
mod name;
mod records;
mod store;
#[cfg(test)]
mod tests;

use crate::error::Result;
use name::Name;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use store::Text;

pub use certificates::OBJECTION;
pub(crate) use certificates::Objection;
pub(crate) use fingerprint::certificate_fingerprint;
pub use records::{TrustRecord, TrustRecordKind};

/// What happens to a server that is not on record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum TrustPolicy {
    /// It is refused.
    Strict,
    /// Its key, or its certificate if no authority is involved, is recorded at first sight
    /// and expected from then on.
    #[default]
    AcceptNew,
}

/// Decides whether the server is who it should be.
pub(crate) trait HostKeyCheck: Send + Sync {
    /// Host key algorithms to offer, most wanted first, as the algorithm names of RFC 4253
    /// (`ssh-ed25519`, `rsa-sha2-512`, ...): types on record come before others, so that a
    /// server is not mistaken for another because it has several keys. Empty: no wish.
    fn preferred_algorithms(&self) -> Vec<String>;

    /// Accepts the server's public key, in the wire encoding of RFC 4253 section 6.6, or
    /// says why not.
    ///
    /// # Errors
    /// `HostUnknown`, `HostChanged`, `HostRevoked`, `TrustStore`.
    fn check(&self, public_key: &[u8]) -> Result<()>;
}

/// The record of known servers. Clones share it.
#[derive(Clone)]
pub struct TrustStore(Arc<Inner>);

struct Inner {
    policy: TrustPolicy,
    host_keys: Text,
    certificates: Text,
}

impl TrustStore {
    /// A store in this directory: `known_hosts` in OpenSSH's format, and
    /// `known_certificates`. Nothing is read or made yet: the directory (mode 0700) and
    /// the files (0600) come with the first server put on record, and beside each a lock
    /// file that writers share with other processes using this library.
    pub fn open(directory: impl Into<PathBuf>, policy: TrustPolicy) -> Self {
        let directory = directory.into();
        Self(Arc::new(Inner {
            policy,
            host_keys: Text::file(directory.join("known_hosts")),
            certificates: Text::file(directory.join("known_certificates")),
        }))
    }

    /// A store that lives as long as the process.
    pub fn in_memory(policy: TrustPolicy) -> Self {
        Self(Arc::new(Inner {
            policy,
            host_keys: Text::memory(),
            certificates: Text::memory(),
        }))
    }

    /// What happens to a server that is not on record.
    pub fn policy(&self) -> TrustPolicy {
        self.0.policy
    }

    /// All records that can be read: host keys in the order of their file, then
    /// certificates. Reads files, so call it where blocking is allowed.
    ///
    /// # Errors
    /// `TrustStore` when a file is there and cannot be read.
    pub fn records(&self) -> Result<Vec<TrustRecord>> {
        let mut records = records::host_keys(&self.0.host_keys)?;
        records.extend(records::pins(&self.0.certificates)?);
        Ok(records)
    }

    /// Takes a server off the record, as a person does who knows why its key changed, and
    /// says from how many lines. Other names on the same line stay; so do patterns that
    /// cover the host, revocations and authorities. Writes files, so call it where
    /// blocking is allowed.
    ///
    /// # Errors
    /// `InvalidInput` when `host` is no host name; `TrustStore` when a file cannot be read
    /// or written.
    pub fn forget(&self, host: &str, port: u16) -> Result<usize> {
        let name = Name::new(host, port)?;
        Ok(records::forget_host_keys(&self.0.host_keys, &name)?
            + records::forget_pins(&self.0.certificates, &name)?)
    }

    /// The check of one SSH server. It reads the file at each call, and under
    /// [`TrustPolicy::AcceptNew`] may wait some seconds for another process's lock.
    pub(crate) fn host_key_check(&self, host: &str, port: u16) -> Arc<dyn HostKeyCheck> {
        Arc::new(OneHost {
            store: self.clone(),
            name: Name::new(host, port),
        })
    }

    /// Checks a TLS server's leaf certificate (DER). `chain` is what verification by the
    /// system's certificate authorities and the host name said: a certificate they vouch
    /// for needs no record, and one they object to for more than the lack of an authority
    /// is accepted from a record only.
    ///
    /// # Errors
    /// `HostUnknown`, `HostChanged`, `TrustStore`; `InvalidInput` when `host` is no host
    /// name.
    pub(crate) fn check_certificate(
        &self,
        host: &str,
        port: u16,
        leaf: &[u8],
        chain: std::result::Result<(), Objection>,
    ) -> Result<()> {
        let name = Name::new(host, port)?;
        certificates::check(&self.0.certificates, self.0.policy, &name, leaf, chain)
    }
}

impl fmt::Debug for TrustStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TrustStore")
            .field("policy", &self.0.policy)
            .field("known_hosts", &self.0.host_keys.name())
            .finish_non_exhaustive()
    }
}

/// The check of one server; a name that is none is refused when it is checked.
struct OneHost {
    store: TrustStore,
    name: Result<Name>,
}

impl HostKeyCheck for OneHost {
    fn preferred_algorithms(&self) -> Vec<String> {
        match &self.name {
            Ok(name) => host_keys::preferred_algorithms(&self.store.0.host_keys, name),
            Err(_) => Vec::new(),
        }
    }

    fn check(&self, public_key: &[u8]) -> Result<()> {
        match &self.name {
            Ok(name) => host_keys::check(
                &self.store.0.host_keys,
                self.store.0.policy,
                name,
                public_key,
            ),
            Err(error) => Err(crate::Error::invalid("host", error.message())),
        }
    }
}

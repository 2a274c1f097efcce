//! Whether a server is who it should be: one policy for SSH host keys and FTPS certificates.

use crate::error::Result;
use crate::ssh::engine::HostKeyCheck;
use std::path::PathBuf;
use std::sync::Arc;

/// What happens to a server that is not on record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum TrustPolicy {
    /// It is refused.
    Strict,
    /// Its key or certificate is recorded at first sight, and expected from then on.
    #[default]
    AcceptNew,
}

/// The record of known servers.
#[derive(Debug, Clone)]
pub struct TrustStore {
    _policy: TrustPolicy,
    _directory: Option<PathBuf>,
}

impl TrustStore {
    /// A store in this directory: `known_hosts` in OpenSSH's format, and `known_certificates`.
    pub fn open(directory: impl Into<PathBuf>, policy: TrustPolicy) -> Self {
        Self {
            _policy: policy,
            _directory: Some(directory.into()),
        }
    }

    /// A store that lives as long as the process.
    pub fn in_memory(policy: TrustPolicy) -> Self {
        Self {
            _policy: policy,
            _directory: None,
        }
    }

    /// The check of one SSH server.
    #[allow(
        dead_code,
        unused_variables,
        reason = "signature fixed before its users"
    )]
    pub(crate) fn host_key_check(&self, host: &str, port: u16) -> Arc<dyn HostKeyCheck> {
        struct Refuse;
        impl HostKeyCheck for Refuse {
            fn preferred_algorithms(&self) -> Vec<String> {
                Vec::new()
            }
            fn check(&self, _: &[u8]) -> Result<()> {
                Err(crate::Error::new(
                    crate::ErrorKind::HostUnknown,
                    "check host key",
                    "no store",
                ))
            }
        }
        Arc::new(Refuse)
    }

    /// Checks a TLS server's leaf certificate (DER). `chain` is what verification by the
    /// system's certificate authorities and the host name said: a certificate they vouch
    /// for needs no record.
    ///
    /// # Errors
    /// `HostUnknown`, `HostChanged`, `TrustStore`.
    #[allow(
        dead_code,
        unused_variables,
        reason = "signature fixed before its users"
    )]
    pub(crate) fn check_certificate(
        &self,
        host: &str,
        port: u16,
        leaf: &[u8],
        chain: std::result::Result<(), String>,
    ) -> Result<()> {
        Err(crate::Error::new(
            crate::ErrorKind::HostUnknown,
            "check certificate",
            "no store",
        ))
    }
}

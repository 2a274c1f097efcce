//! Self-signed TLS certificates, made by `openssl`.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::install::run;

/// The names a certificate holds unless a test wants others.
pub const LOOPBACK_NAMES: &str = "IP:127.0.0.1,DNS:localhost";

/// A self-signed certificate with its key (P-256), valid from now for a month.
#[derive(Clone, Debug)]
pub struct Certificate {
    cert: PathBuf,
    key: PathBuf,
    fingerprint: String,
}

impl Certificate {
    /// Makes one in `dir`, replacing an earlier one there. `names` as OpenSSL writes alternative
    /// names: `IP:127.0.0.1,DNS:localhost`.
    pub fn generate(dir: &Path, names: &str) -> Self {
        let (cert, key) = (dir.join("tls-cert.pem"), dir.join("tls-key.pem"));
        let mut command = Command::new("openssl");
        command
            .args([
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
            ])
            .args(["-nodes", "-days", "30", "-subj", "/CN=localhost", "-addext"])
            .arg(format!("subjectAltName={names}"));
        run(command.arg("-keyout").arg(&key).arg("-out").arg(&cert));
        fs::set_permissions(&key, Permissions::from_mode(0o600)).expect("chmod a key");
        let mut command = Command::new("openssl");
        command.args(["x509", "-noout", "-fingerprint", "-sha256", "-in"]);
        let printed = run(command.arg(&cert));
        // `sha256 Fingerprint=AB:CD:…`
        let fingerprint = String::from_utf8_lossy(&printed)
            .rsplit('=')
            .next()
            .unwrap_or_default()
            .trim()
            .replace(':', "")
            .to_lowercase();
        Self {
            cert,
            key,
            fingerprint,
        }
    }

    /// SHA-256 of the certificate (DER), 64 lower case hexadecimal digits.
    pub fn fingerprint_sha256(&self) -> &str {
        &self.fingerprint
    }

    /// The certificate's PEM file; as it is self-signed, also the root that trusts it.
    pub fn path(&self) -> &Path {
        &self.cert
    }

    /// The private key's PEM file.
    pub fn key_path(&self) -> &Path {
        &self.key
    }

    /// The certificate as PEM.
    pub fn pem(&self) -> String {
        fs::read_to_string(&self.cert).expect("read a certificate")
    }
}

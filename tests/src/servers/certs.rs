//! TLS certificates, self-signed or issued by an authority of the test, made by `openssl`.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::install::run;

/// The names a certificate holds unless a test wants others.
pub const LOOPBACK_NAMES: &str = "IP:127.0.0.1,DNS:localhost";

/// A certificate with its key (P-256).
#[derive(Clone, Debug)]
pub struct Certificate {
    cert: PathBuf,
    key: PathBuf,
    fingerprint: String,
}

/// A certificate authority of a test, which nobody trusts unless told to.
pub struct Authority(TempDir);

impl Authority {
    /// Makes a new one.
    pub fn generate() -> Self {
        let dir = tempfile::tempdir().expect("create a temporary directory");
        let (cert, key) = (dir.path().join("ca.pem"), dir.path().join("ca-key.pem"));
        let mut command = Command::new("openssl");
        command
            .args(["req", "-x509", "-newkey", "ec", "-pkeyopt"])
            .args(["ec_paramgen_curve:P-256", "-nodes", "-days", "30"])
            .args(["-subj", "/CN=authority of a test"]);
        run(command.arg("-keyout").arg(&key).arg("-out").arg(&cert));
        Self(dir)
    }

    /// Its own certificate as a PEM file, for those who shall trust it.
    pub fn path(&self) -> PathBuf {
        self.0.path().join("ca.pem")
    }

    /// Issues a certificate into `dir`, replacing an earlier one there; `names` as for
    /// [`Certificate::generate`], `days` it is valid from now on: -1 for an expired one.
    pub fn issue(&self, dir: &Path, names: &str, days: i32) -> Certificate {
        let (cert, key) = (dir.join("tls-cert.pem"), dir.join("tls-key.pem"));
        let (request, extensions) = (self.0.path().join("csr"), self.0.path().join("extensions"));
        fs::write(&extensions, format!("subjectAltName={names}\n")).expect("write extensions");
        let mut command = Command::new("openssl");
        command
            .args([
                "req",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
            ])
            .args(["-nodes", "-subj", "/CN=issued", "-keyout"])
            .arg(&key)
            .arg("-out");
        run(command.arg(&request));
        let mut command = Command::new("openssl");
        command.args(["x509", "-req", "-CAcreateserial", "-days"]);
        command.arg(days.to_string()).arg("-in").arg(&request);
        command.arg("-CA").arg(self.path()).arg("-CAkey");
        command
            .arg(self.0.path().join("ca-key.pem"))
            .arg("-extfile");
        run(command.arg(&extensions).arg("-out").arg(&cert));
        Certificate::of(cert, key)
    }
}

impl Certificate {
    /// Makes a self-signed one in `dir`, valid for a month, replacing an earlier one there.
    /// `names` as OpenSSL writes alternative names: `IP:127.0.0.1,DNS:localhost`.
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
        Self::of(cert, key)
    }

    fn of(cert: PathBuf, key: PathBuf) -> Self {
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

    /// The certificate's PEM file.
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

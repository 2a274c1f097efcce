//! SSH keys of every type and file format, made by `ssh-keygen` and `openssl`.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use ssh_key::public::{Ed25519PublicKey, KeyData};
use ssh_key::{HashAlg, PublicKey};

use super::install::run;

/// Bits of RSA keys: the least OpenSSH and OpenSSL take without complaint, as making them is slow.
const RSA_BITS: &str = "2048";

/// Type of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// RSA. All RSA keys of one test process are the same key, since making one takes long.
    Rsa,
    /// ECDSA on NIST P-256.
    EcdsaP256,
    /// ECDSA on NIST P-384.
    EcdsaP384,
    /// ECDSA on NIST P-521.
    EcdsaP521,
    /// Ed25519.
    Ed25519,
}

impl KeyKind {
    /// Every type.
    pub const ALL: [Self; 5] = [
        Self::Rsa,
        Self::EcdsaP256,
        Self::EcdsaP384,
        Self::EcdsaP521,
        Self::Ed25519,
    ];

    /// The type's name in public key lines, such as `ssh-ed25519`.
    pub fn algorithm(self) -> &'static str {
        match self {
            Self::Rsa => "ssh-rsa",
            Self::EcdsaP256 => "ecdsa-sha2-nistp256",
            Self::EcdsaP384 => "ecdsa-sha2-nistp384",
            Self::EcdsaP521 => "ecdsa-sha2-nistp521",
            Self::Ed25519 => "ssh-ed25519",
        }
    }

    fn keygen_args(self) -> [&'static str; 4] {
        match self {
            Self::Rsa => ["-t", "rsa", "-b", RSA_BITS],
            Self::EcdsaP256 => ["-t", "ecdsa", "-b", "256"],
            Self::EcdsaP384 => ["-t", "ecdsa", "-b", "384"],
            Self::EcdsaP521 => ["-t", "ecdsa", "-b", "521"],
            // ssh-keygen ignores the size of an Ed25519 key.
            Self::Ed25519 => ["-t", "ed25519", "-b", "256"],
        }
    }
}

/// File format of a private key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyFormat {
    /// `BEGIN OPENSSH PRIVATE KEY`.
    OpenSsh,
    /// `BEGIN RSA PRIVATE KEY` / `BEGIN EC PRIVATE KEY`; there is none for Ed25519.
    Pem,
    /// `BEGIN PRIVATE KEY` / `BEGIN ENCRYPTED PRIVATE KEY`.
    Pkcs8,
}

impl KeyFormat {
    /// Every format.
    pub const ALL: [Self; 3] = [Self::OpenSsh, Self::Pem, Self::Pkcs8];

    /// Whether keys of `kind` can be stored in this format.
    pub fn holds(self, kind: KeyKind) -> bool {
        !(self == Self::Pem && kind == KeyKind::Ed25519)
    }
}

/// A key pair on disk.
#[derive(Clone, Debug)]
pub struct UserKey {
    private: PathBuf,
    public: String,
}

impl UserKey {
    /// Makes a key in `dir`, encrypted when there is a passphrase.
    ///
    /// # Panics
    /// For a format that cannot hold the type, see [`KeyFormat::holds`].
    pub fn generate(
        dir: &Path,
        kind: KeyKind,
        format: KeyFormat,
        passphrase: Option<&str>,
    ) -> Self {
        assert!(format.holds(kind), "no {format:?} files for {kind:?} keys");
        let private = dir.join(format!("key-{}", uuid::Uuid::new_v4().simple()));
        let public = if kind == KeyKind::Ed25519 && format == KeyFormat::Pkcs8 {
            ed25519_pkcs8(&private, passphrase)
        } else {
            let public = write_plain(&private, kind);
            convert(&private, format, passphrase);
            public
        };
        fs::set_permissions(&private, Permissions::from_mode(0o600)).expect("chmod a key");
        Self { private, public }
    }

    /// Absolute path of the private key; mode 0600.
    pub fn path(&self) -> &Path {
        &self.private
    }

    /// The private key's file as text.
    pub fn private_text(&self) -> String {
        fs::read_to_string(&self.private).expect("read a key")
    }

    /// `type base64`, one line without a line end.
    pub fn public_line(&self) -> &str {
        &self.public
    }

    /// `SHA256:…` as `ssh-keygen -l` prints it.
    pub fn fingerprint(&self) -> String {
        fingerprint(&self.public)
    }
}

/// The host keys of a server.
#[derive(Clone)]
pub struct HostKeys {
    keys: Vec<(KeyKind, String, String)>,
}

impl HostKeys {
    /// New keys of the given types (see [`KeyKind::Rsa`] for an exception).
    pub fn new(kinds: &[KeyKind]) -> Self {
        let dir = tempfile::tempdir().expect("create a temporary directory");
        let keys = kinds.iter().map(|kind| {
            let key = UserKey::generate(dir.path(), *kind, KeyFormat::OpenSsh, None);
            (*kind, key.private_text(), key.public)
        });
        Self {
            keys: keys.collect(),
        }
    }

    /// New Ed25519 and ECDSA keys and an RSA key, as an ordinary server has.
    pub fn usual() -> Self {
        Self::new(&[KeyKind::Ed25519, KeyKind::EcdsaP256, KeyKind::Rsa])
    }

    /// The public key lines (`type base64`), in the order given.
    pub fn public_lines(&self) -> Vec<String> {
        self.keys
            .iter()
            .map(|(_, _, public)| public.clone())
            .collect()
    }

    /// `SHA256:…` of the key of a type, if there is one.
    pub fn fingerprint(&self, kind: KeyKind) -> Option<String> {
        self.keys
            .iter()
            .find(|key| key.0 == kind)
            .map(|key| fingerprint(&key.2))
    }

    /// Writes the private keys into `dir` and returns their paths.
    pub(crate) fn write(&self, dir: &Path) -> Vec<PathBuf> {
        let write = |(kind, private, _): &(KeyKind, String, String)| {
            let path = dir.join(format!("host-{}", kind.algorithm()));
            fs::write(&path, private).expect("write a host key");
            fs::set_permissions(&path, Permissions::from_mode(0o600)).expect("chmod a key");
            path
        };
        self.keys.iter().map(write).collect()
    }
}

fn fingerprint(public: &str) -> String {
    let key = PublicKey::from_openssh(public).expect("a public key line of ssh-keygen");
    key.fingerprint(HashAlg::Sha256).to_string()
}

/// Writes an unencrypted OpenSSH private key and returns its public line.
fn write_plain(path: &Path, kind: KeyKind) -> String {
    static RSA: OnceLock<(String, String)> = OnceLock::new();
    if kind == KeyKind::Rsa {
        let (private, public) = RSA.get_or_init(|| {
            let dir = tempfile::tempdir().expect("create a temporary directory");
            let path = dir.path().join("rsa");
            let public = keygen(&path, kind);
            (fs::read_to_string(&path).expect("read a key"), public)
        });
        fs::write(path, private).expect("write a key");
        // ssh-keygen reads private keys of mode 0600 only.
        fs::set_permissions(path, Permissions::from_mode(0o600)).expect("chmod a key");
        return public.clone();
    }
    keygen(path, kind)
}

fn keygen(path: &Path, kind: KeyKind) -> String {
    let mut command = Command::new("ssh-keygen");
    run(command
        .args(["-q", "-N", "", "-C", "", "-f"])
        .arg(path)
        .args(kind.keygen_args()));
    let public_path = path.with_extension("pub");
    let public = fs::read_to_string(&public_path).expect("read a public key");
    fs::remove_file(public_path).expect("remove a public key");
    public.trim().to_owned()
}

fn convert(path: &Path, format: KeyFormat, passphrase: Option<&str>) {
    let mut command = Command::new("ssh-keygen");
    command
        .args(["-q", "-p", "-P", "", "-N", passphrase.unwrap_or(""), "-f"])
        .arg(path);
    match format {
        // ssh-keygen has no option for its own format, which is the default.
        KeyFormat::OpenSsh if passphrase.is_none() => return,
        KeyFormat::OpenSsh => {}
        KeyFormat::Pem => {
            command.args(["-m", "PEM"]);
        }
        KeyFormat::Pkcs8 => {
            command.args(["-m", "PKCS8"]);
        }
    }
    run(&mut command);
}

/// OpenSSH writes no Ed25519 keys as PKCS#8; openssl does.
fn ed25519_pkcs8(path: &Path, passphrase: Option<&str>) -> String {
    let mut command = Command::new("openssl");
    command
        .args(["genpkey", "-quiet", "-algorithm", "ed25519", "-out"])
        .arg(path);
    let mut pass = Vec::new();
    if let Some(passphrase) = passphrase {
        command.args(["-aes256", "-pass", &format!("pass:{passphrase}")]);
        pass = vec!["-passin".to_owned(), format!("pass:{passphrase}")];
    }
    run(&mut command);
    let mut command = Command::new("openssl");
    let der = run(command
        .args(["pkey", "-pubout", "-outform", "DER", "-in"])
        .arg(path)
        .args(pass));
    // RFC 8410: the key's 32 bytes are the last of the structure.
    let bytes: [u8; 32] = *der.last_chunk().expect("a public key of 32 bytes");
    PublicKey::from(KeyData::Ed25519(Ed25519PublicKey(bytes)))
        .to_openssh()
        .expect("encode a public key")
        .trim()
        .to_owned()
}

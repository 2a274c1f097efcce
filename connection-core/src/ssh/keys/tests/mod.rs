//! Keys made by `ssh-keygen` and `openssl`, in every type and format, read here; what
//! comes out is given back to `ssh-keygen`, whose public half decides.

mod formats;
mod hostile;
mod ppk;
mod sources;

use super::*;
use std::collections::HashMap;
use std::process::Command;
use std::sync::{Mutex, OnceLock};

const PASSPHRASE: &str = "correct horse";
/// Types with the options of `ssh-keygen` that make them.
const TYPES: [(&str, &[&str]); 5] = [
    ("rsa", &["-t", "rsa", "-b", "2048"]),
    ("p256", &["-t", "ecdsa", "-b", "256"]),
    ("p384", &["-t", "ecdsa", "-b", "384"]),
    ("p521", &["-t", "ecdsa", "-b", "521"]),
    ("ed25519", &["-t", "ed25519"]),
];

struct Workshop {
    dir: tempfile::TempDir,
}

impl Workshop {
    fn new() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn run(&self, program: &str, arguments: &[&str]) -> String {
        let output = Command::new(program)
            .args(arguments)
            .current_dir(self.dir.path())
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{program} {arguments:?}: {output:?}"
        );
        String::from_utf8(output.stdout).unwrap()
    }

    fn keygen(&self, name: &str, passphrase: &str, options: &[&str]) -> String {
        let fixed = ["-q", "-C", "a comment", "-N", passphrase, "-f", name];
        self.run("ssh-keygen", &[&fixed, options].concat());
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// Type and public key, of a key file that is not encrypted.
    fn public(&self, key: &[u8]) -> String {
        static NEXT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let number = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let path = self.path(&format!("converted{number}"));
        std::fs::write(&path, key).unwrap();
        restrict(&path);
        let line = self.run(
            "ssh-keygen",
            &["-y", "-P", "", "-f", path.to_str().unwrap()],
        );
        two_words(&line)
    }

    /// Type and public key, as written beside a key made by `keygen`.
    fn public_beside(&self, name: &str) -> String {
        two_words(&self.read(&format!("{name}.pub")))
    }
}

fn restrict(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}

fn two_words(line: &str) -> String {
    line.split_whitespace()
        .take(2)
        .collect::<Vec<_>>()
        .join(" ")
}

fn wiped(passphrases: &[&str]) -> Vec<Wiped> {
    passphrases
        .iter()
        .map(|p| Zeroizing::new(p.as_bytes().to_vec()))
        .collect()
}

fn open(text: &str, passphrases: &[&str]) -> Result<Secret> {
    convert(text.as_bytes(), &wiped(passphrases))
}

fn refusal(text: &str, passphrases: &[&str]) -> (ErrorKind, String) {
    let error = open(text, passphrases).err().unwrap();
    assert_eq!(error.side(), Side::Local);
    assert!(!error.to_string().contains(PASSPHRASE));
    (error.kind(), error.message().to_owned())
}

/// Opens an unencrypted key and checks what comes out.
fn opens(workshop: &Workshop, text: &str, public: &str) {
    let converted = open(text, &[]).unwrap();
    assert_eq!(workshop.public(converted.expose()), public);
    // A passphrase that is not needed does no harm, and the form is final.
    let again = open(converted.expose_str().unwrap(), &["unused"]).unwrap();
    assert!(again.expose() == converted.expose());
    // The reader that the engine russh uses wants exactly this form.
    let read = ssh_key::PrivateKey::from_openssh(converted.expose()).unwrap();
    assert!(!read.is_encrypted());
}

/// Opens an encrypted key in each way a caller may try.
fn opens_encrypted(workshop: &Workshop, text: &str, public: &str) {
    let converted = open(text, &["wrong", PASSPHRASE]).unwrap();
    assert_eq!(workshop.public(converted.expose()), public);
    assert_eq!(refusal(text, &[]).0, ErrorKind::PassphraseRequired);
    for wrong in ["wrong", "correct horse ", "nul\0inside", "Correct horse"] {
        assert_eq!(refusal(text, &[wrong]).0, ErrorKind::PassphraseWrong);
    }
}

/// The text of one plain key of each type in OpenSSH's format, for tests that bend it.
fn sample(kind: &str) -> String {
    static KEYS: OnceLock<Mutex<HashMap<String, String>>> = OnceLock::new();
    let mut keys = KEYS.get_or_init(Mutex::default).lock().unwrap();
    let make = || {
        let options = TYPES.iter().find(|(name, _)| *name == kind).unwrap().1;
        Workshop::new().keygen("k", "", options)
    };
    keys.entry(kind.to_owned()).or_insert_with(make).clone()
}

//! Reading a private key, whatever format it is in, into the one form both engines take:
//! an unencrypted OpenSSH private key.
//!
//! Read are OpenSSH's own format, PKCS#1 (`RSA PRIVATE KEY`), SEC 1 (`EC PRIVATE KEY`) and
//! PKCS#8 (`PRIVATE KEY`), and PuTTY's (version 2 and 3), each plain or encrypted, with RSA,
//! ECDSA (P-256, P-384, P-521) and Ed25519 keys. The text may have been through a clipboard:
//! line ends, blanks, line lengths and text around the key do not matter. Every key is taken
//! apart, checked and written anew, because engines are picky in different ways: they disagree
//! about which ciphers, key derivations and number encodings they read, and answer with one
//! error for a wrong passphrase, a missing one and a file that is no key.
//!
//! This is the only place of the library that asks for the home directory: `~` in a path
//! given as `~/...` is what a person means by it. It knows nothing of connections.

mod armor;
mod keypair;
mod openssh;
mod pem;
mod ppk;
#[cfg(test)]
mod tests;
mod wire;

use crate::error::{Error, ErrorKind, Result, Side};
use crate::local_file;
use crate::secret::Secret;
use crate::target::PrivateKeySource;
use armor::Found;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

const OPERATION: &str = "load private key";
/// Largest key text. A 16384-bit RSA key takes 13 KiB; files of several blocks take more.
const MAX_SIZE: u64 = 1024 * 1024;

/// Bytes that are wiped when dropped.
type Wiped = Zeroizing<Vec<u8>>;

/// Reads a private key and turns it into an unencrypted OpenSSH private key, as text.
/// An encrypted one is tried with each passphrase in turn; empty ones count as none.
///
/// The work is done where it may block: deriving a key from a passphrase takes 0.1 s by
/// OpenSSH's default and at most some seconds (see `openssh::MAX_ROUNDS`,
/// `pem::MAX_COST` and `ppk::MAX_COST`). Dropping the future leaves that work to its end.
///
/// # Errors
/// - `KeyUnreadable`: no file, no permission, a directory or another thing that is no file;
///   the system's error is the source.
/// - `KeyInvalid`: it holds no private key that is supported; the message says what it
///   holds instead.
/// - `PassphraseRequired`: it is encrypted and no passphrase was given.
/// - `PassphraseWrong`: it is encrypted with none of the passphrases.
pub(crate) async fn load_private_key(
    source: &PrivateKeySource,
    passphrases: &[&Secret],
) -> Result<Secret> {
    let passphrases: Vec<Wiped> = passphrases
        .iter()
        .filter(|passphrase| !passphrase.is_empty())
        .map(|passphrase| Zeroizing::new(passphrase.expose().to_vec()))
        .collect();
    let source = match source {
        PrivateKeySource::File(path) => Source::File(path.clone()),
        PrivateKeySource::Memory(text) if text.expose().len() as u64 > MAX_SIZE => {
            return Err(invalid(format!("it is larger than {MAX_SIZE} bytes")));
        }
        PrivateKeySource::Memory(text) => Source::Memory(Zeroizing::new(text.expose().to_vec())),
    };
    tokio::task::spawn_blocking(move || load(source, &passphrases))
        .await
        .map_err(|_| Error::new(ErrorKind::Internal, OPERATION, "the key reader failed"))?
}

enum Source {
    File(PathBuf),
    Memory(Wiped),
}

fn load(source: Source, passphrases: &[Wiped]) -> Result<Secret> {
    match source {
        Source::Memory(content) => convert(&content, passphrases),
        Source::File(path) => read_file(&path)
            .and_then(|content| convert(&content, passphrases))
            .map_err(|error| error.with("local_path", path.display().to_string())),
    }
}

fn read_file(path: &Path) -> Result<Wiped> {
    let expanded = expand_home(path, std::env::home_dir);
    local_file::read(&expanded, MAX_SIZE).map_err(|error| {
        Error::new(ErrorKind::KeyUnreadable, OPERATION, error.to_string())
            .on(Side::Local)
            .caused_by(error)
    })
}

/// `~` and `~/...` in the home directory; `~somebody` is a name like any other.
fn expand_home(path: &Path, home: impl FnOnce() -> Option<PathBuf>) -> PathBuf {
    match path.strip_prefix("~") {
        Ok(rest) => home().map_or_else(|| path.to_owned(), |home| home.join(rest)),
        Err(_) => path.to_owned(),
    }
}

fn convert(content: &[u8], passphrases: &[Wiped]) -> Result<Secret> {
    let keypair = match armor::find(content) {
        Found::OpenSsh(block) => openssh::decode(&block.data, passphrases)?,
        Found::Pem(block) => pem::decode(&block, passphrases)?,
        Found::Ppk(text) => ppk::decode(text, passphrases)?,
        Found::Other(what) => return Err(invalid(format!("no private key: {what}"))),
    };
    keypair.check()?;
    Ok(openssh::encode(&keypair))
}

fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::KeyInvalid, OPERATION, message).on(Side::Local)
}

fn passphrase_required() -> Error {
    Error::new(
        ErrorKind::PassphraseRequired,
        OPERATION,
        "the private key is encrypted, and no passphrase was given",
    )
    .on(Side::Local)
}

fn passphrase_wrong() -> Error {
    Error::new(
        ErrorKind::PassphraseWrong,
        OPERATION,
        "the private key is encrypted with another passphrase",
    )
    .on(Side::Local)
}

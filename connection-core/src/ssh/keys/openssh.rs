//! OpenSSH's private key format (PROTOCOL.key in its sources), both ways.
//!
//! It is read here rather than by `ssh-key`, whose reader refuses ECDSA keys that OpenSSH
//! wrote without leading zeros: every second P-521 key. Ciphers and key derivation are
//! that crate's.

use super::keypair::{Curve, KeyPair, RsaNumbers};
use super::wire::{Reader, Writer};
use super::{Wiped, armor, invalid, passphrase_required, passphrase_wrong};
use crate::error::{Error, Result};
use crate::secret::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ssh_key::{Cipher, Kdf};
use zeroize::Zeroizing;

const MAGIC: &[u8] = b"openssh-key-v1\0";
/// Most rounds of bcrypt that are run. OpenSSH's default is 16 or 24; these take some 10 s.
/// The number is the file's, and 2^32 rounds would take most of a year.
pub(super) const MAX_ROUNDS: u32 = 2048;
/// Block size of the format where there is no cipher.
const PLAIN_BLOCK: usize = 8;
/// Characters in a line of base64, as OpenSSH writes them.
const LINE_LENGTH: usize = 70;

/// Reads a key from the decoded text between its markers.
///
/// # Errors
/// `KeyInvalid`, `PassphraseRequired`, `PassphraseWrong`.
pub(super) fn decode(data: &[u8], passphrases: &[Wiped]) -> Result<KeyPair> {
    let container = Container::read(data).ok_or_else(damaged)?;
    if container.keys != 1 {
        return Err(invalid("it holds several keys, which nobody else writes"));
    }
    if container.cipher == "none" {
        return private_section(container.private).unwrap_or_else(|| Err(damaged()));
    }
    let cipher = match Cipher::new(container.cipher) {
        // Triple DES is not compiled in.
        Ok(Cipher::None | Cipher::TDesCbc) | Err(_) => {
            return Err(invalid(
                "it is encrypted with a cipher that is not supported",
            ));
        }
        Ok(cipher) => cipher,
    };
    let kdf = container.kdf()?;
    let tag = match container.rest {
        [] => None,
        rest => Some(rest.try_into().map_err(|_| damaged())?),
    };
    if !container.private.len().is_multiple_of(cipher.block_size())
        || cipher.has_tag() != tag.is_some()
    {
        return Err(damaged());
    }
    if passphrases.is_empty() {
        return Err(passphrase_required());
    }
    for passphrase in passphrases {
        let (key, iv) = kdf
            .derive_key_and_iv(cipher, passphrase)
            .map_err(|_| damaged())?;
        let mut buffer: Wiped = Zeroizing::new(container.private.to_vec());
        // An authenticated cipher notices a wrong key by itself, the others leave nonsense.
        if cipher.decrypt(&key, &iv, &mut buffer, tag).is_err() {
            continue;
        }
        if let Some(decoded) = private_section(&buffer) {
            return decoded;
        }
    }
    Err(passphrase_wrong())
}

/// The key as OpenSSH text, not encrypted.
pub(super) fn encode(keypair: &KeyPair) -> Secret {
    let mut public = Writer::new();
    let mut private = Writer::new();
    // Two equal numbers tell a reader that it decrypted well; nothing is encrypted here.
    private.u32(0);
    private.u32(0);
    match keypair {
        KeyPair::Ed25519 {
            public: point,
            seed,
        } => {
            public.string(b"ssh-ed25519");
            public.string(point);
            private.0.extend_from_slice(&public.0);
            private.string(&Zeroizing::new([seed.as_slice(), point].concat()));
        }
        KeyPair::Ecdsa {
            curve,
            public: point,
            secret,
        } => {
            public.string(curve.key_type().as_bytes());
            public.string(curve.name().as_bytes());
            public.string(point);
            private.0.extend_from_slice(&public.0);
            private.positive(secret);
        }
        KeyPair::Rsa(RsaNumbers {
            n,
            e,
            d,
            iqmp,
            p,
            q,
        }) => {
            public.string(b"ssh-rsa");
            public.positive(e);
            public.positive(n);
            // The private section has the two the other way round.
            private.string(b"ssh-rsa");
            private.positive(n);
            private.positive(e);
            for number in [d, iqmp, p, q] {
                private.positive(number);
            }
        }
    }
    private.string(b"");
    for padding in 1u8.. {
        if private.0.len().is_multiple_of(PLAIN_BLOCK) {
            break;
        }
        private.0.push(padding);
    }
    let mut container = Writer::new();
    container.0.extend_from_slice(MAGIC);
    container.string(b"none");
    container.string(b"none");
    container.string(b"");
    container.u32(1);
    container.string(&public.0);
    container.string(&private.0);
    armored(&container.0)
}

fn armored(data: &[u8]) -> Secret {
    let mut base64 = Zeroizing::new(String::with_capacity(data.len() * 2));
    STANDARD.encode_string(data, &mut base64);
    let mut text: Vec<u8> = Vec::with_capacity(base64.len() * 2 + 128);
    text.extend_from_slice(b"-----BEGIN OPENSSH PRIVATE KEY-----\n");
    for line in base64.as_bytes().chunks(LINE_LENGTH) {
        text.extend_from_slice(line);
        text.push(b'\n');
    }
    text.extend_from_slice(b"-----END OPENSSH PRIVATE KEY-----\n");
    Secret::from(text)
}

/// The outer layer.
struct Container<'a> {
    cipher: &'a str,
    kdf: &'a str,
    kdf_options: &'a [u8],
    keys: u32,
    private: &'a [u8],
    /// The tag of an authenticated cipher.
    rest: &'a [u8],
}

impl<'a> Container<'a> {
    fn read(data: &'a [u8]) -> Option<Self> {
        let mut reader = Reader(data.strip_prefix(MAGIC)?);
        let cipher = reader.text()?;
        let kdf = reader.text()?;
        let kdf_options = reader.string()?;
        let keys = reader.u32()?;
        let _public = reader.string()?;
        let private = reader.string()?;
        Some(Self {
            cipher,
            kdf,
            kdf_options,
            keys,
            private,
            rest: reader.0,
        })
    }

    fn kdf(&self) -> Result<Kdf> {
        if self.kdf != "bcrypt" {
            return Err(invalid(
                "its key derivation is not supported; bcrypt is the one there is",
            ));
        }
        let mut options = Reader(self.kdf_options);
        let salt = options.string().ok_or_else(damaged)?;
        let rounds = options.u32().ok_or_else(damaged)?;
        if rounds > MAX_ROUNDS {
            return Err(invalid(format!(
                "it asks for {rounds} rounds of key derivation, more than {MAX_ROUNDS}; \
                 write it anew with `ssh-keygen -p -a {MAX_ROUNDS}` or fewer"
            )));
        }
        if salt.is_empty() || rounds == 0 {
            return Err(damaged());
        }
        Ok(Kdf::Bcrypt {
            salt: salt.to_vec(),
            rounds,
        })
    }
}

/// The inner layer. `None` when the two check numbers differ or there are none, as after
/// decryption with a wrong passphrase.
fn private_section(data: &[u8]) -> Option<Result<KeyPair>> {
    let mut reader = Reader(data);
    if reader.u32()? != reader.u32()? {
        return None;
    }
    Some(keypair(&mut reader).and_then(|keypair| {
        let comment = reader.string();
        let padding = (1..=u8::MAX).zip(reader.0);
        if comment.is_none() || reader.0.len() > 255 || padding.into_iter().any(|(a, b)| a != *b) {
            return Err(damaged());
        }
        Ok(keypair)
    }))
}

fn keypair(reader: &mut Reader<'_>) -> Result<KeyPair> {
    let kind = reader.text().ok_or_else(damaged)?;
    if kind == "ssh-rsa" {
        return rsa(reader).ok_or_else(damaged);
    }
    if kind == "ssh-ed25519" {
        return ed25519(reader).ok_or_else(damaged);
    }
    if let Some(curve) = Curve::ALL.into_iter().find(|c| c.key_type() == kind) {
        return ecdsa(reader, curve).ok_or_else(damaged);
    }
    Err(match kind {
        "ssh-dss" => invalid(armor::DSA),
        _ if kind.starts_with("sk-") => invalid(
            "a key of a security key (FIDO), which signs in the device only, is not supported",
        ),
        _ => invalid("a private key of a type that is not supported"),
    })
}

fn ed25519(reader: &mut Reader<'_>) -> Option<KeyPair> {
    let public = reader.string()?;
    let (seed, again) = reader.string()?.split_at_checked(32)?;
    (public.len() == 32 && public == again).then(|| KeyPair::Ed25519 {
        public: public.to_vec(),
        seed: Zeroizing::new(seed.to_vec()),
    })
}

fn ecdsa(reader: &mut Reader<'_>, curve: Curve) -> Option<KeyPair> {
    if reader.text()? != curve.name() {
        return None;
    }
    KeyPair::ecdsa(curve, reader.string()?, reader.positive()?)
}

fn rsa(reader: &mut Reader<'_>) -> Option<KeyPair> {
    let n = reader.positive()?.to_vec();
    let e = reader.positive()?.to_vec();
    let mut secret = || Some(Zeroizing::new(reader.positive()?.to_vec()));
    Some(KeyPair::Rsa(RsaNumbers {
        n,
        e,
        d: secret()?,
        iqmp: secret()?,
        p: secret()?,
        q: secret()?,
    }))
}

fn damaged() -> Error {
    invalid("an OpenSSH private key that is damaged")
}

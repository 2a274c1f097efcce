//! PuTTY's private key format, versions 2 and 3, after appendix C of its manual
//! ("PPK file format").
//!
//! Unlike the other formats it is one of lines, with a MAC over everything that matters:
//! that is what tells a wrong passphrase from a right one.

use super::keypair::{Curve, KeyPair, RsaNumbers};
use super::wire::{Reader, Writer};
use super::{Wiped, armor, invalid, passphrase_required, passphrase_wrong};
use crate::error::{Error, Result};
use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::{Digest, Sha1};
use sha2::Sha256;
use ssh_key::Cipher;
use zeroize::Zeroizing;

/// What such a file begins with.
pub(super) const HEADER: &str = "PuTTY-User-Key-File-";
/// Most memory of Argon2, in KiB: 256 MiB. PuTTY takes 8 MiB.
const MAX_MEMORY: u32 = 256 * 1024;
/// Most work of Argon2, memory in KiB times passes: some seconds. PuTTY aims at 0.1 s.
const MAX_COST: u64 = 1 << 22;
/// Most lanes of Argon2, which run one after the other here. PuTTY takes one.
const MAX_LANES: u32 = 64;

/// Reads a key.
///
/// # Errors
/// `KeyInvalid`, `PassphraseRequired`, `PassphraseWrong`.
pub(super) fn decode(text: &str, passphrases: &[Wiped]) -> Result<KeyPair> {
    let file = File::read(text).ok_or_else(damaged)?;
    if !matches!(file.version, "2" | "3") {
        return Err(invalid(
            "a PuTTY key of a version that is not supported; versions 2 and 3 are",
        ));
    }
    match file.encryption {
        "none" => file.open(None)?.ok_or_else(damaged),
        "aes256-cbc" if passphrases.is_empty() => Err(passphrase_required()),
        "aes256-cbc" => {
            for passphrase in passphrases {
                if let Some(keypair) = file.open(Some(passphrase))? {
                    return Ok(keypair);
                }
            }
            Err(passphrase_wrong())
        }
        _ => Err(invalid(
            "a PuTTY key, encrypted with a cipher that is not supported",
        )),
    }
}

struct File<'a> {
    version: &'a str,
    algorithm: &'a str,
    encryption: &'a str,
    comment: &'a str,
    public: Vec<u8>,
    derivation: Option<Derivation<'a>>,
    private: Wiped,
    mac: Vec<u8>,
}

/// Parameters of Argon2, in version 3.
struct Derivation<'a> {
    flavour: &'a str,
    memory: u32,
    passes: u32,
    lanes: u32,
    salt: Vec<u8>,
}

/// What a passphrase is turned into.
struct Derived {
    cipher_key: Wiped,
    iv: Wiped,
    mac_key: Wiped,
}

/// The value of a line `name: value`, where the name is the one expected.
fn value<'a>(line: Option<&'a str>, name: &str) -> Option<&'a str> {
    let value = line?.strip_prefix(name)?.strip_prefix(':')?;
    Some(value.strip_prefix(' ').unwrap_or(value))
}

/// The base64 of as many lines as the line `name: number` says.
fn base64<'a>(lines: &mut impl Iterator<Item = &'a str>, name: &str) -> Option<Wiped> {
    let count: usize = value(lines.next(), name)?.parse().ok()?;
    let lines: Vec<&str> = lines.take(count).collect();
    let mut text = Zeroizing::new(String::with_capacity(lines.iter().map(|l| l.len()).sum()));
    lines.iter().for_each(|line| text.push_str(line.trim()));
    let mut data = Zeroizing::new(Vec::with_capacity(text.len()));
    STANDARD.decode_vec(text.as_bytes(), &mut data).ok()?;
    Some(data)
}

impl<'a> File<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let mut lines = text.trim_start().lines();
        let (version, algorithm) = lines.next()?.strip_prefix(HEADER)?.split_once(':')?;
        let encryption = value(lines.next(), "Encryption")?;
        let comment = value(lines.next(), "Comment")?;
        let public = std::mem::take(&mut *base64(&mut lines, "Public-Lines")?);
        let mut derivation = None;
        if version == "3" && encryption != "none" {
            let mut field = |name| value(lines.next(), name);
            derivation = Some(Derivation {
                flavour: field("Key-Derivation")?,
                memory: field("Argon2-Memory")?.parse().ok()?,
                passes: field("Argon2-Passes")?.parse().ok()?,
                lanes: field("Argon2-Parallelism")?.parse().ok()?,
                salt: armor::hexadecimal(field("Argon2-Salt")?)?,
            });
        }
        Some(Self {
            version,
            algorithm: algorithm.trim(),
            encryption,
            comment,
            public,
            derivation,
            private: base64(&mut lines, "Private-Lines")?,
            mac: armor::hexadecimal(value(lines.next(), "Private-MAC")?.trim())?,
        })
    }

    /// The key, or `None` when the MAC does not fit: the passphrase is wrong, or where
    /// there is none, the file damaged.
    fn open(&self, passphrase: Option<&Wiped>) -> Result<Option<KeyPair>> {
        let derived = self.derive(passphrase)?;
        let mut private: Wiped = Zeroizing::new(self.private.to_vec());
        if passphrase.is_some() {
            Cipher::Aes256Cbc
                .decrypt(&derived.cipher_key, &derived.iv, &mut private, None)
                .map_err(|_| damaged())?;
        }
        let mut covered = Writer::new();
        for part in [
            self.algorithm.as_bytes(),
            self.encryption.as_bytes(),
            self.comment.as_bytes(),
            &self.public,
            &private,
        ] {
            covered.string(part);
        }
        let fits = if self.version == "2" {
            mac_fits::<Hmac<Sha1>>(&derived.mac_key, &covered.0, &self.mac)
        } else {
            mac_fits::<Hmac<Sha256>>(&derived.mac_key, &covered.0, &self.mac)
        };
        if fits {
            self.keypair(&private).map(Some)
        } else {
            Ok(None)
        }
    }

    fn derive(&self, passphrase: Option<&Wiped>) -> Result<Derived> {
        let wiped = |bytes: &[u8]| Zeroizing::new(bytes.to_vec());
        let words = passphrase.map_or(&[][..], |p| p.as_slice());
        let Some(derivation) = &self.derivation else {
            let hash = |prefix: &[u8]| {
                let hash = Sha1::new().chain_update(prefix).chain_update(words);
                wiped(&hash.finalize())
            };
            let mut cipher_key =
                Zeroizing::new([hash(&[0, 0, 0, 0]).as_slice(), &hash(&[0, 0, 0, 1])].concat());
            cipher_key.truncate(32);
            return Ok(Derived {
                cipher_key,
                iv: wiped(&[0; 16]),
                // Version 3 without a passphrase has an empty key.
                mac_key: if self.version == "2" {
                    hash(b"putty-private-key-file-mac-key")
                } else {
                    wiped(&[])
                },
            });
        };
        let mut output = Zeroizing::new([0; 80]);
        derivation
            .argon2()?
            .hash_password_into(words, &derivation.salt, output.as_mut_slice())
            .map_err(|_| damaged())?;
        let (cipher_key, rest) = output.split_at(32);
        let (iv, mac_key) = rest.split_at(16);
        Ok(Derived {
            cipher_key: wiped(cipher_key),
            iv: wiped(iv),
            mac_key: wiped(mac_key),
        })
    }

    fn keypair(&self, private: &[u8]) -> Result<KeyPair> {
        let mut public = Reader(&self.public);
        let mut private = Reader(private);
        if public.text() != Some(self.algorithm) {
            return Err(damaged());
        }
        let curve = Curve::ALL
            .into_iter()
            .find(|curve| curve.key_type() == self.algorithm);
        match (self.algorithm, curve) {
            ("ssh-rsa", _) => rsa(&mut public, &mut private),
            ("ssh-ed25519", _) => ed25519(&mut public, &mut private),
            (_, Some(curve)) => ecdsa(curve, &mut public, &mut private),
            ("ssh-dss", _) => return Err(invalid(armor::DSA)),
            _ => return Err(invalid("a PuTTY key of a type that is not supported")),
        }
        .ok_or_else(damaged)
    }
}

impl Derivation<'_> {
    fn argon2(&self) -> Result<Argon2<'static>> {
        let algorithm = match self.flavour {
            "Argon2id" => Algorithm::Argon2id,
            "Argon2i" => Algorithm::Argon2i,
            "Argon2d" => Algorithm::Argon2d,
            _ => {
                return Err(invalid(
                    "a PuTTY key, encrypted with a key derivation that is not supported",
                ));
            }
        };
        let cost = u64::from(self.memory) * u64::from(self.passes);
        if self.memory > MAX_MEMORY || cost > MAX_COST || self.lanes > MAX_LANES {
            return Err(invalid(format!(
                "its key derivation asks for {} passes over {} KiB, more than is granted",
                self.passes, self.memory
            )));
        }
        let parameters =
            Params::new(self.memory, self.passes, self.lanes, None).map_err(|_| damaged())?;
        Ok(Argon2::new(algorithm, Version::V0x13, parameters))
    }
}

fn mac_fits<M: Mac + KeyInit>(key: &[u8], covered: &[u8], expected: &[u8]) -> bool {
    M::new_from_slice(key).is_ok_and(|mut mac| {
        mac.update(covered);
        mac.verify_slice(expected).is_ok()
    })
}

fn rsa(public: &mut Reader<'_>, private: &mut Reader<'_>) -> Option<KeyPair> {
    let e = public.positive()?.to_vec();
    let n = public.positive()?.to_vec();
    let mut secret = || Some(Zeroizing::new(private.positive()?.to_vec()));
    Some(KeyPair::Rsa(RsaNumbers {
        n,
        e,
        d: secret()?,
        p: secret()?,
        q: secret()?,
        iqmp: secret()?,
    }))
}

fn ecdsa(curve: Curve, public: &mut Reader<'_>, private: &mut Reader<'_>) -> Option<KeyPair> {
    if public.text()? != curve.name() {
        return None;
    }
    KeyPair::ecdsa(curve, public.string()?, private.positive()?)
}

fn ed25519(public: &mut Reader<'_>, private: &mut Reader<'_>) -> Option<KeyPair> {
    let public = public.string()?;
    // A number, least byte first.
    let written = private.string()?;
    let mut seed = Zeroizing::new(vec![0; 32]);
    seed.get_mut(..written.len())?.copy_from_slice(written);
    (public.len() == 32).then(|| KeyPair::Ed25519 {
        public: public.to_vec(),
        seed,
    })
}

fn damaged() -> Error {
    invalid("a PuTTY key that is damaged")
}

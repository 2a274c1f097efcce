//! The private key formats of OpenSSL: PKCS#1, SEC 1 and PKCS#8, plain, encrypted as
//! PKCS#8 does it (RFC 5958, RFC 8018), or encrypted as PEM once did it (RFC 1421).

use super::armor::{self, Block};
use super::keypair::{Curve, KeyPair, MAX_RSA_BITS, RsaNumbers};
use super::{Wiped, invalid, passphrase_required, passphrase_wrong};
use crate::error::{Error, Result};
use openssl::bn::{BigNum, BigNumContext, BigNumRef};
use openssl::ec::{EcKey, PointConversionForm};
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::pkey::{Id, PKey, Private};
use openssl::rsa::Rsa;
use openssl::symm;
use zeroize::Zeroizing;

/// Most work of a key derivation: the product of the numbers in its parameters, such as
/// rounds, or scrypt's N, r and p. OpenSSL's default is 2048 rounds; 2^25 of them take
/// some 10 s. The numbers are the file's, and OpenSSL runs 2^31 rounds if it says so.
pub(super) const MAX_COST: u64 = 1 << 25;
/// Bytes of the initialisation vector that salt the key of an encrypted PEM block.
const PEM_SALT: usize = 8;

/// Reads a key from its block.
///
/// # Errors
/// `KeyInvalid`, `PassphraseRequired`, `PassphraseWrong`.
pub(super) fn decode(block: &Block, passphrases: &[Wiped]) -> Result<KeyPair> {
    let key = match &block.encryption {
        Some((cipher, parameter)) => {
            let cipher = Rfc1421::new(cipher, parameter)?;
            try_each(passphrases, |passphrase| {
                let plain = cipher.decrypt(&block.data, passphrase)?;
                plain_key(&block.label, &plain)
            })?
        }
        None if block.label == "ENCRYPTED PRIVATE KEY" => {
            let cost = pkcs8_cost(&block.data).ok_or_else(damaged)?;
            if cost > MAX_COST {
                return Err(invalid(format!(
                    "its key derivation costs {cost}, more than {MAX_COST}"
                )));
            }
            try_each(passphrases, |passphrase| {
                pkcs8_decrypt(&block.data, passphrase)
            })?
        }
        None => plain_key(&block.label, &block.data).map_err(|_| damaged())?,
    };
    match key.id() {
        Id::RSA => rsa(&key),
        Id::EC => ecdsa(&key),
        Id::ED25519 => ed25519(&key),
        Id::DSA => return Err(invalid(armor::DSA)),
        _ => return Err(unsupported()),
    }
    .map_err(|_| damaged())?
    .ok_or_else(unsupported)
}

/// What the first passphrase that fits opens.
fn try_each(
    passphrases: &[Wiped],
    open: impl Fn(&[u8]) -> Result<PKey<Private>, ErrorStack>,
) -> Result<PKey<Private>> {
    if passphrases.is_empty() {
        return Err(passphrase_required());
    }
    for passphrase in passphrases {
        match open(passphrase) {
            Ok(key) => return Ok(key),
            Err(errors) if errors.errors().iter().any(is_unsupported) => {
                return Err(invalid(
                    "it is encrypted in a way this machine's OpenSSL does not support",
                ));
            }
            // With a wrong passphrase the padding or what is inside makes no sense.
            Err(_) => {}
        }
    }
    Err(passphrase_wrong())
}

/// Whether OpenSSL lacks an algorithm, by the numbers of `openssl/err.h` and
/// `openssl/evperr.h`.
fn is_unsupported(error: &openssl::error::Error) -> bool {
    const LIBRARY_EVP: i32 = 6;
    const UNSUPPORTED: i32 = 0x8010c;
    const UNSUPPORTED_CIPHER: i32 = 107;
    const UNKNOWN_PBE_ALGORITHM: i32 = 121;
    const UNSUPPORTED_ALGORITHM: i32 = 156;
    error.library_code() == LIBRARY_EVP
        && matches!(
            error.reason_code(),
            UNSUPPORTED | UNSUPPORTED_CIPHER | UNKNOWN_PBE_ALGORITHM | UNSUPPORTED_ALGORITHM
        )
}

fn plain_key(label: &str, der: &[u8]) -> Result<PKey<Private>, ErrorStack> {
    match label {
        "RSA PRIVATE KEY" => PKey::from_rsa(Rsa::private_key_from_der(der)?),
        "EC PRIVATE KEY" => PKey::from_ec_key(EcKey::private_key_from_der(der)?),
        _ => PKey::private_key_from_pkcs8(der),
    }
}

fn pkcs8_decrypt(der: &[u8], passphrase: &[u8]) -> Result<PKey<Private>, ErrorStack> {
    // Through the callback: the call that takes a passphrase panics at one with a NUL.
    PKey::private_key_from_pkcs8_callback(der, |buffer| {
        let Some(room) = buffer.get_mut(..passphrase.len()) else {
            return Err(ErrorStack::get());
        };
        room.copy_from_slice(passphrase);
        Ok(passphrase.len())
    })
}

/// A cipher of RFC 1421, as OpenSSL names them.
struct Rfc1421 {
    cipher: symm::Cipher,
    iv: Vec<u8>,
}

impl Rfc1421 {
    fn new(name: &str, parameter: &str) -> Result<Self> {
        let cipher = match name {
            "AES-128-CBC" => symm::Cipher::aes_128_cbc(),
            "AES-192-CBC" => symm::Cipher::aes_192_cbc(),
            "AES-256-CBC" => symm::Cipher::aes_256_cbc(),
            "DES-EDE3-CBC" => symm::Cipher::des_ede3_cbc(),
            _ => {
                return Err(invalid(
                    "it is encrypted with a cipher that is not supported",
                ));
            }
        };
        let iv = armor::hexadecimal(parameter)
            .filter(|iv| Some(iv.len()) == cipher.iv_len() && iv.len() >= PEM_SALT)
            .ok_or_else(damaged)?;
        Ok(Self { cipher, iv })
    }

    fn decrypt(&self, data: &[u8], passphrase: &[u8]) -> Result<Wiped, ErrorStack> {
        let key = openssl::pkcs5::bytes_to_key(
            self.cipher,
            MessageDigest::md5(),
            passphrase,
            self.iv.get(..PEM_SALT),
            1,
        )?;
        let key = Zeroizing::new(key.key);
        symm::decrypt(self.cipher, &key, Some(&self.iv), data).map(Zeroizing::new)
    }
}

fn rsa(key: &PKey<Private>) -> Result<Option<KeyPair>, ErrorStack> {
    let rsa = key.rsa()?;
    let (Some(p), Some(q)) = (rsa.p(), rsa.q()) else {
        return Ok(None);
    };
    // Inverting takes time with the square of the length, which is the file's.
    if [rsa.n(), rsa.e(), rsa.d(), p, q]
        .iter()
        .any(|number| number.num_bits() > MAX_RSA_BITS)
    {
        return Ok(None);
    }
    let mut iqmp = BigNum::new()?;
    let mut context = BigNumContext::new()?;
    iqmp.mod_inverse(q, p, &mut context)?;
    let secret = |number: &BigNumRef| Zeroizing::new(number.to_vec());
    Ok(Some(KeyPair::Rsa(RsaNumbers {
        n: rsa.n().to_vec(),
        e: rsa.e().to_vec(),
        d: secret(rsa.d()),
        iqmp: secret(&iqmp),
        p: secret(p),
        q: secret(q),
    })))
}

fn ecdsa(key: &PKey<Private>) -> Result<Option<KeyPair>, ErrorStack> {
    let key = key.ec_key()?;
    let group = key.group();
    let Some(curve) = Curve::ALL
        .into_iter()
        .find(|curve| group.curve_name() == Some(curve.nid()))
    else {
        return Ok(None);
    };
    let mut context = BigNumContext::new()?;
    let public =
        key.public_key()
            .to_bytes(group, PointConversionForm::UNCOMPRESSED, &mut context)?;
    let Ok(size) = i32::try_from(curve.size()) else {
        return Ok(None);
    };
    Ok(Some(KeyPair::Ecdsa {
        curve,
        public,
        secret: Zeroizing::new(key.private_key().to_vec_padded(size)?),
    }))
}

fn ed25519(key: &PKey<Private>) -> Result<Option<KeyPair>, ErrorStack> {
    Ok(Some(KeyPair::Ed25519 {
        public: key.raw_public_key()?,
        seed: Zeroizing::new(key.raw_private_key()?),
    }))
}

/// What it costs to open an `EncryptedPrivateKeyInfo`, or `None` where the data is none.
/// OpenSSL bounds the memory of a key derivation and not its time.
fn pkcs8_cost(der: &[u8]) -> Option<u64> {
    const SEQUENCE: u8 = 0x30;
    const OCTET_STRING: u8 = 0x04;
    const INTEGER: u8 = 0x02;
    const CONSTRUCTED: u8 = 0x20;
    let (SEQUENCE, info, []) = der_value(der)? else {
        return None;
    };
    let (SEQUENCE, algorithm, rest) = der_value(info)? else {
        return None;
    };
    let (OCTET_STRING, _, []) = der_value(rest)? else {
        return None;
    };
    let mut cost = 1u64;
    let mut pending = vec![algorithm];
    while let Some(values) = pending.pop() {
        if values.is_empty() {
            continue;
        }
        let (tag, content, rest) = der_value(values)?;
        pending.push(rest);
        if tag & CONSTRUCTED != 0 {
            pending.push(content);
        } else if tag == INTEGER {
            let number = content
                .iter()
                .try_fold(0u64, |sum, byte| {
                    sum.checked_mul(256)?.checked_add(u64::from(*byte))
                })
                .unwrap_or(u64::MAX);
            cost = cost.saturating_mul(number.max(1));
        }
    }
    Some(cost)
}

/// Tag and content of the first value, and what follows it.
fn der_value(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = der.split_first()?;
    let (length, rest) = rest.split_first()?;
    let (length, rest) = match length {
        0..=0x7f => (usize::from(*length), rest),
        0x81..=0x84 => {
            let (bytes, rest) = rest.split_at_checked(usize::from(length - 0x80))?;
            let length = bytes
                .iter()
                .fold(0, |sum, byte| sum * 256 + usize::from(*byte));
            (length, rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((*tag, content, rest))
}

fn damaged() -> Error {
    invalid("a private key in PEM form that is damaged")
}

fn unsupported() -> Error {
    invalid(
        "a private key of a type that is not supported; RSA, ECDSA (P-256, P-384, P-521) and \
         Ed25519 are",
    )
}

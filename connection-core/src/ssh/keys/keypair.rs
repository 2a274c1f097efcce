//! A private key taken apart: the numbers it is made of, whatever file they came from.

use super::{Wiped, invalid};
use crate::error::Result;
use openssl::bn::{BigNum, BigNumContext};
use openssl::ec::{EcGroup, EcKey, EcPoint};
use openssl::error::ErrorStack;
use openssl::nid::Nid;
use openssl::pkey::{Id, PKey};
use zeroize::Zeroizing;

/// Fewest bits of an RSA modulus, as OpenSSH has it.
const MIN_RSA_BITS: i32 = 1024;
/// Most bits of an RSA modulus, as OpenSSH has it: a signature takes time with their cube.
pub(super) const MAX_RSA_BITS: i32 = 16384;

/// Curves of ECDSA keys (RFC 5656).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Curve {
    P256,
    P384,
    P521,
}

impl Curve {
    pub(super) const ALL: [Self; 3] = [Self::P256, Self::P384, Self::P521];

    /// The key's type in SSH.
    pub(super) const fn key_type(self) -> &'static str {
        match self {
            Self::P256 => "ecdsa-sha2-nistp256",
            Self::P384 => "ecdsa-sha2-nistp384",
            Self::P521 => "ecdsa-sha2-nistp521",
        }
    }

    /// The curve's name in SSH.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::P256 => "nistp256",
            Self::P384 => "nistp384",
            Self::P521 => "nistp521",
        }
    }

    pub(super) const fn nid(self) -> Nid {
        match self {
            Self::P256 => Nid::X9_62_PRIME256V1,
            Self::P384 => Nid::SECP384R1,
            Self::P521 => Nid::SECP521R1,
        }
    }

    /// Bytes of the secret number.
    pub(super) const fn size(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
        }
    }
}

/// The numbers of an RSA key, big-endian, without leading zeros.
pub(super) struct RsaNumbers {
    pub(super) n: Vec<u8>,
    pub(super) e: Vec<u8>,
    pub(super) d: Wiped,
    /// The inverse of `q` modulo `p`.
    pub(super) iqmp: Wiped,
    pub(super) p: Wiped,
    pub(super) q: Wiped,
}

/// A private key with its public half.
pub(super) enum KeyPair {
    Ed25519 {
        public: Vec<u8>,
        seed: Wiped,
    },
    Ecdsa {
        curve: Curve,
        /// The point, in uncompressed form.
        public: Vec<u8>,
        /// [`Curve::size`] bytes: readers that expect all of them refuse one of 256 keys
        /// written by OpenSSH, which leaves leading zeros out.
        secret: Wiped,
    },
    Rsa(RsaNumbers),
}

impl KeyPair {
    /// An ECDSA key whose secret number may have been written without leading zeros, or
    /// `None` when it is too long.
    pub(super) fn ecdsa(curve: Curve, public: &[u8], written: &[u8]) -> Option<Self> {
        let zeros = curve.size().checked_sub(written.len())?;
        let mut secret = Zeroizing::new(vec![0; curve.size()]);
        secret.get_mut(zeros..)?.copy_from_slice(written);
        Some(Self::Ecdsa {
            curve,
            public: public.to_vec(),
            secret,
        })
    }

    /// Whether the halves belong together. Engines need not agree on what a key does that
    /// is inconsistent.
    ///
    /// # Errors
    /// `KeyInvalid`.
    pub(super) fn check(&self) -> Result<()> {
        match self {
            Self::Rsa(numbers) => {
                let bits = BigNum::from_slice(&numbers.n).map_or(0, |n| n.num_bits());
                if !(MIN_RSA_BITS..=MAX_RSA_BITS).contains(&bits) {
                    return Err(invalid(format!(
                        "an RSA key of {bits} bits; from {MIN_RSA_BITS} to {MAX_RSA_BITS} are supported"
                    )));
                }
                let others = [&numbers.d, &numbers.iqmp, &numbers.p, &numbers.q];
                let longer = |number: &[u8]| number.len() > numbers.n.len();
                if longer(&numbers.e) || others.into_iter().any(|number| longer(number)) {
                    Ok(false)
                } else {
                    rsa_is_consistent(numbers)
                }
            }
            Self::Ecdsa {
                curve,
                public,
                secret,
            } => ecdsa_is_consistent(*curve, public, secret),
            Self::Ed25519 { public, seed } => PKey::private_key_from_raw_bytes(seed, Id::ED25519)
                .and_then(|key| key.raw_public_key())
                .map(|derived| derived == *public),
        }
        .unwrap_or(false)
        .then_some(())
        .ok_or_else(|| invalid("the parts of the private key do not belong together"))
    }
}

fn ecdsa_is_consistent(curve: Curve, public: &[u8], secret: &[u8]) -> Result<bool, ErrorStack> {
    let group = EcGroup::from_curve_name(curve.nid())?;
    let mut context = BigNumContext::new()?;
    let point = EcPoint::from_bytes(&group, public, &mut context)?;
    let secret = BigNum::from_slice(secret)?;
    EcKey::from_private_components(&group, &secret, &point)?.check_key()?;
    Ok(true)
}

/// Whether n = p·q, e·d = 1 modulo p−1 and q−1, and iqmp·q = 1 modulo p.
fn rsa_is_consistent(numbers: &RsaNumbers) -> Result<bool, ErrorStack> {
    let mut context = BigNumContext::new()?;
    let n = BigNum::from_slice(&numbers.n)?;
    let e = BigNum::from_slice(&numbers.e)?;
    let d = BigNum::from_slice(&numbers.d)?;
    let iqmp = BigNum::from_slice(&numbers.iqmp)?;
    let p = BigNum::from_slice(&numbers.p)?;
    let q = BigNum::from_slice(&numbers.q)?;
    let one = BigNum::from_u32(1)?;
    if !n.is_bit_set(0) || p <= one || q <= one {
        return Ok(false);
    }
    let mut product = BigNum::new()?;
    product.checked_mul(&p, &q, &mut context)?;
    if product != n {
        return Ok(false);
    }
    let mut is_inverse = |a: &BigNum, b: &BigNum, modulus: &BigNum| {
        let mut remainder = BigNum::new()?;
        remainder.mod_mul(a, b, modulus, &mut context)?;
        Ok::<_, ErrorStack>(remainder == one)
    };
    for prime in [&p, &q] {
        let mut order = BigNum::new()?;
        order.checked_sub(prime, &one)?;
        if !is_inverse(&e, &d, &order)? {
            return Ok(false);
        }
    }
    is_inverse(&iqmp, &q, &p)
}

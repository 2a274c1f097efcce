//! Checksums that a server computes of its own files, so that a transfer can be checked
//! without being done again. Knows no protocol.

use crate::error::{Error, Result};
use std::fmt;

/// How a checksum is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChecksumAlgorithm {
    /// CRC-32 of ISO 3309, as zip has it. Finds accidents only.
    Crc32,
    /// MD5. Finds accidents only.
    Md5,
    /// SHA-1. Finds accidents only.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-512.
    Sha512,
}

impl ChecksumAlgorithm {
    /// Every algorithm, the strongest last.
    pub const ALL: [Self; 5] = [
        Self::Crc32,
        Self::Md5,
        Self::Sha1,
        Self::Sha256,
        Self::Sha512,
    ];

    /// The name used in requests and capabilities.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Crc32 => "crc32",
            Self::Md5 => "md5",
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
        }
    }

    /// How long a checksum is, in bytes.
    pub const fn byte_len(self) -> usize {
        match self {
            Self::Crc32 => 4,
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

impl fmt::Display for ChecksumAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl std::str::FromStr for ChecksumAlgorithm {
    type Err = Error;

    /// Reads a name.
    ///
    /// # Errors
    /// `InvalidInput` naming `algorithm`.
    fn from_str(text: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|algorithm| algorithm.name() == text)
            .ok_or_else(|| {
                let names = Self::ALL.map(Self::name).join(", ");
                Error::invalid("algorithm", format!("{text:?} is none of {names}"))
            })
    }
}

/// A set of algorithms.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct ChecksumAlgorithms(u8);

impl ChecksumAlgorithms {
    /// Without any.
    pub const NONE: Self = Self(0);

    /// Whether the algorithm is among them.
    pub const fn contains(self, algorithm: ChecksumAlgorithm) -> bool {
        self.0 & algorithm.bit() != 0
    }

    /// Them, the strongest last.
    pub fn iter(self) -> impl Iterator<Item = ChecksumAlgorithm> {
        let all = ChecksumAlgorithm::ALL.into_iter();
        all.filter(move |algorithm| self.contains(*algorithm))
    }
}

impl FromIterator<ChecksumAlgorithm> for ChecksumAlgorithms {
    fn from_iter<I: IntoIterator<Item = ChecksumAlgorithm>>(algorithms: I) -> Self {
        let bits = algorithms.into_iter().map(ChecksumAlgorithm::bit);
        Self(bits.fold(0, |all, bit| all | bit))
    }
}

impl fmt::Debug for ChecksumAlgorithms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ChecksumAlgorithm::{Md5, Sha256};

    #[test]
    fn names_are_read_back() {
        for algorithm in ChecksumAlgorithm::ALL {
            assert_eq!(
                algorithm.name().parse::<ChecksumAlgorithm>().unwrap(),
                algorithm
            );
        }
        let error = "sha3".parse::<ChecksumAlgorithm>().unwrap_err();
        assert_eq!(error.context("field"), Some("algorithm"));
    }

    #[test]
    fn a_set_has_what_was_put_in() {
        let set: ChecksumAlgorithms = [Sha256, Md5, Md5].into_iter().collect();
        assert_eq!(set.iter().collect::<Vec<_>>(), [Md5, Sha256]);
        assert!(!set.contains(ChecksumAlgorithm::Crc32));
        assert_eq!(ChecksumAlgorithms::NONE.iter().count(), 0);
    }
}

//! The data types of RFC 4251 section 5, as private keys use them.

use super::Wiped;
use zeroize::Zeroizing;

/// Room for the largest key that is accepted, so that nothing is moved and left unwiped.
const CAPACITY: usize = 32 * 1024;

/// Reads from the front of a slice.
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        let (taken, rest) = self.0.split_first_chunk::<4>()?;
        self.0 = rest;
        Some(u32::from_be_bytes(*taken))
    }

    pub(super) fn string(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.u32()?).ok()?;
        self.take(length)
    }

    pub(super) fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.string()?).ok()
    }

    /// A positive number, without leading zeros.
    pub(super) fn positive(&mut self) -> Option<&'a [u8]> {
        let bytes = self.string()?;
        if bytes.first().is_some_and(|first| *first >= 0x80) {
            return None;
        }
        let bytes = without_leading_zeros(bytes);
        (!bytes.is_empty()).then_some(bytes)
    }
}

/// The same number in as few bytes as it takes.
pub(super) fn without_leading_zeros(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes.split_at(zeros).1
}

/// Writes into memory that is wiped.
pub(super) struct Writer(pub(super) Wiped);

impl Writer {
    pub(super) fn new() -> Self {
        Self(Zeroizing::new(Vec::with_capacity(CAPACITY)))
    }

    pub(super) fn u32(&mut self, value: u32) {
        self.0.extend_from_slice(&value.to_be_bytes());
    }

    pub(super) fn string(&mut self, bytes: &[u8]) {
        self.length(bytes.len());
        self.0.extend_from_slice(bytes);
    }

    /// A positive number, which keeps its leading zeros.
    pub(super) fn positive(&mut self, bytes: &[u8]) {
        let negative = bytes.first().is_some_and(|first| *first >= 0x80);
        self.length(bytes.len() + usize::from(negative));
        if negative {
            self.0.push(0);
        }
        self.0.extend_from_slice(bytes);
    }

    fn length(&mut self, length: usize) {
        // Every part of a key is far smaller than 4 GiB.
        self.u32(u32::try_from(length).unwrap_or(u32::MAX));
    }
}

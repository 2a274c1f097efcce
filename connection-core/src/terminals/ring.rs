//! The newest bytes of an endless stream, each at its offset. Knows nothing of terminals.

use bytes::Bytes;
use std::collections::VecDeque;

/// Keeps at most as many bytes as it was made for; grows as they come.
pub(super) struct Ring {
    bytes: VecDeque<u8>,
    end: u64,
    most: usize,
}

impl Ring {
    /// Room for this many bytes, at least one.
    pub(super) fn new(most: usize) -> Self {
        Self {
            bytes: VecDeque::new(),
            end: 0,
            most: most.max(1),
        }
    }

    /// Offset of the first byte that is kept.
    pub(super) fn start(&self) -> u64 {
        self.end - self.bytes.len() as u64
    }

    /// Offset after the last byte.
    pub(super) fn end(&self) -> u64 {
        self.end
    }

    /// Adds bytes; the oldest make room.
    pub(super) fn push(&mut self, data: &[u8]) {
        self.end += data.len() as u64;
        let data = data
            .get(data.len().saturating_sub(self.most)..)
            .unwrap_or_default();
        let needed = self.bytes.len() + data.len();
        self.bytes.drain(..needed.saturating_sub(self.most));
        let needed = needed.min(self.most);
        if needed > self.bytes.capacity() {
            // Doubled, but never past what is kept.
            let capacity = needed.max(self.bytes.capacity() * 2).min(self.most);
            self.bytes.reserve_exact(capacity - self.bytes.len());
        }
        self.bytes.extend(data);
    }

    /// The bytes from this offset on, at most so many; empty outside of what is kept.
    pub(super) fn read(&self, from: u64, most: usize) -> Bytes {
        let Some(skip) = from
            .checked_sub(self.start())
            .and_then(|skip| usize::try_from(skip).ok())
            .filter(|skip| *skip < self.bytes.len())
        else {
            return Bytes::new();
        };
        let until = skip.saturating_add(most).min(self.bytes.len());
        let (front, back) = self.bytes.as_slices();
        let part = |slice: &[u8], from: usize, until: usize| {
            let range = from.min(slice.len())..until.min(slice.len());
            slice.get(range).unwrap_or_default().to_vec()
        };
        let mut bytes = part(front, skip, until);
        bytes.extend(part(
            back,
            skip.saturating_sub(front.len()),
            until.saturating_sub(front.len()),
        ));
        bytes.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_is_the_end_of_everything_pushed(
            most in 1usize..300,
            pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..200), 0..20),
            at in 0u64..4000,
            count in 0usize..500,
        ) {
            let mut ring = Ring::new(most);
            let mut all: Vec<u8> = Vec::new();
            for piece in &pieces {
                ring.push(piece);
                all.extend(piece);
                prop_assert!(ring.bytes.capacity() <= most.next_power_of_two().max(8));
            }
            prop_assert_eq!(ring.end(), all.len() as u64);
            prop_assert_eq!(ring.start(), all.len().saturating_sub(most) as u64);
            let expected = if at < ring.start() {
                &[][..]
            } else {
                let from = (at as usize).min(all.len());
                &all[from..(from + count).min(all.len())]
            };
            prop_assert_eq!(&ring.read(at, count)[..], expected);
        }
    }
}

//! The newest bytes of an endless stream, each at its offset: read again and again, or taken
//! once. Knows nothing of terminals.

use bytes::Bytes;
use std::collections::VecDeque;

/// Keeps at most as many bytes as it was made for; grows as they come.
pub(crate) struct Ring {
    bytes: VecDeque<u8>,
    end: u64,
    most: usize,
}

impl Ring {
    /// Room for this many bytes, at least one.
    pub(crate) fn new(most: usize) -> Self {
        Self {
            bytes: VecDeque::new(),
            end: 0,
            most: most.max(1),
        }
    }

    /// Offset of the first byte that is kept.
    pub(crate) fn start(&self) -> u64 {
        self.end - self.bytes.len() as u64
    }

    /// Offset after the last byte.
    pub(crate) fn end(&self) -> u64 {
        self.end
    }

    /// Adds bytes; the oldest make room.
    pub(crate) fn push(&mut self, data: &[u8]) {
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

    /// Bytes there is room for without growing.
    #[cfg(test)]
    pub(crate) fn capacity(&self) -> usize {
        self.bytes.capacity()
    }

    /// The bytes from this offset on, at most so many; empty outside of what is kept.
    pub(crate) fn read(&self, from: u64, most: usize) -> Bytes {
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

    /// Takes the oldest bytes out, at most so many. What a burst needed is given back with
    /// the last of them.
    pub(crate) fn take(&mut self, most: usize) -> Bytes {
        let taken = self.read(self.start(), most);
        match taken.len() < self.bytes.len() {
            true => drop(self.bytes.drain(..taken.len())),
            false => self.bytes = VecDeque::new(),
        }
        taken
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

        #[test]
        fn what_is_taken_is_not_kept(
            most in 1usize..300,
            steps in prop::collection::vec((prop::collection::vec(any::<u8>(), 0..200), 0usize..200), 0..20),
        ) {
            let mut ring = Ring::new(most);
            let (mut all, mut at): (Vec<u8>, usize) = (Vec::new(), 0);
            for (piece, count) in steps {
                ring.push(&piece);
                all.extend(piece);
                // What was pushed out before it was taken is gone.
                at = at.max(all.len().saturating_sub(most));
                prop_assert_eq!(ring.start(), at as u64);
                let end = (at + count).min(all.len());
                prop_assert_eq!(&ring.take(count)[..], &all[at..end]);
                at = end;
                prop_assert_eq!((ring.start(), ring.end()), (at as u64, all.len() as u64));
                prop_assert!(at < all.len() || ring.bytes.capacity() == 0);
            }
        }
    }
}

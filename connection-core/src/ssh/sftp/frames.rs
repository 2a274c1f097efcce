//! Cuts the byte stream of a channel into packets.
//!
//! A packet that lies in one chunk is a slice of it; one that spans chunks is copied
//! once. The length is checked before anything is reserved for it.

use super::codec::Malformed;
use bytes::{Buf, Bytes, BytesMut};

/// Type and request id: no packet is shorter.
const SMALLEST_PACKET: usize = 5;

/// A packet without its length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Packet {
    pub(super) kind: u8,
    /// What follows the type.
    pub(super) body: Bytes,
}

/// The packets of a stream.
pub(super) struct Frames {
    /// What is left of the last chunk.
    chunk: Bytes,
    /// The beginning of a packet that goes on in the next chunk.
    partial: BytesMut,
    max_packet: usize,
}

impl Frames {
    pub(super) fn new(max_packet: usize) -> Self {
        Self {
            chunk: Bytes::new(),
            partial: BytesMut::new(),
            max_packet,
        }
    }

    /// Changes the longest packet taken, in bytes without the length field.
    pub(super) fn set_max_packet(&mut self, max_packet: usize) {
        self.max_packet = max_packet;
    }

    /// Adds what arrived. [`Frames::next`] is to be called until it gives `None` before.
    pub(super) fn push(&mut self, chunk: Bytes) {
        debug_assert!(self.chunk.is_empty(), "packets were left in the chunk");
        self.chunk = chunk;
    }

    /// Whether the stream stands between two packets.
    pub(super) fn is_clean(&self) -> bool {
        self.chunk.is_empty() && self.partial.is_empty()
    }

    /// The next whole packet.
    pub(super) fn next(&mut self) -> Result<Option<Packet>, Malformed> {
        if self.partial.is_empty() {
            if let Some(total) = self.total(&self.chunk)?
                && self.chunk.len() >= total
            {
                return Ok(Some(packet(self.chunk.split_to(total))));
            }
            if self.chunk.is_empty() {
                return Ok(None);
            }
        }
        self.fill(4);
        let Some(total) = self.total(&self.partial)? else {
            return Ok(None);
        };
        self.fill(total);
        if self.partial.len() < total {
            return Ok(None);
        }
        Ok(Some(packet(std::mem::take(&mut self.partial).freeze())))
    }

    /// Length of the packet that starts here, its length field included.
    fn total(&self, bytes: &[u8]) -> Result<Option<usize>, Malformed> {
        let Some(field) = bytes.first_chunk::<4>() else {
            return Ok(None);
        };
        let length = u32::from_be_bytes(*field) as usize;
        if !(SMALLEST_PACKET..=self.max_packet).contains(&length) {
            return Err(Malformed::new(format!(
                "a packet of {length} bytes; {SMALLEST_PACKET} to {} are possible",
                self.max_packet
            )));
        }
        Ok(Some(4 + length))
    }

    /// Moves bytes of the chunk to the partial packet until that has `length`.
    fn fill(&mut self, length: usize) {
        let missing = length.saturating_sub(self.partial.len());
        if missing > 0 {
            self.partial.reserve(missing);
            let taken = self.chunk.split_to(missing.min(self.chunk.len()));
            self.partial.extend_from_slice(&taken);
        }
    }
}

fn packet(mut bytes: Bytes) -> Packet {
    bytes.advance(4);
    let kind = bytes.get_u8();
    Packet { kind, body: bytes }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn encode(kind: u8, body: &[u8]) -> Vec<u8> {
        let mut bytes = (body.len() as u32 + 1).to_be_bytes().to_vec();
        bytes.push(kind);
        bytes.extend_from_slice(body);
        bytes
    }

    fn drain(frames: &mut Frames) -> Vec<Packet> {
        std::iter::from_fn(|| frames.next().unwrap()).collect()
    }

    #[test]
    fn a_packet_within_one_chunk_is_not_copied() {
        let chunk = Bytes::from(encode(103, &[7; 5000]));
        let start = chunk.as_ptr() as usize;
        let mut frames = Frames::new(10_000);
        frames.push(chunk);
        let packet = frames.next().unwrap().unwrap();
        assert_eq!(packet.body.as_ptr() as usize, start + 5);
        assert!(frames.next().unwrap().is_none() && frames.is_clean());
    }

    #[test]
    fn impossible_lengths_are_refused_before_anything_is_reserved() {
        for length in [0u32, 4, 10_001, u32::MAX] {
            let mut frames = Frames::new(10_000);
            frames.push(Bytes::copy_from_slice(&length.to_be_bytes()));
            assert!(frames.next().is_err(), "{length}");
            assert!(frames.partial.capacity() < 1024);
        }
    }

    proptest! {
        #[test]
        fn however_the_stream_is_cut_the_packets_are_the_same(
            bodies in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 4..200), 1..8),
            cuts in proptest::collection::vec(1usize..50, 1..40),
        ) {
            let stream: Vec<u8> = bodies.iter().flat_map(|b| encode(104, b)).collect();
            let mut frames = Frames::new(1000);
            let mut rest = Bytes::from(stream);
            let mut seen = Vec::new();
            for cut in cuts.iter().cycle() {
                if rest.is_empty() {
                    break;
                }
                frames.push(rest.split_to((*cut).min(rest.len())));
                seen.extend(drain(&mut frames));
            }
            prop_assert!(frames.is_clean());
            prop_assert_eq!(seen.len(), bodies.len());
            for (packet, body) in seen.iter().zip(&bodies) {
                prop_assert_eq!(&packet.body[..], &body[..]);
            }
        }

        #[test]
        fn no_bytes_make_it_panic(chunks: Vec<Vec<u8>>) {
            let mut frames = Frames::new(64);
            for chunk in chunks {
                frames.push(Bytes::from(chunk));
                loop {
                    match frames.next() {
                        Ok(Some(_)) => {}
                        Ok(None) => break,
                        Err(_) => return Ok(()),
                    }
                }
            }
        }
    }
}

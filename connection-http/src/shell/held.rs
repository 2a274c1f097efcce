//! What is typed while there is no connection.
//!
//! It is kept and typed once the terminal is attached again, as `ssh` and `mosh` do while
//! their network stands still: whoever types on blindly means it for the terminal. It is
//! bounded, because nobody sees what it does meanwhile; past the bound everything is dropped
//! until the terminal is there again, so that no line arrives without its middle. What was
//! on its way at the moment of a cut may be lost: nobody can tell whether it had arrived.

/// Bytes kept: many lines of typing.
const MOST: usize = 4096;

/// Typed bytes that wait for a connection.
#[derive(Debug, Default)]
pub(super) struct Held {
    bytes: Vec<u8>,
    is_full: bool,
}

impl Held {
    /// Keeps typed bytes; says whether this is the first time that some are dropped.
    pub(super) fn keep(&mut self, typed: &[u8]) -> bool {
        if self.is_full {
            return false;
        }
        let room = MOST.saturating_sub(self.bytes.len());
        let kept = typed.get(..room).unwrap_or(typed);
        self.bytes.extend_from_slice(kept);
        self.is_full = kept.len() < typed.len();
        self.is_full
    }

    /// Keeps a piece that was about to be sent when the connection was cut, whatever its
    /// size: there is only ever one.
    pub(super) fn put_back(&mut self, piece: &[u8]) {
        self.bytes.extend_from_slice(piece);
    }

    /// What is to be typed now; empty when there is nothing.
    pub(super) fn take(&mut self) -> Vec<u8> {
        self.is_full = false;
        std::mem::take(&mut self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_kept_in_order_up_to_its_bound_and_then_nothing_until_it_is_taken() {
        let mut held = Held::default();
        held.put_back(b"a");
        assert!(!held.keep(b"bc"));
        assert!(!held.keep(&[b'x'; MOST - 4]));
        assert!(held.keep(b"yz"), "one of them is too much");
        assert!(
            !held.keep(b"\r"),
            "told once, and nothing after a gap is kept"
        );
        let taken = held.take();
        assert_eq!(taken.len(), MOST);
        assert!(taken.starts_with(b"abcx") && taken.ends_with(b"xy"));
        assert!(held.take().is_empty());
        assert!(!held.keep(b"on"));
        assert_eq!(held.take(), b"on");
    }

    #[test]
    fn a_piece_that_was_under_way_is_kept_whole() {
        let mut held = Held::default();
        held.put_back(&[b'x'; MOST * 4]);
        assert!(held.keep(b"y"));
        assert_eq!(held.take().len(), MOST * 4);
    }
}

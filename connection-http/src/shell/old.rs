//! Output from before this program came. Programs ask the terminal questions in what they
//! show; asked once more by being shown once more, they are answered by the terminal this
//! runs in, and nobody waits for such an answer: a shell would take it for typed keys.

use std::time::{Duration, Instant};

/// How long after old output was written its questions may still be answered by the terminal
/// this runs in.
const ANSWERED_WITHIN: Duration = Duration::from_millis(500);

/// How far the old output is written.
pub(super) enum Old {
    /// It is not known yet how much there is.
    Unknown,
    /// It goes to this offset.
    Until(u64),
    /// All of it was written, at this time.
    Written(Instant),
    /// There was none.
    None,
}

impl Old {
    /// Notes how far the output was written.
    pub(super) fn written(&mut self, offset: u64) {
        if matches!(self, Self::Until(until) if offset >= *until) {
            *self = Self::Written(Instant::now());
        }
    }

    /// Whether what comes from the keyboard may be an answer to it.
    pub(super) fn is_answered(&self) -> bool {
        match self {
            Self::Until(_) => true,
            Self::Written(at) => at.elapsed() < ANSWERED_WITHIN,
            Self::Unknown | Self::None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_while_old_output_is_written_is_an_answer_to_it() {
        let mut old = Old::Until(100);
        old.written(99);
        assert!(old.is_answered());
        old.written(100);
        assert!(old.is_answered(), "the answer takes a moment");
        let long_ago = Instant::now().checked_sub(ANSWERED_WITHIN).unwrap();
        assert!(!Old::Written(long_ago).is_answered());
        // Nothing old, or not known to be.
        for mut none in [Old::None, Old::Unknown] {
            none.written(1000);
            assert!(!none.is_answered());
        }
    }
}

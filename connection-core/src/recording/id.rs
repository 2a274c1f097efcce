//! The name of a recording.

use std::fmt;

/// The name of a recording: a random UUID, 122 bits that cannot be guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RecordingId(uuid::Uuid);

impl RecordingId {
    pub(super) fn random() -> Self {
        Self(uuid::Uuid::new_v4())
    }

    /// Parses the text form that [`fmt::Display`] gives, and no other: the name is that of a
    /// file.
    pub fn parse(text: &str) -> Option<Self> {
        let id = uuid::Uuid::parse_str(text).ok().map(Self)?;
        (id.to_string() == text).then_some(id)
    }
}

impl fmt::Display for RecordingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.hyphenated())
    }
}

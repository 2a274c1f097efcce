//! What is recorded, and where it goes.

use crate::error::{Error, ErrorKind, Result, Side};
use std::path::PathBuf;
use std::str::FromStr;

/// Largest recording unless configured: hours of a busy terminal, and far from a full disk.
pub const DEFAULT_MAX_SIZE: u64 = 1 << 30;

/// Room for all recordings together unless configured.
pub const DEFAULT_TOTAL_SIZE: u64 = 10 << 30;

/// Which terminals are recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RecordPolicy {
    /// None; the recordings that are there can still be read and deleted.
    Never,
    /// Those for which it was asked when they were opened.
    #[default]
    OnRequest,
    /// All of them.
    Always,
}

impl RecordPolicy {
    /// Its name in configurations.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::OnRequest => "on-request",
            Self::Always => "always",
        }
    }

    /// Whether a terminal is recorded whose opener did or did not ask for it.
    ///
    /// # Errors
    /// `Unsupported`: it was asked for and is switched off.
    pub(super) fn decide(self, asked: bool) -> Result<bool> {
        match (self, asked) {
            (Self::Never, true) => Err(Error::new(
                ErrorKind::Unsupported,
                "record terminal",
                "Recording is switched off",
            )
            .on(Side::Local)),
            (Self::Never, false) | (Self::OnRequest, false) => Ok(false),
            (Self::OnRequest, true) | (Self::Always, _) => Ok(true),
        }
    }
}

impl FromStr for RecordPolicy {
    type Err = ();

    fn from_str(text: &str) -> std::result::Result<Self, ()> {
        [Self::Never, Self::OnRequest, Self::Always]
            .into_iter()
            .find(|policy| policy.name() == text)
            .ok_or(())
    }
}

/// The settings of a [`super::RecordingStore`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordingSettings {
    /// Where recordings lie, each owner's in a directory of their own. Made when it is
    /// missing.
    pub directory: PathBuf,
    /// Which terminals are recorded.
    pub policy: RecordPolicy,
    /// Whether what is typed is recorded besides what is shown. It holds every password.
    pub input: bool,
    /// Largest file, in bytes. A recording that reaches it ends, and says so.
    pub max_size: u64,
    /// Most bytes of all recordings together, over all owners. Where they are reached none
    /// begins, and those being written end and say so; none is ever deleted for another.
    pub total_size: u64,
}

impl RecordingSettings {
    /// Recordings in this directory when it is asked for, without what is typed, of at most
    /// [`DEFAULT_MAX_SIZE`] each and [`DEFAULT_TOTAL_SIZE`] together.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self {
            directory: directory.into(),
            policy: RecordPolicy::default(),
            input: false,
            max_size: DEFAULT_MAX_SIZE,
            total_size: DEFAULT_TOTAL_SIZE,
        }
    }
}

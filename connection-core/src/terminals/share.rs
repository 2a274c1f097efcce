//! Links by which someone without an account may watch one terminal, until a time.

use crate::secret::{Secret, random_token};
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use std::fmt;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// The name of a share. It opens nothing: its token does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ShareId(Uuid);

impl ShareId {
    /// Parses the text form. Anything that is not a UUID names no share: `None`.
    pub fn parse(text: &str) -> Option<Self> {
        Uuid::parse_str(text).ok().map(Self)
    }
}

impl fmt::Display for ShareId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.hyphenated())
    }
}

/// A share of a terminal.
#[derive(Debug, Clone)]
pub struct ShareInfo {
    /// Its name.
    pub id: ShareId,
    /// When it was made, by the wall clock.
    pub created_at: DateTime<Utc>,
    /// When it stops, by the wall clock of now.
    pub expires_at: DateTime<Utc>,
}

/// What a token is known by. Looking one up takes a time that depends on hashes only, and
/// they tell nothing of a token.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct TokenHash([u8; 32]);

impl TokenHash {
    pub(super) fn of(token: &Secret) -> Self {
        Self(Sha256::digest(token.expose()).into())
    }
}

/// A share as it is kept, without its token.
pub(super) struct Share {
    pub(super) info: ShareInfo,
    pub(super) until: Instant,
    pub(super) token: TokenHash,
}

impl Share {
    /// A share that lasts this long, and its token, which nobody can get again.
    pub(super) fn new(lifetime: Duration) -> (Self, Secret) {
        let token = Secret::from(random_token());
        let now = Utc::now();
        let share = Self {
            info: ShareInfo {
                id: ShareId(Uuid::new_v4()),
                created_at: now,
                expires_at: now + lifetime,
            },
            until: Instant::now() + lifetime,
            token: TokenHash::of(&token),
        };
        (share, token)
    }

    /// Whether it still opens anything.
    pub(super) fn is_valid(&self) -> bool {
        Instant::now() < self.until
    }
}

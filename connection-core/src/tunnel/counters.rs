//! What a tunnel counts.

use crate::error::Error;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// Longest error text kept.
const MAX_TEXT: usize = 500;

#[derive(Default)]
pub(super) struct Counters {
    /// Connections open now.
    pub(super) open: AtomicU64,
    /// Connections so far, refused ones left out.
    pub(super) total: AtomicU64,
    /// Connections that were turned away or led nowhere.
    pub(super) refused: AtomicU64,
    /// Bytes towards the server.
    pub(super) sent: AtomicU64,
    /// Bytes from the server.
    pub(super) received: AtomicU64,
    last_error: Mutex<Option<String>>,
}

impl Counters {
    pub(super) fn add(counter: &AtomicU64, count: usize) {
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        counter.fetch_add(count, Ordering::Relaxed);
    }

    /// Notes a connection that led nowhere.
    pub(super) fn refuse(&self, why: &Error) {
        // In this order: who sees the count finds the reason.
        self.note(why);
        Self::add(&self.refused, 1);
    }

    /// Notes an error. Its text may be the server's: it is cut, and shows no control bytes.
    pub(super) fn note(&self, error: &Error) {
        let text = error.to_string();
        let text = text.escape_debug().take(MAX_TEXT).collect();
        *self
            .last_error
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some(text);
    }

    pub(super) fn last_error(&self) -> Option<String> {
        self.last_error
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// One open connection, for as long as it is held.
pub(super) struct Open<'a>(&'a Counters);

impl<'a> Open<'a> {
    pub(super) fn of(counters: &'a Counters) -> Self {
        Counters::add(&counters.open, 1);
        Self(counters)
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::Relaxed);
    }
}

//! Turns at a partial file that its caller named: one upload at a time gathers in it.
//!
//! Two that write side by side, or one that still cuts a gap off while the next goes on, leave
//! a file of the right size with something else in it. The usual second one is the same client
//! again, which stopped and goes on before what it sent is written: so it waits for a while.
//!
//! Only uploads over one connection are kept apart. What others do to the file cannot be seen
//! from here.

use super::upload::OPERATION;
use crate::error::{Error, ErrorKind, Result};
use crate::fs::RemoteFs;
use crate::path::RemotePath;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::OwnedMutexGuard;

/// Longest wait for the turn: most lines carry the 8 MiB in that time which an upload that
/// was given up may have under way.
const PATIENCE: Duration = Duration::from_secs(10);

/// The turn at one file, until the last clone is dropped.
pub(super) type Turn = Arc<OwnedMutexGuard<()>>;

/// A connection's files, by an address that is theirs as long as anyone uses them, and a path.
type Key = (usize, RemotePath);

type Lock = tokio::sync::Mutex<()>;

static LOCKS: LazyLock<Mutex<HashMap<Key, Weak<Lock>>>> = LazyLock::new(Mutex::default);

/// Waits for the turn at a file.
///
/// # Errors
/// `LimitReached` when another upload has it for too long.
pub(super) async fn turn(fs: &Arc<dyn RemoteFs>, path: &RemotePath) -> Result<Turn> {
    let key = (Arc::as_ptr(fs).cast::<()>().addr(), path.clone());
    turn_within(key, PATIENCE).await
}

async fn turn_within(key: Key, patience: Duration) -> Result<Turn> {
    let lock = lock_of(key);
    match tokio::time::timeout(patience, lock.lock_owned()).await {
        Ok(turn) => Ok(Arc::new(turn)),
        Err(_) => Err(Error::new(
            ErrorKind::LimitReached,
            OPERATION,
            "another upload is writing to this partial file",
        )
        .on(crate::Side::Local)),
    }
}

fn lock_of(key: Key) -> Arc<Lock> {
    let mut locks = LOCKS.lock().unwrap_or_else(PoisonError::into_inner);
    locks.retain(|_, lock| lock.strong_count() > 0);
    if let Some(lock) = locks.get(&key).and_then(Weak::upgrade) {
        return lock;
    }
    let lock = Arc::<Lock>::default();
    locks.insert(key, Arc::downgrade(&lock));
    lock
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    #[tokio::test]
    async fn one_at_a_time_for_each_file() {
        let key = |text: &str| (0, RemotePath::from_text(text).unwrap());
        let take = |text: &str| turn_within(key(text), Duration::from_millis(5));
        let first = take("/a").await.unwrap();
        let other = take("/b").await.unwrap();
        let refused = take("/a").await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::LimitReached);

        // Whoever waits comes next, once nobody has any part of it.
        let rest = first.clone();
        let mut next = Box::pin(turn_within(key("/a"), PATIENCE));
        assert!((&mut next).now_or_never().is_none());
        drop(first);
        assert!((&mut next).now_or_never().is_none());
        drop(rest);
        let next = next.await.unwrap();
        drop((next, other));
        take("/a").await.unwrap();
        let locks = LOCKS.lock().unwrap();
        assert!(!locks.contains_key(&key("/b")), "it is forgotten");
    }
}
